"""Library errors become ours, and say nothing that people wrote."""

import json
import time
from email.utils import formatdate
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from bot.openai.errors import (
    CannotDraw,
    ImageModelUnknown,
    NobodyDraws,
    PictureFailed,
    PictureRefused,
    ProviderTrouble,
    in_words,
    model_error,
    never_began,
    our_errors,
    reported_error,
    retry_after,
)

REQUEST = httpx2.Request("POST", "http://example.test/v1/responses")
RESPONSE = httpx2.Response(429, request=REQUEST)
SECRET = "the merger with Acme"


def status_error(status: int, code: str | None = None, message: str = SECRET, **headers: str) -> openai.APIStatusError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = httpx2.Response(status, request=REQUEST, headers=named)
    return openai.APIStatusError(message, response=response, body={"code": code, "message": message, "param": SECRET})


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (status_error(400), RequestRejected),
        (status_error(400, "context_length_exceeded"), ConversationTooLong),
        (status_error(400, "invalid_prompt"), AnswerRefused),
        (status_error(400, "content_filter"), AnswerRefused),
        (status_error(400, "image_content_policy_violation"), AnswerRefused),
        (status_error(400, message="request (9000 tokens) exceeds the available context size"), ConversationTooLong),
        (status_error(400, message="Your prompt is too long"), ConversationTooLong),
        (status_error(400, "moderation_blocked"), PictureRefused),
        (status_error(403, "moderation_blocked"), PictureRefused),
        (status_error(401, "invalid_api_key"), KeyRejected),
        (status_error(401), KeyRejected),
        (status_error(403), KeyRejected),
        (status_error(403, "model_not_found"), KeyRejected),
        (status_error(403, "misalignment_policy_violation"), AnswerRefused),
        (status_error(404, "model_not_found"), ModelUnknown),
        (status_error(404), ModelUnknown),
        (status_error(408), ModelBusy),
        (status_error(409), ModelBusy),
        (status_error(413), ConversationTooLong),
        (status_error(418), RequestRejected),
        (status_error(422), RequestRejected),
        (status_error(429, "rate_limit_exceeded"), ModelBusy),
        (status_error(429), ModelBusy),
        (status_error(429, "insufficient_quota"), QuotaExhausted),
        (openai.RateLimitError("", response=RESPONSE, body={"type": "insufficient_quota"}), QuotaExhausted),
        (status_error(500, "server_error"), ProviderTrouble),
        (status_error(500), ProviderTrouble),
        (status_error(502), ProviderTrouble),
        (status_error(503), ModelBusy),
        (status_error(503, "server_is_overloaded"), ModelBusy),
        (status_error(529), ModelBusy),
        (openai.APIConnectionError(request=REQUEST), ModelUnreachable),
        (caused(openai.APITimeoutError(REQUEST), httpx2.ConnectTimeout("")), ModelUnreachable),
        (caused(openai.APITimeoutError(REQUEST), httpx2.PoolTimeout("")), ModelUnreachable),
        (caused(openai.APITimeoutError(REQUEST), httpx2.ReadTimeout("")), ModelStalled),
        (caused(openai.APIConnectionError(request=REQUEST), httpx2.ConnectError("")), ModelUnreachable),
        (caused(openai.APIConnectionError(request=REQUEST), httpx2.ReadError("")), AnswerCutOff),
        (caused(openai.APIConnectionError(request=REQUEST), httpx2.RemoteProtocolError("")), AnswerCutOff),
        (httpx2.RemoteProtocolError(SECRET), AnswerCutOff),
        (httpx2.ProxyError(SECRET), ModelUnreachable),
        (openai.APIError(SECRET, REQUEST, body={"code": "insufficient_quota"}), QuotaExhausted),
        (openai.APIError(SECRET, REQUEST, body={"type": "server_error"}), ProviderTrouble),
        (openai.APIError(SECRET, REQUEST, body={"code": 503}), ModelBusy),
        (openai.APIError(SECRET, REQUEST, body=SECRET), ModelError),
        (json.JSONDecodeError(SECRET, SECRET, 0), AnswerCutOff),
        (UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET), AnswerCutOff),
        (openai.OpenAIError(SECRET), ModelError),
    ],
)
def test_every_library_error_has_its_kind_and_keeps_texts_to_itself(error: Exception, ours: type[ModelError]) -> None:
    translated = model_error(error)
    assert type(translated) is ours
    assert SECRET not in str(translated)
    assert SECRET not in translated.explanation


