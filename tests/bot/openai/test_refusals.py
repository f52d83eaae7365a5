"""What a refusal is about, in the words of OpenAI and of others."""

from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.models import ModelInfo, Prompt
from bot.openai.lessons import Lessons
from bot.openai.omissions import DETAIL, PICTURES, Lesson, applied, pictures_in
from bot.openai.refusals import EXTRAS, OPTIONAL, mentions, refused_image_model
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
        (refusal(400, {"message": "bad request"}), {"reasoning", "text", "stream_options"}),
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
    ],
)
def test_a_tool_that_there_is_not_is_not_offered(error: openai.APIStatusError) -> None:
    assert taught(error).keys() == DRAWING.keys() - {"tools"}


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


def function(name: str) -> dict[str, Any]:
    return {"type": "function", "name": name, "parameters": {}, "strict": True}


def tool_server(name: str) -> dict[str, Any]:
    return {"type": "mcp", "server_label": name, "server_url": "https://a.example", "require_approval": {}}


FIND, ORDER, WIKI, SHOP = function("find"), function("order"), tool_server("wiki"), tool_server("shop")
OWN: dict[str, Any] = {**SENT, "tools": [FIND, ORDER, WIKI, SHOP]}


@pytest.mark.parametrize(
    ("lessons", "error", "left"),
    [
        (OPENAI, openai_refusal("invalid_value", "tools[2].type"), [FIND, ORDER]),
        (OPENAI, openai_refusal("invalid_value", "tools[1].type"), [WIKI, SHOP]),
        (OPENAI, openai_refusal("invalid_value", "tools[3].server_url"), [FIND, ORDER, WIKI]),
        (OPENAI, openai_refusal("unknown_parameter", "tools[3].require_approval"), [FIND, ORDER, WIKI]),
        (OPENAI, openai_refusal("invalid_function_parameters", "tools[1].parameters"), [FIND, WIKI, SHOP]),
        (OPENAI, refusal(400, {"param": "tools", "message": "Tool 'mcp' is not supported with m"}), [FIND, ORDER]),
        (OTHER, refusal(400, {"message": "unknown tool type: mcp"}), [FIND, ORDER]),
        (OTHER, refusal(422, {"param": "body.tools.3.mcp", "message": "what?"}), [FIND, ORDER, WIKI]),
    ],
)
def test_one_of_several_tools_of_a_kind_is_left_out_by_its_place_and_all_by_their_kind(
    lessons: Lessons, error: openai.APIStatusError, left: list[dict[str, Any]]
) -> None:
    assert applied(lessons.learn(error, OWN), OWN)["tools"] == left


def test_functions_can_do_without_being_strict() -> None:
    sent = applied(OPENAI.learn(openai_refusal("unknown_parameter", "tools[0].strict"), OWN), OWN)
    assert ["strict" in tool for tool in sent["tools"]] == [False] * 4


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
    for sent in (DRAWING, BOTH, SEEN):
        assert applied(OTHER.learn(error, sent), sent).keys() >= {"model", "input", "instructions"}


def test_a_refused_temperature_is_refused_whatever_it_is() -> None:
    lessons = OPENAI.learn(openai_refusal("unsupported_value", "temperature"), SENT)
    assert "temperature" not in applied(lessons, {**SENT, "temperature": 0.7})


def test_every_parameter_that_we_send_is_either_needed_or_optional(prompt: Prompt, reasoner: ModelInfo) -> None:
    assert request_parameters(prompt, reasoner).keys() - OPTIONAL == {"model", "input", "instructions"}
    assert EXTRAS < OPTIONAL


TEXT = {"type": "input_text", "text": '[picture "cat.png"]'}
PICTURE = {"type": "input_image", "detail": "high", "image_url": "data:image/png;base64,AAAA"}
SEEN: dict[str, Any] = {**SENT, "input": [{"role": "user", "content": [TEXT, PICTURE]}]}


@pytest.mark.parametrize(
    "error",
    [
        refusal(400, {"message": "Extra inputs are not permitted: input.0.content.1.detail"}),
        refusal(400, {"message": "bad request", "param": "input[0].content[1].detail"}),
        refusal(400, {"code": "unknown_parameter", "param": "input[0].content[1].detail"}),
        refusal(422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "input", 0, "content", 1, "detail"]}]}),
    ],
)
def test_the_detail_of_a_picture_that_is_not_known_is_left_out_of_all(error: openai.APIStatusError) -> None:
    assert OTHER.learn(error, SEEN) == {Lesson(DETAIL)}


def test_a_report_called_detail_is_not_about_the_detail_of_pictures() -> None:
    report = {"detail": [{"type": "extra_forbidden", "loc": ["body", "store"], "input": False}]}
    assert OTHER.learn(refusal(422, report), SEEN) == {Lesson("store")}


def test_a_detail_that_a_model_does_not_offer_leaves_it_the_others() -> None:
    lessons = OPENAI.learn(openai_refusal("invalid_value", "input[0].content[1].detail"), SEEN)
    assert lessons == {Lesson(DETAIL, '"high"')}


