"""Structured output, by itself and as the real client receives it."""

import json
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from playground.openai import faults
from playground.openai.calls import Kind, kind_of
from playground.openai.decisions import always, follows, simplest
from playground.openai.model import ScriptedModel
from playground.openai.scripts import say

SCHEMA = {
    "type": "object",
    "properties": {
        "intent": {"type": "string", "enum": ["text", "image"]},
        "confidence": {"type": "string", "enum": ["low", "high"]},
    },
    "required": ["intent", "confidence"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "name": "intent", "strict": True, "schema": SCHEMA}
ASK: dict[str, Any] = {"model": "gpt-6-luna", "input": "Hello", "text": {"format": FORMAT}}


async def test_a_schema_is_filled_in_by_what_decides(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.decide = lambda _schema, text: {"intent": "image" if "draw" in text else "text", "confidence": "high"}
    answers = [(await client.responses.create(**{**ASK, "input": text})).output_text for text in ("hi", "draw")]
    assert [json.loads(answer)["intent"] for answer in answers] == ["text", "image"]
    assert ([call.kind for call in model.calls], model.requests) == ([Kind.DECISION] * 2, [])


async def test_a_decision_can_be_streamed(client: AsyncOpenAI) -> None:
    async with await client.responses.create(**ASK, stream=True) as stream:
        text = "".join([event.delta async for event in stream if event.type == "response.output_text.delta"])
    assert json.loads(text) == {"intent": "text", "confidence": "low"}


async def test_without_anything_that_decides_the_script_answers(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.decide, model.script = None, say("I would rather talk.")
    assert (await client.responses.create(**ASK)).output_text == "I would rather talk."


async def test_a_decision_that_does_not_fit_is_a_mistake_of_the_test(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.decide = always(intent="telepathy")
    with pytest.raises(openai.InternalServerError):
        await client.responses.create(**ASK)


async def test_faults_meet_decisions_and_answers_apart(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.overloaded(), kind=Kind.DECISION)
    assert (await client.responses.create(model="gpt-6-luna", input="Hello")).output_text == "Hello"
    with pytest.raises(openai.InternalServerError):
        await client.responses.create(**ASK)


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ({"intent": "text", "confidence": "low"}, True),
        ({"intent": "text"}, False),
        ({"intent": "text", "confidence": "some"}, False),
        ({"intent": "text", "confidence": "low", "more": 1}, False),
        ({"intent": 5, "confidence": "low"}, False),
        (["text", "low"], False),
    ],
)
def test_a_value_follows_a_schema_or_does_not(value: object, fits: bool) -> None:
    assert follows(value, SCHEMA) is fits


def test_other_kinds_of_schema_are_followed_too() -> None:
    listed = {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}
    assert follows([1, None], listed)
    assert not follows([True], listed)
    assert not follows("1", listed)
    assert follows("x", {"type": ["string", "null"]})
    assert always(intent="image")(SCHEMA, "") == {"intent": "image", "confidence": "low"}
    assert follows(simplest(SCHEMA), SCHEMA)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"text": {"format": FORMAT}}, Kind.DECISION),
        ({"text": {"format": {"type": "text"}}}, Kind.ANSWER),
        ({"text": {"verbosity": "low"}}, Kind.ANSWER),
        ({"text": "json_schema"}, Kind.ANSWER),
        ([1], Kind.ANSWER),
    ],
)
def test_a_body_that_nobody_has_checked_has_a_kind(body: object, kind: Kind) -> None:
    assert kind_of(body) is kind
