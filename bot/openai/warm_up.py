"""Does at start what would hold up the first answer."""

import json

import httpx2
from openai import OpenAI

_PART = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
_MESSAGE = {"type": "message", "id": "", "role": "assistant", "status": "completed", "content": [_PART]}
_RESPONSE = {
    "id": "",
    "object": "response",
    "created_at": 0,
    "model": "",
    "status": "completed",
    "output": [_MESSAGE],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "usage": {
        "input_tokens": 0,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": 0,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 0,
    },
}
_PLACE = {"item_id": "", "output_index": 0, "content_index": 0}
_EVENTS = (
    {"type": "response.created", "response": _RESPONSE},
    {"type": "response.in_progress", "response": _RESPONSE},
    {"type": "response.output_item.added", "output_index": 0, "item": _MESSAGE},
    {"type": "response.content_part.added", "part": _PART, **_PLACE},
    {"type": "response.output_text.delta", "delta": "", "logprobs": [], **_PLACE},
    {"type": "response.output_text.done", "text": "", "logprobs": [], **_PLACE},
    {"type": "response.content_part.done", "part": _PART, **_PLACE},
    {"type": "response.output_item.done", "output_index": 0, "item": _MESSAGE},
    {"type": "response.completed", "response": _RESPONSE},
)
"""The events of an ordinary answer, complete: on one that lacks a field, or that it does not know, the library builds
the classes of all events and tools there are, for a third of a second and 20 MB. Measured with openai 3.52."""


def rehearse() -> None:
    """Read an answer from a server that is only played, at once and in events, for which the library builds classes.

    Blocks for about 0.3 seconds, mostly of computing, so it belongs into a thread.
    """
    with (
        httpx2.Client(transport=httpx2.MockTransport(_play)) as http_client,
        OpenAI(api_key="none", base_url="http://rehearsal.invalid/v1", http_client=http_client) as client,
    ):
        client.responses.create(model="none", input="")
        with client.responses.create(model="none", input="", stream=True) as stream:
            for _ in stream:
                pass


def _play(request: httpx2.Request) -> httpx2.Response:
    if not json.loads(request.content).get("stream"):
        return httpx2.Response(200, json=_RESPONSE)
    body = "".join(f"data: {json.dumps(event | {'sequence_number': 0})}\n\n" for event in _EVENTS)
    return httpx2.Response(200, headers={"content-type": "text/event-stream"}, text=body)
