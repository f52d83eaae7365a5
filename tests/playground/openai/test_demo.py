"""The friendly responder of the demo."""

import json
from typing import Any

import pytest

from playground.openai.catalog import MODELS
from playground.openai.demo import friendly
from playground.openai.requests import parse_request


def ask(*said: str, **changes: Any) -> str:
    """The answer to the last of these; people and the assistant speak in turn."""
    roles = ("user", "assistant")
    items = [{"role": roles[number % 2], "content": text} for number, text in enumerate(said)]
    return friendly(parse_request({"model": "gpt-6.1-terra", "input": items, **changes}, MODELS)).text


def test_says_at_once_that_it_is_no_model() -> None:
    for question in ("hello", "show me a table", "anything else", ""):
        assert "scripted stand-in" in ask(f"Ann: {question}")
    assert "scripted stand-in" not in ask("Ann: hello", "Hello", "Ann: show me a table")


@pytest.mark.parametrize(
    ("question", "marks"),
    [
        ("show me a table", ["|---|", "| Saturn |"]),
        ("Please write code", ["```python", "](https://docs.python.org"]),
        ("make a list", ["1. **Prepare**", "    - ", "        - ", "> "]),
        ("long answer", ["# A long answer", "```python", "|---|"]),
        ("what can you do?", ["- **show me a table**"]),
        ("hello!", ["Hello, Ann"]),
        ("thank you", ["welcome, Ann"]),
    ],
)
def test_shows_what_is_asked_for(question: str, marks: list[str]) -> None:
    answer = ask(f"Ann: {question}")
    assert all(mark in answer for mark in marks)


def test_a_long_answer_is_longer_than_one_message() -> None:
    assert len(ask("Ann: long answer")) > 12_000


def test_remembers_what_was_said_in_the_thread() -> None:
    answer = ask("Ann: I like tea", "Noted", "Ann: and cake", "Noted", "Ann: what did I say before?")
    assert "1. “I like tea”\n2. “and cake”" in answer
    assert "first thing" in ask("Ann: what did I say before?")


def test_knows_people_by_the_name_they_give_and_else_by_the_one_they_have() -> None:
    assert "**Zoë**" in ask("Ann: my name is Zoë", "Hello", "Ann: what is my name?")
    assert "**Ann Lee**" in ask("Ann Lee: what is my name?")
    assert "not told me" in ask("what is my name?")


def test_anything_else_is_quoted_and_looked_at() -> None:
    answer = ask("Ann: Why are harbours quiet at night?")
    assert "> Why are harbours quiet at night?" in answer
    assert "*harbours*" in answer
    assert "asked as a question: **yes**" in answer


def test_answers_in_json_when_a_schema_is_given() -> None:
    schema = {
        "type": "object",
        "properties": {
            "intent": {"type": "string", "enum": ["text", "image"]},
            "sure": {"type": "boolean"},
            "words": {"type": "array", "items": {"type": "string"}},
            "title": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        },
        "required": ["intent", "sure", "words", "title"],
        "additionalProperties": False,
    }
    text = {"format": {"type": "json_schema", "name": "intent", "strict": True, "schema": schema}}
    assert json.loads(ask("hello", text=text)) == {"intent": "text", "sure": False, "words": [], "title": ""}


def test_speaks_at_the_pace_of_a_person_reading() -> None:
    request = parse_request({"model": "gpt-6.1-terra", "input": "hello"}, MODELS)
    assert 0 < friendly(request).pace.first < 2
    assert friendly(request).pace.per_second > 20
