"""How answers reach Slack while they grow."""

from playground.openai import scripts
from playground.openai.scripts import Pace
from tests.stories.stage import PATIENCE, Stage

TEXT = "One two three four five six seven eight nine ten. " * 4


async def test_answers_are_native_streams_where_the_channel_takes_them(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.say(TEXT, Pace(per_second=60))
    for where, text in ((stage.dm, "Hi"), (stage.channel, f"{stage.mention} hi")):
        question = await stage.ask(text, where=where)
        await stage.shows(question, TEXT, where=where)
    assert stage.slack.calls.count("chat.startStream", error="") == 2
    assert stage.slack.calls.count("chat.stopStream", error="") == 2
    assert stage.slack.calls.count("chat.update") == 0


async def test_edits_are_used_when_the_operator_wants_them(stage: Stage) -> None:
    await stage.start(SLACK_STREAMING="edits")
    stage.model.script = scripts.say(TEXT, Pace(per_second=60))
    await stage.shows(await stage.ask("Hi"), TEXT)
    assert stage.slack.calls.count("chat.startStream") == 0
    assert stage.slack.calls.count("chat.update", error="") >= 1


async def test_a_channel_that_takes_no_streams_gets_edits_and_is_remembered(stage: Stage) -> None:
    await stage.start()
    stage.slack.installation.unstreamable.add(stage.channel.id)
    stage.model.script = scripts.say(TEXT, Pace(per_second=60))
    for _ in range(2):
        question = await stage.ask(f"{stage.mention} hi", where=stage.channel)
        await stage.shows(question, TEXT, where=stage.channel)
    assert stage.slack.calls.count("chat.startStream") == 1


async def test_a_stream_that_slack_has_ended_is_completed_by_an_edit(stage: Stage) -> None:
    await stage.start()
    stage.slack.installation.streams.lifetime = 0.5
    stage.model.script = scripts.say(TEXT, Pace(per_second=20))
    question = await stage.ask("Hi")
    await stage.workspace.wait_for(lambda: " ".join(stage.texts(question)).split() == TEXT.split(), PATIENCE)
    assert stage.slack.calls.count("chat.update", error="") >= 1
