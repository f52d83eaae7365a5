"""The settings form in Slack: opened, redrawn while it is filled in, saved and reset."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import BotError
from bot.domain.settings import Scope, Sheet
from bot.ports import SettingsDesk
from bot.slack.desks.acts import Act, act_of
from bot.slack.desks.desk import Desk
from bot.slack.desks.settings_entry import Entry, read_entry
from bot.slack.desks.settings_form import CALLBACK, REDRAWN_BY, RESET, Form, Offer, action_of, draw
from bot.slack.desks.settings_memo import Place, chosen_scope
from bot.slack.desks.settings_rights import Rights
from bot.slack.markup.views import View
from bot.slack.payload import text_at
from bot.slack.wire.errors import SlackRefusal
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

_SPENT = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})

Changed = Callable[[str], None]
"""Told the id of a person who has changed settings."""


@dataclass(frozen=True, slots=True)
class SettingsModal:
    """The form of one workspace; what it shows and saves lies in `settings`."""

    desk: Desk
    settings: SettingsDesk
    offer: Offer
    rights: Rights
    changed: Changed

    def register(self, app: AsyncApp) -> None:
        """The listeners of the form, and of the shortcut and the button that open it."""
        listener = partial(self.desk.listener, "settings")
        app.message_shortcut(f"{THREAD_SHORTCUT}{self.desk.suffix}")(listener(partial(self.open, scope=Scope.THREAD)))
        app.action(OPEN)(listener(partial(self.open, scope=Scope.USER)))
        for name in REDRAWN_BY:
            app.action(action_of(name))(listener(self._redraw))
        app.action(RESET)(listener(self._reset))
        app.view(CALLBACK)(self._on_submit)

    async def open(self, act: Act, scope: Scope) -> None:
        """Open the form, with this scope if it can be changed there, and with the person's own otherwise."""
        place = Place(act.thread.channel, act.thread.root)
        sheet = await self._sheet(place, act)
        view = draw(Form(place, chosen_scope(scope, place, Scope.USER), sheet), self.offer)
        try:
            await self._show("views.open", view, trigger_id=act.trigger_id)
        except SlackRefusal as refusal:
            if refusal.code not in _SPENT:
                raise
            log.info("the settings did not open: %s", refusal)
            await self.desk.tell(act, TOO_LATE)

    async def _on_submit(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        act = act_of(body, self.desk.identity)
        entry = read_entry(act.view)
        async with self.desk.speaking_to(act.user):
            try:
                async with asyncio.timeout(SECONDS_TO_SAVE):
                    errors = await self._save(entry, act)
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
            self.changed(act.user)

    async def _save(self, entry: Entry, act: Act) -> dict[str, str]:
        if not entry.changes:
            return {}
        if objection := await self.rights.objection(entry.place, entry.scope, act.user):
            return entry.trouble(objection)
        holder = entry.place.holder(entry.scope, act.thread.workspace, act.user)
        return entry.errors(await self.settings.save(holder, entry.changes, by=act.user))

    async def _reset(self, act: Act) -> None:
        entry = read_entry(act.view)
        if objection := await self.rights.objection(entry.place, entry.scope, act.user):
            await self.desk.tell(act, objection)
            return
        await self.settings.reset(entry.place.holder(entry.scope, act.thread.workspace, act.user), by=act.user)
        self.changed(act.user)
        await self._redraw(act, keep=False)

    async def _redraw(self, act: Act, *, keep: bool = True) -> None:
        """Draw the form anew as its choices ask for; what was entered and not saved stays, if it is to be kept."""
        entry = read_entry(act.view)
        form = Form(
            entry.place,
            entry.scope,
            await self._sheet(entry.place, act),
            entry.changes if keep else {},
            entry.generation + 1,
        )
        view, view_id = draw(form, self.offer), text_at(act.view, "id")
        try:
            await self._show("views.update", view, view_id=view_id, hash=text_at(act.view, "hash"))
        except SlackRefusal as refusal:
            if refusal.code == "hash_conflict":
                # An earlier choice has redrawn the form since; this one came later and knows of it.
                await self._show("views.update", view, view_id=view_id)
            elif refusal.code != "not_found":  # closed in the meantime
                raise

    async def _sheet(self, place: Place, act: Act) -> Sheet:
        return await self.settings.sheet(act.thread.workspace, place.channel, act.user, place.root)

    async def _show(self, method: str, view: View, **where: Any) -> None:
        await self.desk.calls.call(method, priority=Priority.FIRST, view=view, **where)
