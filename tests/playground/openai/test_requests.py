"""What the API takes as a request, and the words in which it refuses."""

from typing import Any

import pytest

from playground.openai.catalog import MODELS
from playground.openai.errors import ApiError
from playground.openai.requests import parse_request

BODY: dict[str, Any] = {"model": "gpt-6.1-terra", "input": "Hello"}

ACCEPTED = [
    {},
    {"input": [{"role": "user", "content": "Hello"}]},
    {"instructions": None, "temperature": None, "previous_response_id": None},
    {"reasoning": {"effort": "none"}, "temperature": 0.2, "top_p": 0.9, "top_logprobs": 3},
    {"reasoning": {"effort": "max", "summary": "auto"}, "text": {"verbosity": "low"}},
    {"model": "gpt-4o", "temperature": 2, "text": {"verbosity": "medium"}},
    {"model": "gpt-5-mini", "reasoning": {"effort": "minimal"}},
    {"model": "gpt-5.1", "temperature": 1},
    {"max_output_tokens": 16, "store": False, "stream": True, "stream_options": {"include_obfuscation": False}},
    {"safety_identifier": "x" * 128, "prompt_cache_key": "y" * 64, "metadata": {str(n): "z" * 512 for n in range(16)}},
    {"include": ["reasoning.encrypted_content"], "truncation": "auto", "service_tier": "fast"},
    {"prompt_cache_options": {"mode": "implicit", "ttl": "12h"}, "parallel_tool_calls": True},
    {"tools": [{"type": "image_generation"}], "tool_choice": {"type": "image_generation"}, "max_tool_calls": 1},
]

REFUSED = [
    ({"model": "gpt-5", "reasoning": {"effort": "minimal"}, "tools": [{"type": "web_search"}]}, 400, None, "tools"),
    ({"foo": 1}, 400, "unknown_parameter", "foo"),
    ({"max_tokens": 100}, 400, "unknown_parameter", "max_tokens"),
    ({"messages": []}, 400, "unknown_parameter", "messages"),
    ({"model": None}, 400, "missing_required_parameter", "model"),
    ({"model": 6}, 400, "invalid_type", "model"),
    ({"model": "gpt-7"}, 404, "model_not_found", "model"),
    ({"input": None}, 400, "missing_required_parameter", "input"),
    ({"input": []}, 400, "missing_required_parameter", "input"),
    ({"input": 5}, 400, "invalid_type", "input"),
    ({"instructions": ["Be kind"]}, 400, "invalid_type", "instructions"),
    ({"stream": "yes"}, 400, "invalid_type", "stream"),
    ({"store": 1}, 400, "invalid_type", "store"),
    ({"temperature": 1}, 400, "unsupported_parameter", "temperature"),
    ({"reasoning": {"effort": "low"}, "top_p": 0.5}, 400, "unsupported_parameter", "top_p"),
    ({"reasoning": {"effort": "none"}, "temperature": 2.5}, 400, "decimal_above_max_value", "temperature"),
    ({"reasoning": {"effort": "none"}, "temperature": "hot"}, 400, "invalid_type", "temperature"),
    ({"reasoning": {"effort": "none"}, "top_p": -0.1}, 400, "decimal_below_min_value", "top_p"),
    ({"reasoning": {"effort": "minimal"}}, 400, "unsupported_value", "reasoning.effort"),
    ({"reasoning": {"effort": "huge"}}, 400, "invalid_value", "reasoning.effort"),
    ({"reasoning": {"depth": "low"}}, 400, "unknown_parameter", "reasoning.depth"),
    ({"reasoning": "low"}, 400, "invalid_type", "reasoning"),
    ({"model": "gpt-6.1-sol", "reasoning": {"effort": "none"}}, 400, "unsupported_value", "reasoning.effort"),
    ({"model": "gpt-6.1-sol", "temperature": 1}, 400, "unsupported_parameter", "temperature"),
    ({"model": "gpt-5", "reasoning": {"effort": "none"}}, 400, "unsupported_value", "reasoning.effort"),
    ({"model": "gpt-4.1", "reasoning": {"effort": "low"}}, 400, "unsupported_parameter", "reasoning.effort"),
    ({"model": "gpt-4.1", "reasoning": {"summary": "auto"}}, 400, "unsupported_parameter", "reasoning.summary"),
    ({"model": "gpt-4o", "text": {"verbosity": "low"}}, 400, "unsupported_value", "text.verbosity"),
    ({"text": {"verbosity": "loud"}}, 400, "invalid_value", "text.verbosity"),
    ({"max_output_tokens": 15}, 400, "integer_below_min_value", "max_output_tokens"),
    ({"max_output_tokens": 200_000}, 400, "integer_above_max_value", "max_output_tokens"),
    ({"max_output_tokens": 99.5}, 400, "invalid_type", "max_output_tokens"),
    ({"safety_identifier": "x" * 129}, 400, "string_above_max_length", "safety_identifier"),
    ({"prompt_cache_key": "x" * 65}, 400, "string_above_max_length", "prompt_cache_key"),
    ({"metadata": {str(n): "" for n in range(17)}}, 400, "object_above_max_properties", "metadata"),
    ({"metadata": {"k" * 65: ""}}, 400, "string_above_max_length", "metadata key"),
    ({"metadata": {"k": "v" * 513}}, 400, "string_above_max_length", "metadata.k"),
    ({"metadata": {"k": 1}}, 400, "invalid_type", "metadata.k"),
    ({"stream_options": {"include_usage": True}}, 400, "unknown_parameter", "stream_options.include_usage"),
    ({"stream_options": {"include_obfuscation": False}}, 400, "invalid_value", "stream_options"),
    ({"include": ["usage"]}, 400, "invalid_value", "include[0]"),
    ({"truncation": "middle"}, 400, "invalid_value", "truncation"),
    ({"service_tier": "gold"}, 400, "invalid_value", "service_tier"),
    ({"model": "gpt-5.2", "tools": [{"type": "image_generation"}]}, 400, "unsupported_value", "tools"),
    ({"tools": [{"type": "image_generation", "action": "edit"}]}, 400, "invalid_value", "tools"),
    ({"tool_choice": {"type": "image_generation"}}, 400, None, "tool_choice"),
    ({"max_tool_calls": 0}, 400, "integer_below_min_value", "max_tool_calls"),
    ({"previous_response_id": "resp_1"}, 400, "previous_response_not_found", "previous_response_id"),
    ({"previous_response_id": "resp_1", "conversation": "conv_1"}, 400, "mutually_exclusive_parameters", None),
]


