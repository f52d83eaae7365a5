"""What stands below answers: which model wrote them, and buttons with which people say what they think of them."""

import re

from bot.slack.desks.feedback import THANKS
from bot.slack.writing.thumbs import PRESS
from playground.openai import faults, scripts
from playground.slack.directory import Json, User
from tests.stories.forms import new_modal, open_settings, rows, told
from tests.stories.stage import Stage

VERDICTS = "SELECT person, verdict, comment FROM feedback WHERE answer = ? ORDER BY person"


async def press(stage: Stage, answer: Json, verdict: str, who: User | None = None) -> None:
    """A person presses a button below an answer in the channel."""
    ack = await stage.slack.interactions.press((who or stage.ann).id, stage.channel.id, answer["ts"], PRESS, verdict)
    assert ack == {}


async def answer_in_channel(stage: Stage) -> Json:
    """The last message of an answer that Ann has got in the channel."""
    question = await stage.ask(f"{stage.mention} my password is mackerel", where=stage.channel)
    await stage.answered(question, where=stage.channel)
    return stage.replies(question, stage.channel)[-1]


async def test_the_model_that_answered_is_named_below_each_complete_answer_with_a_way_to_the_settings(
    stage: Stage,
) -> None:
    await stage.start(FOOTER="on")
    form = await open_settings(stage)
    await form.choose("model", "gpt-6-luna")
    assert await form.save() == {}
    question = await stage.ask("Hi")
    await stage.answered(question)
    (note,) = stage.notes(question)
    # Slack does not tell every bot the id of its app, without which there is no link.
    assert re.fullmatch(r"gpt-6-luna · (/chatgpt-settings|<slack://app\?\S+;tab=home\|Settings>)", note)
    nothing = await stage.ask(stage.mention, where=stage.channel)
    await stage.answered(nothing, where=stage.channel)
    assert stage.notes(nothing, stage.channel) == []


async def test_of_each_persons_verdicts_on_an_answer_the_last_one_counts(stage: Stage) -> None:
    await stage.start(FEEDBACK_BUTTONS="on")
    answer = await answer_in_channel(stage)
    await press(stage, answer, "good")
    assert await told(stage, stage.ann) == [THANKS]
    await press(stage, answer, "bad")
    await press(stage, answer, "good", stage.ben)
    assert await told(stage, stage.ben) == [THANKS]
    assert (await new_modal(stage, (), stage.ann)).user == stage.ann.id
    kept = {person: verdict for person, verdict, _ in rows(stage.folder, VERDICTS, answer["ts"])}
    assert kept == {stage.ann.id: "bad", stage.ben.id: "good"}


async def test_whoever_is_not_content_may_say_why_and_that_is_all_that_is_kept(stage: Stage) -> None:
    stage.model.script = scripts.say("The reply is halibut.")
    daemon = await stage.start(FEEDBACK_BUTTONS="on", LOG_LEVEL="debug")
    answer = await answer_in_channel(stage)
    await press(stage, answer, "bad")
    form = await new_modal(stage, (), stage.ann)
    stage.slack.interactions.enter(form, "comment", "comment", "Too fishy for me.")
    assert (await stage.slack.interactions.submit(form)).acked
    assert await told(stage, stage.ann) == [THANKS]
    assert rows(stage.folder, VERDICTS, answer["ts"]) == [(stage.ann.id, "bad", "Too fishy for me.")]
    assert await daemon.terminate() == 0
    log = daemon.lines.encode()
    kept = b"".join(path.read_bytes() for path in (stage.folder / "data").rglob("*") if path.is_file())
    assert b"Too fishy" in kept
    assert b"fishy" not in log
    for text in (b"mackerel", b"halibut", b"Archer"):
        assert text not in log + kept


async def test_a_form_for_comments_that_does_not_open_costs_no_verdict(stage: Stage) -> None:
    await stage.start(FEEDBACK_BUTTONS="on")
    answer = await answer_in_channel(stage)
    stage.slack.views.trigger_lifetime = -1.0
    await press(stage, answer, "bad")
    assert await told(stage, stage.ann) == [THANKS]
    assert rows(stage.folder, VERDICTS, answer["ts"]) == [(stage.ann.id, "bad", None)]


async def test_what_is_no_complete_answer_has_neither_footer_nor_buttons(stage: Stage) -> None:
    await stage.start(FOOTER="on", FEEDBACK_BUTTONS="on")
    for fault in (faults.key_rejected(), faults.incomplete("max_output_tokens", after=1)):
        stage.model.fail(fault)
        question = await stage.ask("One two three")
        await stage.answered(question)
        (note,) = stage.notes(question)
        assert "Settings" not in note
        assert "context_actions" not in {block["type"] for block in stage.replies(question)[-1]["blocks"]}
