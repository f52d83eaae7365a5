"""The minimal bot works: what it is compared with is worth the comparison."""

from benchmarks.stage import MINIMAL, open_stage
from benchmarks.texts import plain_answer
from playground.openai.scripts import Pace


async def test_the_minimal_bot_streams_an_answer() -> None:
    async with open_stage(MINIMAL, plain_answer(300), Pace(per_second=25), settling=0.0) as stage:
        sight = await stage.ask(0)
        assert await stage.watcher.until_whole(sight, timeout=20)
        calls = [call.method for call in stage.slack.calls]
    begun, *grown, ended = calls[calls.index("chat.startStream") :]
    assert (begun, set(grown), ended) == ("chat.startStream", {"chat.appendStream"}, "chat.stopStream")
    assert stage.idle_memory > 10
    assert stage.started_in > 0
