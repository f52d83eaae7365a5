"""What the log says about a model call."""

import logging
import re

import pytest

from bot.domain.errors import ModelBusy
from bot.domain.reply import CutReason, Done, TextDelta, Usage
from bot.openai.call import Call
from tests.doubles.meter import MemoryMeter


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.openai")


def test_an_answer_is_logged_with_its_cost_and_end(caplog: pytest.LogCaptureFixture) -> None:
    with Call("gpt-6-luna") as call:
        call.request_id = "req_1"
        call.note(TextDelta("the merger"))
        call.note(Done(Usage(90, 64, 7), CutReason.LENGTH))
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
        call.note(Done(usage))
    with pytest.raises(ModelBusy), Call("gpt", meter):
        raise ModelBusy("HTTP 503")
    with pytest.raises(GeneratorExit), Call("gpt", meter) as call:
        call.note(TextDelta("the"))
        raise GeneratorExit
    assert meter.model_calls == [
        ("gpt", "answered", True, usage),
        ("gpt", "ModelBusy", False, Usage()),
        ("gpt", "hung_up", True, Usage()),
    ]
