"""Emoji that the app puts on messages."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.slack.scene import Scene, error_of


async def test_a_reaction_is_added_once_and_removed_once(scene: Scene) -> None:
    ts = await scene.ask()
    await scene.client.reactions_add(channel=scene.dm.id, timestamp=ts, name="eyes")
    assert scene.stored(ts)["reactions"] == [{"name": "eyes", "users": [scene.bot], "count": 1}]
    with pytest.raises(SlackApiError) as refused:
        await scene.client.reactions_add(channel=scene.dm.id, timestamp=ts, name="eyes")
    assert error_of(refused.value) == "already_reacted"
    await scene.client.reactions_remove(channel=scene.dm.id, timestamp=ts, name="eyes")
    with pytest.raises(SlackApiError) as refused:
        await scene.client.reactions_remove(channel=scene.dm.id, timestamp=ts, name="eyes")
    assert error_of(refused.value) == "no_reaction"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": "No Emoji!"}, "invalid_name"),
        ({"timestamp": ""}, "no_item_specified"),
        ({"timestamp": "1.000001"}, "message_not_found"),
        ({"channel": "C404"}, "channel_not_found"),
    ],
)
async def test_a_wrong_reaction_is_refused(scene: Scene, changes: dict[str, str], error: str) -> None:
    arguments = {"channel": scene.dm.id, "timestamp": await scene.ask(), "name": "eyes"} | changes
    with pytest.raises(SlackApiError) as refused:
        await scene.client.api_call("reactions.add", params=arguments)
    assert error_of(refused.value) == error
