"""A reply whose lease rests while the reply waits: for a place, for a limit to pass, for somebody's yes."""

from dataclasses import dataclass

from bot.domain.reply import Done, Failed, ReplyEvent, StatusChange, Stopped
from bot.ports import Lease, ReplyWriter


@dataclass(frozen=True, slots=True)
class RestingReply:
    """The `ReplyWriter` of one turn. What comes after an event begins only when that is noted."""

    writer: ReplyWriter
    lease: Lease

    async def show(self, event: ReplyEvent) -> None:
        await self.writer.show(event)
        match event:
            case StatusChange(waiting=True):
                await self.lease.rest()
            case Done() | Stopped() | Failed():
                pass
            case _:
                await self.lease.begin()
