"""The scripted model: what it will answer, what will go wrong, and what it was asked."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping, Sequence

from playground.openai.calls import Call, Kind
from playground.openai.catalog import MODELS, ModelCard
from playground.openai.decisions import Decide, simplest
from playground.openai.drawings import Commission, Drawing
from playground.openai.events import TEXT_DELTA
from playground.openai.faults import Fault, Hold, Point
from playground.openai.hosted import Container
from playground.openai.recordings import hidden_text
from playground.openai.requests import Request, rough_tokens
from playground.openai.scripts import Script, echo
from playground.openai.tool_servers import ToolServer

API_KEY = "sk-playground"

_REMEMBERED_REQUESTS = 10_000
_REMEMBERED_PROMPTS = 1_000
_CACHE_BLOCK = 128
_SHORTEST_CACHED = 1_024


class ScriptedModel:
    """Decides what the server answers, and remembers what it was asked.

    `refused` names parameters, with dots, that the server calls unsupported, as compatible servers do;
    `context_window` replaces the windows of all models, in tokens. `script` answers, `decide` fills in JSON schemas
    (when it is None, the script does that too), `draw` says what the Images API gives, and `transcribe` what is said in
    a recording of this name and content; `servers` are the remote servers of tools that can be reached, by address, and
    `stores` the vector stores that are there, by id (None: all). All of them may be replaced at any time. `containers`
    hold what code has made, by id, and `fetched` names the files that were fetched from there; a container that is
    taken out has expired.
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
        self.decide: Decide | None = simplest
        self.draw: Callable[[Commission], Drawing] = lambda _commission: Drawing()
        self.transcribe: Callable[[str, bytes], str] = hidden_text
        self.servers: Mapping[str, ToolServer] = {}
        self.stores: Collection[str] | None = None
        self.containers: dict[str, Container] = {}
        self.fetched: list[str] = []
        self.calls: list[Call] = []
        self._faults: defaultdict[Kind, deque[Fault]] = defaultdict(deque)
        self._prompts: dict[str, str] = {}
        self._changed = asyncio.Event()

    @property
    def requests(self) -> list[Call]:
        """The calls that asked for an answer, oldest first."""
        return self.of(Kind.ANSWER)

    def of(self, kind: Kind) -> list[Call]:
        """The calls of this kind, oldest first; `calls` has all of them."""
        return [call for call in self.calls if call.kind is kind]

    def fail(self, fault: Fault, times: int = 1, kind: Kind = Kind.ANSWER) -> None:
        """The next `times` calls of this kind that would succeed meet this fault; those given one by one queue up."""
        self._faults[kind].extend([fault] * times)

    def hold(self, after: int = 0, event: str = TEXT_DELTA, times: int = 1, kind: Kind = Kind.ANSWER) -> Hold:
        """The next `times` calls wait before the event of this type that follows `after` others, or their body."""
        hold = Hold(Point(after, event))
        self.fail(hold, times, kind)
        return hold

    def recover(self) -> None:
        """Forget all faults that were ordered and not yet met."""
        self._faults.clear()

    async def wait_for(self, predicate: Callable[[Sequence[Call]], bool], timeout: float = 10.0) -> None:
        """Return when the predicate holds for `requests`; raises TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not predicate(self.requests):
                self._changed.clear()
                await self._changed.wait()

    def note(self) -> None:
        """Tell those who wait that something about a request has changed."""
        self._changed.set()

    def remember(self, call: Call) -> None:
        """Keep a request that has arrived."""
        self.calls.append(call)
        del self.calls[:-_REMEMBERED_REQUESTS]
        self.note()

    def next_fault(self, kind: Kind) -> Fault | None:
        """The fault that this call meets."""
        waiting = self._faults[kind]
        return waiting.popleft() if waiting else None

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
