"""What people think of answers: two buttons below each, and a modal that asks what was wrong."""

import logging
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from bot.domain.errors import PlatformError
from bot.domain.language import say
from bot.domain.records import Feedback, Verdict
from bot.ports import FeedbackStore, Now
from bot.slack.desks.acts import Act, memo_of
from bot.slack.desks.desk import Desk
from bot.slack.markup import views
from bot.slack.payload import object_at, text_at
from bot.slack.wire.pacer import Priority
from bot.slack.writing.thumbs import PRESS

log = logging.getLogger(__name__)

THANKS = "Thank you for telling me."
WHAT_WAS_WRONG = "Thank you for telling me. If you like, tell the person who runs me what was wrong."

_COMMENT = "comment"
_LONGEST_COMMENT = 1_000


@dataclass(frozen=True, slots=True)
class FeedbackDesk:
    """Keeps verdicts and comments, of which the last of each person counts; nothing of the answer is kept."""

    desk: Desk
    store: FeedbackStore
    now: Now

    def register(self, app: AsyncApp) -> None:
        """The listeners for the buttons and the modal."""
        app.action(PRESS)(self.desk.listener("feedback", self._take))
        app.view(PRESS)(self.desk.listener("feedback", self._take_comment))

    async def _take(self, act: Act) -> None:
        if act.value not in set(Verdict):
            return
        # Kept first: of two presses, the one that came last has to be kept last.
        await self._keep(act, Verdict(act.value))
        if act.value == Verdict.GOOD or not await self._ask(act):
            await self.desk.tell(act, THANKS)

    async def _take_comment(self, act: Act) -> None:
        entered = text_at(object_at(act.view, "state", "values", _COMMENT, _COMMENT), "value")
        if act.message and (comment := entered.strip()[:_LONGEST_COMMENT]):
            await self._keep(act, Verdict.BAD, comment)
            await self.desk.tell(act, THANKS)

    async def _ask(self, act: Act) -> bool:
        """Open the modal; False when that did not work."""
        try:
            await self.desk.calls.call(
                "views.open", priority=Priority.FIRST, trigger_id=act.trigger_id, view=_modal(act)
            )
        except PlatformError as error:
            log.info("nobody was asked for a comment: %s", error)
            return False
        return True

    async def _keep(self, act: Act, verdict: Verdict, comment: str | None = None) -> None:
        workspace, channel = act.thread.workspace, act.thread.channel
        await self.store.keep(Feedback(workspace, channel, act.message, act.user, verdict, self.now(), comment))


def _modal(act: Act) -> views.View:
    comment = views.field(_COMMENT, "", longest=_LONGEST_COMMENT, multiline=True)
    return views.modal(
        say("Feedback"),
        [
            views.said_plainly(say(WHAT_WAS_WRONG)),
            views.labelled(_COMMENT, say("What should have been different?"), comment),
        ],
        close=say("Skip"),
        submit=views.plain(say("Send"), 24),
        callback_id=PRESS,
        private_metadata=memo_of(act),
    )
