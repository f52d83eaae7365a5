"""Who may change whose settings."""

from dataclasses import dataclass

from bot.domain.settings import Scope
from bot.slack.desks.settings_memo import Place
from bot.slack.reading.members import Members

ANYONE, MEMBERS = "anyone", "members"

_ONLY_MEMBERS = "Only members of this channel may change this. Join it, or choose your own default above."
_ONLY_EDITORS = "Only certain people may change the settings of a channel here. Your own default you may change above."


@dataclass(frozen=True, slots=True)
class Rights:
    """`editors` may change the settings of channels: anyone, members of the channel, or people by their ids."""

    editors: frozenset[str]
    members: Members

    async def objection(self, place: Place, scope: Scope, user: str) -> str:
        """Why this person may not change the settings of this scope, in a sentence for them; empty when they may.

        Everybody may change their own, members those of a thread. Raises PlatformError.
        """
        if scope is Scope.USER:
            return ""
        if scope is Scope.CHANNEL and not self.editors & {ANYONE, MEMBERS}:
            return "" if user in self.editors else _ONLY_EDITORS
        if ANYONE in self.editors or await self.members.include(place.channel, user):
            return ""
        return _ONLY_MEMBERS
