"""A meter that remembers what it was told."""

from dataclasses import dataclass, field

from bot.domain.intent import Intent
from bot.domain.reply import Outcome
from bot.domain.usage import Spent


@dataclass(slots=True)
class MemoryMeter:
    """Keeps what happened, without the times, which differ from run to run; whether there was any text is kept."""

    turns: list[tuple[Intent | None, Outcome, bool]] = field(default_factory=list)
    model_calls: list[tuple[str, str, bool, Spent]] = field(default_factory=list)
    platform_calls: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    reconnections: list[str] = field(default_factory=list)

    def turn(self, intent: Intent | None, outcome: Outcome, seconds: float, first_text: float | None) -> None:
        assert 0 <= (first_text or 0) <= seconds
        self.turns.append((intent, outcome, first_text is not None))

    def model_call(self, model: str, outcome: str, seconds: float, first_text: float | None, spent: Spent) -> None:
        assert 0 <= (first_text or 0) <= seconds
        self.model_calls.append((model, outcome, first_text is not None, list(spent)))

    def platform_call(self, method: str, code: str) -> None:
        self.platform_calls.append((method, code))

    def file(self, kind: str, outcome: str) -> None:
        self.files.append((kind, outcome))

    def reconnection(self, reason: str) -> None:
        self.reconnections.append(reason)
