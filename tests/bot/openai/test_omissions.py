"""What is not taken is left out, and nothing else."""

from typing import Any

import pytest

from bot.openai.omissions import DETAIL, PICTURES, UNSEEN, Lesson, applied, pictures_in
from bot.openai.refusals import OPTIONAL

TEXT = {"type": "input_text", "text": "Ada: What is this?"}
PICTURE = {"type": "input_image", "detail": "high", "image_url": "data:image/png;base64,AAAA"}
TOOL = {"type": "image_generation", "action": "auto", "quality": "max"}
SENT: dict[str, Any] = {
    "model": "m",
    "input": [{"role": "user", "content": [TEXT, PICTURE]}, {"role": "assistant", "content": "A cat."}],
    "instructions": "Be kind.",
    "reasoning": {"effort": "none"},
    "temperature": 0.3,
    "tools": [TOOL],
}


def after(*lessons: Lesson) -> dict[str, Any]:
    return applied(frozenset(lessons), SENT)


def test_without_lessons_a_request_is_whole() -> None:
    assert after() == SENT


def test_what_an_answer_needs_is_never_left_out() -> None:
    assert after(*map(Lesson, OPTIONAL)).keys() == {"model", "input", "instructions"}


def test_a_picture_can_do_without_its_detail() -> None:
    (picture,) = pictures_in(after(Lesson(DETAIL)))
    assert picture == {"type": "input_image", "image_url": PICTURE["image_url"]}
    assert pictures_in(after(Lesson(DETAIL, '"original"'))) == [PICTURE]


def test_the_model_is_told_of_a_picture_that_it_cannot_see() -> None:
    sent = after(Lesson(PICTURES))
    assert pictures_in(sent) == []
    assert sent["input"] == [{"role": "user", "content": [TEXT, UNSEEN]}, SENT["input"][1]]


@pytest.mark.parametrize(
    "lesson", [Lesson("reasoning"), Lesson("reasoning.effort"), Lesson("reasoning.effort", '"none"')]
)
def test_the_temperature_goes_with_the_effort_that_allowed_it(lesson: Lesson) -> None:
    assert SENT.keys() - after(lesson).keys() == {"reasoning", "temperature"}


def test_a_temperature_that_nothing_allowed_stays() -> None:
    parameters = {name: value for name, value in SENT.items() if name != "reasoning"}
    assert applied(frozenset({Lesson("store")}), parameters) == parameters


def test_a_tool_is_known_with_or_without_the_fields_that_it_has_lost() -> None:
    quality = Lesson("tools.image_generation.quality")
    rest = '{"type": "image_generation", "action": "auto"}'
    assert after(quality)["tools"] == [{"type": "image_generation", "action": "auto"}]
    assert "tools" not in after(quality, Lesson("tools.image_generation", rest))
