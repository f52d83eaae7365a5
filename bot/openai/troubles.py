"""What an error of a model means to the operator who checks the configuration."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

from bot.domain.errors import (
    AnswerCutOff,
    KeyRejected,
    ModelBusy,
    ModelError,
    ModelStalled,
    ModelUnknown,
    ModelUnreachable,
    QuotaExhausted,
)
from bot.domain.findings import Finding, problem, warning
from bot.openai.errors import CannotDraw, ImageModelUnknown, ProviderTrouble

Result = TypeVar("Result")


async def within(seconds: float, step: Coroutine[None, None, Result]) -> Result:
    """What the step returns. Raises ModelStalled when it takes longer, and what the step raises."""
    try:
        async with asyncio.timeout(seconds):
            return await step
    except TimeoutError:
        raise ModelStalled(f"no answer within {seconds:.0f} s") from None


def is_wrong_key(error: ModelError) -> bool:
    """True when nothing can be asked with this key; one that is merely forbidden something gets 403."""
    return isinstance(error, KeyRejected) and getattr(error.__cause__, "status_code", None) == 401


def is_out_of_reach(error: ModelError) -> bool:
    """True when the server did not answer, or what answered was not the server, such as the login page of a proxy."""
    return isinstance(error, ModelUnreachable | ModelStalled | AnswerCutOff)


_MEANINGS: tuple[tuple[tuple[type[ModelError], ...], Callable[[str, str], Finding], str, str], ...] = (
    (
        (QuotaExhausted,),
        problem,
        "The account of OPENAI_API_KEY has no credit left.",
        "Add credit, or raise its limit.",
    ),
    ((ModelBusy, ProviderTrouble), warning, "{variable}: {model} could not be tried: {error}.", "Check again later."),
    (
        (ImageModelUnknown, CannotDraw),
        problem,
        "{variable}: {error}.",
        "Choose another, or see what the key may use.",
    ),
    ((ModelUnknown,), problem, "{variable}: there is no {model}, or not for OPENAI_API_KEY.", "Choose another model."),
    ((KeyRejected,), problem, "{variable}: OPENAI_API_KEY may not use {model}.", "Allow it, or choose another model."),
    ((ModelError,), problem, "{variable}: {model} did not answer: {error}.", "Choose another model."),
)
"""What the kinds of errors mean, the first that fits."""


def trouble(variable: str, model: str, error: ModelError) -> Finding:
    """What it means that a request of this model, which this variable names, ended in the error."""
    if is_wrong_key(error):
        return problem("The server does not accept OPENAI_API_KEY.", "Copy a key that is valid, or make a new one.")
    if is_out_of_reach(error):
        return problem(
            f"A request to OPENAI_BASE_URL came to nothing: {error}.",
            "See whether the address is right and this machine reaches it; HTTPS_PROXY names a proxy.",
        )
    _, verdict, found, remedy = next(meaning for meaning in _MEANINGS if isinstance(error, meaning[0]))
    return verdict(found.format(variable=variable, model=model, error=error), remedy)
