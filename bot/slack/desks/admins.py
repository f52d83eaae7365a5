"""Who administers the workspace, or the bot."""

from collections.abc import Set
from dataclasses import dataclass

from bot.slack.payload import list_at, object_at, text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.pacer import Priority

ADMINS, EVERYBODY = "admins", "everybody"


async def is_admin(calls: SlackCalls, user: str, admins: Set[str]) -> bool:
    """Whether this person is one of the admins whom the operator names, or of the workspace's own.

    Raises PlatformError.
    """
    if user in admins:
        return True
    about = object_at(await calls.call("users.info", priority=Priority.READ, user=user), "user")
    # Admins of another workspace, as in a shared channel, administer nothing here.
    workspaces = (text_at(about, "team_id"), *list_at(object_at(about, "enterprise_user"), "teams"))
    return calls.workspace in workspaces and (about.get("is_admin") is True or about.get("is_owner") is True)


@dataclass(frozen=True, slots=True)
class Viewers:
    """Who may see what everybody uses: `who` is admins, everybody, or the ids of people."""

    calls: SlackCalls
    who: frozenset[str]
    admins: frozenset[str]

    async def include(self, user: str) -> bool:
        """Whether this person may. Raises PlatformError."""
        if self.who & {EVERYBODY, user}:
            return True
        return ADMINS in self.who and await is_admin(self.calls, user, self.admins)
