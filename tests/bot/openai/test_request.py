"""A prompt in the terms of the Responses API."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.models import (
    Action,
    Drawing,
    ModelInfo,
    PicturePart,
    Prompt,
    PromptMessage,
    Role,
    TemperatureRule,
    TextPart,
    nearest_effort,
)
from bot.domain.settings import Detail, Effort, ImageBackground, ImageFormat, ImageQuality, Settings, Verbosity
from bot.openai.request import prepared, request_parameters
from playground.openai.catalog import MODELS
from playground.openai.requests import parse_request

WITHOUT_NONE = (Effort.LOW, Effort.MEDIUM, Effort.HIGH, Effort.XHIGH, Effort.MAX)
WITHOUT_MINIMAL = (Effort.NONE, *WITHOUT_NONE)
FIFTH_GENERATION = (Effort.MINIMAL, Effort.LOW, Effort.MEDIUM, Effort.HIGH)


def parameters(prompt: Prompt, model: ModelInfo, **settings: Any) -> dict[str, Any]:
    return request_parameters(replace(prompt, settings=replace(prompt.settings, **settings)), model)


def test_a_prompt_becomes_instructions_and_messages(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = request_parameters(prompt, reasoner)
    assert request["model"] == "gpt-6.1-terra"
    assert request["instructions"] == "You are helpful."
    assert request["input"] == [
        {"role": "user", "content": [{"type": "input_text", "text": "Ada: What is a lease?"}]},
        {"role": "assistant", "content": "A right that ends."},
        {"role": "user", "content": [{"type": "input_text", "text": "Ada: And a lock?"}]},
    ]


def test_nothing_is_stored_padded_or_silently_truncated(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = request_parameters(prompt, reasoner)
    assert request["store"] is False
    assert request["stream_options"] == {"include_obfuscation": False}
    assert "truncation" not in request


def test_who_asks_and_where_leaves_only_as_a_fingerprint(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = request_parameters(prompt, reasoner)
    assert not any(word in str(request) for word in ("T1", "C1", "U1", "1700000000"))
    assert len(request["safety_identifier"]) <= 128
    assert len(request["prompt_cache_key"]) <= 64


def test_fingerprints_are_stable_and_differ_by_what_they_name(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = request_parameters(prompt, reasoner)
    again = request_parameters(replace(prompt, messages=prompt.messages[:1]), reasoner)
    other = request_parameters(replace(prompt, cache_key="T1/C1/2", asker="T2/U1"), reasoner)
    same_text = request_parameters(replace(prompt, cache_key="x", asker="x"), reasoner)
    for name in ("prompt_cache_key", "safety_identifier"):
        assert request[name] == again[name] != other[name]
    assert same_text["prompt_cache_key"] != same_text["safety_identifier"]


@pytest.mark.parametrize(
    ("wanted", "offered", "nearest"),
    [
        (None, WITHOUT_MINIMAL, None),
        (Effort.LOW, (), None),
        (Effort.LOW, WITHOUT_MINIMAL, Effort.LOW),
        (Effort.NONE, WITHOUT_NONE, Effort.LOW),
        (Effort.NONE, FIFTH_GENERATION, Effort.MINIMAL),
        (Effort.MINIMAL, WITHOUT_MINIMAL, Effort.LOW),
        (Effort.MAX, FIFTH_GENERATION, Effort.HIGH),
        (Effort.XHIGH, FIFTH_GENERATION, Effort.HIGH),
    ],
)
def test_the_nearest_effort_on_offer_is_taken(
    wanted: Effort | None, offered: tuple[Effort, ...], nearest: Effort | None
) -> None:
    assert nearest_effort(wanted, offered) is nearest


@pytest.mark.parametrize(
    ("rule", "effort", "taken"),
    [
        (TemperatureRule.ALWAYS, Effort.LOW, True),
        (TemperatureRule.EFFORT_NONE, Effort.NONE, True),
        (TemperatureRule.EFFORT_NONE, Effort.LOW, False),
        (TemperatureRule.EFFORT_NONE, None, False),
        (TemperatureRule.NEVER, Effort.NONE, False),
    ],
)
def test_temperature_is_sent_where_the_rule_allows_it(
    prompt: Prompt, reasoner: ModelInfo, rule: TemperatureRule, effort: Effort | None, taken: bool
) -> None:
    model = replace(reasoner, temperature=rule)
    request = parameters(prompt, model, reasoning_effort=effort, temperature=0.3, top_p=0.0)
    assert (request.get("temperature"), request.get("top_p")) == ((0.3, 0.0) if taken else (None, None))


def test_what_a_setting_leaves_open_is_left_to_the_model(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = parameters(prompt, reasoner, reasoning_effort=None)
    assert not request.keys() & {"reasoning", "text", "temperature", "top_p", "max_output_tokens"}


def test_verbosity_is_for_models_that_know_it(prompt: Prompt, reasoner: ModelInfo) -> None:
    assert parameters(prompt, reasoner, verbosity=Verbosity.LOW)["text"] == {"verbosity": "low"}
    assert "text" not in parameters(prompt, ModelInfo("gpt-4.1"), verbosity=Verbosity.LOW)


@pytest.mark.parametrize(("wanted", "sent"), [(500, 500), (500_000, 128_000)])
def test_an_answer_is_never_longer_than_the_model_can_write(
    prompt: Prompt, reasoner: ModelInfo, wanted: int, sent: int
) -> None:
    assert parameters(prompt, reasoner, max_output_tokens=wanted)["max_output_tokens"] == sent


def test_a_model_that_nobody_described_gets_nothing_special(prompt: Prompt) -> None:
    request = parameters(prompt, ModelInfo("llama3.3"), temperature=0.3, verbosity=Verbosity.LOW)
    assert not request.keys() & {"reasoning", "text", "temperature", "top_p"}


@pytest.mark.parametrize("effort", list(Effort))
def test_a_strict_server_takes_every_parameter(prompt: Prompt, reasoner: ModelInfo, effort: Effort) -> None:
    wishes = Settings(
        reasoning_effort=effort, verbosity=Verbosity.HIGH, temperature=1.5, top_p=0.9, max_output_tokens=200_000
    )
    request = request_parameters(replace(prompt, settings=wishes), reasoner)
    assert parse_request({**request, "stream": True}, MODELS).question == "Ada: And a lock?"


PICTURE = PicturePart(b"\x89PNG picture", "image/png", Detail.ORIGINAL)

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def with_parts(prompt: Prompt, text: str, *parts: PicturePart | TextPart) -> Prompt:
    return replace(prompt, messages=(PromptMessage(Role.USER, text, parts),))


def test_what_hangs_on_a_message_follows_its_text(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = request_parameters(with_parts(prompt, "Ada: What is this?", PICTURE, TextPart("a file")), reasoner)
    assert request["input"][0]["content"] == [
        {"type": "input_text", "text": "Ada: What is this?"},
        {"type": "input_image", "detail": "original", "image_url": "data:image/png;base64,iVBORyBwaWN0dXJl"},
        {"type": "input_text", "text": "a file"},
    ]


def test_no_text_is_no_part(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = request_parameters(with_parts(prompt, "", PICTURE), reasoner)
    assert [part["type"] for part in request["input"][0]["content"]] == ["input_image"]


async def test_large_pictures_are_prepared_without_a_difference(prompt: Prompt, reasoner: ModelInfo) -> None:
    large = with_parts(prompt, "?", replace(PICTURE, data=bytes(range(256)) * 5_000))
    assert await prepared(large, reasoner) == request_parameters(large, reasoner)


def drawing(prompt: Prompt, model: ModelInfo, order: Drawing, **settings: Any) -> dict[str, Any]:
    return parameters(replace(prompt, drawing=order), replace(model, image_tool=True), **settings)


def test_a_model_that_may_draw_is_told_how(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = drawing(prompt, reasoner, Drawing(), image_quality=ImageQuality.HIGH, image_size="1024x1536")
    assert request["tools"] == [
        {
            "type": "image_generation",
            "action": "auto",
            "model": "gpt-image-2.5-flare",
            "size": "1024x1536",
            "quality": "high",
            "output_format": "jpeg",
        }
    ]
    assert not request.keys() & {"tool_choice", "max_tool_calls"}


def test_an_offer_beside_pictures_is_for_the_model_that_changes_them(prompt: Prompt, reasoner: ModelInfo) -> None:
    seen = with_parts(prompt, "Ada: Bluer", PicturePart(PIXEL, "image/png", Detail.HIGH))
    assert drawing(seen, reasoner, Drawing())["tools"][0]["model"] == "gpt-image-2.5-sunburst"
    assert drawing(seen, reasoner, Drawing(Action.GENERATE))["tools"][0]["model"] == "gpt-image-2.5-flare"
    assert drawing(prompt, reasoner, Drawing())["tools"][0]["model"] == "gpt-image-2.5-flare"


def test_a_model_that_must_draw_draws_once(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = drawing(prompt, reasoner, Drawing(Action.EDIT, must=True))
    assert request["tools"][0]["model"] == "gpt-image-2.5-sunburst"
    assert request["tools"][0]["action"] == "edit"
    assert request["tool_choice"] == {"type": "image_generation"}
    assert request["max_tool_calls"] == 1


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [(ImageFormat.JPEG, "png"), (ImageFormat.PNG, "png"), (ImageFormat.WEBP, "webp")],
)
def test_a_transparent_picture_has_a_format_that_can_be(
    prompt: Prompt, reasoner: ModelInfo, wanted: ImageFormat, sent: str
) -> None:
    background = ImageBackground.TRANSPARENT
    request = drawing(prompt, reasoner, Drawing(), image_background=background, image_format=wanted)
    assert request["tools"][0]["output_format"] == sent
    assert request["tools"][0]["background"] == "transparent"


def test_a_model_without_the_tool_is_not_offered_it(prompt: Prompt, reasoner: ModelInfo) -> None:
    order = Drawing(Action.GENERATE, must=True)
    request = request_parameters(replace(prompt, drawing=order), replace(reasoner, image_tool=False))
    assert not request.keys() & {"tools", "tool_choice", "max_tool_calls"}


@pytest.mark.parametrize("order", [Drawing(), Drawing(Action.GENERATE, must=True), Drawing(Action.EDIT, must=True)])
@pytest.mark.parametrize("background", list(ImageBackground))
def test_a_strict_server_takes_every_drawing(
    prompt: Prompt, reasoner: ModelInfo, order: Drawing, background: ImageBackground
) -> None:
    picture = PicturePart(PIXEL, "image/png", Detail.HIGH)
    request = drawing(with_parts(prompt, "Ada: Bluer", picture), reasoner, order, image_background=background)
    assert parse_request({**request, "stream": True}, MODELS).question == "Ada: Bluer"


def searching(prompt: Prompt, model: ModelInfo, **settings: Any) -> dict[str, Any]:
    return parameters(prompt, replace(model, web_search=True), **settings)


SEARCH = {"type": "web_search", "user_location": {"type": "approximate"}}


def test_a_model_may_search_the_web_and_takes_nobody_to_be_in_america(prompt: Prompt, reasoner: ModelInfo) -> None:
    request = searching(prompt, reasoner)
    assert request["tools"] == [SEARCH]
    assert "tool_choice" not in request
    assert parse_request({**request, "stream": True}, MODELS).may_search


def test_nothing_is_searched_against_the_settings_or_the_model(prompt: Prompt, reasoner: ModelInfo) -> None:
    assert "tools" not in searching(prompt, reasoner, web_search=False)
    assert "tools" not in parameters(prompt, reasoner, web_search=True)


def test_at_minimal_effort_there_is_no_search(prompt: Prompt, reasoner: ModelInfo) -> None:
    older = replace(reasoner, efforts=FIFTH_GENERATION)
    assert "tools" not in searching(prompt, older, reasoning_effort=Effort.NONE)
    assert searching(prompt, older, reasoning_effort=Effort.LOW)["tools"] == [SEARCH]


def test_the_search_stands_behind_the_image_tool_and_not_beside_an_order(prompt: Prompt, reasoner: ModelInfo) -> None:
    model = replace(reasoner, web_search=True)
    kinds = [tool["type"] for tool in drawing(prompt, model, Drawing())["tools"]]
    assert kinds == ["image_generation", "web_search"]
    ordered = drawing(prompt, model, Drawing(Action.GENERATE, must=True))
    assert [tool["type"] for tool in ordered["tools"]] == ["image_generation"]
    blind = replace(prompt, drawing=Drawing(Action.GENERATE, must=True))
    assert "tools" not in request_parameters(blind, model)
