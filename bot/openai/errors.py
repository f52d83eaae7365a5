"""Turns everything that the OpenAI library raises, and everything that a stream reports, into our errors."""

import json
import math
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

import httpx2
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, OpenAIError

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


class PictureRefused(AnswerRefused):
    """The provider's rules forbid the picture that was ordered."""

    explanation = "OpenAI's usage rules do not allow this picture. Describing it differently may help."


class PictureFailed(ModelError):
    """A picture was begun, and is not there, or is none."""

    explanation = "The picture could not be made. Please try again, perhaps with another description."


class CannotDraw(RequestRejected):
    """A picture was ordered from a model that has no image tool."""

    explanation = "I cannot draw with this model here. Please choose another one, or tell the person who runs me."


class NobodyDraws(CannotDraw):
    """A picture was ordered from a server that makes none, whatever the model."""

    explanation = "I cannot draw here: the service behind me makes no pictures. Please tell the person who runs me."


class ImageModelUnknown(ModelUnknown):
    """The provider does not offer the model that is to draw, or not to us."""

    def __init__(self, name: str, reason: str) -> None:
        model = _harmless(name)
        super().__init__(f"no image model {model}, see GPT_IMAGE_MODEL and GPT_IMAGE_EDIT_MODEL: {reason}")
        self.explanation = (
            f"The model that draws here ({model}) is not available. "
            "Please choose another one for pictures in the settings, or tell the person who runs me."
        )


class ProviderTrouble(ModelError):
    """Something went wrong at the provider, which has nothing to do with the request or the rush."""

    explanation = "OpenAI had a problem of its own. Please try again in a minute."


class ToolServerUnreachable(ModelError):
    """The provider could not reach a server of tools that was offered, or not learn what it offers."""

    explanation = "A service that I use for this cannot be reached. Please try again, or tell the person who runs me."
    servers: tuple[str, ...] = ()
    """The names of those that are known to be meant; empty where the provider names none."""


_BY_CODE: Mapping[str, type[ModelError]] = {
    "billing_hard_limit_reached": QuotaExhausted,
    "billing_not_active": QuotaExhausted,
    "content_filter": AnswerRefused,
    "context_length_exceeded": ConversationTooLong,
    "external_connector_error": ToolServerUnreachable,
    "http_error": ToolServerUnreachable,
    "insufficient_quota": QuotaExhausted,
    "invalid_api_key": KeyRejected,
    "invalid_prompt": AnswerRefused,
    "model_not_found": ModelUnknown,
    "moderation_blocked": PictureRefused,
    "rate_limit_exceeded": ModelBusy,
    "server_error": ProviderTrouble,
    "server_is_overloaded": ModelBusy,
    "slow_down": ModelBusy,
    "string_above_max_length": ConversationTooLong,
}

_BY_STATUS: Mapping[int, type[ModelError]] = {
    400: RequestRejected,
    401: KeyRejected,
    403: KeyRejected,
    404: ModelUnknown,
    408: ModelBusy,
    409: ModelBusy,
    413: ConversationTooLong,
    422: RequestRejected,
    424: ToolServerUnreachable,
    429: ModelBusy,
    503: ModelBusy,
    529: ModelBusy,
}

_NO_CONNECTION = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)

_BROKEN_CONNECTION = (httpx2.ReadError, httpx2.WriteError, httpx2.CloseError, httpx2.RemoteProtocolError)

_TOO_LONG = re.compile(r"(?i)context (length|size|window)|maximum context|too many tokens|prompt (is )?too long")
"""How compatible servers, which have no code for it, say that a conversation does not fit."""

_HARMLESS = re.compile(r"[\w.:/\[\]-]{1,80}")


