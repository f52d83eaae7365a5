"""The names of people, bots, channels and user groups, by id, and where people belong."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.domain.conversation import Profile
from bot.domain.errors import PlatformError
from bot.domain.recent import Recent
from bot.slack.payload import Json, list_at, object_at, objects_at, text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.pacer import Priority

log = logging.getLogger(__name__)

REMEMBERED = 5_000
"""How many names are kept in mind; those not asked for the longest are forgotten first."""

_FRESH = 3_600.0  # seconds; people rename themselves seldom
_ASK_AGAIN = 300.0  # seconds after a name could not be found
_PATIENCE = 2.0  # seconds that a turn waits for names
_AT_ONCE = 8  # lookups under way at the same time
_AT_MOST = 100  # new lookups for one request: users.info takes about that many a minute
_LONGEST = 80  # characters of a name, as long as Slack lets a display name be

_USER_GROUPS = "usergroups"  # Slack tells all of them at once


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    profile: Profile | None = None
    until: float = 0.0


class People:
    """Looks names up and remembers them; whose name cannot be found, or not in time, is left out of the answer.

    A lookup goes on when nobody waits for it any more, so that the next turn finds the name. `close` ends them all.
    """

    def __init__(self, calls: SlackCalls, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._monotonic = monotonic
        self._known = Recent[str, _Known](REMEMBERED)
        self._lookups: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def names(self, ids: Iterable[str]) -> dict[str, str]:
        """The names of these ids, as far as they are known within two seconds."""
        wanted = list(dict.fromkeys(ids))
        await self._refresh(wanted)
        names: dict[str, str] = {}
        for identifier in wanted:
            if known := self._known.get(identifier):
                self._known.move_to_end(identifier)
                if known.name:
                    names[identifier] = known.name
        return names

    async def profile(self, identifier: str) -> Profile | None:
        """What Slack knows of this person; None where that cannot be found out within two seconds.

        A bot, which the operator has allowed by its id, belongs here. So does everybody of an enterprise's workspaces
        who may enter this one.
        """
        if not identifier.startswith(("U", "W")):
            return Profile(self._calls.workspace)
        await self._refresh([identifier])
        known = self._known.get(identifier)
        return known.profile if known else None

    def called(self, name: str) -> tuple[str, ...]:
        """The ids of people who go by this name, or by these parts of a name, among those whom we have in mind."""
        wanted = name.casefold().split()
        names = {identifier: known.name.casefold().split() for identifier, known in self._known.items() if wanted}
        people = [identifier for identifier in names if identifier.startswith(("U", "W"))]
        whole = tuple(identifier for identifier in people if names[identifier] == wanted)
        return whole or tuple(identifier for identifier in people if set(wanted) <= set(names[identifier]))

    async def close(self) -> None:
        """Cancel all lookups."""
        lookups = tuple(self._lookups.values())
        for lookup in lookups:
            lookup.cancel()
        await asyncio.gather(*lookups, return_exceptions=True)

    async def _refresh(self, identifiers: list[str]) -> None:
        outdated = [identifier for identifier in identifiers if not self._is_fresh(identifier)]
        if lookups := {self._lookup(identifier) for identifier in outdated[:_AT_MOST]}:
            await asyncio.wait(lookups, timeout=_PATIENCE)

    def _is_fresh(self, identifier: str) -> bool:
        known = self._known.get(identifier)
        return known is not None and self._monotonic() < known.until

    def _lookup(self, identifier: str) -> asyncio.Task[None]:
        key = _USER_GROUPS if identifier.startswith("S") else identifier
        if key not in self._lookups:
            self._lookups[key] = asyncio.create_task(self._look_up(identifier))
            self._lookups[key].add_done_callback(lambda _: self._lookups.pop(key))
        return self._lookups[key]

    async def _look_up(self, identifier: str) -> None:
        async with self._slots:
            try:
                found = await self._ask(identifier)
            except PlatformError as error:
                log.info("no name for %s: %s", identifier, error)
                found = {}
        for each, known in found.items():
            self._keep(each, replace(known, name=cleaned(known.name)))
        if identifier not in found or not found[identifier].name:
            older = self._known.get(identifier, _Known(""))
            self._keep(identifier, found.get(identifier, older), _ASK_AGAIN)

    async def _ask(self, identifier: str) -> dict[str, _Known]:
        match identifier[:1]:
            case "U" | "W":
                answer = await self._calls.call(
                    "users.info", priority=Priority.READ, user=identifier, include_locale=True
                )
                user = object_at(answer, "user")
                return {identifier: _Known(name_of_user(user), _profile_of_user(user, self._calls.workspace))}
            case "C" | "G":
                answer = await self._calls.call("conversations.info", priority=Priority.READ, channel=identifier)
                return {identifier: _Known(text_at(object_at(answer, "channel"), "name"))}
            case "S":
                answer = await self._calls.call("usergroups.list", priority=Priority.READ)
                groups = objects_at(answer, "usergroups")
                return {
                    text_at(group, "id"): _Known(text_at(group, "handle") or text_at(group, "name")) for group in groups
                }
            case "B":
                answer = await self._calls.call("bots.info", priority=Priority.READ, bot=identifier)
                return {identifier: _Known(text_at(object_at(answer, "bot"), "name"))}
            case _:
                return {}

    def _keep(self, identifier: str, known: _Known, age: float = _FRESH) -> None:
        self._known[identifier] = replace(known, until=self._monotonic() + age)


def _profile_of_user(user: Json, ours: str) -> Profile:
    """Slack marks strangers, who come from outside (reference of the user object); in an enterprise a person of several
    workspaces names only one of them as their team."""
    belongs_here = ours in list_at(object_at(user, "enterprise_user"), "teams")
    elsewhere = "" if user.get("is_stranger") is True else text_at(user, "team_id")
    is_guest = user.get("is_restricted") is True or user.get("is_ultra_restricted") is True
    return Profile(ours if belongs_here and elsewhere else elsewhere, is_guest, text_at(user, "locale"))


def name_of_user(user: Json) -> str:
    """The name that people see, as they wrote it."""
    profile = object_at(user, "profile")
    candidates = (text_at(profile, "display_name"), text_at(profile, "real_name"), text_at(user, "real_name"))
    return next(filter(str.strip, candidates), text_at(user, "name"))


def cleaned(name: str) -> str:
    """One short line: a name is part of what the model reads, and people choose it freely."""
    return "".join(character for character in " ".join(name.split()) if character.isprintable())[:_LONGEST]
