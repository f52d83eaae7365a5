"""What an agent shows beside its messages."""

from typing import Any

import pytest

from playground.slack.threads import Status
from tests.playground.slack.scene import Scene

PROMPTS = [{"title": "Hi", "message": "Say hi"}]


async def test_a_status_is_shown_until_it_is_set_to_nothing(scene: Scene) -> None:
    root = await scene.ask()
    await scene.client.assistant_threads_setStatus(
        channel_id=scene.dm.id, thread_ts=root, status="is thinking", loading_messages=["a", "b"]
    )
    assert scene.workspace.statuses == {(scene.dm.id, root): Status("is thinking", ("a", "b"))}
    await scene.client.assistant_threads_setStatus(channel_id=scene.dm.id, thread_ts=root, status="")
    assert scene.workspace.statuses == {}


async def test_a_stream_in_the_thread_takes_the_status_away(scene: Scene) -> None:
    root = await scene.ask()
    await scene.client.assistant_threads_setStatus(channel_id=scene.dm.id, thread_ts=root, status="is thinking")
    await scene.client.chat_startStream(channel=scene.dm.id, thread_ts=root, markdown_text="Hello")
    assert scene.workspace.statuses == {}


async def test_sessions_titles_and_prompts_are_kept(scene: Scene) -> None:
    root = await scene.ask()
    thread = (scene.dm.id, root)
    await scene.client.agents_sessions_setStatus(channel_id=scene.dm.id, thread_ts=root, status="processing", title="T")
    assert (scene.workspace.threads.sessions[thread], scene.workspace.threads.titles[thread]) == ("processing", "T")
    await scene.client.agents_sessions_rename(channel_id=scene.dm.id, thread_ts=root, title="Renamed")
    assert scene.workspace.threads.titles[thread] == "Renamed"
    await scene.client.assistant_threads_setTitle(channel_id=scene.dm.id, thread_ts=root, title="Again")
    assert scene.workspace.threads.titles[thread] == "Again"
    await scene.client.assistant_threads_setSuggestedPrompts(channel_id=scene.dm.id, prompts=PROMPTS)
    assert scene.workspace.threads.prompts[scene.dm.id, ""]["prompts"] == PROMPTS


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("assistant.threads.setStatus", {}, "invalid_arguments"),
    ("assistant.threads.setStatus", {"status": "x", "thread_ts": "1.000001"}, "invalid_thread_ts"),
    ("assistant.threads.setStatus", {"status": "x", "channel_id": "D404"}, "channel_not_found"),
    ("assistant.threads.setStatus", {"status": "x", "loading_messages": ["x"] * 11}, "invalid_arguments"),
    ("agents.sessions.setStatus", {"status": "is thinking"}, "invalid_arguments"),
    ("agents.sessions.setStatus", {"status": "active", "title": "x" * 201}, "invalid_arguments"),
    ("agents.sessions.rename", {"title": "x" * 201}, "invalid_arguments"),
    ("assistant.threads.setSuggestedPrompts", {"prompts": PROMPTS * 5}, "invalid_arguments"),
    ("assistant.threads.setSuggestedPrompts", {"prompts": [{"title": "Hi"}]}, "invalid_arguments"),
]


@pytest.mark.parametrize(("method", "changes", "error"), REFUSED)
async def test_a_wrong_call_is_refused(scene: Scene, method: str, changes: dict[str, Any], error: str) -> None:
    arguments = {"channel_id": scene.dm.id, "thread_ts": await scene.ask()} | changes
    assert (await scene.call(method, **arguments))["error"] == error
