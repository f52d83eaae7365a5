"""What stands on Prometheus' page once something has happened."""

import pytest
from prometheus_client import generate_latest

from bot.domain.intent import Intent
from bot.domain.reply import Outcome
from bot.domain.usage import Usage
from bot.monitor.metrics import MOST_WORDS, OTHER, Metrics
from tests.bot.monitor.figures import Figures, counted, figures_in


def cost(model: str, usage: Usage) -> float:
    return usage.output_tokens / 100 if model == "gpt" else 0.0


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(cost)


def figures(metrics: Metrics) -> Figures:
    return figures_in(generate_latest(metrics.registry).decode())


def test_turns_are_counted_by_intent_and_outcome(metrics: Metrics) -> None:
    metrics.turn(Intent.TEXT, Outcome.ANSWERED, 4.0, 0.7)
    metrics.turn(Intent.TEXT, Outcome.ANSWERED, 6.0, 0.9)
    metrics.turn(Intent.IMAGE, Outcome.FAILED, 9.0, None)
    metrics.turn(None, Outcome.DECLINED, 0.1, None)
    found = figures(metrics)
    assert counted(found["chatgpt_turns_total"]) == {
        ("text", "answered"): 2,
        ("image", "failed"): 1,
        ("unknown", "declined"): 1,
    }
    assert found["chatgpt_turn_first_text_seconds_count"] == {("text",): 2}
    assert found["chatgpt_turn_first_text_seconds_sum"] == {("text",): pytest.approx(1.6)}


def test_every_turn_that_may_come_stands_at_zero_from_the_start(metrics: Metrics) -> None:
    turns = figures(metrics)["chatgpt_turns_total"]
    assert set(turns.values()) == {0}
    assert {intent for intent, _ in turns} == {*Intent, "unknown"}
    assert {outcome for _, outcome in turns} == set(Outcome)


def test_only_answers_tell_how_long_answers_take(metrics: Metrics) -> None:
    metrics.turn(Intent.TEXT, Outcome.CUT, 4.0, 0.7)
    metrics.turn(Intent.TEXT, Outcome.STOPPED, 60.0, 0.7)
    assert figures(metrics)["chatgpt_turn_seconds_sum"] == {("text",): 4.0}


def test_tokens_and_their_price_are_summed_up_by_model(metrics: Metrics) -> None:
    for _ in range(2):
        metrics.model_call("gpt", "answered", 2.0, 0.5, [("gpt", Usage(100, 60, 50)), ("painter", Usage(7, 0, 9))])
    metrics.model_call("small", "ModelBusy", 1.0, None, [])
    found = figures(metrics)
    assert found["chatgpt_model_calls_total"] == {("gpt", "answered"): 2, ("small", "ModelBusy"): 1}
    assert {kind: value for (kind, model), value in found["chatgpt_tokens_total"].items() if model == "gpt"} == {
        "input": 200,
        "cached": 120,
        "output": 100,
    }
    assert found["chatgpt_tokens_total"]["output", "painter"] == 18
    assert found["chatgpt_dollars_total"] == {("gpt",): 1.0, ("painter",): 0.0}
    assert found["chatgpt_model_first_text_seconds_count"] == {("gpt",): 2}


def test_calls_files_and_reconnections_are_counted(metrics: Metrics) -> None:
    metrics.platform_call("chat.update", "ok")
    metrics.platform_call("chat.update", "ratelimited")
    metrics.file("document", "encrypted")
    metrics.reconnection("lost")
    found = figures(metrics)
    assert found["chatgpt_slack_calls_total"] == {("ok", "chat.update"): 1, ("ratelimited", "chat.update"): 1}
    assert found["chatgpt_files_total"] == {("document", "encrypted"): 1}
    assert found["chatgpt_socket_reconnections_total"] == {("lost",): 1}


def test_the_values_of_a_label_are_bounded(metrics: Metrics) -> None:
    for number in range(MOST_WORDS + 20):
        metrics.model_call(f"model-{number}", "answered", 1.0, None, [])
        metrics.platform_call("chat.update", f"error_{number}")
    metrics.model_call("model-0", "answered", 1.0, None, [])
    calls = figures(metrics)["chatgpt_model_calls_total"]
    assert len(calls) == MOST_WORDS + 1
    assert calls[OTHER, "answered"] == 20
    assert calls["model-0", "answered"] == 2
    assert len(figures(metrics)["chatgpt_slack_calls_total"]) == MOST_WORDS + 1


def test_two_bots_in_one_process_count_apart() -> None:
    first, second = Metrics(cost), Metrics(cost)
    first.reconnection("lost")
    assert figures(second).get("chatgpt_socket_reconnections_total", {}) == {}
