"""From the payload of an envelope to the inbox, through Bolt."""

import logging
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.conversation import ThreadKey
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.listeners import build_app
from bot.slack.wire.identity import Identity
from tests.doubles.slack import KeepingInbox

IDENTITY = Identity("T1", "UBOT", "BBOT", "ChatGPT")
TS = "1732147200.000200"
TOLD = {"type": "message", "user": "U1", "text": "hello", "ts": TS, "channel": "D1", "channel_type": "im"}


async def dispatch(app: AsyncApp, event: dict[str, Any]) -> int:
    """The status of Bolt's answer; only 200 is acknowledged to Slack."""
    body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1", "event": event}
    response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    return int(response.status)


async def test_a_message_reaches_the_inbox_with_the_name_of_its_event() -> None:
    inbox = KeepingInbox()
    assert await dispatch(build_app(IDENTITY, inbox, Arrivals()), TOLD) == 200
    [(message, event_id)] = inbox.received
    assert (message.id, message.text, message.thread.channel, event_id) == (TS, "hello", "D1", "Ev1")


async def test_only_a_message_that_is_new_begins_a_thread() -> None:
    arrivals = Arrivals(lambda: float(TS))
    app, thread = build_app(IDENTITY, KeepingInbox(), arrivals), ThreadKey("T1", "D1", TS)
    await dispatch(app, TOLD)
    assert arrivals.take(thread) == TOLD
    await dispatch(app, TOLD)
    assert arrivals.take(thread) is None


async def test_a_reply_that_comes_before_the_message_that_began_its_thread_has_the_thread_read() -> None:
    arrivals = Arrivals(lambda: float(TS))
    app = build_app(IDENTITY, KeepingInbox(), arrivals)
    await dispatch(app, {**TOLD, "ts": "1732147201.000100", "thread_ts": TS})
    await dispatch(app, TOLD)
    assert arrivals.take(ThreadKey("T1", "D1", TS)) is None


async def test_a_message_that_cannot_be_kept_is_not_acknowledged(caplog: pytest.LogCaptureFixture) -> None:
    assert await dispatch(build_app(IDENTITY, KeepingInbox(refusals=1), Arrivals()), TOLD) == 500
    assert "the disk is full" in caplog.text
    assert "hello" not in caplog.text


@pytest.mark.parametrize(
    "event",
    [
        {**TOLD, "user": "UBOT", "bot_id": "BBOT"},
        {**TOLD, "subtype": "message_changed", "message": {"user": "U1"}, "hidden": True},
        {**TOLD, "channel": None, "ts": 5},
        {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"},
        {"type": "agent_session_stopped", "channel": "D1", "user": "U1"},
        {"type": "member_joined_channel", "user": "UBOT", "channel": "C1"},
        {"type": "something_new"},
    ],
)
async def test_any_other_event_is_acknowledged_and_dropped(event: dict[str, Any]) -> None:
    inbox = KeepingInbox()
    assert await dispatch(build_app(IDENTITY, inbox, Arrivals()), event) == 200
    assert inbox.received == []


async def test_the_stop_button_stops_the_answer_in_its_thread() -> None:
    inbox = KeepingInbox()
    pressed = {"type": "agent_session_stopped", "channel": "D1", "thread_ts": TS, "user": "U1"}
    assert await dispatch(build_app(IDENTITY, inbox, Arrivals()), pressed) == 200
    assert inbox.stopped == [ThreadKey("T1", "D1", TS)]


async def test_an_allowed_bot_is_heard() -> None:
    inbox = KeepingInbox()
    alarm = {**TOLD, "subtype": "bot_message", "bot_id": "B2", "user": None}
    for allowed in (frozenset[str](), frozenset({"B2"})):
        await dispatch(build_app(IDENTITY, inbox, Arrivals(), allowed), alarm)
    assert len(inbox.received) == 1


async def test_variables_that_bolt_would_read_change_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for variable in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(variable, "set-for-another-app")
    inbox = KeepingInbox()
    assert await dispatch(build_app(IDENTITY, inbox, Arrivals()), TOLD) == 200
    assert len(inbox.received) == 1
    assert not caplog.records
