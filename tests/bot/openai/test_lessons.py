"""What a server refuses is left out from then on."""

from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.models import ModelInfo, Prompt
from bot.openai.lessons import EXTRAS, OPTIONAL, REMEMBERED_MODELS, Lesson, Lessons, applied, is_openai
from bot.openai.request import request_parameters

OPENAI = Lessons("https://api.openai.com/v1")
OTHER = Lessons("http://gpu.example:8000/v1")

SENT: dict[str, Any] = {
    "model": "m",
    "input": [],
    "instructions": "Be kind.",
    "reasoning": {"effort": "max"},
    "text": {"verbosity": "low"},
    "temperature": 0.3,
    "store": False,
    "stream_options": {"include_obfuscation": False},
    "max_output_tokens": 100,
}


def refusal(status: int = 400, body: object = None) -> openai.APIStatusError:
    response = httpx2.Response(status, request=httpx2.Request("POST", "http://example.test/v1/responses"))
    return openai.APIStatusError(f"Error code: {status} - {body}", response=response, body=body)


def openai_refusal(code: str, param: str | None, message: str = "") -> openai.APIStatusError:
    return refusal(400, {"code": code, "param": param, "message": message, "type": "invalid_request_error"})


def learnt(lessons: Lessons, error: openai.APIStatusError) -> set[str]:
    return {lesson.parameter for lesson in lessons.learn(error, SENT)}


@pytest.mark.parametrize(
    ("error", "parameter"),
    [
        (openai_refusal("unsupported_parameter", "temperature"), "temperature"),
        (openai_refusal("unsupported_parameter", "reasoning.effort"), "reasoning.effort"),
        (
            openai_refusal("unknown_parameter", "stream_options.include_obfuscation"),
            "stream_options.include_obfuscation",
        ),
        (openai_refusal("unsupported_value", "text.verbosity"), "text.verbosity"),
        (openai_refusal("unknown_parameter", "body.store"), "store"),
        (openai_refusal("unsupported_parameter", None, "Unsupported parameter: 'temperature'"), "temperature"),
    ],
)
def test_openai_names_what_it_does_not_take(error: openai.APIStatusError, parameter: str) -> None:
    assert learnt(OPENAI, error) == {parameter}


@pytest.mark.parametrize(
    "error",
    [
        openai_refusal("unsupported_parameter", "input[0].content"),
        openai_refusal("unsupported_parameter", "input[0].content[0].text"),
        openai_refusal("unsupported_parameter", "top_p"),
        openai_refusal("context_length_exceeded", "input"),
        openai_refusal("invalid_prompt", None),
        openai_refusal("invalid_value", "store"),
        refusal(400, "what?"),
        refusal(401, {"code": "unsupported_parameter", "param": "store"}),
        refusal(500, {"code": "unsupported_parameter", "param": "store"}),
    ],
)
def test_other_refusals_of_openai_teach_nothing(error: openai.APIStatusError) -> None:
    assert learnt(OPENAI, error) == set()


@pytest.mark.parametrize(
    ("error", "parameters"),
    [
        (refusal(422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "store"]}]}), {"store"}),
        (refusal(400, {"message": "m does not support parameters: ['reasoning', 'text']"}), {"reasoning", "text"}),
        (refusal(400, {"message": "Unrecognized key(s) in object: 'stream_options'"}), {"stream_options"}),
        (refusal(400, {"message": "bad request"}), {"reasoning", "text", "store", "stream_options"}),
        (refusal(400, {"message": "the prompt exceeds the context window"}), set()),
        (refusal(404, {"message": "store"}), set()),
    ],
)
def test_other_servers_are_understood_by_what_they_mention(error: openai.APIStatusError, parameters: set[str]) -> None:
    assert learnt(OTHER, error) == parameters


def test_one_person_s_refused_effort_is_nobody_else_s() -> None:
    lessons = OPENAI.learn(openai_refusal("unsupported_value", "reasoning.effort"), SENT)
    assert "reasoning" not in applied(lessons, SENT)
    assert "reasoning" in applied(lessons, {**SENT, "reasoning": {"effort": "low"}})


