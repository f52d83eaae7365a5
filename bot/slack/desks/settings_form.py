"""The settings as a modal: a sheet of settings, drawn for one scope."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field
from enum import StrEnum
from typing import Any

from bot.domain.language import say
from bot.domain.models import ModelInfo, nearest_effort, takes_temperature
from bot.domain.settings import (
    Effort,
    Language,
    Scope,
    Settings,
    Sheet,
    choices_of,
    declared,
    parse_setting,
    print_setting,
)
from bot.slack.desks.settings_memo import Memo, Place, fingerprint
from bot.slack.markup import views
from bot.slack.markup.views import LONGEST_VALUE, MOST_OPTIONS, Block, Element, View

CALLBACK = "chatgpt_settings"
SCOPE = "scope"
RESET = "settings_reset"

NO_VALUE = "as before"
KEPT_VALUE = "as it is"
"""Values of options that stand for no value of one's own, and for one that is too long for an option; no setting takes
a text with a space from a menu."""

REDRAWN_BY = (SCOPE, "model", "reasoning_effort")
"""The controls on which others depend."""

_SAMPLING = frozenset({"temperature", "top_p"})
_LONGEST = {"instructions": 3_000}
_LONGEST_WORD = 200
_MOST_PROBLEMS = 5

_WHOSE = {Scope.USER: "My default", Scope.CHANNEL: "This channel", Scope.THREAD: "This thread"}
_RESET = {
    Scope.USER: ("Reset my default", "Reset my default?"),
    Scope.CHANNEL: ("Reset this channel", "Reset this channel?"),
    Scope.THREAD: ("Reset this thread", "Reset this thread?"),
}
_RESET_MEANS = "All that was set here goes away at once, whatever is entered in the form."
_LANGUAGES = {
    Language.EN: "English",
    Language.DE: "Deutsch",
    Language.FR: "Français",
    Language.ES: "Español",
}
"""Each as those who speak it call it."""

ORIGINS = {
    Scope.DEFAULT: "the default",
    Scope.CHANNEL: "from this channel",
    Scope.USER: "from your settings",
    Scope.THREAD: "from this thread",
}
"""Where a value comes from, in the words of the person who looks at it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What people choose from: the names of `models`, and `defaults` where nobody has chosen anything."""

    models: tuple[str, ...]
    describe: Callable[[str], ModelInfo]
    defaults: Settings


@dataclass(frozen=True, slots=True)
class Form:
    """One drawing: the sheet, the scope whose values are changed, and what was entered but not saved.

    In `edits` None takes the scope's own value away.
    """

    place: Place
    scope: Scope
    sheet: Sheet
    edits: Mapping[str, str | None] = field(default_factory=dict)
    generation: int = 0


def action_of(name: str) -> str:
    """The action_id of a setting's control, or of the scope's."""
    return f"setting_{name}"


def draw(form: Form, offer: Offer) -> View:
    """The modal. Slack's clients keep what was entered where ids stay the same, so that each drawing has new ones."""
    model = offer.describe(_in_force(form, offer, "model"))
    stored = _fitted(own_texts(form.sheet, form.scope), model)
    texts = stored | _fitted({name: text or "" for name, text in form.edits.items()}, model)
    memo = Memo(form.place, form.scope, form.generation, {name: fingerprint(text) for name, text in stored.items()})
    shown = [setting for setting in declared() if _applies(setting.name, form, offer, model)]
    return views.modal(
        say("Settings"),
        [
            *(views.said_plainly(say(problem)) for problem in form.sheet.problems[:_MOST_PROBLEMS]),
            _scopes(form),
            *(_control(setting, texts.get(setting.name, ""), form, offer, model) for setting in shown),
            views.row(_reset(form.scope)),
        ],
        close=say("Cancel"),
        submit=views.plain(say("Save"), 24),
        callback_id=CALLBACK,
        private_metadata=memo.written(),
    )


def own_texts(sheet: Sheet, scope: Scope) -> dict[str, str]:
    """What was made in this scope, by the names of settings."""
    texts = {name: print_setting(value).strip() for name, value in sheet.own.get(scope, {}).items()}
    return {name: text for name, text in texts.items() if text}


def inherited(name: str, form: Form, defaults: Settings) -> tuple[Any, Scope]:
    """What holds when the form's scope has no value of its own, and where that was made."""
    scopes = list(Scope)
    for wider in reversed(scopes[: scopes.index(form.scope)]):
        own = form.sheet.own.get(wider, {})
        if name in own:
            return own[name], wider
    return getattr(defaults, name), Scope.DEFAULT


