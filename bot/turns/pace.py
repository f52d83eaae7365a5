"""How many turns somebody has had in the last minute."""

from collections import deque
from dataclasses import dataclass, field

from bot.domain.recent import Recent
from bot.ports import Now

MINUTE = 60.0

REMEMBERED = 10_000
"""How many people and channels are kept in mind; those that have been quiet for the longest are forgotten first."""


@dataclass(slots=True)
class Pace:
    """Counts turns by name. It starts anew with the process: a minute is soon over."""

    now: Now
    _begun: Recent[str, deque[float]] = field(default_factory=lambda: Recent(REMEMBERED))

    def wait(self, name: str, most: int) -> float:
        """Seconds until this name may have another turn of `most` in a minute; 0 at once, and always where it is 0."""
        begun = self._begun.get(name)
        if not begun or not most:
            return 0.0
        now = self.now()
        while begun and begun[0] <= now - MINUTE:
            begun.popleft()
        return begun[-most] + MINUTE - now if len(begun) >= most else 0.0

    def note(self, name: str, most: int) -> None:
        """A turn begins; only as many are kept in mind as `most` asks for."""
        self._begun[name] = deque((*self._begun.get(name, ()), self.now()), maxlen=most)
