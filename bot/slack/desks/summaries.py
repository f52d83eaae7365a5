"""The desk where threads are summed up: for one person alone, who may share the summary."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError
from bot.domain.language import say
from bot.domain.recent import Recent
from bot.ports import Controls
from bot.slack.desks.acts import Act
from bot.slack.desks.desk import Desk
from bot.slack.markup.blocks import Block, answer_blocks
from bot.slack.markup.markdown import to_mrkdwn
from bot.slack.markup.neutral import neutral
from bot.slack.markup.views import button, row
from bot.slack.reading.listeners import Register
from bot.slack.wire.errors import UncertainWrite
from bot.slack.wire.pacer import Priority
from bot.slack.writing.own_messages import EVENT_TYPE

SUMMARIZE = "summarize_thread"
"""The shortcut's callback_id, before the suffix."""

SHARE = "share_summary"
"""The button's action_id."""

READING = "Reading the thread…"
SHARED = "Shared in the thread."
GONE = "I have shared this summary already, or do not have it any more. You can ask for a new one."

KEPT = 200
"""So many summaries can be shared; older ones are forgotten first."""

FRESH = 3_600.0
"""Seconds for which a summary can be shared."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary as Markdown, and for whom it was made; `until` is on the monotonic clock."""

    thread: ThreadKey
    user: str
    text: str = field(repr=False)
    until: float


@dataclass(slots=True)
class KeptSummaries:
    """What can still be shared, by a name that nobody guesses; in memory alone."""

    monotonic: Callable[[], float] = time.monotonic
    _kept: Recent[str, Summary] = field(default_factory=lambda: Recent(KEPT))

    def keep(self, thread: ThreadKey, user: str, text: str) -> str:
        """Remember a summary; its name."""
        name = secrets.token_urlsafe(16)
        self._kept[name] = Summary(thread, user, text, self.monotonic() + FRESH)
        return name

    def take(self, name: str, user: str) -> Summary | None:
        """The summary, if it is this person's and fresh; it is forgotten now, so that it is shared once."""
        if (summary := self._kept.get(name)) is None or summary.user != user:
            return None
        del self._kept[name]
        return summary if self.monotonic() < summary.until else None

    def put_back(self, name: str, summary: Summary) -> None:
        """It was not shared after all."""
        self._kept[name] = summary


def summarizing(desk: Desk, controls: Controls, kept: KeptSummaries) -> Register:
    """The desk."""

    async def summarize(act: Act) -> None:
        await desk.tell(act, READING)
        text = neutral(await controls.summarize(act.thread, act.user))
        await desk.show(act, _private(text, kept.keep(act.thread, act.user, text)))

    async def share(act: Act) -> None:
        summary = kept.take(act.value, act.user)
        if summary is None:
            await desk.tell(act, GONE)
            return
        try:
            await _post(desk, summary, act.value)
        except UncertainWrite:
            pass  # rather not shared than shared twice, and whoever looks sees it
        except BotError:
            kept.put_back(act.value, summary)
            raise
        await desk.tell(act, SHARED, replace=True)

    def register(app: AsyncApp) -> None:
        app.message_shortcut(f"{SUMMARIZE}{desk.suffix}")(desk.listener("summary", summarize))
        app.action(SHARE)(desk.listener("summary", share))

    return register


async def _post(desk: Desk, summary: Summary, name: str) -> None:
    shared = say("A summary that {person} has shared", person=f"<@{summary.user}>")
    by: Block = {"type": "context", "elements": [{"type": "mrkdwn", "text": shared}]}
    await desk.calls.call(
        "chat.postMessage",
        priority=Priority.FIRST,
        channel=summary.thread.channel,
        thread_ts=summary.thread.root,
        text=to_mrkdwn(summary.text),
        blocks=[*answer_blocks(summary.text), by],
        unfurl_links=False,
        unfurl_media=False,
        # So that it is taken for no part of an answer, and that they can have it deleted.
        metadata={
            "event_type": EVENT_TYPE,
            "event_payload": {"question": f"summary {name}", "posted_for": summary.user},
        },
    )


def _private(text: str, name: str) -> dict[str, Any]:
    share = button(SHARE, say("Share in the thread")) | {"value": name}
    return {"text": to_mrkdwn(text), "blocks": [*answer_blocks(text), row(share)]}
