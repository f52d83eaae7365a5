"""What a person has entered into the settings form: a view as Slack returns it, read without trust."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.language import say
from bot.domain.settings import Scope, declared
from bot.slack.desks.settings_form import KEPT_VALUE, NO_VALUE, SCOPE
from bot.slack.desks.settings_memo import Place, chosen_scope, fingerprint, read_memo
from bot.slack.payload import Json, object_at, objects_at, text_at

_LABELS: Mapping[str, str] = {setting.name: setting.metadata["label"] for setting in declared()}


@dataclass(frozen=True, slots=True)
class Entry:
    """The scope that was chosen, and what is to change in it: only what differs from what the form has shown as stored.

    `blocks` has the id of the block of each control that was there.
    """

    place: Place
    scope: Scope
    generation: int
    changes: Mapping[str, str | None]
    blocks: Mapping[str, str]

    def errors(self, problems: Mapping[str, str]) -> dict[str, str]:
        """Problems, by setting, as errors at their blocks; those of settings that were not there stand at the scope."""
        here = {
            self.blocks[name]: say("It {problem}.", problem=say(problem))
            for name, problem in problems.items()
            if name in self.blocks
        }
        elsewhere = [
            say('The setting "{label}" {problem}.', label=say(_LABELS.get(name, name)), problem=say(problems[name]))
            for name in problems.keys() - self.blocks.keys()
        ]
        return here | (self._at_scope(" ".join(elsewhere)) if elsewhere else {})

    def trouble(self, sentence: str) -> dict[str, str]:
        """A sentence about all of it, as an error at the scope."""
        return self._at_scope(say(sentence))

    def _at_scope(self, said: str) -> dict[str, str]:
        return {self.blocks.get(SCOPE, SCOPE): said}


def read_entry(view: Json) -> Entry:
    """What this view of the form holds."""
    memo = read_memo(text_at(view, "private_metadata"))
    blocks = {text_at(block, "block_id").rpartition(".")[0]: block for block in objects_at(view, "blocks")}
    controls = {name: block for name, block in blocks.items() if object_at(block, "element")}
    entered = {name: _entered(view, block) for name, block in controls.items()}
    changes = {
        name: text or None
        for name in _LABELS
        if (text := entered.get(name)) is not None and fingerprint(text) != memo.shown.get(name, "")
    }
    return Entry(
        memo.place,
        chosen_scope(entered.get(SCOPE) or "", memo.place, memo.scope),
        memo.generation,
        changes,
        {name: text_at(block, "block_id") for name, block in controls.items()},
    )


def _entered(view: Json, block: Json) -> str | None:
    """What the control in this block holds, empty for no value of one's own; None where it is to stay as it is."""
    element = object_at(block, "element")
    state = object_at(view, "state", "values", text_at(block, "block_id"), text_at(element, "action_id"))
    # What the state leaves out stands as it was drawn.
    option = object_at(state, "selected_option") if state else object_at(element, "initial_option")
    chosen = text_at(option, "value")
    if chosen == KEPT_VALUE:
        return None
    if chosen:
        return "" if chosen == NO_VALUE else chosen
    return (text_at(state, "value") if state else text_at(element, "initial_value")).strip()
