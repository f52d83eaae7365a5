"""Slack's limits, as the reference of each method has them."""

import pytest

from bot.slack.wire.limits import burst, calls_a_minute
from playground.slack.rate_limits import CALLS_A_MINUTE

NEVER_CALLED = {"conversations.list", "reactions.remove", "users.list"}


@pytest.mark.parametrize("method", sorted(CALLS_A_MINUTE.keys() - NEVER_CALLED))
def test_no_method_is_called_more_often_than_slack_allows(method: str) -> None:
    assert calls_a_minute(method) <= CALLS_A_MINUTE[method]


@pytest.mark.parametrize(
    "method",
    ["views.open", "views.publish", "views.push", "views.update", "chat.postEphemeral", "conversations.members"],
)
def test_what_people_open_and_are_told_alone_has_a_large_limit(method: str) -> None:
    assert calls_a_minute(method) == CALLS_A_MINUTE[method] == 100


def test_only_what_has_a_special_limit_may_burst() -> None:
    assert burst("assistant.threads.setStatus") == 60
    assert {burst("chat.update"), burst("chat.startStream"), burst("chat.appendStream")} == {3}
