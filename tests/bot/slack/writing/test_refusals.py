"""What Slack has refused, remembered for a while."""

from bot.slack.writing import refusals as refusals_module
from bot.slack.writing.refusals import Refusals


def test_a_refusal_holds_for_its_method_and_channel_for_some_hours() -> None:
    now = 0.0
    refusals = Refusals(lambda: now)
    refusals.add("chat.startStream", "C1")
    assert refusals.known("chat.startStream", "C1")
    assert not refusals.known("chat.startStream", "C2")
    assert not refusals.known("chat.update", "C1")
    now = 7 * 3600.0
    assert not refusals.known("chat.startStream", "C1")


def test_the_oldest_refusals_are_forgotten_first() -> None:
    refusals = Refusals(lambda: 0.0)
    most = refusals_module._KEPT
    for number in range(most):
        refusals.add("chat.startStream", f"C{number}")
    refusals.add("chat.startStream", "C0")
    refusals.add("chat.startStream", "new")
    assert refusals.known("chat.startStream", "C0")
    assert not refusals.known("chat.startStream", "C1")
    assert refusals.known("chat.startStream", "new")