@pytest.mark.parametrize(
    "error",
    [
        refusal(400, {"message": "Invalid value: 'input_image'. Supported values are: 'input_text'."}),
        refusal(400, {"code": "unsupported_value", "param": "input[0].content[1]", "message": "no images here"}),
        refusal(400, {"message": "llama is not a multimodal model"}),
        refusal(422, {"message": "this model does not support images"}),
        refusal(404, {"message": "No endpoints found that support image input", "code": 404}),
        refusal(500, {"message": "image input is not supported - hint: you may need to provide the mmproj"}),
    ],
)
def test_a_model_that_sees_no_pictures_gets_none_from_then_on(error: openai.APIStatusError) -> None:
    assert OTHER.learn(error, SEEN) == {Lesson(PICTURES)}
    assert PICTURES not in {lesson.parameter for lesson in OPENAI.learn(error, SEEN)}
    assert PICTURES not in {lesson.parameter for lesson in OTHER.learn(error, SENT)}


@pytest.mark.parametrize(
    "error",
    [
        refusal(400, {"message": "At most 1 image(s) may be provided in one request."}),
        refusal(400, {"message": "cannot identify image file"}),
        refusal(413, {"message": "image too large"}),
        refusal(500, {"message": "the image could not be processed"}),
        refusal(400, {"message": "image generation is not supported", "code": "unsupported_value", "param": "x"}),
    ],
)
def test_trouble_with_some_pictures_does_not_make_a_model_blind(error: openai.APIStatusError) -> None:
    assert not any(lesson.lasting for lesson in OTHER.learn(error, SEEN) if lesson.parameter == PICTURES)


def test_pictures_are_left_out_at_last_where_a_server_says_nothing() -> None:
    error = refusal(400, {"message": "bad request"})
    first = OTHER.learn(error, SEEN)
    assert PICTURES not in {lesson.parameter for lesson in first}
    assert OTHER.learn(error, applied(first, SEEN)) == {Lesson(PICTURES, lasting=False)}


def test_that_nothing_is_to_be_stored_is_said_until_nothing_else_can_be_to_blame() -> None:
    error = refusal(400, {"message": "bad request"})
    sent = applied(OTHER.learn(error, {**SENT, "input": SEEN["input"]}), {**SENT, "input": SEEN["input"]})
    assert sent["store"] is False
    sent = applied(OTHER.learn(error, sent), sent)
    assert not pictures_in(sent)
    assert sent["store"] is False
    assert "store" not in applied(OTHER.learn(error, sent), sent)


@pytest.mark.parametrize(
    "error",
    [
        refusal(404, {"code": "model_not_found", "param": "tools[0].model"}),
        refusal(400, {"code": "model_not_found", "param": "tools"}),
        refusal(400, {"code": "invalid_value", "param": "tools[0].model", "message": "Invalid value: 'flare'."}),
        refusal(400, {"code": None, "param": "tools[0].model"}),
        refusal(400, {"code": "invalid_value", "param": None, "message": "The model 'flare' does not exist."}),
        refusal(404, {"message": "model flare not found"}),
        refusal(403, {"message": "Your organization must be verified to use the model `flare`."}),
    ],
)
def test_a_wrong_image_model_costs_one_request_its_tool(error: openai.APIStatusError) -> None:
    assert refused_image_model(error, DRAWING) == "flare"
    lessons = OPENAI.learn(error, DRAWING)
    assert applied(lessons, DRAWING).keys() == DRAWING.keys() - {"tools"}
    assert not any(lesson.lasting for lesson in lessons)


@pytest.mark.parametrize(
    "error",
    [
        openai_refusal("unsupported_value", "tools[0].quality", "'max' is not supported with flare"),
        openai_refusal("unsupported_value", "tools", "Tool 'image_generation' is not supported with m."),
        openai_refusal("unknown_parameter", "tools[0].model"),
        refusal(404, {"code": "model_not_found", "param": "model", "message": "The model 'm' does not exist."}),
        refusal(403, {"message": "Project does not have access to model m."}),
        refusal(429, {"message": "flare is busy"}),
        openai_refusal("invalid_value", None, "flare-2 does not exist"),
    ],
)
def test_other_refusals_are_not_about_the_image_model(error: openai.APIStatusError) -> None:
    assert refused_image_model(error, DRAWING) == ""
    assert refused_image_model(error, SENT) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no gpt-image-2", True),
        ("no 'gpt-image-2'.", True),
        ("no gpt-image-2.5-flare", False),
        ("my-gpt-image-2", False),
    ],
)
def test_a_model_is_mentioned_by_its_whole_name(text: str, found: bool) -> None:
    assert mentions(refusal(400, {"message": text}), "gpt-image-2") is found


ASKED: dict[str, Any] = {
    **SENT,
    "reasoning": {"effort": "none"},
    "text": {"format": {"type": "json_schema"}, "verbosity": "low"},
}


@pytest.mark.parametrize(
    ("lessons", "error"),
    [
        (OPENAI, refusal(400, {"code": None, "param": "text.format", "message": "not supported with this model"})),
        (OTHER, refusal(400, {"message": "json_schema is not supported in text"})),
        (OTHER, refusal(400, {"code": "unsupported_parameter", "param": "response_format"})),
    ],
)
def test_a_refused_schema_costs_nothing_else(lessons: Lessons, error: openai.APIStatusError) -> None:
    assert applied(lessons.learn(error, ASKED), ASKED) == {**ASKED, "text": {"verbosity": "low"}}


def test_without_reasoning_there_is_no_temperature() -> None:
    sent = applied(OTHER.learn(refusal(400, {"message": "bad request"}), ASKED), ASKED)
    assert sent.keys() == {"model", "input", "instructions", "store", "max_output_tokens"}
