"""The language in which the bot says its own words: notes, statuses, explanations.

Sentences stand in English where they are made, and are translated where they leave for people. The English sentence is
the key: a table of texts maps it, with {names} in the place of what varies, to the same sentence in another language.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from bot.domain.settings import Language

Texts = Mapping[str, str]
"""English sentences with what they are in one other language."""

SpeakingTo = Callable[[str], AbstractAsyncContextManager[None]]
"""Inside, `say` speaks with the person of this id, as one does when nobody else listens."""

_NAME = re.compile(r"\{(\w+)\}")
_RUN = r"[\d,]+(?:–[\d,]+)?"
_SHAPES: Mapping[str, str] = {
    "number": r"[\d,]+",
    "total": r"[\d,]+",
    "run": _RUN,
    "list": rf"{_RUN}(?:, {_RUN})*",
    "runs": rf"{_RUN}(?:(?:, | and ){_RUN})*",
    "unit": r"[a-z]+",
    "time": r"\d+ [a-z]+",
    "name": "`[^`]*`",
    "names": "`.*",
    "extent": r"[a-z]+ \d.*",
    "place": r"[a-z]+ \d+: [^;]+",
    "part": "[^;]+",
    "rows": r"rows? \d.*",
    "columns": r"columns? [A-Z].*",
    "letters": "[A-Z]+(?:–[A-Z]+)?",
    "all": "[A-Z]+(?:–[A-Z]+)?",
    "label": '[^"]+',
    "day": r"the first of [A-Z][a-z]+|\d+ [A-Z][a-z]+ \d{4}",
    "date": r"\d{1,2}",
    "month": "[A-Z][a-z]+",
    "year": r"\d{4}",
}
"""What may stand in the place of a name; anything may where it is not listed."""

_VERBATIM = frozenset({"name", "names", "query", "command", "model", "successor", "server", "choices"})
"""Names of what is no sentence of ours, and never translated."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Not strftime's, which speaks the machine's language."""


@dataclass(slots=True)
class Voice:
    """How one reply speaks: in `language` as far as there are texts for it, in English otherwise."""

    texts: Mapping[Language, Texts] = field(default_factory=dict)
    language: Language = Language.EN


_voice: ContextVar[Voice] = ContextVar("voice")


@contextmanager
def speaking(voice: Voice) -> Iterator[None]:
    """Inside, and in the tasks that begin there, `say` speaks with this voice."""
    token = _voice.set(voice)
    try:
        yield
    finally:
        _voice.reset(token)


@asynccontextmanager
async def as_spoken(_person: str) -> AsyncIterator[None]:
    """Goes on in the language that is spoken already; in English, where none is."""
    yield


def speak(language: Language) -> None:
    """Go on in this language, also in tasks that have begun already: a status shows before the settings are known.

    Raises LookupError outside of `speaking`.
    """
    _voice.get().language = language


def say(english: str, **parts: str) -> str:
    """The sentence in the language that is spoken, with the parts in the places of their names.

    A sentence whose parts are in it already is known by its shape, and the parts that are words of ours are translated
    with it. What has no translation stays English.
    """
    voice = _voice.get(None)
    return translated(english, voice.texts.get(voice.language, {}) if voice else {}, **parts)


def translated(english: str, texts: Texts, **parts: str) -> str:
    """The same by this table."""
    if parts or english in texts:
        text = texts.get(english, english)
        return text.format(**parts) if parts else text
    for template in _with_names(tuple(texts)):
        if found := _pattern(template).fullmatch(english):
            said = found.groupdict()
            return texts[template].format(
                **{name: part if name in _VERBATIM else translated(part, texts) for name, part in said.items()}
            )
    return english


def month_of(day: date) -> str:
    """The name of the month in which the day lies."""
    return MONTHS[day.month - 1]


@cache
def _with_names(sentences: tuple[str, ...]) -> tuple[str, ...]:
    """Those with names in them; what says most in its own words comes first."""
    return tuple(sorted(filter(_NAME.search, sentences), key=lambda each: len(_NAME.sub("", each)), reverse=True))


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pieces = _NAME.split(template)
    return re.compile(
        "".join(
            f"(?P<{piece}>{_SHAPES.get(piece, '.+')})" if number % 2 else re.escape(piece)
            for number, piece in enumerate(pieces)
        ),
        re.DOTALL,
    )