@pytest.mark.parametrize("change", ACCEPTED)
def test_takes_what_the_documentation_allows(change: dict[str, Any]) -> None:
    parse_request({**BODY, **change}, MODELS)


@pytest.mark.parametrize(("change", "status", "code", "param"), REFUSED)
def test_refuses_in_the_words_of_the_api(
    change: dict[str, Any], status: int, code: str | None, param: str | None
) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_request({**BODY, **change}, MODELS)
    assert (refusal.value.status, refusal.value.code, refusal.value.param) == (status, code, param)


def test_a_body_is_an_object() -> None:
    with pytest.raises(ApiError, match="expected an object, but got an array"):
        parse_request([], MODELS)


def test_the_list_of_supported_efforts_stands_in_the_message() -> None:
    with pytest.raises(ApiError, match="Supported values are: 'minimal', 'low', 'medium', and 'high'"):
        parse_request({**BODY, "model": "gpt-5", "reasoning": {"effort": "none"}}, MODELS)


def test_a_prompt_beyond_the_window_is_too_long() -> None:
    body = {**BODY, "input": "word " * 1_000}
    with pytest.raises(ApiError) as refusal:
        parse_request(body, MODELS, context_window=500)
    assert (refusal.value.status, refusal.value.code) == (400, "context_length_exceeded")
    assert parse_request(body, MODELS, context_window=2_000).input_tokens > 1_000
    assert parse_request({**body, "truncation": "auto"}, MODELS, context_window=500).input_tokens == 500


def test_a_compatible_server_may_refuse_further_parameters() -> None:
    body = {**BODY, "store": False, "text": {"verbosity": "low"}}
    with pytest.raises(ApiError) as refusal:
        parse_request(body, MODELS, refused=("text.verbosity",))
    assert (refusal.value.code, refusal.value.param) == ("unsupported_parameter", "text.verbosity")
    parse_request({**BODY, "store": False}, MODELS, refused=("text.verbosity",))


def test_the_default_effort_holds_when_none_is_asked_for() -> None:
    assert parse_request(BODY, MODELS).effort == "medium"
    assert parse_request({**BODY, "model": "gpt-5.4"}, MODELS).effort == "none"


def test_the_question_is_what_a_person_said_last() -> None:
    said = [
        {"role": "user", "content": "First"},
        {"role": "user", "content": [{"type": "input_text", "text": "Second"}]},
        {"role": "assistant", "content": "Answer"},
    ]
    request = parse_request({**BODY, "input": said}, MODELS)
    assert request.question == "Second"
    assert [message.role for message in request.messages] == ["user", "user", "assistant"]
