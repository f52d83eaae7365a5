"""Remembers what was in the files that were read lately."""

from collections import OrderedDict
from dataclasses import dataclass, field

from bot.domain.files import Document, FileContent, Picture, Transcript, Unusable


@dataclass(slots=True)
class Memory:
    """What was in files that were read lately, at most `room` bytes of it; it dies with the process."""

    room: int
    _contents: OrderedDict[str, FileContent] = field(default_factory=OrderedDict)
    _filled: int = 0

    def recall(self, file_id: str) -> FileContent | None:
        content = self._contents.get(file_id)
        if content is not None:
            self._contents.move_to_end(file_id)
        return content

    def keep(self, file_id: str, content: FileContent) -> None:
        """Remember this, and forget what was not asked for the longest."""
        if file_id in self._contents:
            self._filled -= size_of(self._contents.pop(file_id))
        self._contents[file_id] = content
        self._filled += size_of(content)
        while self._filled > self.room:
            _, forgotten = self._contents.popitem(last=False)
            self._filled -= size_of(forgotten)


def size_of(content: FileContent) -> int:
    """About how many bytes this takes in memory."""
    match content:
        case Picture(data=data):
            return len(data)
        case Document(sections=sections):
            return sum(4 * len(section.text) + len(section.scan or b"") for section in sections)
        case Transcript(text=text):
            return 4 * len(text)
        case Unusable():
            return 0
