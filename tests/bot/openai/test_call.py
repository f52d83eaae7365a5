"""What the log says about a model call."""

import logging
import re

import pytest

from bot.domain.errors import ModelBusy
from bot.domain.reply import CutReason, Done, TextDelta
from bot.domain.usage import Unfinished, Usage
from bot.openai.call import Call
from bot.openai.stream import Answer
from tests.doubles.meter import MemoryMeter


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.openai")


def test_an_answer_is_logged_with_its_cost_and_end(caplog: pytest.LogCaptureFixture) -> None:
    with Call("gpt-6-luna") as call:
        call.request_id = "req_1"
        call.note(TextDelta("the merger"))
        call.pay("gpt-6-luna", Usage(90, 64, 7))
        call.note(Done(CutReason.LENGTH))
    assert re.search(r"gpt-6-luna answered in \d+\.\d\d s, first text after \d+\.\d\d s, round 1, try 1,", caplog.text)
    assert "tokens 90 in, 64 cached, 7 out, cut by length, request req_1" in caplog.text
    assert "merger" not in caplog.text


def test_a_retry_is_logged_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    with Call("gpt-6-luna") as call:
        call.note_retry(ModelBusy("HTTP 429"), 8)
    assert "gpt-6-luna: ModelBusy: HTTP 429; try 2 in 8.0 s" in caplog.text


def test_a_failure_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ModelBusy), Call("gpt-6-luna"):
        raise ModelBusy("HTTP 503")
    assert re.search(r"gpt-6-luna failed after \d+\.\d\d s: ModelBusy: HTTP 503", caplog.text)
    assert caplog.records[-1].levelno == logging.WARNING


def test_hanging_up_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(GeneratorExit), Call("gpt-6-luna"):
        raise GeneratorExit
    assert "gpt-6-luna: hung up after" in caplog.text
    assert caplog.records[-1].levelno == logging.INFO


def test_an_answer_that_is_left_after_its_end_was_not_hung_up(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(GeneratorExit), Call("gpt-6-luna") as call:
        call.note(Done())
        raise GeneratorExit
    assert "answered" in caplog.text


def test_each_end_is_counted_once() -> None:
    meter = MemoryMeter()
    usage = Usage(90, 64, 7)
    with Call("gpt", meter) as call:
        call.note(TextDelta("the merger"))
        call.pay("gpt", usage)
        call.note(Done())
    with pytest.raises(ModelBusy), Call("gpt", meter):
        raise ModelBusy("HTTP 503")
    with pytest.raises(GeneratorExit), Call("gpt", meter) as call:
        call.note(TextDelta("the"))
        raise GeneratorExit
    assert meter.model_calls == [
        ("gpt", "answered", True, [("gpt", usage)]),
        ("gpt", "ModelBusy", False, []),
        ("gpt", "hung_up", True, []),
    ]


REQUEST = {
    "instructions": "Be kind.",
    "input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,AAAA"}]}],
    "tools": [{"type": "mcp", "server_label": "tickets", "headers": {"Authorization": "Bearer secret"}}],
}


@pytest.mark.parametrize(
    ("end", "text", "is_paid"),
    [(GeneratorExit(), "", True), (ModelBusy("HTTP 503"), "It", True), (ModelBusy("HTTP 503"), "", False)],
)
def test_a_request_that_was_taken_is_paid_for_unless_it_failed_without_a_word(
    end: BaseException, text: str, is_paid: bool
) -> None:
    told: list[tuple[str, Usage | Unfinished]] = []
    answer = Answer()
    with pytest.raises(type(end)), Call("gpt", charge=lambda model, usage: told.append((model, usage))) as call:
        call.asked(REQUEST, answer)
        answer.take({"type": "response.output_text.delta", "delta": text})
        raise end
    asked = ("Be kind.", "mcp", "tickets", "user", "input_image")
    assert told == ([("gpt", Unfinished(asked, text, pictures=1))] if is_paid else [])


def test_a_request_that_was_told_of_is_paid_for_once() -> None:
    told: list[Usage | Unfinished] = []
    with Call("gpt", charge=lambda _model, usage: told.append(usage)) as call:
        call.asked(REQUEST, Answer())
        call.pay("gpt", Usage(90, 64, 7))
    assert told == [Usage(90, 64, 7)]
