"""The table of messages: what the rules make of it, and how the evaluation of a model counts."""

from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.intents import Row, read_table, report, sort
from bot.domain.errors import ModelBusy
from bot.domain.intent import Intent
from bot.domain.models import Decision, Question
from bot.turns.scene import ruled

ROWS = read_table()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.scene.text[:40] or "nothing but a file")
def test_a_rule_decides_rightly_or_not_at_all(row: Row) -> None:
    route = ruled(row.scene)
    # Talk without any picture is certain because the model that answers can draw as well.
    draws_in_words = row.expected.intent is Intent.IMAGE and not row.scene.has_picture and not row.scene.earlier_picture
    expected = {row.expected.intent} | ({Intent.TEXT} if draws_in_words else set())
    assert route is None or route.intent in expected


def test_rules_spare_most_questions() -> None:
    open_rows = [row for row in ROWS if ruled(row.scene) is None]
    assert len(open_rows) < len(ROWS) / 2


def test_a_model_that_cannot_draw_leaves_every_wish_for_a_picture_to_the_small_one() -> None:
    wishes = [row for row in ROWS if row.expected.intent is Intent.IMAGE]
    assert all(ruled(replace(row.scene, draws=False)) is None for row in wishes)


async def test_the_evaluation_counts_what_the_model_got_wrong() -> None:
    async def always_draws(_question: Question) -> Decision:
        return Decision({"intent": "image_generate", "confidence": "high", "picture": "none"})

    outcomes = await sort(ROWS, always_draws, "small", "Sort.", all_rows=True)
    wanted = Counter(row.expected.intent for row in ROWS)
    text = report(outcomes)
    assert f"{wanted[Intent.IMAGE]} of {len(ROWS)} right" in text
    assert f"the model was asked {len(ROWS)} times" in text
    assert "0 had no answer within 4 s" in text


async def test_with_rules_the_model_is_asked_about_the_rest_alone() -> None:
    async def is_busy(_question: Question) -> Decision:
        raise ModelBusy

    outcomes = await sort(ROWS, is_busy, "small", "Sort.", all_rows=False)
    asked = [outcome for outcome in outcomes if outcome.seconds is not None]
    assert len(asked) == sum(ruled(row.scene) is None for row in ROWS)
    assert not any(outcome.answered for outcome in asked)
    assert all(outcome.route.intent is not Intent.IMAGE for outcome in asked)
