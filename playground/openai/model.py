"""The scripted model: what it will answer, what will go wrong, and what it was asked."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.openai.catalog import MODELS, ModelCard
from playground.openai.events import TEXT_DELTA
from playground.openai.faults import Fault, Hold, Point
from playground.openai.requests import Request, rough_tokens
from playground.openai.scripts import Script, echo

API_KEY = "sk-playground"

_REMEMBERED_REQUESTS = 10_000
_REMEMBERED_PROMPTS = 1_000
_CACHE_BLOCK = 128
_SHORTEST_CACHED = 1_024


@dataclass(slots=True)
class Call:
    """One request to `/v1/responses`, whatever became of it; times are seconds of the monotonic clock, as in asyncio.

    `headers` have lower-case names, and the key is redacted. `events` counts what was streamed. `first_text_at` is when
    the first piece of text was sent, `ended_at` when the answer was complete on our side, and `disconnected_at` when
    the client hung up before that.
    """

    body: Any
    headers: Mapping[str, str]
    received_at: float = field(default_factory=time.monotonic)
    request: Request | None = None
    status: int | None = None
    events: int = 0
    first_text_at: float | None = None
    ended_at: float | None = None
    disconnected_at: float | None = None

    @property
    def over(self) -> bool:
        return self.ended_at is not None or self.disconnected_at is not None


class ScriptedModel:
    """Decides what the server answers, and remembers what it was asked.

    `refused` names parameters, with dots, that the server calls unsupported, as compatible servers do;
    `context_window` replaces the windows of all models, in tokens.
    """

    def __init__(
        self,
        script: Script = echo,
        *,
        models: Mapping[str, ModelCard] = MODELS,
        api_keys: Collection[str] = (API_KEY,),
        refused: Collection[str] = (),
        context_window: int | None = None,
    ) -> None:
        self.script = script
        self.models = models
        self.api_keys = frozenset(api_keys)
        self.refused = refused
        self.context_window = context_window
        self.requests: list[Call] = []
        self._faults: deque[Fault] = deque()
        self._prompts: dict[str, str] = {}
        self._changed = asyncio.Event()

    def fail(self, fault: Fault, times: int = 1) -> None:
        """The next `times` requests that would be answered meet this fault; faults given one by one queue up."""
        self._faults.extend([fault] * times)

    def hold(self, after: int = 0, event: str = TEXT_DELTA, times: int = 1) -> Hold:
        """The next `times` requests wait before the event of this type that follows `after` others."""
        hold = Hold(Point(after, event))
        self.fail(hold, times)
        return hold

    def recover(self) -> None:
        """Forget all faults that were ordered and not yet met."""
        self._faults.clear()

    async def wait_for(self, predicate: Callable[[Sequence[Call]], bool], timeout: float = 10.0) -> None:
        """Return when the predicate holds for the requests so far; raises TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not predicate(self.requests):
                self._changed.clear()
                await self._changed.wait()

    def note(self) -> None:
        """Tell those who wait that something about a request has changed."""
        self._changed.set()

    def remember(self, call: Call) -> None:
        """Keep a request that has arrived."""
        self.requests.append(call)
        del self.requests[:-_REMEMBERED_REQUESTS]
        self.note()

    def next_fault(self) -> Fault | None:
        """The fault that this request meets."""
        return self._faults.popleft() if self._faults else None

    def cached_tokens(self, request: Request) -> int:
        """How much of the prompt an earlier one with the same cache key began with, as the prompt cache counts it.

        At least 1,024 tokens, in steps of 128 (prompt caching guide).
        """
        key = request.body.get("prompt_cache_key") or ""
        prompt, earlier = request.prompt, self._prompts.pop(key, "")
        self._prompts[key] = prompt
        if len(self._prompts) > _REMEMBERED_PROMPTS:
            del self._prompts[next(iter(self._prompts))]
        tokens = min(rough_tokens(_shared_beginning(prompt, earlier)), request.input_tokens)
        return tokens // _CACHE_BLOCK * _CACHE_BLOCK if tokens >= _SHORTEST_CACHED else 0


def _shared_beginning(one: str, other: str) -> str:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return one[:low]
