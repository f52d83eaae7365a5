"""`POST /v1/responses`, of which plain JSON comes back.

`responses.create` of the library builds an object of each event, which is a third of the processor time of an answer,
and 11 MB for the classes; an event that it does not know costs 20 MB more. `post` has the same connections, time limits
and errors (README of openai 3.52, "Making custom/undocumented requests").
"""

import httpx2
from openai import AsyncOpenAI, AsyncStream

from bot.openai.request import Parameters

_PATH = "/responses"


async def streamed(client: AsyncOpenAI, parameters: Parameters) -> AsyncStream[object]:
    """The events of a response, to be closed in the end. Raises what the library raises."""
    body = {**parameters, "stream": True}
    return await client.post(_PATH, body=body, cast_to=object, stream=True, stream_cls=AsyncStream[object])


async def whole(client: AsyncOpenAI, parameters: Parameters) -> httpx2.Response:
    """A response that comes at once. Raises what the library raises."""
    return await client.post(_PATH, body=parameters, cast_to=httpx2.Response)
