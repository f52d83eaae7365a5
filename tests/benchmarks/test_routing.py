"""The messages by which routing is measured, and what the figures show."""

import json

import pytest

from benchmarks.routing import CASES, TENTH, Case, deciding, figures_of
from bot.domain.conversation import AttachmentKind
from bot.turns.classifier import CHOICES
from bot.turns.scene import Scene, ruled
from playground.openai.catalog import MODELS
from playground.openai.decisions import follows
from playground.openai.requests import Request
from playground.openai.scripts import say

SCHEMA = {
    "type": "object",
    "properties": {name: {"type": "string", "enum": list(words)} for name, words in CHOICES.items()},
}


def request(**body: object) -> Request:
    return Request(body, MODELS["gpt-6-luna"], (), "none", 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_rule_decides_one_message_of_a_case_and_not_the_other(case: Case) -> None:
    attached = () if case.is_earlier else (AttachmentKind.PICTURE,)
    assert ruled(Scene(case.certain, attached, earlier_picture=case.is_earlier)) is not None
    assert ruled(Scene(case.open, attached, earlier_picture=case.is_earlier)) is None


def test_a_decision_takes_its_time_and_an_answer_does_not() -> None:
    script = deciding(say("Hello"))
    decision = script(request(text={"format": {"type": "json_schema", "schema": SCHEMA}}))
    assert follows(json.loads(decision.text), SCHEMA)
    assert decision.pace.first == TENTH
    assert script(request()).text == "Hello"


def test_a_late_first_word_and_a_needless_decision_miss_their_targets() -> None:
    case = Case("x", False, "", "", target=25)
    assert [figure.is_met for figure in figures_of(case, [0.12, 0.13, 9.0], [0.11, 0.11, 0.12], 0)] == [True, True]
    assert [figure.is_met for figure in figures_of(case, [0.2, 0.2, 0.1], [0.11, 0.11, 0.12], 1)] == [False, False]
