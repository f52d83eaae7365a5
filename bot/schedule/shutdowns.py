"""Warns the admins of models that are in use and will be shut down."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bot.domain.errors import BotError
from bot.domain.models import ModelInfo
from bot.ports import Notices, Now, SettingsStore

log = logging.getLogger(__name__)

AHEAD = (1, 14, 60)
"""So many days before a model's last day there is a warning; who comes to it later gets that one at once."""

TRIES = 3
"""How often this process tries to give an admin the same warning, once on each of its runs."""

MODELS_IN_SETTINGS = ("model", "image_model", "image_edit_model")

IN_SETTINGS = "settings of channels or people"
"""Where a model may be chosen, besides variables."""

Tell = Callable[[str, str], Awaitable[object]]
"""Writes a text to the person with this id. Raises PlatformError where that has certainly not reached them."""


@dataclass(frozen=True, slots=True)
class ShutdownWarnings:
    """Tells each admin once of each model and each of the times ahead; the log, where there are no admins.

    `configured` has the variables by the names of the models that they choose.
    """

    workspace: str
    configured: Mapping[str, tuple[str, ...]]
    settings: SettingsStore
    describe: Callable[[str], ModelInfo]
    admins: frozenset[str]
    notices: Notices
    tell: Tell
    now: Now
    _failed: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def give(self) -> None:
        """Give the warnings that are due today. Raises StoreUnavailable."""
        now = self.now()
        chosen = await self.settings.chosen(self.workspace, MODELS_IN_SETTINGS)
        for notice, warning in self._due({*self.configured, *chosen}, chosen, datetime.fromtimestamp(now, UTC).date()):
            for admin in sorted(self.admins) or [""]:
                if await self.notices.is_first(self.workspace, admin, notice, now):
                    await self._give(admin, notice, warning)

    def _due(self, models: Iterable[str], chosen: frozenset[str], today: date) -> Iterator[tuple[str, str]]:
        for name in sorted(models):
            model = self.describe(name)
            if (ahead := days_ahead(model.shutdown, today)) is not None:
                used = (*self.configured.get(name, ()), *([IN_SETTINGS] if name in chosen else []))
                yield f"shutdown/{name}/{model.shutdown}/{ahead}", warning_of(model, used, today)

    async def _give(self, admin: str, notice: str, warning: str) -> None:
        if not admin:
            log.warning(warning)
            return
        try:
            await self.tell(admin, warning)
        except BotError as error:
            log.warning("%s; an admin was not told: %s", warning, error)
            self._failed[admin, notice] += 1
            if self._failed[admin, notice] < TRIES:
                await self.notices.take_back(self.workspace, admin, notice)


def days_ahead(shutdown: date | None, today: date) -> int | None:
    """Which of the times ahead it is; None while the last day is far away, or unknown."""
    left = ((shutdown or date.max) - today).days
    return next((days for days in AHEAD if left <= days), None)


def warning_of(model: ModelInfo, used: tuple[str, ...], today: date) -> str:
    """What admins read; `used` says where the model is chosen."""
    last_day = model.shutdown or date.max
    name, day, places, days = model.name, last_day.isoformat(), ", ".join(used), (last_day - today).days
    left = "1 day" if days == 1 else f"{days} days"
    ahead = f"will not be served any more from {day} ({left} left)"
    warning = (
        f"The model {name} {ahead if days > 0 else f'is not served any more since {day}'}. "
        f"It is chosen in {places}: please choose another one."
    )
    return f"{warning} Its provider recommends {model.successor}." if model.successor else warning
