"""The events of tools that the provider runs itself, and the citations that come of them (pure).

Order and fields: the streaming reference of the Responses API and `openai.types.responses`.
"""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from playground.openai.hosted import FileUse, Ran

Event = dict[str, Any]

INTERPRETING = "response.code_interpreter_call.interpreting"

_PIECE = 12
"""Characters of code in one delta."""


def code_events(ran: Ran, output: list[Event]) -> Iterator[Event]:
    """The model writes code, and it is run; the item is added to `output`."""
    index, item_id = len(output), f"ci_{secrets.token_hex(24)}"
    item: Event = {
        "id": item_id,
        "type": "code_interpreter_call",
        "status": "in_progress",
        "code": "",
        "container_id": ran.container,
        "outputs": None,
    }
    where = {"item_id": item_id, "output_index": index}
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    yield {"type": "response.code_interpreter_call.in_progress", **where}
    for start in range(0, len(ran.code), _PIECE):
        yield {"type": "response.code_interpreter_call_code.delta", **where, "delta": ran.code[start : start + _PIECE]}
    yield {"type": "response.code_interpreter_call_code.done", **where, "code": ran.code}
    yield {"type": INTERPRETING, **where}
    yield {"type": "response.code_interpreter_call.completed", **where}
    # What the code printed is sent only where the request includes it.
    done = {**item, "status": "completed", "code": ran.code}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}
    output.append(done)


def file_search_events(use: FileUse, output: list[Event]) -> Iterator[Event]:
    """The files of the stores are searched; the item is added to `output`."""
    index, item_id = len(output), f"fs_{secrets.token_hex(24)}"
    item: Event = {
        "id": item_id,
        "type": "file_search_call",
        "status": "in_progress",
        "queries": [],
        "results": None,
    }
    where = {"item_id": item_id, "output_index": index}
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    for step in ("in_progress", "searching", "completed"):
        yield {"type": f"response.file_search_call.{step}", **where}
    done = {**item, "status": "completed", "queries": [use.query]}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}
    output.append(done)


def hosted_annotations(ran: Sequence[Ran], searched: Sequence[FileUse], text: str) -> list[Event]:
    """The annotations of a text that rests on these files, and points to those which code has made."""
    named = [name for use in searched for name in use.names]
    place = {"start_index": 0, "end_index": len(text)}
    return [
        *(
            {"type": "file_citation", "file_id": f"file-{number}", "filename": name, "index": len(text)}
            for number, name in enumerate(named)
        ),
        *(
            {
                "type": "container_file_citation",
                "container_id": each.container,
                "file_id": file.id,
                "filename": file.name,
                **place,
            }
            for each in ran
            for file in each.cited
        ),
    ]