TOOL = {"type": "image_generation", "action": "auto", "model": "flare", "quality": "max", "output_format": "jpeg"}
DRAWING: dict[str, Any] = {**SENT, "tools": [TOOL], "tool_choice": {"type": "image_generation"}, "max_tool_calls": 1}


def taught(error: openai.APIStatusError, lessons: Lessons = OPENAI) -> dict[str, Any]:
    """The request that is sent after this refusal of a drawing."""
    return applied(lessons.learn(error, DRAWING), DRAWING)


@pytest.mark.parametrize(
    "error",
    [
        openai_refusal("unsupported_value", "tools[0].quality"),
        openai_refusal("invalid_value", "tools[0].quality"),
        openai_refusal("unknown_parameter", "tools[0].quality"),
        refusal(422, {"param": "body.tools.0.quality"}),
    ],
)
def test_a_field_that_the_tool_does_not_have_is_left_out(error: openai.APIStatusError) -> None:
    tool = {name: value for name, value in TOOL.items() if name != "quality"}
    assert taught(error) == {**DRAWING, "tools": [tool]}


@pytest.mark.parametrize(
    "error",
    [
        openai_refusal("unsupported_value", "tools"),
        refusal(400, {"code": None, "param": "tools", "message": "Hosted tool 'image_generation' is not supported"}),
        openai_refusal("invalid_value", "tools[0].type"),
        refusal(404, {"code": "model_not_found", "param": "tools[0].model"}),
    ],
)
def test_a_tool_that_there_is_not_is_not_offered(error: openai.APIStatusError) -> None:
    assert taught(error).keys() == DRAWING.keys() - {"tools"}


def test_one_person_s_image_model_is_nobody_else_s() -> None:
    lessons = OPENAI.learn(refusal(404, {"code": "model_not_found", "param": "tools[0].model"}), DRAWING)
    assert "tools" not in applied(lessons, DRAWING)
    assert "tools" in applied(lessons, {**DRAWING, "tools": [{**TOOL, "model": "sunburst"}]})


def test_a_tool_that_does_not_fit_one_request_is_offered_to_others() -> None:
    lessons = OPENAI.learn(openai_refusal("invalid_value", "tools", "The action 'edit' needs an image"), DRAWING)
    assert "tools" not in applied(lessons, DRAWING)
    assert "tools" in applied(lessons, {**DRAWING, "tools": [{**TOOL, "action": "generate"}]})


@pytest.mark.parametrize("parameter", ["tool_choice", "max_tool_calls"])
def test_a_server_may_lack_what_goes_with_the_tool(parameter: str) -> None:
    assert taught(openai_refusal("unknown_parameter", parameter)).keys() == DRAWING.keys() - {parameter}


@pytest.mark.parametrize(
    "error",
    [
        refusal(500, {"code": "unknown_parameter", "param": "tools"}),
        refusal(401, {"code": "invalid_api_key", "param": "tools"}),
        openai_refusal("moderation_blocked", "tools"),
        openai_refusal("context_length_exceeded", "tools"),
    ],
)
def test_other_troubles_with_a_tool_teach_nothing(error: openai.APIStatusError) -> None:
    assert taught(error) == DRAWING


SEARCH = {"type": "web_search", "user_location": {"type": "approximate"}}
BOTH: dict[str, Any] = {**SENT, "tools": [TOOL, SEARCH]}


@pytest.mark.parametrize(
    ("lessons", "error"),
    [
        (OPENAI, openai_refusal("invalid_value", "tools[1].type")),
        (
            OPENAI,
            refusal(400, {"code": None, "param": "tools", "message": "Hosted tool 'web_search' is not supported"}),
        ),
        (OTHER, refusal(400, {"code": None, "param": "tools[1]", "message": "what is that?"})),
        (OTHER, refusal(422, {"message": "unsupported tool type: web_search"})),
        (OTHER, refusal(400, {"message": "tools: web_search is not known"})),
    ],
)
def test_one_tool_that_there_is_not_costs_no_other(lessons: Lessons, error: openai.APIStatusError) -> None:
    assert applied(lessons.learn(error, BOTH), BOTH) == {**SENT, "tools": [TOOL]}


