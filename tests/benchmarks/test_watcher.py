"""What people see of an answer while it grows."""

from benchmarks.watcher import Watcher
from playground.slack.directory import Json
from playground.slack.workspace import Workspace

ANSWER = "The boat goes over to that quay. The tide is high."


async def speak(workspace: Workspace, root: str, channel: str, text: str, **fields: str) -> Json:
    bot = workspace.users[workspace.bot.user_id]
    message: Json = {"type": "message", "user": bot.id, "ts": workspace.next_ts(), "thread_ts": root, "text": text}
    await workspace.add_message(channel, message | workspace.authorship(bot) | fields, text)
    return message


async def test_an_answer_in_two_messages_is_whole_when_both_are_there() -> None:
    workspace = Workspace(seed=1)
    ann = workspace.add_user("ann")
    dm = workspace.open_dm(ann.id)
    root = (await workspace.post_as(ann.id, dm.id, "Question"))["ts"]
    watcher = Watcher(workspace)
    sight = watcher.expect(dm.id, root, ANSWER, asked_at=0.0)
    async with watcher.watching():
        await speak(workspace, root, dm.id, "thinking …")
        status = await speak(workspace, root, dm.id, "The boat goes ", streaming_state="in_progress")
        assert not await watcher.until_whole(sight, timeout=0.01)
        assert sight.first_at is not None
        finished = {key: value for key, value in status.items() if key != "streaming_state"}
        await workspace.change_message(dm.id, finished, "The boat goes over to that quay.")
        assert not await watcher.until_whole(sight, timeout=0.01)
        await speak(workspace, root, dm.id, "The tide is high.")
        assert await watcher.until_whole(sight, timeout=1)
    assert [visible for _, visible in sight.growth] == [13, 32, 49]


async def test_text_that_still_streams_is_not_yet_whole() -> None:
    workspace = Workspace(seed=1)
    ann = workspace.add_user("ann")
    dm = workspace.open_dm(ann.id)
    root = (await workspace.post_as(ann.id, dm.id, "Question"))["ts"]
    watcher = Watcher(workspace)
    await speak(workspace, root, dm.id, ANSWER, streaming_state="in_progress")
    sight = watcher.expect(dm.id, root, ANSWER, asked_at=0.0)
    assert sight.first_at is not None
    assert sight.whole_at is None
