"""Reading conversations: threads, history, pages, and who is in them."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.slack.scene import Scene, error_of


async def write_thread(scene: Scene, replies: int) -> list[str]:
    root = await scene.ask("root", scene.general)
    rest = [
        await scene.workspace.post_as(scene.ben.id, scene.general.id, str(number), thread_ts=root)
        for number in range(replies)
    ]
    return [root, *(message["ts"] for message in rest)]


async def test_a_thread_is_read_page_by_page_with_its_root_on_each(scene: Scene) -> None:
    written = await write_thread(scene, 7)
    read: list[str] = []
    cursor = ""
    for _ in range(20):
        answer = await scene.client.conversations_replies(
            channel=scene.general.id, ts=written[0], limit=3, cursor=cursor
        )
        page = [message["ts"] for message in answer["messages"]]
        assert page[0] == written[0]
        assert len(page) <= 3
        read += page[1:]
        cursor = answer["response_metadata"]["next_cursor"]
        assert answer["has_more"] == bool(cursor)
        if not cursor:
            break
    assert [written[0], *read] == written


async def test_any_message_of_a_thread_leads_to_all_of_it(scene: Scene) -> None:
    written = await write_thread(scene, 2)
    answer = await scene.client.conversations_replies(channel=scene.general.id, ts=written[2])
    assert [message["ts"] for message in answer["messages"]] == written


async def test_a_message_without_replies_is_a_thread_of_one(scene: Scene) -> None:
    ts = await scene.ask()
    answer = await scene.client.conversations_replies(channel=scene.dm.id, ts=ts)
    assert [message["ts"] for message in answer["messages"]] == [ts]


async def test_history_is_newest_first_and_without_replies(scene: Scene) -> None:
    written = await write_thread(scene, 2)
    later = [await scene.ask(str(number), scene.general) for number in range(4)]
    read: list[str] = []
    async for page in await scene.client.conversations_history(channel=scene.general.id, limit=2):
        read += [message["ts"] for message in page["messages"]]
    assert read == [*later[::-1], written[0]]


@pytest.mark.parametrize(
    ("inclusive", "expected"), [(False, ["2"]), (True, ["1", "2", "3"])], ids=["exclusive", "inclusive"]
)
async def test_a_span_of_time_holds_its_edges_only_when_asked(
    scene: Scene, inclusive: bool, expected: list[str]
) -> None:
    stamps = [await scene.ask(str(number)) for number in range(5)]
    answer = await scene.client.conversations_history(
        channel=scene.dm.id, oldest=stamps[1], latest=stamps[3], inclusive=inclusive
    )
    assert [message["text"] for message in answer["messages"]] == expected[::-1]


async def test_metadata_is_shown_only_when_asked(scene: Scene) -> None:
    metadata = {"event_type": "answer", "event_payload": {"turn": "1"}}
    ts = (await scene.client.chat_postMessage(channel=scene.dm.id, text="hi", metadata=metadata))["ts"]
    without = await scene.client.conversations_replies(channel=scene.dm.id, ts=ts)
    with_it = await scene.client.conversations_replies(channel=scene.dm.id, ts=ts, include_all_metadata=True)
    assert "metadata" not in without["messages"][0]
    assert with_it["messages"][0]["metadata"] == metadata


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("conversations.replies", {"channel": "GENERAL", "ts": "1.000001"}, "thread_not_found"),
    ("conversations.replies", {"channel": "LOUNGE", "ts": "1.000001"}, "not_in_channel"),
    ("conversations.replies", {"channel": "C404", "ts": "1.000001"}, "channel_not_found"),
    ("conversations.history", {"channel": "LOUNGE"}, "not_in_channel"),
    ("conversations.history", {"channel": "PRIVATE"}, "channel_not_found"),
    ("conversations.history", {"channel": "GENERAL", "cursor": "nonsense"}, "invalid_cursor"),
    ("conversations.history", {"channel": "GENERAL", "limit": "1001"}, "invalid_limit"),
    ("conversations.history", {"channel": "GENERAL", "limit": "few"}, "invalid_limit"),
    ("conversations.history", {"channel": "GENERAL", "oldest": "long ago"}, "invalid_ts_oldest"),
    ("conversations.history", {"channel": "GENERAL", "latest": "soon"}, "invalid_ts_latest"),
    ("conversations.info", {"channel": "PRIVATE"}, "channel_not_found"),
    ("conversations.list", {"types": "secret"}, "invalid_types"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U404"}, "user_not_found"),
]


@pytest.mark.parametrize(("method", "arguments", "error"), REFUSED)
async def test_what_cannot_be_read_is_refused(scene: Scene, method: str, arguments: dict[str, Any], error: str) -> None:
    places = {"GENERAL": scene.general.id, "LOUNGE": scene.lounge.id, "PRIVATE": scene.private.id}
    sent = {name: places.get(value, value) for name, value in arguments.items()}
    with pytest.raises(SlackApiError) as refused:
        await scene.client.api_call(method, params=sent)
    assert error_of(refused.value) == error


async def test_a_channel_is_described_with_its_topic_and_members(scene: Scene) -> None:
    scene.general.topic = "News"
    info = (await scene.client.conversations_info(channel=scene.general.id, include_num_members=True))["channel"]
    assert (info["name"], info["topic"]["value"], info["is_member"], info["num_members"]) == (
        "general",
        "News",
        True,
        3,
    )
    assert (await scene.client.conversations_info(channel=scene.dm.id))["channel"]["user"] == scene.ann.id
    members = await scene.client.conversations_members(channel=scene.general.id)
    assert members["members"] == [scene.ann.id, scene.ben.id, scene.bot]


async def test_the_list_holds_what_the_app_may_see(scene: Scene) -> None:
    answer = await scene.client.conversations_list(types="public_channel,private_channel,im")
    assert {channel["id"] for channel in answer["channels"]} == {scene.general.id, scene.lounge.id, scene.dm.id}


async def test_conversations_are_opened_with_one_person_or_several(scene: Scene) -> None:
    assert (await scene.client.conversations_open(users=scene.ann.id))["channel"]["id"] == scene.dm.id
    scene.slack.installation.scopes.add("mpim:write")
    group = await scene.client.conversations_open(users=[scene.ann.id, scene.ben.id], return_im=True)
    assert group["channel"]["is_mpim"]
