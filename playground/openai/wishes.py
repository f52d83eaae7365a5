"""What people want, as far as plain words tell: the demo's stand-in for a model that understands (pure)."""

import json
import re
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import Any

from playground.openai.decisions import simplest

_PICTURE = r"(?:picture|image|drawing|painting|illustration|photo|logo|icon|poster|sketch)"
_DRAW = re.compile(
    rf"\b(?:draw|paint|sketch|illustrate)\b|\b(?:make|create|generate|design)\b.{{0,40}}\b{_PICTURE}\b", re.IGNORECASE
)
_CHANGE = re.compile(
    r"\b(?:make|turn|change|edit|paint|draw|colou?r|redo)\s+(?:it|this|that|them|the)\b"
    r"|\b(?:add|remove|replace|put)\b|\b(?:bluer|darker|brighter|warmer|larger|smaller)\b",
    re.IGNORECASE,
)


class Wish(Enum):
    """What a message is about."""

    TALK = auto()
    DRAW = auto()
    CHANGE = auto()


def wish_of(text: str, *, picture: bool) -> Wish:
    """The wish in a text; only where there is a picture can one be changed."""
    if picture and _CHANGE.search(text):
        return Wish.CHANGE
    return Wish.DRAW if _DRAW.search(text) else Wish.TALK


def decide_by_words(schema: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Chooses a word for each name of a schema of enums, by the wish in a question that is JSON.

    `message` is what was written, `attached` lists the kinds of files, `earlier_picture` tells whether the thread has
    one. A question in other words counts as a message.
    """
    seen = _parsed(text)
    attached = [str(kind) for kind in seen.get("attached") or ()]
    has_picture = any("pic" in kind or "image" in kind for kind in attached)
    earlier = bool(seen.get("earlier_picture"))
    words = {
        Wish.DRAW: ("image_generate", "none"),
        Wish.CHANGE: ("image_edit", "attached" if has_picture else "earlier"),
        Wish.TALK: ("vision" if has_picture else "document" if attached else "text", "none"),
    }[wish_of(str(seen.get("message", "")), picture=has_picture or earlier)]
    return {
        name: _first_of((*words, "high"), child["enum"]) if "enum" in child else simplest(child)
        for name, child in schema["properties"].items()
    }


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        seen = json.loads(text)
    except ValueError:
        seen = None
    return seen if isinstance(seen, dict) else {"message": text}


def _first_of(wanted: Iterable[str], offered: list[str]) -> str:
    return next((word for word in wanted if word in offered), offered[0])
