"""A journal in memory, and references that are short to write."""

import asyncio
from dataclasses import dataclass, field, replace

from bot.domain.conversation import ThreadKey
from bot.domain.errors import LeaseLost
from bot.ports import Attempts, Reference


def thread_of(root: int = 1, channel: str = "C1", workspace: str = "T1") -> ThreadKey:
    return ThreadKey(workspace, channel, f"{root}.000000")


def reference(number: int, thread: ThreadKey | None = None, event: str = "", *, to_bot: bool = True) -> Reference:
    """The message that was sent at second `number`."""
    return Reference(thread or thread_of(), f"{number}.000000", event or f"Ev{number}", to_bot, float(number))


@dataclass(slots=True)
class _Kept:
    reference: Reference
    since_epoch: int
    finished_at: float | None = None


@dataclass(slots=True)
class MemoryJournal:
    """Forgets everything with the process; each call lets others run first, as one that waits for a disk does."""

    deliveries: dict[tuple[str, str], float] = field(default_factory=dict)
    messages: dict[tuple[str, str, str], _Kept] = field(default_factory=dict)
    epochs: dict[ThreadKey, int] = field(default_factory=dict)
    waited: dict[ThreadKey, int] = field(default_factory=dict)
    replies: dict[tuple[str, str, str], ThreadKey] = field(default_factory=dict)
    finished_replies: dict[tuple[str, str, str], float] = field(default_factory=dict)

    async def accept(self, reference: Reference, now: float) -> bool:
        await asyncio.sleep(0)
        thread = reference.thread
        delivery = (thread.workspace, reference.event)
        if delivery in self.deliveries:
            return False
        self.deliveries[delivery] = now
        name = (thread.workspace, thread.channel, reference.message)
        if name in self.messages:
            return False
        finished_at = None if reference.wants_answer else now
        self.messages[name] = _Kept(reference, self.epochs.get(thread, 0), finished_at)
        return True

    async def claim(self, thread: ThreadKey) -> int:
        await asyncio.sleep(0)
        self.epochs[thread] = self.epochs.get(thread, 0) + 1
        return self.epochs[thread]

    async def waiting(self, thread: ThreadKey) -> tuple[Reference, ...]:
        await asyncio.sleep(0)
        waiting = [kept.reference for kept in self._waiting() if kept.reference.thread == thread]
        return tuple(sorted(waiting, key=lambda reference: (reference.sent_at, reference.message)))

    async def attempts(self, thread: ThreadKey) -> Attempts:
        await asyncio.sleep(0)
        epochs = [kept.since_epoch for kept in self._waiting() if kept.reference.thread == thread]
        return Attempts(self.epochs.get(thread, 0) - min(epochs) if epochs else 0, self.waited.get(thread, 0))

    async def note_waited(self, thread: ThreadKey, epoch: int, waited: int) -> None:
        await asyncio.sleep(0)
        self._require_lease(thread, epoch)
        self.waited[thread] = waited

    async def threads_with_work(self, most: int | None = None) -> tuple[ThreadKey, ...]:
        await asyncio.sleep(0)
        waiting = sorted((kept.reference.sent_at, kept.reference.thread) for kept in self._waiting())
        return tuple(dict.fromkeys(thread for _, thread in waiting))[:most]

    async def reply_messages(self, thread: ThreadKey) -> tuple[str, ...]:
        await asyncio.sleep(0)
        return tuple(name[2] for name in self._unfinished_reply(thread))

    async def add_reply_message(self, thread: ThreadKey, epoch: int, message_id: str) -> None:
        await asyncio.sleep(0)
        self._require_lease(thread, epoch)
        self.replies.setdefault((thread.workspace, thread.channel, message_id), thread)

    async def strangers(self, thread: ThreadKey, message_ids: tuple[str, ...]) -> tuple[str, ...]:
        await asyncio.sleep(0)
        known = {name[2] for name, owner in self.replies.items() if owner == thread}
        return tuple(message_id for message_id in message_ids if message_id not in known)

    async def finish(self, thread: ThreadKey, epoch: int, references: tuple[Reference, ...], now: float) -> None:
        await asyncio.sleep(0)
        self._require_lease(thread, epoch)
        for kept in self._waiting():
            if kept.reference.thread == thread:
                if any(reference.message == kept.reference.message for reference in references):
                    kept.finished_at = now
                kept.since_epoch = epoch
        self.waited.pop(thread, None)
        self.finished_replies.update(dict.fromkeys(self._unfinished_reply(thread), now))

    async def forget(self, references_before: float, replies_before: float) -> int:
        await asyncio.sleep(0)
        before = self._rows()
        with_work = {kept.reference.thread for kept in self._waiting()}
        self.messages = {
            name: kept
            for name, kept in self.messages.items()
            if kept.finished_at is None or kept.finished_at >= references_before
        }
        self.deliveries = {name: at for name, at in self.deliveries.items() if at >= references_before}
        for name, finished_at in list(self.finished_replies.items()):
            if finished_at < replies_before and self.replies[name] not in with_work:
                del self.finished_replies[name], self.replies[name]
        known = {kept.reference.thread for kept in self.messages.values()} | set(self.replies.values())
        self.epochs = {thread: epoch for thread, epoch in self.epochs.items() if thread in known}
        self.waited = {thread: waited for thread, waited in self.waited.items() if thread in known}
        return before - self._rows()

    async def reopen(self, thread: ThreadKey, message_id: str, reply_messages: tuple[str, ...], now: float) -> bool:
        await asyncio.sleep(0)
        kept = self.messages.get((thread.workspace, thread.channel, message_id))
        with_work = {kept.reference.thread for kept in self._waiting()}
        if kept is None or kept.reference.thread != thread or thread in with_work:
            return False
        kept.finished_at, kept.since_epoch = None, self.epochs.get(thread, 0)
        kept.reference = replace(kept.reference, sent_at=max(kept.reference.sent_at, now))
        for name in ((thread.workspace, thread.channel, message) for message in reply_messages):
            if self.replies.setdefault(name, thread) == thread:
                self.finished_replies.pop(name, None)
                self.replies[name] = self.replies.pop(name)
        return True

    def _rows(self) -> int:
        return len(self.messages) + len(self.deliveries) + len(self.replies) + len(self.epochs)

    def _waiting(self) -> list[_Kept]:
        return [kept for kept in self.messages.values() if kept.finished_at is None]

    def _unfinished_reply(self, thread: ThreadKey) -> list[tuple[str, str, str]]:
        return [name for name, owner in self.replies.items() if owner == thread and name not in self.finished_replies]

    def _require_lease(self, thread: ThreadKey, epoch: int) -> None:
        if self.epochs.get(thread) != epoch:
            raise LeaseLost(f"epoch {epoch} of {thread} is over")
