"""Questions to a small model over the wire."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from bot.domain.errors import AnswerCutOff, KeyRejected, ModelBusy, ModelError, ModelStalled
from bot.domain.models import Question
from bot.openai.errors import ProviderTrouble
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from playground.openai import faults, scripts
from playground.openai.calls import Kind
from playground.openai.decisions import always
from playground.openai.faults import Fault
from playground.openai.model import ScriptedModel

Connect = Callable[..., OpenAIModel]

CHOICES = {"intent": ("text", "image"), "certain": ("yes", "no")}
QUESTION = Question("intent", "gpt-6-luna", "Decide.", '{"message": "draw a cat"}', CHOICES, "T1/U1")


async def test_a_word_of_each_list_is_chosen(connect: Connect, scripted: ScriptedModel) -> None:
    scripted.decide = always(intent="image")
    assert (await connect().choose(QUESTION)).words == {"intent": "image", "certain": "yes"}
    assert scripted.calls[0].kind is Kind.DECISION


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.server_error(), ProviderTrouble),
        (faults.rate_limited(), ModelBusy),
        (faults.key_rejected(), KeyRejected),
        (faults.reset(), AnswerCutOff),
        (faults.html_page(), ModelError),
        (faults.error_with_200(), ModelError),
        (faults.incomplete("content_filter"), ModelError),
        (faults.incomplete("max_output_tokens", after=1), ModelError),
    ],
)
async def test_a_failure_is_an_error_and_not_asked_again(
    connect: Connect, scripted: ScriptedModel, fault: Fault, error: type[ModelError]
) -> None:
    scripted.fail(fault, kind=Kind.DECISION)
    with pytest.raises(error):
        await connect().choose(QUESTION)
    assert len(scripted.calls) == 1


async def test_a_refusal_is_an_error(connect: Connect, scripted: ScriptedModel) -> None:
    scripted.decide, scripted.script = None, scripts.refuse()
    with pytest.raises(ModelError):
        await connect().choose(QUESTION)


async def test_a_server_without_schemas_is_asked_in_words_from_then_on(
    connect: Connect, scripted: ScriptedModel
) -> None:
    scripted.refused = ("text.format",)
    scripted.script = scripts.say('Of course: {"intent": "image", "certain": "no"}')
    model = connect()
    for _ in range(2):
        assert (await model.choose(QUESTION)).words == {"intent": "image", "certain": "no"}
    assert len(scripted.calls) == 3
    assert '"intent": "text" or "image"' in scripted.calls[-1].body["instructions"]


@pytest.mark.parametrize("said", ["json_schema is not supported", "bad request"])
async def test_a_server_that_takes_no_temperature_without_the_effort_is_asked_twice_at_most(
    connect: Connect, scripted: ScriptedModel, said: str
) -> None:
    scripted.refused = () if said == "bad request" else ("text.format",)
    scripted.fail(faults.bad_request("odd", message=said), kind=Kind.DECISION)
    scripted.script = scripts.say('{"intent": "image", "certain": "no"}')
    scripted.decide = None
    assert (await connect().choose(QUESTION)).words == {"intent": "image", "certain": "no"}
    assert len(scripted.calls) == 2
    assert ("temperature" in scripted.calls[1].body) is ("reasoning" in scripted.calls[1].body)


async def test_a_question_has_its_time_limit(connect: Connect, scripted: ScriptedModel) -> None:
    scripted.hold(kind=Kind.DECISION)
    with pytest.raises(ModelStalled):
        await connect(patience=Patience(idle=0.2)).choose(QUESTION)


async def test_cancelling_hangs_up(connect: Connect, scripted: ScriptedModel) -> None:
    hold = scripted.hold(kind=Kind.DECISION)
    choosing = asyncio.create_task(connect().choose(QUESTION))
    await hold.reached.wait()
    choosing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await choosing
    async with asyncio.timeout(30):
        await scripted.wait_for(lambda _requests: scripted.calls[0].disconnected_at is not None)


async def test_the_log_tells_what_it_cost_but_not_what_it_was_about(
    connect: Connect, scripted: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.openai")
    await connect().choose(QUESTION)
    assert "gpt-6-luna answered in" in caplog.text
    assert "request req_" in caplog.text
    assert "cat" not in caplog.text.replace("category", "")
