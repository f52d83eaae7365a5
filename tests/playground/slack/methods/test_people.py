"""Who is in the workspace."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.slack.scene import Scene, error_of


async def test_a_person_and_a_bot_are_described(scene: Scene) -> None:
    ann = (await scene.client.users_info(user=scene.ann.id))["user"]
    assert (ann["real_name"], ann["profile"]["display_name"], ann["is_bot"]) == ("Ann Archer", "ann", False)
    bot = (await scene.client.bots_info(bot=scene.workspace.bot.bot_id))["bot"]
    assert bot["user_id"] == scene.bot
    assert (await scene.client.users_info(user=scene.bot))["user"]["is_bot"]


async def test_people_are_listed_in_pages(scene: Scene) -> None:
    names: list[str] = []
    async for page in await scene.client.users_list(limit=2):
        assert len(page["members"]) <= 2
        names += [member["name"] for member in page["members"]]
    assert names == ["chatgpt", "ann", "ben"]


async def test_groups_and_the_team_are_told(scene: Scene) -> None:
    scene.workspace.usergroups["S1"] = {"id": "S1", "handle": "writers", "name": "Writers"}
    assert (await scene.client.usergroups_list())["usergroups"][0]["handle"] == "writers"
    assert (await scene.client.team_info())["team"]["name"] == "Office"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("bots.info", {"bot": "B404"}, "bot_not_found"),
        ("team.info", {"team": "T404"}, "team_not_found"),
    ],
)
async def test_strangers_are_not_found(scene: Scene, method: str, arguments: dict[str, str], error: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        await scene.client.api_call(method, params=arguments)
    assert error_of(refused.value) == error
