"""The one connection to OpenAI, or to a server that speaks its language, that everything in the process shares."""

import httpx2
from openai import AsyncOpenAI, DefaultAsyncHttpx2Client

from bot.openai.patience import Patience

_CONNECTIONS = 512
"""Answers, and as many questions of the classifier beside them; each holds one while it lasts."""

_ANY_KEY = "none"
"""For servers without keys: the library insists on one."""


def connect(api_key: str, base_url: str, patience: Patience) -> AsyncOpenAI:
    """The library's client, which owns the pool of connections; to be closed in the end, as a context is.

    It never asks again by itself: what may have been paid for is nothing to repeat unseen.
    """
    # The read limit is a net under our own clocks, which know more.
    timeout = httpx2.Timeout(connect=5, read=max(patience.idle, patience.drawing) + 15, write=60, pool=10)
    # The library's own 5 seconds would cost a new TLS connection for nearly every message.
    limits = httpx2.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=20, keepalive_expiry=60)
    return AsyncOpenAI(
        api_key=api_key or _ANY_KEY,
        base_url=base_url,
        max_retries=0,
        timeout=timeout,
        http_client=DefaultAsyncHttpx2Client(limits=limits, timeout=timeout),
    )
