"""A lease in memory, for tests of what is done under one."""

from dataclasses import dataclass, field

from bot.domain.conversation import ThreadKey
from bot.domain.reply import StopReason
from bot.ports import Acceptance, Reference, Work


@dataclass(slots=True)
class MemoryRecord:
    messages: tuple[str, ...] = ()

    async def add(self, message_id: str) -> None:
        if message_id not in self.messages:
            self.messages = (*self.messages, message_id)


@dataclass(slots=True)
class MemoryLease:
    """`finished` holds what was finished, a tuple for each call; `rests` tells each time whether it began to rest."""

    thread: ThreadKey
    references: tuple[Reference, ...]
    attempt: int = 1
    waited: int = 0
    stop_reason: StopReason | None = None
    reply: MemoryRecord = field(default_factory=MemoryRecord)
    known: tuple[str, ...] = ()
    finished: list[tuple[Reference, ...]] = field(default_factory=list)
    rests: list[bool] = field(default_factory=list)

    @property
    def begun(self) -> int:
        return self.attempt - 1 - self.waited

    async def rest(self) -> None:
        if self.rests[-1:] != [True]:
            self.rests.append(True)

    async def begin(self) -> None:
        if self.rests[-1:] == [True]:
            self.rests.append(False)

    async def waiting(self) -> tuple[Reference, ...]:
        return self.references

    async def strangers(self, message_ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in message_ids if name not in (*self.known, *self.reply.messages))

    async def finish(self, references: tuple[Reference, ...]) -> None:
        self.finished.append(references)


@dataclass(slots=True)
class AcceptingEngine:
    """An engine that takes everything once and does nothing with it."""

    accepted: list[Reference] = field(default_factory=list)
    stopped: list[ThreadKey] = field(default_factory=list)
    reopened: list[tuple[ThreadKey, str, tuple[str, ...]]] = field(default_factory=list)

    async def accept(self, reference: Reference) -> Acceptance:
        known = any(earlier.message == reference.message for earlier in self.accepted)
        self.accepted.append(reference)
        return Acceptance.DUPLICATE if known else Acceptance.ACCEPTED

    async def run(self, work: Work) -> None:
        raise NotImplementedError("these tests call the work themselves")

    async def stop(self, thread: ThreadKey) -> bool:
        self.stopped.append(thread)
        return True

    async def reopen(self, thread: ThreadKey, message_id: str, reply_messages: tuple[str, ...]) -> bool:
        self.reopened.append((thread, message_id, reply_messages))
        return any(earlier.message == message_id for earlier in self.accepted)

    async def drain(self, grace: float) -> None:
        raise NotImplementedError("these tests call the work themselves")
