"""What the demo understands of people's wishes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.openai.decisions import follows
from playground.openai.wishes import Wish, decide_by_words, wish_of

CHOICES = {
    "intent": ["text", "vision", "image_generate", "image_edit", "document"],
    "confidence": ["low", "high"],
    "picture": ["none", "attached", "earlier"],
}
SCHEMA = {
    "type": "object",
    "properties": {name: {"type": "string", "enum": words} for name, words in CHOICES.items()},
    "required": list(CHOICES),
    "additionalProperties": False,
}


def decide(message: str, attached: tuple[str, ...] = (), *, earlier: bool = False) -> tuple[str, str]:
    seen = {"message": message, "attached": attached, "earlier_picture": earlier}
    decision: dict[str, Any] = decide_by_words(SCHEMA, json.dumps(seen))
    assert follows(decision, SCHEMA)
    assert decision["confidence"] == "high"
    return decision["intent"], decision["picture"]


def test_words_for_drawing_draw() -> None:
    for message in ("Draw a lighthouse", "please paint a boat", "make me a small picture of a tree"):
        assert decide(message) == ("image_generate", "none")


def test_changing_needs_a_picture() -> None:
    assert decide("make it bluer", earlier=True) == ("image_edit", "earlier")
    assert decide("make it bluer", ("picture",)) == ("image_edit", "attached")
    assert decide("make it bluer") == ("text", "none")


def test_a_new_picture_is_drawn_beside_an_earlier_one() -> None:
    assert decide("draw a house", earlier=True) == ("image_generate", "none")


def test_everything_else_is_talk_about_what_is_attached() -> None:
    assert decide("what is this?", ("picture",)) == ("vision", "none")
    assert decide("what is this?", ("document",)) == ("document", "none")
    assert decide("make a list of drawers") == ("text", "none")


@pytest.mark.parametrize(
    ("text", "wish"),
    [("draw it larger", Wish.CHANGE), ("add a boat", Wish.CHANGE), ("withdraw", Wish.TALK), ("sketch me", Wish.DRAW)],
)
def test_wishes_beside_a_picture(text: str, wish: Wish) -> None:
    assert wish_of(text, picture=True) is wish


def test_names_without_choices_get_the_simplest_value() -> None:
    schema = {
        "type": "object",
        "properties": {"intent": {"enum": ["a", "image_generate"]}, "sure": {"type": "boolean"}},
    }
    assert decide_by_words(schema, "draw a boat") == {"intent": "image_generate", "sure": False}


@given(st.one_of(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps)))
def test_any_question_gets_a_decision(question: str) -> None:
    assert follows(decide_by_words(SCHEMA, question), SCHEMA)
