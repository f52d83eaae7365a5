"""A function that looks up what a person shows of themselves, and what time it is for them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.domain.conversation import Person, Turn
from bot.domain.reply import StatusChange
from bot.domain.tools import Function
from bot.ports import FindPeople, Now, ProfileOf

NAME = "look_up_person"
LOOKING = StatusChange("looking somebody up", foreign=True)

NOBODY = (
    "Nobody is known by this name. Those are known who write or are mentioned where you are; whoever is asking can"
    " mention the person with an @."
)

_DESCRIPTION = (
    "Looks up a person of this workspace: name, title, time zone, local time now, status. Given a name as it stands in"
    " this conversation, a mention, or an id."
)
_PARAMETERS = {
    "type": "object",
    "properties": {"who": {"type": "string", "description": "The name, mention or id of the person."}},
    "required": ["who"],
    "additionalProperties": False,
}


def person_finder(find: FindPeople, profile_of: ProfileOf, now: Now, turn: Turn) -> Function:
    """The function for this turn.

    Guests, and people of other workspaces, see only those in Slack with whom they share a channel: for them, only who
    has written in this conversation is looked up.
    """

    async def look_up(arguments: Mapping[str, object]) -> str:
        asker, workspace = turn.message.author.id, turn.message.thread.workspace
        found = await find(str(arguments["who"]))
        profile = await profile_of(asker)
        if profile is None or profile.is_guest or profile.workspace != workspace:
            here = {message.author.id for message in turn.conversation.messages}
            found = tuple(person for person in found if person.id in here)
        return "\n\n".join(described(person, now()) for person in found) or NOBODY

    return Function(NAME, _DESCRIPTION, _PARAMETERS, LOOKING, look_up)


def described(person: Person, now: float) -> str:
    """The person in lines, without what they do not show; `now` is in seconds since the epoch."""
    there = datetime.fromtimestamp(now + (person.utc_offset or 0), UTC)
    known = person.utc_offset is not None
    lines = {
        "Name": person.name,
        "Title": person.title,
        "Time zone": person.time_zone,
        "Local time": f"{there:%A, %Y-%m-%d %H:%M}" if known else "",
        "Status, in their own words": person.status,
    }
    return "\n".join(f"{label}: {value}" for label, value in lines.items() if value)
