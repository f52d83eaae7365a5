"""What every desk works with, and how what people do reaches it."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import BotError
from bot.slack.desks.acts import Act, act_of
from bot.slack.desks.errands import Errands
from bot.slack.desks.whispers import Whispers
from bot.slack.markup.views import modal, said_plainly
from bot.slack.payload import text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.identity import Identity
from bot.slack.wire.pacer import Priority

TOO_MUCH = "I have too much to do right now. Please try again in a minute."

Errand = Callable[[Act], Coroutine[Any, Any, None]]
"""What is done for the person who acted. What it raises is explained to them, and logged."""

Listener = Callable[[AsyncAck, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a desk works with; `suffix` tells the shortcuts of several installations apart."""

    calls: SlackCalls
    identity: Identity
    errands: Errands
    whispers: Whispers
    suffix: str = ""

    def listener(self, name: str, errand: Errand) -> Listener:
        """Has this done behind the acknowledgement, under this name in the log."""

        async def heard(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack()
            await self.do(name, act_of(body, self.identity), errand)

        return heard

    async def do(self, name: str, act: Act, errand: Errand) -> None:
        """Begin an errand; tell whoever asked for it when there are too many already."""
        if not self.errands.run(name, self._explained(act, errand)):
            await self.whispers.tell(act, TOO_MUCH)

    async def explain(self, act: Act, text: str) -> None:
        """Tell the person alone: where they acted, or in a modal, on top of the one in which they did."""
        if act.response_url or act.thread.channel:
            await self.whispers.tell(act, text)
            return
        method = "views.push" if text_at(act.view, "type") == "modal" else "views.open"
        note = modal("Settings", [said_plainly(text)], close="Back")
        await self.calls.call(method, priority=Priority.FIRST, trigger_id=act.trigger_id, view=note)

    async def _explained(self, act: Act, errand: Errand) -> None:
        try:
            await errand(act)
        except Exception as error:
            await self.explain(act, error.explanation if isinstance(error, BotError) else BotError.explanation)
            raise
