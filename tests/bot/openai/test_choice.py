"""Questions in the terms of the Responses API, and what is read out of the answers."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import AnswerRefused, ModelError
from bot.domain.models import ModelInfo, Question, TemperatureRule
from bot.domain.settings import Effort
from bot.openai.choice import choice_in, question_parameters
from bot.openai.errors import ProviderTrouble
from playground.openai.catalog import MODELS
from playground.openai.requests import parse_request

CHOICES: Mapping[str, tuple[str, ...]] = {"intent": ("text", "image"), "certain": ("yes", "no")}
QUESTION = Question("intent", "gpt-6-luna", "Decide.", '{"message": "draw a cat"}', CHOICES, "T1/U1")


def response(text: str, **fields: Any) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text}]
    return {"status": "completed", "output": [{"type": "message", "content": content}], **fields}


def test_a_question_asks_for_one_word_of_each_list(reasoner: ModelInfo) -> None:
    request = question_parameters(QUESTION, reasoner)
    assert request["text"]["format"]["strict"] is True
    assert request["text"]["format"]["schema"] == {
        "type": "object",
        "properties": {
            "intent": {"type": "string", "enum": ["text", "image"]},
            "certain": {"type": "string", "enum": ["yes", "no"]},
        },
        "required": ["intent", "certain"],
        "additionalProperties": False,
    }
    assert request["input"] == [{"role": "user", "content": [{"type": "input_text", "text": QUESTION.text}]}]
    assert request["store"] is False


def test_the_choices_are_in_words_too_and_what_people_wrote_is_not(reasoner: ModelInfo) -> None:
    instructions = question_parameters(QUESTION, reasoner)["instructions"]
    assert instructions.startswith("Decide.")
    assert '"intent": "text" or "image"' in instructions
    assert "cat" not in instructions


def test_a_model_that_can_is_not_left_to_think_or_talk(reasoner: ModelInfo) -> None:
    request = question_parameters(QUESTION, reasoner)
    assert request["reasoning"] == {"effort": "none"}
    assert request["text"]["verbosity"] == "low"
    assert request["temperature"] == 0


def test_every_model_gets_the_tokens_to_think_in_case_it_does(reasoner: ModelInfo) -> None:
    thinker = replace(reasoner, efforts=(Effort.LOW, Effort.HIGH), temperature=TemperatureRule.NEVER)
    request = question_parameters(QUESTION, thinker)
    assert request["reasoning"] == {"effort": "low"}
    assert "temperature" not in request
    for model in (thinker, reasoner):
        assert question_parameters(QUESTION, model)["max_output_tokens"] >= 1_000


def test_a_model_that_nobody_described_gets_nothing_special() -> None:
    request = question_parameters(QUESTION, ModelInfo("llama3.3", max_output=1_000))
    assert not request.keys() & {"reasoning", "temperature"}
    assert "verbosity" not in request["text"]
    assert request["max_output_tokens"] == 1_000


def test_all_questions_of_a_kind_share_their_prefix(reasoner: ModelInfo) -> None:
    request, other = (
        question_parameters(replace(QUESTION, text=text, asker=asker), reasoner)
        for text, asker in (("{}", "T1/U1"), ("[]", "T1/U2"))
    )
    assert request["prompt_cache_key"] == other["prompt_cache_key"]
    assert request["safety_identifier"] != other["safety_identifier"]
    assert "U1" not in str(request)


@pytest.mark.parametrize("model", ["gpt-6-luna", "gpt-6.1-terra"])
def test_a_strict_server_takes_a_question(reasoner: ModelInfo, model: str) -> None:
    request = question_parameters(replace(QUESTION, model=model), replace(reasoner, name=model))
    assert parse_request(request, MODELS).question == QUESTION.text


@pytest.mark.parametrize(
    "text",
    [
        '{"intent": "image", "certain": "yes"}',
        'Sure!\n```json\n{"intent": "image", "certain": "yes"}\n```',
        '{"intent": "image", "certain": "yes", "reason": "a {cat}"}',
        '<think>{"intent": "text"} or {broken</think> {"certain": "yes", "intent": "image"} {"intent": "text"}',
    ],
)
def test_a_choice_is_found_in_whatever_surrounds_it(text: str) -> None:
    assert choice_in(response(text), CHOICES) == {"intent": "image", "certain": "yes"}


@pytest.mark.parametrize(
    "text",
    [
        "image",
        '{"intent": "image"}',
        '{"intent": "dance", "certain": "yes"}',
        '{"intent": ["image"], "certain": "yes"}',
        '["intent", "image"]',
        '{"intent": "image", "certain": "yes"',
        "{" * 30_000,
        "x" * 30_000 + '{"intent": "image", "certain": "yes"}',
    ],
)
def test_anything_else_is_no_choice(text: str) -> None:
    with pytest.raises(ModelError):
        choice_in(response(text), CHOICES)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": "failed", "error": {"code": "server_error"}}, ProviderTrouble),
        ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": []}, ModelError),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, AnswerRefused),
        ({"output": [{"type": "message", "content": [{"type": "refusal", "refusal": "I can't."}]}]}, ModelError),
        ("<html>Please sign in.</html>", ModelError),
        (None, ModelError),
    ],
)
def test_a_response_that_is_no_answer_is_an_error(answer: object, error: type[ModelError]) -> None:
    with pytest.raises(error):
        choice_in(answer, CHOICES)


@given(
    st.text(max_size=200)
    | st.recursive(
        st.text(max_size=5),
        lambda inner: st.dictionaries(st.sampled_from(("intent", "certain")), inner | st.sampled_from(("text", "yes"))),
    ).map(json.dumps)
)
def test_any_text_is_a_choice_or_an_error(text: str) -> None:
    try:
        chosen = choice_in(response(text), CHOICES)
    except ModelError:
        return
    assert all(chosen[name] in words for name, words in CHOICES.items())
