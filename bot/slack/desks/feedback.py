"""What people think of answers: two buttons below each, and a modal that asks what was wrong."""

import json
import logging
import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.conversation import ThreadKey
from bot.domain.errors import PlatformError
from bot.domain.records import Feedback, Verdict
from bot.ports import FeedbackStore, Now
from bot.slack.desks.acts import Act, act_of
from bot.slack.desks.errands import Errands
from bot.slack.desks.whispers import Whispers
from bot.slack.markup import views
from bot.slack.payload import Json, object_at, parsed, text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.identity import Identity
from bot.slack.wire.pacer import Priority
from bot.slack.writing.thumbs import PRESS

log = logging.getLogger(__name__)

THANKS = "Thank you for telling me."
NOT_KEPT = "I could not keep your feedback. Please try again in a minute."

_COMMENT = "comment"
_LONGEST_COMMENT = 1_000
_PLACE = re.compile(r"[A-Za-z0-9.]{1,64}")


@dataclass(frozen=True, slots=True)
class FeedbackDesk:
    """Keeps verdicts and comments, of which the last of each person counts; nothing of the answer is kept."""

    store: FeedbackStore
    calls: SlackCalls
    identity: Identity
    errands: Errands
    whispers: Whispers
    now: Now

    def register(self, app: AsyncApp) -> None:
        """The listeners for the buttons and the modal."""
        app.action(PRESS)(self._on_press)
        app.view(PRESS)(self._on_comment)

    async def _on_press(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        act = act_of(body, self.identity)
        if act and act.value in set(Verdict):
            self.errands.run("feedback", self._take(act, Verdict(act.value)))

    async def _on_comment(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        act, comment = _act_of_modal(body, self.identity), _comment_in(object_at(body, "view"))
        if act and comment:
            self.errands.run("feedback", self._take_comment(act, comment))

    async def _take(self, act: Act, verdict: Verdict) -> None:
        # Kept first: of two presses, the one that came last has to be kept last.
        await self._or_say_so(act, self.store.keep(self._feedback(act, verdict)))
        if verdict is Verdict.GOOD or not await self._ask(act):
            await self.whispers.tell(act, THANKS)

    async def _take_comment(self, act: Act, comment: str) -> None:
        await self._or_say_so(act, self.store.keep(self._feedback(act, Verdict.BAD, comment)))
        await self.whispers.tell(act, THANKS)

    async def _or_say_so(self, act: Act, keeping: Awaitable[None]) -> None:
        try:
            await keeping
        except Exception:
            await self.whispers.tell(act, NOT_KEPT)
            raise

    async def _ask(self, act: Act) -> bool:
        """Open the modal; False when that did not work."""
        try:
            await self.calls.call("views.open", priority=Priority.FIRST, trigger_id=act.trigger_id, view=_modal(act))
        except PlatformError as error:
            log.info("nobody was asked for a comment: %s", error)
            return False
        return True

    def _feedback(self, act: Act, verdict: Verdict, comment: str | None = None) -> Feedback:
        workspace, channel = act.thread.workspace, act.thread.channel
        return Feedback(workspace, channel, act.message, act.user, verdict, self.now(), comment)


def _modal(act: Act) -> views.View:
    comment = views.field(_COMMENT, "", longest=_LONGEST_COMMENT, multiline=True)
    place = {"channel": act.thread.channel, "root": act.thread.root, "answer": act.message}
    return views.modal(
        "Feedback",
        [
            views.said_plainly(f"{THANKS} If you like, tell the people who run me what was wrong."),
            views.labelled(_COMMENT, "What should have been different?", comment),
        ],
        close="Skip",
        submit=views.plain("Send", 24),
        callback_id=PRESS,
        private_metadata=json.dumps(place),
    )


def _act_of_modal(body: Json, identity: Identity) -> Act | None:
    """Who has filled in the modal, and about which answer; None for an odd one."""
    place = parsed(text_at(object_at(body, "view"), "private_metadata"))
    channel, root, answer = (text_at(place, name) for name in ("channel", "root", "answer"))
    user = text_at(object_at(body, "user"), "id")
    if not user or not all(map(_PLACE.fullmatch, (channel, root, answer))):
        return None
    return Act(ThreadKey(identity.workspace, channel, root), answer, user)


def _comment_in(view: Json) -> str:
    entered = text_at(object_at(view, "state", "values", _COMMENT, _COMMENT), "value")
    return entered.strip()[:_LONGEST_COMMENT]
