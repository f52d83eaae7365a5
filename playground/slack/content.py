"""What a message consists of: text, Markdown or blocks, checked as Slack checks it."""

from dataclasses import dataclass, field
from typing import Any

from playground.slack.arguments import Refusal
from playground.slack.blocks import MARKDOWN_CHARACTERS, MESSAGE_BLOCKS, expanded, markdown_sources, problems
from playground.slack.directory import Json
from playground.slack.markdown import expand, plain

POST_CHARACTERS = 40_000
"""The longest `text` of chat.postMessage; Slack cuts off what is longer, which this double refuses instead."""

UPDATE_CHARACTERS = 4_000
"""The longest `text` of chat.update (its error msg_too_long)."""

METADATA_CHARACTERS = 16_000
CHUNK_CHARACTERS = 256
TASK_STATUSES = {"pending", "in_progress", "complete", "error"}


@dataclass(frozen=True, slots=True)
class Content:
    """`markdown` is the source of what was sent as Markdown, and None for other content."""

    text: str
    blocks: list[Json] = field(default_factory=list)
    markdown: str | None = None
    attachments: list[Json] = field(default_factory=list)

    def as_fields(self) -> Json:
        """The fields of a message."""
        parts = {"blocks": self.blocks, "attachments": self.attachments}
        return {"text": self.text} | {name: part for name, part in parts.items() if part}


def read_content(given: Json, text_limit: int) -> Content:
    """The content of a call's `text`, `blocks` and `markdown_text`. Raises Refusal."""
    text, blocks, markdown = given.get("text", ""), given.get("blocks"), given.get("markdown_text")
    if markdown is not None and (text or blocks is not None):
        raise Refusal("markdown_text_conflict")
    if markdown:
        check_markdown(markdown)
        return Content(plain(markdown), checked(expand(markdown)), markdown)
    if len(text) > text_limit:
        raise Refusal("msg_too_long")
    if blocks is not None and not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    attachments = given.get("attachments") or []
    if not isinstance(attachments, list):
        raise Refusal("invalid_attachments")
    if not text and not blocks and not attachments:
        raise Refusal("no_text")
    sources = read_blocks(blocks or [])
    source = "\n\n".join(sources) if sources else None
    return Content(text or plain(source or ""), checked(expanded(blocks or [])), source, attachments)


def read_blocks(blocks: Any) -> list[str]:
    """The Markdown of valid blocks. Raises Refusal."""
    if found := problems(blocks):
        raise Refusal("invalid_blocks", response_metadata={"messages": [f"[ERROR] {problem}" for problem in found]})
    sources = markdown_sources(blocks)
    if sum(map(len, sources)) > MARKDOWN_CHARACTERS:
        raise Refusal("msg_blocks_too_long")
    return sources


def checked(blocks: list[Json]) -> list[Json]:
    """These expanded blocks, unless they are too many for one message. Raises Refusal."""
    if len(blocks) > MESSAGE_BLOCKS:
        raise Refusal("invalid_blocks", response_metadata={"messages": ["[ERROR] too many blocks after expansion"]})
    return blocks


def check_markdown(markdown: str) -> None:
    """Raises Refusal, when there is more Markdown than one call may bring."""
    if len(markdown) > MARKDOWN_CHARACTERS:
        raise Refusal("msg_too_long")


def read_metadata(given: Json) -> Json | None:
    """The call's `metadata`. Raises Refusal."""
    metadata = given.get("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise Refusal("invalid_metadata_format")
    if metadata == {}:
        return {}
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_schema")
    if len(str(metadata)) > METADATA_CHARACTERS:
        raise Refusal("metadata_too_large")
    return metadata


def read_chunks(given: Json) -> list[Json]:
    """A stream call's `chunks` or `markdown_text`, as chunks. Raises Refusal."""
    markdown, chunks = given.get("markdown_text"), given.get("chunks")
    if markdown is not None and chunks is not None:
        raise Refusal("cannot_provide_both_markdown_text_and_chunks")
    if markdown is not None:
        chunks = [{"type": "markdown_text", "text": markdown}] if markdown else []
    if chunks is not None and not isinstance(chunks, list):
        raise Refusal("invalid_chunks")
    for chunk in chunks or []:
        _check_chunk(chunk)
    check_markdown("".join(chunk["text"] for chunk in chunks or [] if chunk["type"] == "markdown_text"))
    blocks = [block for chunk in chunks or [] if chunk["type"] == "blocks" for block in chunk["blocks"]]
    if len(blocks) > MESSAGE_BLOCKS:
        raise Refusal("msg_blocks_too_many")
    read_blocks(blocks)
    return chunks or []


def _check_chunk(chunk: Any) -> None:
    match chunk:
        case {"type": "markdown_text", "text": str(text)} if text:
            return
        case {"type": "blocks", "blocks": list()}:
            return
        case {"type": "plan_update", "title": str(title)} if 0 < len(title) <= CHUNK_CHARACTERS:
            return
        case {"type": "task_update", "id": str(name), "title": str(title), "status": str(status)} if (
            name
            and title
            and status in TASK_STATUSES
            and all(len(str(chunk.get(part, ""))) <= CHUNK_CHARACTERS for part in ("title", "details", "output"))
        ):
            return
    raise Refusal("invalid_chunks")
