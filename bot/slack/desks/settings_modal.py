"""The settings form in Slack: opened, redrawn while it is filled in, saved and reset."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError
from bot.domain.settings import Scope
from bot.ports import SettingsDesk
from bot.slack.desks.acts import Act, act_of
from bot.slack.desks.errands import Errands
from bot.slack.desks.settings_entry import Entry, read_entry
from bot.slack.desks.settings_form import CALLBACK, REDRAWN_BY, RESET, Form, Offer, action_of, draw
from bot.slack.desks.settings_memo import Place, chosen_scope
from bot.slack.desks.settings_rights import Rights
from bot.slack.desks.whispers import Whispers
from bot.slack.markup import views
from bot.slack.markup.views import View
from bot.slack.payload import Json, object_at, text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.identity import Identity
from bot.slack.wire.pacer import Priority

log = logging.getLogger(__name__)

OPEN = "settings_open"
"""The action_id of a button that opens the form, wherever it stands."""

THREAD_SHORTCUT = "configure_thread_settings"
"""The callback_id of the shortcut that opens the form for a message's thread; an app's suffix follows."""

SECONDS_TO_SAVE = 2.0
"""Slack waits three seconds for the answer to a submitted form, which has to say what is wrong with it."""

TOO_LATE = "Slack gave me too little time to open the settings. Please run the command, or choose the shortcut, again."
TOO_SLOW = "This takes too long at the moment. Please try again."
TOO_MUCH = "Too much is asked of me at once. Please try again in a moment."

_SPENT = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})

Changed = Callable[[str], None]
"""Told the id of a person who has changed settings."""


@dataclass(frozen=True, slots=True)
class SettingsModal:
    """The form of one workspace; what it shows and saves lies at the desk."""

    calls: SlackCalls
    identity: Identity
    desk: SettingsDesk
    offer: Offer
    rights: Rights
    errands: Errands
    whispers: Whispers
    changed: Changed
    suffix: str = ""

    def register(self, app: AsyncApp) -> None:
        """The listeners of the form, and of the shortcut and the button that open it."""
        app.message_shortcut(f"{THREAD_SHORTCUT}{self.suffix}")(self._on_shortcut)
        app.action(OPEN)(self._on_open)
        for name in REDRAWN_BY:
            app.action(action_of(name))(self._on_choice)
        app.action(RESET)(self._on_reset)
        app.view(CALLBACK)(self._on_submit)

    async def open(self, body: Json, scope: Scope) -> None:
        """Open the form, in answer to an act that came in this body; the person is told why when it cannot be.

        It begins with this scope if that can be changed there, and with the person's own otherwise.
        """
        act = act_in(body, self.identity)
        place = Place(act.thread.channel, act.thread.root)
        try:
            sheet = await self.desk.sheet(self.identity.workspace, place.channel, act.user, place.root)
            view = draw(Form(place, chosen_scope(scope, place, Scope.USER), sheet), self.offer)
            await self._show("views.open", view, trigger_id=act.trigger_id)
        except BotError as error:
            is_late = isinstance(error, SlackRefusal) and error.code in _SPENT
            log.info("the settings did not open: %s", error)
            await self._explain(body, TOO_LATE if is_late else error.explanation)

    async def _on_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self.errands.run("settings", self.open(body, Scope.THREAD))

    async def _on_open(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self.errands.run("settings", self.open(body, Scope.USER))

    async def _on_choice(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self.errands.run("settings", self._carry_out(self._redraw, body))

    async def _on_reset(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self.errands.run("settings", self._carry_out(self._reset, body))

    async def _on_submit(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        entry, user = read_entry(object_at(body, "view")), act_in(body, self.identity).user
        try:
            async with asyncio.timeout(SECONDS_TO_SAVE):
                errors = await self._save(entry, user)
        except TimeoutError:
            errors = entry.trouble(TOO_SLOW)
        except BotError as error:
            log.warning("settings were not saved: %s: %s", type(error).__name__, error)
            errors = entry.trouble(error.explanation)
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        await ack()
        if entry.changes:
            self.changed(user)

    async def _save(self, entry: Entry, user: str) -> dict[str, str]:
        if not entry.changes:
            return {}
        if objection := await self.rights.objection(entry.place, entry.scope, user):
            return entry.trouble(objection)
        holder = entry.place.holder(entry.scope, self.identity.workspace, user)
        return entry.errors(await self.desk.save(holder, entry.changes, by=user))

    async def _reset(self, body: Json, entry: Entry) -> None:
        user = act_in(body, self.identity).user
        if objection := await self.rights.objection(entry.place, entry.scope, user):
            await self._explain(body, objection)
            return
        await self.desk.reset(entry.place.holder(entry.scope, self.identity.workspace, user), by=user)
        self.changed(user)
        await self._redraw(body, entry, keep=False)

    async def _redraw(self, body: Json, entry: Entry, *, keep: bool = True) -> None:
        """Draw the form anew as its choices ask for; what was entered and not saved stays, if it is to be kept."""
        place, user = entry.place, act_in(body, self.identity).user
        sheet = await self.desk.sheet(self.identity.workspace, place.channel, user, place.root)
        edits = entry.changes if keep else {}
        view = draw(Form(place, entry.scope, sheet, edits, entry.generation + 1), self.offer)
        view_id, known_hash = (text_at(object_at(body, "view"), key) for key in ("id", "hash"))
        try:
            await self._show("views.update", view, view_id=view_id, hash=known_hash)
        except SlackRefusal as refusal:
            if refusal.code == "hash_conflict":
                # An earlier choice has redrawn the form since; this one came later and knows of it.
                await self._show("views.update", view, view_id=view_id)
            elif refusal.code != "not_found":  # closed in the meantime
                raise

    async def _carry_out(self, act: Callable[[Json, Entry], Awaitable[None]], body: Json) -> None:
        try:
            await act(body, read_entry(object_at(body, "view")))
        except BotError as error:
            log.warning("the settings form: %s: %s", type(error).__name__, error)
            await self._explain(body, error.explanation)

    async def _explain(self, body: Json, text: str) -> None:
        """Tell the person alone: where they ran a command, or in a modal, on top of the form if it is open."""
        act = act_in(body, self.identity)
        if act.response_url:
            await self.whispers.tell(act, text)
            return
        method = "views.push" if text_at(object_at(body, "view"), "type") == "modal" else "views.open"
        note = views.modal("Settings", [views.said_plainly(text)], close="Back")
        await self._show(method, note, trigger_id=act.trigger_id)

    async def _show(self, method: str, view: View, **where: Any) -> None:
        await self.calls.call(method, priority=Priority.FIRST, view=view, **where)


def act_in(body: Json, identity: Identity) -> Act:
    """What somebody did, at a message or elsewhere: a command has no thread, and what is done in a view no channel."""
    return act_of(body, identity) or Act(
        ThreadKey(identity.workspace, text_at(body, "channel_id"), ""),
        "",
        text_at(body, "user_id") or text_at(object_at(body, "user"), "id"),
        text_at(body, "response_url"),
        trigger_id=text_at(body, "trigger_id"),
    )