def test_the_log_gets_status_code_and_request() -> None:
    assert str(model_error(status_error(400, "odd_code", x_request_id="req_1"))) == (
        "HTTP 400, code odd_code, param -, request req_1"
    )


def test_a_key_that_may_not_use_the_model_is_told_from_a_wrong_one() -> None:
    assert "may not use this model" in model_error(status_error(403)).explanation
    assert model_error(status_error(401)).explanation == KeyRejected.explanation


def test_a_busy_provider_names_the_time() -> None:
    error = model_error(status_error(429, "rate_limit_exceeded", retry_after="300"))
    assert isinstance(error, ModelBusy)
    assert error.retry_after == 300
    assert error.explanation == "OpenAI is very busy right now. Please try again in 5 minutes."
    assert model_error(status_error(429)).explanation == ModelBusy.explanation


def test_a_provider_in_trouble_is_not_called_busy() -> None:
    assert "had a problem" in model_error(status_error(500)).explanation
    assert "busy" not in model_error(status_error(500)).explanation


@pytest.mark.parametrize(
    "error", [CannotDraw(), NobodyDraws(), PictureFailed(), ImageModelUnknown("flare", "HTTP 400")]
)
def test_people_do_not_read_the_names_of_variables(error: ModelError) -> None:
    assert "_" not in error.explanation


def test_a_wrong_image_model_is_named_to_people_and_its_variables_to_the_operator() -> None:
    error = ImageModelUnknown("flare", "HTTP 400")
    assert "(flare) is not available" in error.explanation
    assert "GPT_IMAGE_MODEL" in str(error)
    assert "GPT_IMAGE_EDIT_MODEL" in str(error)
    assert SECRET not in ImageModelUnknown(SECRET, "HTTP 400").explanation


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "8"}, 8),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "8"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "8"}, 8),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sat, 01 Jan 2000 00:00:00 GMT"}, 0),
    ],
)
def test_the_wish_to_wait_is_understood(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_wish_may_be_a_date() -> None:
    seconds = retry_after({"retry-after": formatdate(time.time() + 60, usegmt=True)})
    assert seconds is not None
    assert 57 < seconds <= 60


@given(st.text(max_size=30))
def test_any_wish_is_survived(wish: str) -> None:
    seconds = retry_after({"retry-after": wish, "retry-after-ms": wish})
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (0.4, "1 second"),
        (7.2, "8 seconds"),
        (90, "90 seconds"),
        (91, "2 minutes"),
        (3600, "60 minutes"),
    ],
)
def test_time_spans_are_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


@pytest.mark.parametrize("code", [None, 7, [], {}, "strange\ncode", "x" * 500])
def test_a_strange_code_in_a_stream_is_no_surprise(code: Any) -> None:
    error = reported_error(code)
    assert type(error) is ModelError
    assert str(error) == "reported in the stream: -"


def test_our_errors_pass_through_unchanged() -> None:
    with pytest.raises(AnswerRefused, match="as it was"), our_errors():
        raise AnswerRefused("as it was")


def test_a_programming_error_is_not_disguised() -> None:
    with pytest.raises(KeyError), our_errors():
        raise KeyError("oops")


@pytest.mark.parametrize(
    ("error", "nothing_done"),
    [
        (status_error(429, "rate_limit_exceeded"), True),
        (caused(openai.APIConnectionError(request=REQUEST), httpx2.ConnectError("")), True),
        (caused(openai.APITimeoutError(REQUEST), httpx2.ConnectTimeout("")), True),
        (caused(openai.APITimeoutError(REQUEST), httpx2.PoolTimeout("")), True),
        (status_error(500, "server_error"), False),
        (status_error(503, "rate_limit_exceeded"), False),
        (caused(openai.APITimeoutError(REQUEST), httpx2.ReadTimeout("")), False),
        (caused(openai.APIConnectionError(request=REQUEST), httpx2.ReadError("")), False),
        (caused(openai.APIConnectionError(request=REQUEST), httpx2.RemoteProtocolError("")), False),
        (openai.APIError(SECRET, REQUEST, body={"code": "rate_limit_exceeded"}), False),
    ],
)
def test_only_a_request_that_never_began_was_certainly_not_paid_for(error: Exception, nothing_done: bool) -> None:
    with pytest.raises(ModelError) as raised, our_errors():
        raise error
    assert never_began(raised.value) is nothing_done
