"""The events of one use of the image tool, in the order in which the API sends them (pure).

Order and fields: the streaming reference of the Responses API and `openai.types.responses`.
"""

import base64
from collections.abc import Iterator
from typing import Any

from playground.openai.drawings import Work

_PREFIX = "response.image_generation_call"
GENERATING = f"{_PREFIX}.generating"
PARTIAL_IMAGE = f"{_PREFIX}.partial_image"
COMPLETED = f"{_PREFIX}.completed"
KEEPALIVE = "keepalive"
PROGRESS = frozenset({PARTIAL_IMAGE, COMPLETED, KEEPALIVE})
"""The events that take the model some time."""


def drawing_events(work: Work, item_id: str, output: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All events of this drawing; its item is added to `output`."""
    index = len(output)
    item = {"id": item_id, "type": "image_generation_call", "status": "in_progress", "result": None}
    where = {"item_id": item_id, "output_index": index}
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    yield {"type": f"{_PREFIX}.in_progress", **where}
    yield {"type": GENERATING, **where}
    described = work.commission.options.described
    for _ in range(work.drawing.keepalives):
        yield {"type": KEEPALIVE}
    for number, partial in enumerate(work.partials):
        picture = {"partial_image_index": number, "partial_image_b64": _base64(partial)}
        yield {"type": PARTIAL_IMAGE, **where, **picture, **described}
    action = "edit" if work.commission.sources else "generate"
    done = {**item, "status": "failed", "action": action, "error": work.error}
    if work.image is not None:
        yield {"type": COMPLETED, **where}
        result = {"result": _base64(work.image), "revised_prompt": work.revised_prompt}
        done = {**item, "status": "completed", "action": action, **result, **described}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}
    output.append(done)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
