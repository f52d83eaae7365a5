"""What people show of themselves in their profiles, looked up when somebody wants to know."""

import re
from dataclasses import dataclass

from bot.domain.conversation import Person
from bot.ports import Now
from bot.slack.payload import Json, object_at, text_at, whole_number_at
from bot.slack.reading.people import People, cleaned, name_of_user
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.pacer import Priority

MOST = 5
"""People who may share a name."""

_ID = re.compile(r"<?@?(?P<id>[UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>?")
_UNKNOWN = frozenset({"user_not_found", "user_not_visible"})


@dataclass(frozen=True, slots=True)
class Directory:
    """Finds people by id or mention, and by name among those whom `people` has in mind: a workspace may have many."""

    calls: SlackCalls
    people: People
    now: Now

    async def find(self, who: str) -> tuple[Person, ...]:
        """Whom this may mean; those who have left are nobody. Raises PlatformError."""
        named = who.strip()
        found = _ID.fullmatch(named)
        by_id = await self._persons((found["id"],)) if found else ()
        return by_id or await self._persons(self.people.called(named.lstrip("@"))[:MOST])

    async def _persons(self, ids: tuple[str, ...]) -> tuple[Person, ...]:
        persons = [await self._person(identifier) for identifier in ids]
        return tuple(person for person in persons if person)

    async def _person(self, identifier: str) -> Person | None:
        try:
            answer = await self.calls.call("users.info", priority=Priority.READ, user=identifier)
        except SlackRefusal as refusal:
            if refusal.code in _UNKNOWN:
                return None
            raise
        user = object_at(answer, "user")
        return None if user.get("deleted") is True else person_of(user, self.now())


def person_of(user: Json, now: float) -> Person:
    """The person whom this user object describes (reference of the user object), without addresses and numbers."""
    profile = object_at(user, "profile")
    ends = whole_number_at(profile, "status_expiration")
    has_zone = isinstance(user.get("tz_offset"), int) and bool(text_at(user, "tz"))
    return Person(
        text_at(user, "id"),
        cleaned(name_of_user(user)),
        title=cleaned(text_at(profile, "title")),
        time_zone=cleaned(text_at(user, "tz")),
        utc_offset=whole_number_at(user, "tz_offset") if has_zone else None,
        status="" if 0 < ends <= now else cleaned(text_at(profile, "status_text")),
    )
