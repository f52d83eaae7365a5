"""When a failed request is made again."""

import pytest

from bot.domain.errors import (
    AnswerCutOff,
    AnswerRefused,
    ConversationTooLong,
    KeyRejected,
    ModelBusy,
    ModelError,
    ModelStalled,
    ModelUnknown,
    ModelUnreachable,
    QuotaExhausted,
    RequestRejected,
)
from bot.domain.reply import StatusChange
from bot.openai.errors import PictureFailed, ProviderTrouble
from bot.openai.retries import RetryPolicy, waiting

POLICY = RetryPolicy(tries=3, first_pause=1, growth=3, longest_pause=20)


@pytest.mark.parametrize("error", [ModelBusy(), ModelUnreachable(), AnswerCutOff(), ProviderTrouble()])
def test_passing_troubles_are_tried_again_after_growing_pauses(error: ModelError) -> None:
    first, second, third = (POLICY.pause(error, tries) for tries in (1, 2, 3))
    assert first is not None
    assert second is not None
    assert 0.75 <= first <= 1.25
    assert 2.25 <= second <= 3.75
    assert third is None


@pytest.mark.parametrize(
    "error",
    [
        AnswerRefused(),
        ConversationTooLong(),
        KeyRejected(),
        ModelError(),
        ModelStalled(),
        ModelUnknown(),
        PictureFailed(),
        QuotaExhausted(),
        RequestRejected(),
    ],
)
def test_lasting_troubles_are_not(error: ModelError) -> None:
    assert POLICY.pause(error, 1) is None


def test_the_provider_s_wish_is_followed_up_to_a_bound() -> None:
    assert POLICY.pause(ModelBusy(retry_after=20), 1) == 20
    assert POLICY.pause(ModelBusy(retry_after=0), 1) == 0
    assert POLICY.pause(ModelBusy(retry_after=20.1), 1) is None


def test_all_that_failed_together_do_not_come_back_together() -> None:
    assert len({POLICY.pause(ModelBusy(), 1) for _ in range(20)}) > 1


@pytest.mark.parametrize(
    ("error", "pause", "status"),
    [
        (ModelBusy(), 8, "waiting 8 seconds because OpenAI is busy"),
        (ModelUnreachable(), 0.9, "waiting 1 second because OpenAI cannot be reached"),
        (ProviderTrouble(), 2, "waiting 2 seconds because OpenAI had a problem"),
        (AnswerCutOff(), 2.5, "waiting 3 seconds because the connection broke"),
    ],
)
def test_people_see_what_is_waited_for(error: ModelError, pause: float, status: str) -> None:
    assert waiting(error, pause) == StatusChange(status)
    assert waiting(error, pause).waiting