def worded(value: Any) -> str:
    """A value as people read it; what somebody has written themselves stays as it is."""
    match value:
        case Language():
            return _LANGUAGES[value]
        case bool() | StrEnum():
            return say(print_setting(value))
        case _:
            return print_setting(value) or say("left to the model")


def _in_force(form: Form, offer: Offer, name: str) -> str:
    """The text of what would hold in the form's scope if it were saved as it stands."""
    entered = form.edits[name] if name in form.edits else own_texts(form.sheet, form.scope).get(name)
    return entered or print_setting(inherited(name, form, offer.defaults)[0])


def _fitted(texts: Mapping[str, str], model: ModelInfo) -> dict[str, str]:
    """The texts, with the effort that comes nearest among those that the model offers."""
    nearest = nearest_effort(_effort(texts.get("reasoning_effort", "")), model.efforts)
    return {**texts, "reasoning_effort": nearest} if nearest else dict(texts)


def _effort(text: str) -> Effort | None:
    return next((effort for effort in Effort if effort == text), None)


def _applies(name: str, form: Form, offer: Offer, model: ModelInfo) -> bool:
    """Whether the setting does anything with the chosen model and effort."""
    if name in _SAMPLING:
        effort = _effort(_in_force(form, offer, "reasoning_effort"))
        return takes_temperature(model, nearest_effort(effort, model.efforts))
    return name != "reasoning_effort" or bool(model.efforts)


def _scopes(form: Form) -> Block:
    options = ((scope.value, say(_WHOSE[scope])) for scope in form.place.scopes)
    chooser = views.menu(action_of(SCOPE), options, form.scope)
    return views.labelled(_block_id(SCOPE, form), say("Settings of"), chooser, tells=True)


def _control(setting: Field[Any], text: str, form: Form, offer: Offer, model: ModelInfo) -> Block:
    name, before = setting.name, _as_before(setting.name, form, offer.defaults)
    choices = {"model": offer.models, "reasoning_effort": model.efforts}.get(name) or choices_of(name)
    return views.labelled(
        _block_id(name, form),
        say(setting.metadata["label"]),
        _menu(name, text, before, choices) if choices else _field(name, text, before),
        hint=" ".join(_hints(setting, form)),
        tells=name in REDRAWN_BY,
    )


def _as_before(name: str, form: Form, defaults: Settings) -> str:
    if name == "instructions":
        return say("Whatever you write is added to what others have written")
    value, origin = inherited(name, form, defaults)
    return say("As before: {value} ({origin})", value=worded(value), origin=say(ORIGINS[origin]))


def _menu(name: str, text: str, before: str, choices: tuple[str, ...]) -> Element:
    current = text if len(text) <= LONGEST_VALUE else KEPT_VALUE
    own = [(current, text)] if text and text not in choices[: MOST_OPTIONS - 1] else []
    ours = choices_of(name)
    offered = [
        (choice, worded(parse_setting(name, choice)) if choice in ours else choice)
        for choice in choices
        if len(choice) <= LONGEST_VALUE
    ]
    return views.menu(action_of(name), [(NO_VALUE, before), *own, *offered], current or NO_VALUE)


def _field(name: str, text: str, before: str) -> Element:
    longest = _LONGEST.get(name, _LONGEST_WORD)
    return views.field(action_of(name), text, longest=longest, placeholder=before, multiline=name in _LONGEST)


def _hints(setting: Field[Any], form: Form) -> Iterator[str]:
    meaning = say(setting.metadata["meaning"])
    yield f"{meaning[0].upper()}{meaning[1:]}."
    origin, scopes = form.sheet.origins.get(setting.name, Scope.DEFAULT), list(Scope)
    if scopes.index(origin) > scopes.index(form.scope) and setting.name != "instructions":
        value = worded(getattr(form.sheet.settings, setting.name))
        yield say("For you, {value} holds here ({origin}).", value=value, origin=say(ORIGINS[origin]))


def _reset(scope: Scope) -> Element:
    what, question = map(say, _RESET[scope])
    return views.button(RESET, what, views.confirmation(question, say(_RESET_MEANS), say("Reset"), say("Keep")))


def _block_id(name: str, form: Form) -> str:
    return f"{name}.{form.generation}"
