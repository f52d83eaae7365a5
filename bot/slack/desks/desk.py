"""What every desk works with, and how what people do reaches it."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from yarl import URL

from bot.domain.errors import BotError, PlatformError
from bot.domain.language import SpeakingTo, as_spoken, say
from bot.slack.desks.acts import Act, act_of
from bot.slack.desks.errands import Errands
from bot.slack.desks.whispers import respond, whisper
from bot.slack.markup.markdown import escaped
from bot.slack.markup.views import modal, said_plainly
from bot.slack.payload import text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.identity import Identity
from bot.slack.wire.pacer import Priority

log = logging.getLogger(__name__)

TOO_MUCH = "I have too much to do right now. Please try again in a minute."

Errand = Callable[[Act], Coroutine[Any, Any, None]]
"""What is done for the person who acted. What it raises is explained to them, and logged."""

Listener = Callable[[AsyncAck, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a desk works with; `suffix` tells the shortcuts of several installations apart.

    What is done for a person is said in the language of `speaking_to`.
    """

    calls: SlackCalls
    identity: Identity
    errands: Errands
    suffix: str = ""
    speaking_to: SpeakingTo = as_spoken

    def listener(self, name: str, errand: Errand) -> Listener:
        """Has this done behind the acknowledgement, under this name in the log."""

        async def heard(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack()
            await self.do(name, act_of(body, self.identity), errand)

        return heard

    async def do(self, name: str, act: Act, errand: Errand) -> None:
        """Begin an errand; tell whoever asked for it when there are too many already."""
        if not self.errands.run(name, self._explained(act, errand)):
            async with self.speaking_to(act.user):
                await self.tell(act, TOO_MUCH)

    async def tell(self, act: Act, sentence: str, *, replace: bool = False) -> None:
        """Say a sentence to this person alone; trouble is logged and no more.

        Where they acted, in place of the private message that was pressed or anew; in a view, by a modal on top of it.
        """
        said = say(sentence)
        if act.response_url or act.thread.channel:
            await self.show(act, {"text": escaped(said)}, replace=replace)
            return
        method = "views.push" if text_at(act.view, "type") == "modal" else "views.open"
        note = modal(say("Settings"), [said_plainly(said)], close=say("Back"))
        try:
            await self.calls.call(method, priority=Priority.FIRST, trigger_id=act.trigger_id, view=note)
        except PlatformError as error:
            log.warning("a person was not told something: %s", error)

    async def show(self, act: Act, shown: Mapping[str, Any], *, replace: bool = False) -> None:
        """Show text and blocks to this person alone, at the message where they acted; trouble is logged and no more."""
        answer = {**shown, "response_type": "ephemeral", "replace_original": replace}
        if act.is_in_thread:
            answer["thread_ts"] = act.thread.root
        if not await respond(act.response_url, answer, URL(self.calls.client.base_url)):
            await whisper(self.calls, act.thread, act.user, shown, in_thread=act.is_in_thread)

    async def _explained(self, act: Act, errand: Errand) -> None:
        async with self.speaking_to(act.user):
            try:
                await errand(act)
            except Exception as error:
                known = error if isinstance(error, BotError) else BotError()
                await self.tell(act, known.explanation)
                raise
