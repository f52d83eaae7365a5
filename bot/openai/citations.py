"""What an answer says about the pages on which it rests: beside its text as annotations, and in it as marks."""

import re
from collections.abc import Callable, Iterable, Iterator
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


@dataclass(slots=True)
class Cited:
    """The pages and the files that an answer has cited, each of which is told once."""

    _told: set[str] = field(default_factory=set)

    def by(self, annotations: Iterable[object]) -> list[Citation]:
        """What these annotations cite and none before did. Other kinds of annotations mean nothing here."""
        return [cited for annotation in annotations if (cited := _cited(annotation)) and self._is_new(cited)]

    def _is_new(self, cited: Citation) -> bool:
        mark = cited.url or cited.title
        is_new = len(self._told) < _MOST and mark not in self._told
        if is_new:
            self._told.add(mark)
        return is_new


def annotations_of(item: object) -> Iterator[object]:
    """All annotations of an output item."""
    return (annotation for part in list_of(item, "content") for annotation in list_of(part, "annotations"))


def _cited(annotation: object) -> Citation | None:
    match text_of(annotation, "type"):
        case "url_citation" if _ADDRESS.fullmatch(url := text_of(annotation, "url")):
            return Citation(url, _title(text_of(annotation, "title")))
        case "file_citation" if name := _title(text_of(annotation, "filename")):
            return Citation("", name)
        case _:
            return None


def _title(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TITLE]


def _nothing(_mark: re.Match[str]) -> str:
    return ""


@dataclass(slots=True)
class Unmarked:
    """A text that comes in pieces, without the marks of citations; what may become one is held back.

    `mark` is what is replaced, by what `instead` gives; `begun` is the end of a text that a mark may have begun with.
    """

    mark: re.Pattern[str] = _MARK
    begun: re.Pattern[str] = _BEGUN
    instead: Callable[[re.Match[str]], str] = _nothing
    _held: str = ""

    def take(self, piece: str) -> str:
        """As much of the text as may be shown now."""
        text = self._held + piece
        begun = self.begun.search(text)
        end = begun.start() if begun else len(text)
        self._held = text[end:]
        return self.mark.sub(self.instead, text[:end])

    def rest(self) -> str:
        """What was held back, when nothing follows that could make a mark of it."""
        held, self._held = self._held, ""
        return self.mark.sub(self.instead, held)
