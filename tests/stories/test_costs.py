"""What answers cost is written down whole, and budgets mean what they say."""

import asyncio

import pytest

from bot.slack.desks.stopping import STOP
from bot.turns.limits import RESERVED
from playground.openai import decisions, scripts
from playground.openai.recordings import recording
from playground.slack.directory import Json
from tests.stories.acting import pick
from tests.stories.albums import shown
from tests.stories.forms import rows
from tests.stories.stage import PATIENCE, Stage

CHANGE = decisions.always(intent="image_edit", confidence="high", picture="earlier")
USED = """
SELECT model, SUM(answers), SUM(pictures), SUM(searches), SUM(dollars) > 0 FROM usage GROUP BY model ORDER BY model
"""


async def test_searches_pictures_and_finding_out_what_is_wanted_are_paid_for(stage: Stage) -> None:
    daemon = await stage.start()
    stage.model.script = scripts.search("Kestrels hover.", "how kestrels hunt")
    await stage.answered(await stage.ask("How do kestrels hunt?"))
    stage.model.script, stage.model.decide = scripts.draw("A kestrel"), CHANGE
    question = await stage.ask("Draw one")
    await shown(stage, question)
    await stage.ask("Make it night", thread=question["ts"])
    await shown(stage, question, 2)
    assert await daemon.terminate() == 0

    assert rows(stage.folder, USED) == [
        ("gpt-6-luna", 1, 0, 0, 1),
        ("gpt-6.1-terra", 2, 0, 1, 1),
        ("gpt-image-2.5-flare", 0, 1, 0, 1),
        ("gpt-image-2.5-sunburst", 0, 1, 0, 1),
    ]
    ((searched,),) = rows(stage.folder, "SELECT dollars FROM usage WHERE searches = 1")
    assert searched == pytest.approx(0.01, abs=0.005)


async def test_recordings_and_answers_that_were_stopped_or_died_with_the_daemon_are_paid_for(stage: Stage) -> None:
    async def half_answered() -> Json:
        stage.model.script = scripts.say("The answer is forty-two.")
        hold = stage.model.hold(after=3)
        question = await stage.ask("What is the answer?")
        await stage.workspace.wait_for(lambda: "The answer" in "".join(stage.texts(question)), PATIENCE)
        await hold.reached.wait()
        return question

    daemon = await stage.start()
    await stage.answered(await stage.ask("", ("note.wav", recording("Order bread."))))
    stopped = await half_answered()
    await pick(stage, STOP, stopped, where=stage.dm)
    await stage.workspace.wait_for(lambda: "Stopped." in stage.notes(stopped), PATIENCE)
    died = await half_answered()
    await daemon.kill()
    daemon = await stage.start()
    await stage.answered(died)
    assert await daemon.terminate() == 0

    assert rows(stage.folder, "SELECT dollars > 0, answers FROM usage WHERE model = 'gpt-transcribe'") == [(1, 0)]
    answers = "SELECT answers, input_tokens, output_tokens FROM usage WHERE model = 'gpt-6.1-terra' ORDER BY rowid"
    (_, (shown_to, asked, written), (completed, twice, _)) = rows(stage.folder, answers)
    assert (shown_to, completed) == (0, 1)
    assert asked > written > 0
    newest = stage.model.requests[-1].request
    assert newest is not None
    assert twice == 2 * newest.input_tokens


async def test_many_questions_at_once_do_not_pass_a_budget_that_has_room_for_few(stage: Stage) -> None:
    await stage.start(MONTHLY_BUDGET_DOLLARS="0.02")
    hold = stage.model.hold()
    questions = await asyncio.gather(*(stage.ask(f"Question {number}?") for number in range(10)))

    def told() -> list[str]:
        return [text for question in questions for text in stage.texts(question) if RESERVED in text]

    await stage.workspace.wait_for(lambda: len(told()) == 7, PATIENCE)
    assert len(stage.model.requests) == 3
    hold.release()
    answers = [await stage.answered(question) for question in questions]
    assert len([texts for texts in answers if RESERVED not in texts[0]]) == 3