@contextmanager
def our_errors() -> Iterator[None]:
    """Raise as ModelError what the library raises in this context."""
    try:
        yield
    except (OpenAIError, httpx2.HTTPError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise model_error(error) from error


def model_error(error: Exception) -> ModelError:
    """Our error for an exception of the library or of what it is built on."""
    match error:
        case APIStatusError():
            return _status_error(error)
        case APITimeoutError() if not isinstance(error.__cause__, _NO_CONNECTION):
            return ModelStalled("nothing was read for longer than the read time limit")
        case APIConnectionError() | httpx2.HTTPError():
            broke = isinstance(error, _BROKEN_CONNECTION) or isinstance(error.__cause__, _BROKEN_CONNECTION)
            kind = AnswerCutOff if broke else ModelUnreachable
            return kind(f"{type(error).__name__}, {type(error.__cause__).__name__}")
        case APIError():
            return reported_error(error.code, error.type)
        case json.JSONDecodeError() | UnicodeDecodeError():
            return AnswerCutOff(f"the stream is damaged: {type(error).__name__}")
        case _:
            return ModelError(type(error).__name__)


def reported_error(*codes: object) -> ModelError:
    """Our error for one that is reported inside a stream; the first code that tells its kind counts."""
    kind = _kind_of(*codes) or ModelError
    return kind(f"reported in the stream: {', '.join(_harmless(code) for code in codes)}")


def busy(message: str, retry_after: float | None) -> ModelBusy:
    """A ModelBusy that tells the waiting person when to try again, where the provider said so (seconds)."""
    error = ModelBusy(message, retry_after)
    if retry_after is not None:
        error.explanation = f"OpenAI is very busy right now. Please try again in {in_words(retry_after)}."
    return error


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How long the provider wants us to wait, in seconds; None when it does not say, or says nothing sensible.

    `retry-after-ms` is OpenAI's own and more exact; `retry-after` holds seconds or a date (RFC 9110, 10.2.3).
    """
    for header, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers[header]) / scale
        except (KeyError, ValueError):
            continue
        return seconds if math.isfinite(seconds) and seconds >= 0 else None
    try:
        until = parsedate_to_datetime(headers["retry-after"]).timestamp()
        # By the provider's own clock where it tells the time: ours may be wrong.
        sent = parsedate_to_datetime(headers["date"]).timestamp() if "date" in headers else time.time()
        return max(0.0, until - sent)
    except (KeyError, ValueError, OverflowError):
        return None


def never_began(error: ModelError) -> bool:
    """True when nothing can have been paid for: the rate limit turned the request away, or it was never sent."""
    cause = error.__cause__
    if isinstance(cause, APIStatusError):
        return cause.status_code == 429
    return isinstance(cause, APIConnectionError) and isinstance(cause.__cause__, _NO_CONNECTION)


def in_words(seconds: float) -> str:
    """A time span for people: "1 second", "8 seconds", "2 minutes"; never shorter than it is."""
    whole = max(1, math.ceil(seconds))
    count, unit = (whole, "second") if whole <= 90 else (math.ceil(whole / 60), "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _status_error(error: APIStatusError) -> ModelError:
    status = error.status_code
    kind = _kind_of(error.code, error.type)
    if kind is None and status < 500 and _TOO_LONG.search(f"{error.message} {error.body}"):
        kind = ConversationTooLong
    kind = kind or _kind_of_status(status)
    names = f"code {_harmless(error.code or error.type)}, param {_harmless(error.param)}"
    message = f"HTTP {status}, {names}, request {_harmless(error.request_id)}"
    if kind is ModelBusy:
        return busy(message, retry_after(error.response.headers))
    if status == 403 and not issubclass(kind, AnswerRefused):
        return _forbidden(message)
    return kind(message)


def _kind_of(*codes: object) -> type[ModelError] | None:
    """The kind of error that the first telling code names. Compatible servers also send HTTP statuses as codes."""
    for code in map(str, codes):
        if code in _BY_CODE:
            return _BY_CODE[code]
        if "policy" in code:
            return AnswerRefused
        if re.fullmatch(r"[45]\d\d", code):
            return _kind_of_status(int(code))
    return None


def _kind_of_status(status: int) -> type[ModelError]:
    return _BY_STATUS.get(status, ProviderTrouble if status >= 500 else RequestRejected)


def _forbidden(message: str) -> KeyRejected:
    error = KeyRejected(message)
    error.explanation = (
        "My OpenAI key may not use this model. Please choose another one, or tell the person who runs me."
    )
    return error


def _harmless(value: object) -> str:
    """A name as it may stand in the log: servers repeat what people wrote in the oddest places."""
    return value if isinstance(value, str) and _HARMLESS.fullmatch(value) else "-"
