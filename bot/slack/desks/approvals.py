"""The desk where people allow, or refuse, what the model wants a server's tool to do for them."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from slack_bolt.async_app import AsyncApp

from bot.domain.conversation import Message
from bot.domain.errors import PlatformError
from bot.domain.language import say
from bot.domain.tools import ToolCall
from bot.slack.desks.acts import Act
from bot.slack.desks.desk import Desk
from bot.slack.markup.approval import ALLOW, REFUSE, question, settled
from bot.slack.markup.blocks import asks_for_approval
from bot.slack.payload import objects_at, text_at
from bot.slack.reading.messages import is_own
from bot.slack.wire.pacer import Priority

log = logging.getLogger(__name__)

PATIENCE = 600.0
"""Seconds for which an answer is waited for."""

MOST = 200
"""Requests that wait at the same time; those beyond are refused."""

REMEMBERED = 1_000
"""Requests that are known to say already what became of them: people press twice."""

NOT_YOURS = "Only the person who asked me can answer this."
OVER = "This is over, so nothing happens any more."

_SECONDS_TO_SETTLE = 5.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request that waits for this person."""

    asker: str
    allows: asyncio.Future[bool]


@dataclass(slots=True)
class Approvals:
    """Asks in the thread, and remembers what is asked only while it waits: a restart begins the answer anew."""

    desk: Desk
    patience: float = PATIENCE
    _waiting: dict[str, _Waiting] = field(default_factory=dict)
    _over: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def register(self, app: AsyncApp) -> None:
        """The listeners for the buttons."""
        for button in (ALLOW, REFUSE):
            app.action(button)(self.desk.listener("approval", partial(self._take, allows=button == ALLOW)))

    async def ask(self, to: Message, call: ToolCall) -> bool:
        """Whether the author of this message allows the call; False also when they say nothing in time.

        The message that asks says in the end what became of it, also when the answer is stopped meanwhile. Raises
        PlatformError when it cannot be shown.
        """
        if len(self._waiting) >= MOST:
            log.warning("%d requests of approval wait already; another one is refused", MOST)
            return False
        name, waiting = uuid4().hex, _Waiting(to.author.id, asyncio.get_running_loop().create_future())
        self._waiting[name] = waiting
        asks = question(call, to.author.id, name, round(self.patience / 60))
        # A stop in the middle of the call must not leave buttons behind.
        showing = asyncio.create_task(self._show(to, asks), name="request of approval")
        allows, became = False, _ended()
        try:
            await asyncio.shield(showing)
            async with asyncio.timeout(self.patience):
                allows = await waiting.allows
            became = _answered(waiting.asker, allows=allows)
        except TimeoutError:
            became = say("Nobody answered, so it was not done.")
        finally:
            del self._waiting[name]
            self._over.append(name)
            await self._settle(to.thread.channel, showing, settled(asks, became))
        log.info("a call of %s is %s", call.server, "allowed" if allows else "not allowed")
        return allows

    async def _take(self, act: Act, *, allows: bool) -> None:
        waiting = self._waiting.get(act.value)
        if waiting is None and act.value in self._over:
            await self.desk.tell(act, OVER)
        elif waiting is None:
            await self._end(act)
        elif act.user != waiting.asker:
            await self.desk.tell(act, NOT_YOURS)
        elif not waiting.allows.done():
            waiting.allows.set_result(allows)

    async def _show(self, to: Message, asks: dict[str, Any]) -> str:
        answer = await self.desk.calls.call(
            "chat.postMessage",
            priority=Priority.FIRST,
            channel=to.thread.channel,
            thread_ts=to.thread.root,
            unfurl_links=False,
            unfurl_media=False,
            **asks,
        )
        return text_at(answer, "ts")

    async def _settle(self, channel: str, showing: asyncio.Task[str], shown: dict[str, Any]) -> None:
        """Trouble is logged and no more: pressing the buttons that stay says that it is over."""
        try:
            async with asyncio.timeout(_SECONDS_TO_SETTLE):
                await self._update(channel, await showing, shown)
        except (PlatformError, TimeoutError) as error:
            log.warning("a request of approval is not settled: %s %s", type(error).__name__, error)

    async def _end(self, act: Act) -> None:
        """Somebody pressed a button for which nobody waits any more, as after a restart."""
        await self.desk.tell(act, OVER)
        if is_own(act.said, self.desk.identity) and asks_for_approval(objects_at(act.said, "blocks")):
            await self._update(act.thread.channel, act.message, settled(act.said, _ended()))

    async def _update(self, channel: str, ts: str, shown: dict[str, Any]) -> None:
        await self.desk.calls.call("chat.update", priority=Priority.FINAL, channel=channel, ts=ts, **shown)


def _answered(asker: str, *, allows: bool) -> str:
    person = f"<@{asker}>"
    return say("Allowed by {person}.", person=person) if allows else say("Refused by {person}.", person=person)


def _ended() -> str:
    return say("The answer ended before anybody said yes, so it was not done.")
