"""What the settings form remembers from one drawing to the next, in the view itself."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.settings import Holder, Scope
from bot.slack.payload import object_at, parsed, text_at, whole_number_at

_CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,30}")
_ROOT = re.compile(r"\d{1,12}\.\d{1,8}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody opened the form; empty where there is no channel, or no thread."""

    channel: str = ""
    root: str = ""

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Whose settings can be changed from here, in the order in which they are offered."""
        offered = {Scope.USER: True, Scope.CHANNEL: bool(self.channel), Scope.THREAD: bool(self.channel and self.root)}
        return tuple(scope for scope, here in offered.items() if here)

    def holder(self, scope: Scope, workspace: str, user: str) -> Holder:
        """Who has the settings of this scope, for this person and here."""
        match scope:
            case Scope.CHANNEL:
                return Holder(scope, workspace, self.channel)
            case Scope.THREAD:
                return Holder(scope, workspace, f"{self.channel}/{self.root}")
            case _:
                return Holder(Scope.USER, workspace, user)


@dataclass(frozen=True, slots=True)
class Memo:
    """The place, whose settings were drawn, how often, and a fingerprint of each value that the scope had then.

    By the fingerprints a value that a person has changed is told from one that somebody else has changed meanwhile.
    """

    place: Place = Place()
    scope: Scope = Scope.USER
    generation: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> str:
        """As `private_metadata`, of which Slack takes 3,000 characters; the values themselves would not fit."""
        return json.dumps(
            {
                "channel": self.place.channel,
                "root": self.place.root,
                "scope": self.scope,
                "generation": self.generation,
                "shown": dict(self.shown),
            }
        )


def read_memo(text: str) -> Memo:
    """What `written` wrote; whatever does not look like it reads as if nothing was remembered."""
    said = parsed(text)
    channel, root = text_at(said, "channel"), text_at(said, "root")
    place = Place(
        channel if _CHANNEL.fullmatch(channel) else "",
        root if _ROOT.fullmatch(root) else "",
    )
    shown = object_at(said, "shown")
    return Memo(
        place,
        chosen_scope(text_at(said, "scope"), place, Scope.USER),
        max(whole_number_at(said, "generation"), 0),
        {name: text_at(shown, name) for name in shown},
    )


def chosen_scope(text: str, place: Place, otherwise: Scope) -> Scope:
    """The scope with this name, if it can be changed from this place."""
    return next((scope for scope in place.scopes if scope == text), otherwise)


def fingerprint(text: str) -> str:
    """A few characters that tell this text from others; none for no text."""
    return hashlib.blake2s(text.encode(errors="surrogatepass"), digest_size=6).hexdigest() if text else ""
