"""Does at start what would hold up the first answer."""

import json

import httpx2
from openai import OpenAI

_EVENTS = (
    {"type": "response.output_text.delta", "delta": "", "item_id": "", "output_index": 0, "content_index": 0},
    # The library tries all its classes on an event that it does not know, the first time for a third of a second.
    {"type": "keepalive"},
    {"type": "response.completed", "response": {"id": "", "object": "response", "status": "completed", "output": []}},
)


def rehearse() -> None:
    """Read a whole answer from a server that is only played, so that the library builds all its classes.

    Blocks for about half a second, mostly of computing, so it belongs into a thread. Measured with openai 3.52.
    """
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in _EVENTS)
    headers = {"content-type": "text/event-stream"}
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, headers=headers, text=body))
    with (
        httpx2.Client(transport=transport) as http_client,
        OpenAI(api_key="none", base_url="http://rehearsal.invalid/v1", http_client=http_client) as client,
        client.responses.create(model="none", input="", stream=True) as stream,
    ):
        for _ in stream:
            pass
