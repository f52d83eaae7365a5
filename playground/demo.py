"""The workspace of the demo: a small company, its channels, and what people there have said so far."""

import time
from itertools import combinations

from playground.slack.directory import ChannelKind, User
from playground.slack.workspace import Workspace

_PEOPLE = ("Maya Lindqvist", "Tomás Oyelaran", "Priya Raman", "Jun Park")


class Clock:
    """Tells the time in seconds since the epoch, or the one in `stands_at`."""

    def __init__(self) -> None:
        self.stands_at: float | None = None

    def __call__(self) -> float:
        return time.time() if self.stands_at is None else self.stands_at


def yesterday(clock_time: str) -> float:
    """Yesterday at this local time, such as `9:41`."""
    hour, minute = map(int, clock_time.split(":"))
    now = time.localtime()
    return time.mktime((now.tm_year, now.tm_mon, now.tm_mday - 1, hour, minute, 0, 0, 0, -1))


async def sample_workspace() -> Workspace:
    """A workspace in which people have talked since yesterday, and nobody has spoken to the bot yet."""
    clock = Clock()
    clock.stands_at = yesterday("8:00")
    workspace = Workspace("Fernhill Bicycles", now=clock)
    maya, tomas, priya, jun = people = [_hire(workspace, name) for name in _PEOPLE]
    everybody: list[str | User] = [*people, workspace.bot.user_id]
    general = workspace.add_channel("general", everybody, topic="What everybody should know")
    support = workspace.add_channel("support", everybody, topic="Questions from customers")
    random = workspace.add_channel("random", everybody, topic="Everything else")
    for person in people:
        workspace.open_dm(person.id)
    direct = {pair: workspace.add_channel("", pair, ChannelKind.IM) for pair in combinations([p.id for p in people], 2)}

    async def say(at: str, person: User, channel_id: str, text: str, thread: str | None = None) -> str:
        clock.stands_at = yesterday(at)
        message = await workspace.post_as(person.id, channel_id, text, thread_ts=thread)
        return str(message["ts"])

    await say("9:12", maya, general.id, "Good morning! The spring catalogue is ready: https://example.com/spring")
    await say("9:13", maya, general.id, "Please look through your pages before *Friday*.")
    await say("9:30", jun, general.id, "Page 4 has the old price of the `Kestrel 3`. Everything else looks good.")
    await say("9:41", tomas, general.id, "Lovely photographs this year!")
    question = await say(
        "10:05", priya, support.id, "A customer asks how long a bicycle may be returned. 14 days or 30?"
    )
    await say("10:11", jun, support.id, "30 days since March, if it was not ridden in the rain. :smile:", question)
    await say("10:12", priya, support.id, "Thank you, I shall tell her.", question)
    await say("12:20", tomas, random.id, "Who is coming along the river on Sunday?\n- 40 km, flat\n- cake at the mill")
    await say("12:24", priya, random.id, "I am in!")
    await say("14:02", maya, direct[maya.id, tomas.id].id, "Could you take my stand at the fair for an hour?")
    await say("14:03", tomas, direct[maya.id, tomas.id].id, "Of course.")
    await say(
        "16:50", maya, general.id, "We have a new colleague: type `@`, choose ChatGPT, and it answers in a thread."
    )
    clock.stands_at = None
    return workspace


def _hire(workspace: Workspace, full_name: str) -> User:
    first_name = full_name.split(maxsplit=1)[0]
    person = workspace.add_user(first_name.lower(), full_name)
    person.display_name = first_name
    return person
