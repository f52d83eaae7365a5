"""The text of a growing reply, and how it is divided into messages."""

from dataclasses import dataclass, field

from bot.slack.markup.markdown import to_mrkdwn
from bot.slack.markup.neutral import neutral
from bot.slack.markup.segments import Cut, Scan, Urgency
from bot.slack.markup.unfinished import steady

_PLAIN_LIMITS = (3_500, 1_750, 875, 430)
"""Characters of Markdown that are tried, one after the other, for a message without blocks."""

_PLAIN_BYTES = 3_800
"""What chat.update takes as `text`, with room to spare."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one message shows; `cut` says where the next message goes on, and is None while this one is the last."""

    text: str
    cut: Cut | None = None


@dataclass(slots=True)
class Draft:
    """All text so far, the first part of which stands in finished messages.

    Of a text that grows only the part counts whose meaning can no longer change. Mentions are made harmless. `plain`
    says that the current message can show no blocks.
    """

    plain: bool = False
    _news: list[str] = field(default_factory=list)
    _written: str = ""
    _usable: str = ""
    _complete: bool = False
    _start: int = 0
    _opening: str = ""
    _scan: Scan = field(default_factory=Scan)

    def add(self, text: str) -> None:
        """The model wrote this."""
        self._news.append(text)

    @property
    def empty(self) -> bool:
        """True when the model has written nothing that can be seen."""
        return not self._written.strip() and not any(text.strip() for text in self._news)

    def complete(self) -> None:
        """The model writes no more."""
        self._complete = True
        self._news.append("")

    def piece(self, committed: int = 0, urgency: Urgency = Urgency.CALM) -> Piece | None:
        """What the current message should show now; None when there is nothing to see.

        `committed` characters of the message are shown already and cannot be taken back.
        """
        rest = self._text()[self._start :]
        if not rest.strip():
            return None
        if self.plain:
            return self._plain_piece(rest)
        sent = max(0, committed - len(self._opening))
        return self._piece(rest, self._scan.find_cut(rest, sent, urgency, self._complete))

    def advance(self, cut: Cut) -> None:
        """Go on to the next message."""
        self._start += cut.end
        self._opening = cut.opening
        self._scan = Scan(cut.opening)
        self.plain = False

    def _text(self) -> str:
        if self._news:
            self._written = "".join((self._written, *self._news))
            self._news.clear()
            harmless = neutral(self._written)
            self._usable = harmless[: steady(harmless, self._complete)]
        return self._usable

    def _plain_piece(self, rest: str) -> Piece:
        *larger, smallest = (
            self._piece(rest, Scan(self._opening, limit).find_cut(rest, complete=self._complete))
            for limit in _PLAIN_LIMITS
        )
        return next((piece for piece in larger if _fits(piece.text)), smallest)

    def _piece(self, rest: str, cut: Cut | None) -> Piece:
        if cut is None:
            return Piece(self._opening + rest)
        return Piece(self._opening + rest[: cut.end] + cut.closing, cut)


def _fits(text: str) -> bool:
    """True when the text without blocks is not longer than Slack takes; Markdown may grow as mrkdwn."""
    return len(to_mrkdwn(text, limit=10 * _PLAIN_BYTES).encode()) <= _PLAIN_BYTES
