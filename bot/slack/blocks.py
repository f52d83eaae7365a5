"""The blocks of which the bot's messages consist."""

from collections.abc import Mapping
from typing import Any

from bot.slack.markdown import escaped, shortened

Block = dict[str, Any]

NOTE_BLOCK_ID = "chatgpt_note"
STATUS_BLOCK_ID = "chatgpt_status"

_LONGEST_TEXT = 2_000
"""What a text in a context block may hold, its escapes counted."""


def answer_blocks(markdown: str, note: str | None = None) -> list[Block]:
    """An answer, with a note below it where there is one; the note is plain text.

    Slack reads standard Markdown in a `markdown` block and expands it to blocks of its own, without our block ids
    (docs.slack.dev, markdown block). A block without text would be refused.
    """
    answer: list[Block] = [{"type": "markdown", "text": markdown}] if markdown.strip() else []
    return answer + (note_blocks(note) if note else [])


def note_blocks(note: str) -> list[Block]:
    """A note by itself; plain text, shown small."""
    return [_small(NOTE_BLOCK_ID, shortened(escaped(note), _LONGEST_TEXT))]


def status_blocks(status: str) -> list[Block]:
    """What the bot is doing, shown small and in italics; `status` is plain text without a full stop."""
    return [_small(STATUS_BLOCK_ID, f"_{shortened(escaped(status), _LONGEST_TEXT - 3)}…_")]


def is_note(block: Mapping[str, Any]) -> bool:
    """True for a block that holds a note, which is no part of the answer above it."""
    return block.get("block_id") == NOTE_BLOCK_ID


def is_status(block: Mapping[str, Any]) -> bool:
    """True for a block that holds a status."""
    return block.get("block_id") == STATUS_BLOCK_ID


def _small(block_id: str, text: str) -> Block:
    return {"type": "context", "block_id": block_id, "elements": [{"type": "mrkdwn", "text": text}]}
