"""Which events reach the app, and the way they take."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from playground.slack.directory import Bot, Channel, ChannelKind, Json
from playground.slack.events import MESSAGE_SUBSCRIPTION, event_callback, mention_event

Deliver = Callable[[Json], Awaitable[None]]
"""Takes the payload of one event to the app."""


@dataclass(slots=True)
class EventFeed:
    """Sends what the app has subscribed to and may see; `mentions_without_files` leaves files out of app_mention."""

    bot: Bot
    team_id: str
    subscriptions: frozenset[str]
    rng: random.Random
    mentions_without_files: bool = False
    subscribers: list[Deliver] = field(default_factory=list)

    async def emit(self, subscription: str, event: Json) -> None:
        """Send an event under an id of its own."""
        if subscription in self.subscriptions:
            payload = event_callback(event, self.bot, self.team_id, self.rng)
            for deliver in self.subscribers:
                await deliver(payload)

    async def emit_message(self, event: Json, channel: Channel) -> None:
        """Send a message event, of whatever subtype, where the bot is a member."""
        if self.bot.user_id in channel.members:
            await self.emit(MESSAGE_SUBSCRIPTION[channel.kind], event)

    async def emit_mention(self, message: Json, channel: Channel, event_ts: str) -> None:
        """Send app_mention, which comes without membership as well, and never in a direct message."""
        if channel.kind is not ChannelKind.IM:
            event = mention_event(message, channel, event_ts)
            if self.mentions_without_files:
                event.pop("files", None)
            await self.emit("app_mention", event)
