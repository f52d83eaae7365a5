"""What the server was asked, call by call."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from playground.openai.requests import Request
from playground.openai.uses import ServerUse


class Kind(StrEnum):
    """What a call is for; both of the first two go to `/v1/responses`, and a decision brings a JSON schema."""

    ANSWER = "answer"
    DECISION = "decision"
    GENERATION = "generation"
    EDIT = "edit"
    TRANSCRIPTION = "transcription"


@dataclass(slots=True)
class Call:
    """One request, whatever became of it; times are seconds of the monotonic clock, as in asyncio.

    `headers` have lower-case names, and the key is redacted. `body` is the JSON, or the fields of a form without its
    files. `pictures` came in, `drawn` went out, both oldest first; `recording` is the name and the content of the file
    that was to be transcribed; `called` are the tools of servers that have run. `events` counts what was streamed.
    `first_text_at` is when the first piece of text was sent, `ended_at` when the answer was complete on our side, and
    `disconnected_at` when the client hung up earlier.
    """

    body: Any
    headers: Mapping[str, str]
    kind: Kind = Kind.ANSWER
    received_at: float = field(default_factory=time.monotonic)
    request: Request | None = None
    pictures: tuple[bytes, ...] = field(default=(), repr=False)
    drawn: tuple[bytes, ...] = field(default=(), repr=False)
    recording: tuple[str, bytes] | None = field(default=None, repr=False)
    called: tuple[ServerUse, ...] = ()
    status: int | None = None
    events: int = 0
    first_text_at: float | None = None
    ended_at: float | None = None
    disconnected_at: float | None = None

    @property
    def over(self) -> bool:
        return self.ended_at is not None or self.disconnected_at is not None


def kind_of(body: object) -> Kind:
    """Whether this body of `/v1/responses`, which nobody has checked yet, asks for an answer or for a decision."""
    for name in ("text", "format"):
        body = body.get(name) if isinstance(body, dict) else None
    asks_for_json = isinstance(body, dict) and body.get("type") == "json_schema"
    return Kind.DECISION if asks_for_json else Kind.ANSWER
