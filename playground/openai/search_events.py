"""The events of one use of the web search, and the citations that come of it (pure).

Order and fields: the streaming reference of the Responses API and `openai.types.responses`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_PREFIX = "response.web_search_call"
ANNOTATION = "response.output_text.annotation.added"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the web that an answer cites."""

    url: str
    title: str


def search_events(query: str, item_id: str, output: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All events of this search; its item is added to `output`, and only there tells what was searched for."""
    index = len(output)
    item = {"id": item_id, "type": "web_search_call", "status": "in_progress", "action": {"type": "search"}}
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    for step in ("in_progress", "searching", "completed"):
        yield {"type": f"{_PREFIX}.{step}", "item_id": item_id, "output_index": index}
    done = {**item, "status": "completed", "action": {"type": "search", "query": query, "queries": [query]}}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}
    output.append(done)


def annotations_of(pages: Sequence[Page], text: str) -> list[dict[str, Any]]:
    """The annotations of a text all of which rests on these pages."""
    place = {"start_index": 0, "end_index": len(text)}
    return [{"type": "url_citation", "url": page.url, "title": page.title, **place} for page in pages]
