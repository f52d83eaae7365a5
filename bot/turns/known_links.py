"""Which addresses an answer may make people click on: those that the conversation knew before it was written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from bot.domain.conversation import Message, Turn

_ADDRESS = re.compile(r"https?://(?:[^\s<>()\[\]\"`\\|]|\([^\s<>()\[\]\"`\\|]*\)){1,2000}", re.IGNORECASE)
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_PLAIN = re.compile(r"https?://(?P<host>[a-z0-9.-]{1,253})(?::\d{1,5})?(?:[/?#][!-\[\]-~]*)?", re.IGNORECASE)
"""An address whose host nobody can read in two ways: without a user, a backslash, or letters beyond ASCII."""

_ENDING = ".,;:!?'*_~"


@dataclass(slots=True)
class KnownLinks:
    """The addresses that were there before the answer, and the hosts to which links may lead in any case.

    An address counts as known as a whole, or without what follows its path. One that says more than the known one does
    not: what was added could carry off what the model has read. A host stands for those below it, too.
    """

    hosts: frozenset[str] = frozenset()
    _known: set[str] = field(default_factory=set)

    def add(self, address: str) -> None:
        """This address is known now."""
        if whole := _canonical(address):
            self._known |= {whole, re.split("[?#]", whole, maxsplit=1)[0]}

    def hear(self, messages: Iterable[Message]) -> None:
        """What people wrote is known, and what the bot wrote, code excepted: there it shows what it may not link to."""
        for message in messages:
            text = _CODE.sub(" ", message.text) if message.from_bot else message.text
            for found in _ADDRESS.finditer(text):
                self.add(found[0])
                self.add(found[0].rstrip(_ENDING))

    def __contains__(self, address: str) -> bool:
        plain = address.replace("&amp;", "&")
        return _canonical(plain) in self._known or self._is_at_home(plain)

    def _is_at_home(self, address: str) -> bool:
        found = _PLAIN.fullmatch(address)
        host = found["host"].lower() if found else ""
        return bool(host) and any(host == known or host.endswith(f".{known}") for known in self.hosts)


def is_foreign(turn: Turn) -> bool:
    """True when an answer to this turn may rest on what others than the asker wrote: files, and people's messages."""
    messages, asker = turn.conversation.messages, turn.message.author.id
    return bool(turn.files) or any(
        message.attachments or (not message.from_bot and message.author.id != asker) for message in messages
    )


def _canonical(address: str) -> str | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc or "\\" in address:
        return None
    return urlunsplit(parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/"))
