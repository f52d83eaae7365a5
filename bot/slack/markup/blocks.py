"""The blocks of which the bot's messages consist."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.markup.markdown import escaped, shortened

Block = dict[str, Any]

NOTE_BLOCK_ID = "chatgpt_note"
STATUS_BLOCK_ID = "chatgpt_status"
SOURCES_BLOCK_ID = "chatgpt_sources"
FOOTER_BLOCK_ID = "chatgpt_footer"
FEEDBACK_BLOCK_ID = "chatgpt_feedback"
APPROVAL_BLOCK_ID = "chatgpt_approval"

_ASIDES = frozenset({NOTE_BLOCK_ID, STATUS_BLOCK_ID, SOURCES_BLOCK_ID, FOOTER_BLOCK_ID, FEEDBACK_BLOCK_ID})

_LONGEST_TEXT = 2_000
"""What a text in a context block may hold, its escapes counted."""


@dataclass(frozen=True, slots=True)
class Below:
    """What stands below an answer. The note is plain text and has to be seen; an answer can do without the rest."""

    note: str | None = None
    sources: tuple[Block, ...] = ()
    footer: tuple[Block, ...] = ()
    buttons: tuple[Block, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.blocks)

    @property
    def blocks(self) -> list[Block]:
        """All of it, from top to bottom."""
        return [*self.sources, *(note_blocks(self.note) if self.note else ()), *self.footer, *self.buttons]

    @property
    def smaller(self) -> "Below | None":
        """What is tried when Slack does not take this; None when only the note is left."""
        if self.buttons:
            return Below(self.note, self.sources, self.footer)
        return Below(self.note) if self.sources or self.footer else None


NOTHING = Below()


def answer_blocks(markdown: str, below: Below = NOTHING) -> list[Block]:
    """An answer, and what stands below it.

    Slack reads standard Markdown in a `markdown` block and expands it to blocks of its own, without our block ids
    (docs.slack.dev, markdown block). A block without text would be refused.
    """
    answer: list[Block] = [{"type": "markdown", "text": markdown}] if markdown.strip() else []
    return answer + below.blocks


def note_blocks(note: str) -> list[Block]:
    """A note by itself; plain text, shown small."""
    return [small(NOTE_BLOCK_ID, shortened(escaped(note), _LONGEST_TEXT))]


def status_blocks(status: str) -> list[Block]:
    """What the bot is doing, shown small and in italics; `status` is plain text without a full stop."""
    return [small(STATUS_BLOCK_ID, f"_{shortened(escaped(status), _LONGEST_TEXT - 3)}…_")]


def is_status(block: Mapping[str, Any]) -> bool:
    """True for a block that holds a status."""
    return block.get("block_id") == STATUS_BLOCK_ID


def is_aside(block: Mapping[str, Any]) -> bool:
    """True for a block of ours that is no part of an answer: a status, or anything that stands below one."""
    return block.get("block_id") in _ASIDES


def asks_for_approval(blocks: Iterable[Mapping[str, Any]]) -> bool:
    """True for the blocks of a message that asks a person for approval, which is no part of any conversation."""
    return any(block.get("block_id") == APPROVAL_BLOCK_ID for block in blocks)


def small(block_id: str, text: str) -> Block:
    """A line of mrkdwn that is shown small."""
    return {"type": "context", "block_id": block_id, "elements": [{"type": "mrkdwn", "text": text}]}
