"""What settings mean: laid over one another for a person in a place, checked when they are changed."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.language import month_of
from bot.domain.models import ModelInfo
from bot.domain.settings import (
    Holder,
    Scope,
    SettingInvalid,
    Settings,
    Sheet,
    declared,
    parse_setting,
    print_setting,
    resolve,
)
from bot.ports import Now, SettingsStore

log = logging.getLogger(__name__)

Texts = Mapping[Scope, Mapping[str, str]]
Values = Mapping[Scope, Mapping[str, Any]]

LABELS = {declaration.name: declaration.metadata["label"] for declaration in declared()}

_NOT_KEPT = {
    Scope.CHANNEL: 'I cannot keep to this channel\'s setting "{label}": it {problem}.',
    Scope.USER: 'I cannot keep to your setting "{label}": it {problem}.',
    Scope.THREAD: 'I cannot keep to this thread\'s setting "{label}": it {problem}.',
}
_WISH = {
    Scope.DEFAULT: "For everybody here",
    Scope.CHANNEL: "In this channel",
    Scope.USER: "The person who asks wishes",
    Scope.THREAD: "In this thread",
}
"""Says to the model whose instructions follow."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The settings desk: the operator's defaults, and over them what people have chosen."""

    store: SettingsStore
    defaults: Settings
    describe: Callable[[str], ModelInfo]
    now: Now

    async def sheet(self, workspace: str, channel: str, user: str, root: str = "") -> Sheet:
        """The settings that hold for this person in this channel and, when there is one, thread.

        Raises what the store raises.
        """
        stored = await self.store.overrides(holders(workspace, channel, user, root))
        return self._laid_out({holder.scope: texts for holder, texts in stored.items()})

    def untouched(self) -> Sheet:
        """The settings that hold where nobody has chosen anything."""
        return self._laid_out({})

    async def save(self, holder: Holder, changes: Mapping[str, str | None], by: str) -> dict[str, str]:
        """Change settings, given as texts; None takes a holder's own value away. All or nothing.

        Returns what is wrong, by setting, in words that go on after "It "; empty when it is saved. Raises what the
        store raises.
        """
        kept: dict[str, str | None] = {}
        problems: dict[str, str] = {}
        for name, text in changes.items():
            try:
                kept[name] = self._checked(name, text)
            except SettingInvalid as problem:
                problems[name] = str(problem)
        if not problems:
            await self.store.override(holder, kept, by, self.now())
            log.info("%s changed settings of %s %s: %s", by, holder.scope, holder.id, ", ".join(kept))
        return problems

    async def reset(self, holder: Holder, by: str) -> None:
        """Take all of a holder's own values away. Raises what the store raises."""
        await self.store.clear(holder)
        log.info("%s took the settings of %s %s away", by, holder.scope, holder.id)

    def _laid_out(self, stored: Texts) -> Sheet:
        return in_service(laid_over(self.defaults, stored), self.defaults.model, self.describe, self._today())

    def _checked(self, name: str, text: str | None) -> str | None:
        """The text as it is kept. Raises SettingInvalid."""
        if text is None:
            return None
        value = _parsed(name, text)
        if name == "model" and (day := self.describe(value).shutdown) and day <= self._today():
            raise SettingInvalid(f"was shut down on {_written(day)}")
        # Instructions add up, so that none are the same as no setting at all.
        return None if name == "instructions" and not value else print_setting(value)

    def _today(self) -> date:
        return datetime.fromtimestamp(self.now(), UTC).date()


def holders(workspace: str, channel: str, user: str, root: str = "") -> tuple[Holder, ...]:
    """All whose settings count for this person in this channel and thread; what is empty has none."""
    ids = {
        Scope.CHANNEL: channel,
        Scope.USER: user,
        Scope.THREAD: f"{channel}/{root}" if channel and root else "",
    }
    return tuple(Holder(scope, workspace, id_) for scope, id_ in ids.items() if id_)


def laid_over(defaults: Settings, stored: Texts) -> Sheet:
    """The sheet of these settings; those that this version cannot use are left out, and are its problems."""
    own, problems = _understood(stored)
    origins = dict.fromkeys(LABELS, Scope.DEFAULT) | {name: scope for scope in Scope for name in own.get(scope, {})}
    labelled = {scope: _labelled(scope, values) for scope, values in own.items()}
    wishes = _labelled(Scope.DEFAULT, {"instructions": defaults.instructions})
    return Sheet(resolve(replace(defaults, **wishes), labelled), origins, own, problems)


def in_service(sheet: Sheet, default: str, describe: Callable[[str], ModelInfo], today: date) -> Sheet:
    """The sheet with the default model in place of one that its provider has shut down.

    Where the default is shut down too, the choice stays: nothing better is known.
    """
    chosen = sheet.settings.model
    day, last_of_default = describe(chosen).shutdown, describe(default).shutdown
    if day is None or day > today or (last_of_default and last_of_default <= today):
        return sheet
    return replace(
        sheet,
        settings=replace(sheet.settings, model=default),
        origins={**sheet.origins, "model": Scope.DEFAULT},
        problems=(
            *sheet.problems,
            f"The model {chosen} was shut down on {_written(day)}, so {default} answers instead.",
        ),
    )


def _understood(stored: Texts) -> tuple[Values, tuple[str, ...]]:
    """What these texts mean, and in sentences what they do not: a newer or older version may have written them."""
    own: dict[Scope, dict[str, Any]] = {}
    problems: list[str] = []
    for scope, texts in stored.items():
        own[scope] = {}
        for name, text in texts.items():
            try:
                own[scope][name] = _parsed(name, text)
            except SettingInvalid as problem:
                log.warning("the setting %s of a %s is ignored: it %s", name, scope, problem)
                problems.append(_NOT_KEPT[scope].format(label=LABELS.get(name, name), problem=problem))
    return own, tuple(problems)


def _parsed(name: str, text: str) -> Any:
    if name not in LABELS:
        raise SettingInvalid("is not known here")
    return parse_setting(name, text)


def _labelled(scope: Scope, values: Mapping[str, Any]) -> dict[str, Any]:
    wish = values.get("instructions")
    return {**values, "instructions": f"{_WISH[scope]}: {wish}"} if wish else dict(values)


def _written(day: date) -> str:
    return f"{day.day} {month_of(day)} {day.year}"
