"""What servers send, read with care."""

from types import SimpleNamespace

import pytest

from bot.openai.fields import field_of, list_of, number_of, text_of

SENT = {"text": "Hi", "number": 5, "list": [1], "nothing": None}


@pytest.mark.parametrize("thing", [SENT, SimpleNamespace(**SENT)])
def test_a_field_is_read_from_json_and_from_objects(thing: object) -> None:
    assert field_of(thing, "text") == text_of(thing, "text") == "Hi"
    assert number_of(thing, "number") == 5
    assert list_of(thing, "list") == [1]


@pytest.mark.parametrize("name", ["text", "number", "list", "nothing", "missing"])
def test_a_field_of_another_kind_is_empty(name: str) -> None:
    for thing in (SENT, None, "text", 5):
        assert text_of(thing, name) == ("Hi" if thing is SENT and name == "text" else "")
        assert number_of(thing, name) == (5 if thing is SENT and name == "number" else 0)
        assert list_of(thing, name) == ([1] if thing is SENT and name == "list" else [])


def test_half_a_character_is_replaced() -> None:
    assert text_of({"text": "a\ud800b"}, "text") == "a?b"
