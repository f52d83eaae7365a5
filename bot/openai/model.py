"""Asks OpenAI, or a server that speaks its Responses API, and streams the answer."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from itertools import count
from typing import Final

import httpx2
from openai import APIStatusError, AsyncOpenAI, AsyncStream, DefaultAsyncHttpx2Client
from openai.types.responses import ResponseStreamEvent

from bot.domain.errors import AnswerCutOff, ModelError, ModelUnreachable
from bot.domain.models import ModelInfo, Prompt
from bot.domain.reply import Done, ReplyStream
from bot.openai.call import Call
from bot.openai.errors import our_errors
from bot.openai.lessons import Lessons, applied
from bot.openai.patience import Clocks, Patience
from bot.openai.request import request_parameters
from bot.openai.retries import RetryPolicy, waiting
from bot.openai.stream import THINKING, Answer, is_keepalive
from bot.openai.warm_up import rehearse

_AT_ONCE = 256
"""Answers side by side; those beyond wait. Each holds one connection."""

_SECONDS_TO_EMPTY_A_STREAM = 0.2

_ANY_KEY = "none"
"""For servers without keys: the library insists on one."""

_END: Final = object()


class OpenAIModel:
    """The `Model` behind one address and key; one for the process, because it owns the pool of connections."""

    def __init__(
        self,
        api_key: str,
        base_url: str,
        describe: Callable[[str], ModelInfo],
        patience: Patience,
        retries: RetryPolicy,
    ) -> None:
        # The read limit is a net under our own clocks, which know more.
        timeout = httpx2.Timeout(connect=5, read=patience.idle + 15, write=60, pool=10)
        # The library's own 5 seconds would cost a new TLS connection for nearly every message.
        limits = httpx2.Limits(max_connections=_AT_ONCE, max_keepalive_connections=20, keepalive_expiry=60)
        self._client = AsyncOpenAI(
            api_key=api_key or _ANY_KEY,
            base_url=base_url,
            max_retries=0,
            timeout=timeout,
            http_client=DefaultAsyncHttpx2Client(limits=limits, timeout=timeout),
        )
        self._describe = describe
        self._patience = patience
        self._retries = retries
        self._lessons = Lessons(base_url)
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def warm_up(self) -> None:
        """Do at start what would hold up the first answer: about half a second of building classes, in a thread."""
        await asyncio.to_thread(rehearse)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def stream(self, prompt: Prompt) -> ReplyStream:
        """The answer while it is written: statuses and text, then one Done. Raises ModelError.

        A failure is mended by asking again, as long as no text was shown. Closing the stream hangs up at once.
        """
        async with self._slots:
            clocks = Clocks(self._patience)
            with Call(prompt.settings.model) as call:
                for tries in count(1):
                    try:
                        async with aclosing(self._attempt(prompt, clocks, call)) as events:
                            async for event in events:
                                call.note(event)
                                yield event
                    except ModelError as error:
                        failure = error
                    else:
                        return
                    pause = self._retries.pause(failure, tries)
                    if call.first_text_after is not None or pause is None or not clocks.leave(pause):
                        raise _as_seen(failure, call)
                    call.note_retry(failure, pause)
                    yield waiting(failure, pause)
                    await asyncio.sleep(pause)
                    yield THINKING

    async def _attempt(self, prompt: Prompt, clocks: Clocks, call: Call) -> ReplyStream:
        answer = Answer()
        clocks.progressed()
        with our_errors():
            async with await clocks.limit(self._open(prompt)) as stream:
                call.request_id = stream.response.headers.get("x-request-id", "-")
                while not answer.done:
                    event = await clocks.limit(anext(stream, _END))
                    if event is _END:
                        answer.end()
                    if not is_keepalive(event):
                        clocks.progressed()
                    for reply_event in answer.take(event):
                        if isinstance(reply_event, Done):
                            await _read_to_end(stream)
                        yield reply_event

    async def _open(self, prompt: Prompt) -> AsyncStream[ResponseStreamEvent]:
        """Begin a response, without the parameters that the server does not take."""
        model = prompt.settings.model
        complete = request_parameters(prompt, self._describe(model))
        lessons = self._lessons.recall(model)
        while True:
            parameters = applied(lessons, complete)
            try:
                stream = await self._client.responses.create(stream=True, **parameters)
            except APIStatusError as error:
                learnt = self._lessons.learn(error, parameters)
                if not learnt:
                    raise
                lessons |= learnt
            else:
                self._lessons.keep(model, lessons)
                return stream


def _as_seen(failure: ModelError, call: Call) -> ModelError:
    """Who has read the beginning of an answer does not care that no connection could be kept, but that it is cut."""
    if call.first_text_after is not None and isinstance(failure, ModelUnreachable):
        return AnswerCutOff(str(failure))
    return failure


async def _read_to_end(stream: AsyncStream[ResponseStreamEvent]) -> None:
    """Only a connection whose response was read to its end is used again."""
    with suppress(Exception):
        async with asyncio.timeout(_SECONDS_TO_EMPTY_A_STREAM):
            async for _ in stream:
                pass