def test_a_field_of_one_tool_costs_no_other() -> None:
    lessons = OPENAI.learn(openai_refusal("unknown_parameter", "tools[1].user_location"), BOTH)
    assert applied(lessons, BOTH)["tools"] == [TOOL, {"type": "web_search"}]
    assert applied(lessons, {**BOTH, "tools": [SEARCH]})["tools"] == [{"type": "web_search"}]


def test_tools_that_are_refused_as_such_are_left_out_together() -> None:
    for error in (openai_refusal("unknown_parameter", "tools"), openai_refusal("invalid_value", "tools[7]")):
        assert "tools" not in applied(OPENAI.learn(error, BOTH), BOTH)
    assert "tools" not in applied(OTHER.learn(refusal(400, {"message": "no tools here"}), BOTH), BOTH)


def test_an_object_that_lost_all_its_fields_is_left_out() -> None:
    lessons = OPENAI.learn(openai_refusal("unsupported_parameter", "reasoning.effort"), SENT)
    assert "reasoning" not in applied(lessons, SENT)


def test_a_schema_can_be_refused_without_the_verbosity() -> None:
    sent = {**SENT, "text": {"format": {"type": "json_schema"}, "verbosity": "low"}}
    lessons = OPENAI.learn(openai_refusal("unsupported_parameter", "text.format.schema"), sent)
    assert applied(lessons, sent)["text"] == {"verbosity": "low"}


@given(st.text(max_size=30), st.sampled_from(["unknown_parameter", "unsupported_value", None]))
def test_any_parameter_that_is_named_leaves_a_whole_request(param: str, code: str | None) -> None:
    error = refusal(400, {"code": code, "param": param})
    for sent in (DRAWING, BOTH):
        assert applied(OTHER.learn(error, sent), sent).keys() >= {"model", "input", "instructions"}


def test_a_refused_temperature_is_refused_whatever_it_is() -> None:
    lessons = OPENAI.learn(openai_refusal("unsupported_value", "temperature"), SENT)
    assert "temperature" not in applied(lessons, {**SENT, "temperature": 0.7})


def test_what_an_answer_needs_is_never_left_out() -> None:
    everything = frozenset(Lesson(name) for name in OPTIONAL)
    assert applied(everything, SENT).keys() == {"model", "input", "instructions"}


def test_every_parameter_that_we_send_is_either_needed_or_optional(prompt: Prompt, reasoner: ModelInfo) -> None:
    assert request_parameters(prompt, reasoner).keys() - OPTIONAL == {"model", "input", "instructions"}
    assert EXTRAS < OPTIONAL


def test_lessons_are_kept_for_each_model_and_not_for_ever() -> None:
    lessons = Lessons("http://gpu.example/v1")
    lesson = frozenset({Lesson("store")})
    lessons.keep("first", lesson)
    for number in range(REMEMBERED_MODELS - 1):
        lessons.keep(f"model {number}", lesson)
    lessons.keep("first", lesson)
    lessons.keep("one more", lesson)
    assert lessons.recall("first") == lesson
    assert lessons.recall("model 0") == frozenset()
    assert lessons.recall("never met") == frozenset()


@pytest.mark.parametrize(
    ("base_url", "openai_s"),
    [
        ("https://api.openai.com/v1", True),
        ("https://eu.api.openai.com/v1", True),
        ("https://api.openai.com.evil.example/v1", False),
        ("https://evilapi.openai.com/v1", False),
        ("http://127.0.0.1:11434/v1", False),
        ("not an address", False),
    ],
)
def test_openai_is_known_by_its_host(base_url: str, openai_s: bool) -> None:
    assert is_openai(base_url) is openai_s
