"""An admission over doubles; where nothing else is said, it lets everybody in."""

from bot.domain.conversation import Profile
from bot.ports import Now
from bot.turns.admission import Admission
from bot.turns.limits import Amounts, Limits
from bot.turns.pace import Pace
from bot.turns.policy import Policy
from tests.doubles.platform import MemoryPlatform
from tests.doubles.records import MemoryNotices, MemoryUsage


def open_door(
    platform: MemoryPlatform,
    policy: Policy | None = None,
    amounts: Amounts | None = None,
    *,
    people: dict[str, Profile] | None = None,
    usage: MemoryUsage | None = None,
    now: Now = lambda: 1700000100.0,
) -> Admission:
    """The door of workspace T1; whoever is not among `people` has no profile that could be read."""

    async def profile_of(user: str) -> Profile | None:
        return (people or {}).get(user)

    limits = Limits(amounts or Amounts(), usage or MemoryUsage(), Pace(now), now)
    return Admission(
        policy or Policy(strangers=True),
        limits,
        profile_of,
        platform,
        MemoryNotices(),
        is_direct=lambda thread: thread.channel.startswith("D"),
        now=now,
    )
