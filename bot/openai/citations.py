"""What an answer says about the pages on which it rests: beside its text as annotations, and in it as marks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.reply import Citation
from bot.openai.fields import list_of, text_of

_MOST = 100

_ADDRESS = re.compile(r"https?://[^\s<>|\"\x00-\x1f]{1,2000}", re.IGNORECASE)
_LONGEST_TITLE = 300

_MARK = re.compile(r"\ue200[^\ue201]{0,200}\ue201|【[\d:]{1,12}†[^【】\n]{0,80}】|[\ue200-\ue206]")
"""Marks that models write for programs: `citeturn0search1` between two private characters, or `【4†source】`."""

_BEGUN = re.compile(r"(?:\ue200[^\ue201]{0,200}|【[\d:]{0,12}(?:(?<=[\d:])†[^【】\n]{0,80})?)\Z")
"""A mark of which the end may still come."""

_FIRST = re.compile("[\ue200-\ue206【]")


@dataclass(slots=True)
class Cited:
    """The pages that an answer has cited, each of which is told once."""

    _addresses: set[str] = field(default_factory=set)

    def by(self, annotations: Iterable[object]) -> list[Citation]:
        """The pages that these annotations cite and none before did. Other kinds of annotations mean nothing here."""
        return [
            self._told(url, text_of(annotation, "title"))
            for annotation in annotations
            if text_of(annotation, "type") == "url_citation" and self._is_new(url := text_of(annotation, "url"))
        ]

    def by_item(self, item: object) -> list[Citation]:
        """The same for all annotations of an output item."""
        return self.by(annotation for part in list_of(item, "content") for annotation in list_of(part, "annotations"))

    def _is_new(self, url: str) -> bool:
        return len(self._addresses) < _MOST and url not in self._addresses and bool(_ADDRESS.fullmatch(url))

    def _told(self, url: str, title: str) -> Citation:
        self._addresses.add(url)
        return Citation(url, " ".join(title.split())[:_LONGEST_TITLE])


@dataclass(slots=True)
class Unmarked:
    """A text that comes in pieces, without the marks of citations; what may become one is held back."""

    _held: str = ""

    def take(self, piece: str) -> str:
        """As much of the text as may be shown now."""
        if not self._held and not _FIRST.search(piece):
            return piece
        text = self._held + piece
        begun = _BEGUN.search(text)
        end = begun.start() if begun else len(text)
        self._held = text[end:]
        return _MARK.sub("", text[:end])

    def rest(self) -> str:
        """What was held back, when nothing follows that could make a mark of it."""
        held, self._held = self._held, ""
        return _MARK.sub("", held)
