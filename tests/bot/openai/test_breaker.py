"""When the provider is left alone, and when it is asked again."""

import httpx2
import pytest
from openai import APIConnectionError, InternalServerError, RateLimitError

from bot.domain.errors import ModelBusy, ModelError, ModelStalled
from bot.openai.breaker import FAILURES, PROBE_AFTER, WITHIN, Breaker, ModelDown, is_outage
from bot.openai.errors import ProviderTrouble, model_error

REQUEST = httpx2.Request("POST", "http://test")


def outage() -> ModelError:
    error = ProviderTrouble("HTTP 500")
    error.__cause__ = InternalServerError("down", response=httpx2.Response(500, request=REQUEST), body=None)
    return error


def rush() -> ModelError:
    error = ModelBusy("HTTP 429")
    error.__cause__ = RateLimitError("busy", response=httpx2.Response(429, request=REQUEST), body=None)
    return error


class Clock:
    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        return self.time


def broken(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed(outage())
    return breaker


def test_an_outage_is_no_connection_or_a_status_from_500_up() -> None:
    unreachable = ModelError("nobody there")
    unreachable.__cause__ = APIConnectionError(request=REQUEST)
    assert is_outage(unreachable)
    assert is_outage(outage())
    assert not is_outage(rush())
    assert not is_outage(ModelStalled("silent"))
    assert not is_outage(model_error(ValueError()))


def test_fewer_failures_keep_nobody_from_asking() -> None:
    breaker = Breaker(Clock())
    for _ in range(FAILURES - 1):
        breaker.failed(outage())
    breaker.failed(rush())
    breaker.admit()
    assert breaker.is_closed


def test_a_success_in_between_counts_from_the_beginning() -> None:
    breaker = Breaker(Clock())
    for _ in range(3 * FAILURES):
        breaker.failed(outage())
        breaker.succeeded()
    assert breaker.is_closed


def test_failures_far_apart_do_not_count_together() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(3 * FAILURES):
        breaker.failed(outage())
        clock.time += WITHIN / (FAILURES - 2)
        assert breaker.is_closed


def test_after_failures_in_a_row_one_question_in_fifteen_seconds_is_let_through() -> None:
    clock = Clock()
    breaker = broken(clock)
    assert not breaker.is_closed
    with pytest.raises(ModelDown):
        breaker.admit()
    clock.time += PROBE_AFTER
    breaker.admit()
    with pytest.raises(ModelDown):
        breaker.admit()
    breaker.failed(outage())
    with pytest.raises(ModelDown):
        breaker.admit()
    clock.time += PROBE_AFTER
    breaker.admit()
    breaker.succeeded()
    breaker.admit()
    assert breaker.is_closed


def test_a_question_beside_an_answer_never_takes_its_chance() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.time += PROBE_AFTER
    with pytest.raises(ModelDown), breaker.beside():
        pass
    breaker.admit()


def test_it_closes_by_itself_when_nothing_has_failed_for_a_minute() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.time += WITHIN + 1
    breaker.admit()
    breaker.admit()
    assert breaker.is_closed
