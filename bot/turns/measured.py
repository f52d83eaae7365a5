"""A reply whose turn is measured: what was wanted, when the first words came, how it ended."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.domain.errors import AnswerTooOld, BotError, TooManyAttempts
from bot.domain.intent import Intent
from bot.domain.reply import Done, Failed, Outcome, ReplyEvent, Stopped, TextDelta
from bot.ports import Meter, ReplyWriter


@dataclass(slots=True)
class MeasuredReply:
    """The `ReplyWriter` of one turn, with what is measured of it; `first_text` is in seconds since the reply opened.

    The outcome is that of the final event, once it has reached the platform.
    """

    writer: ReplyWriter
    intent: Intent | None = None
    outcome: Outcome | None = None
    first_text: float | None = None
    _opened: float = field(default_factory=time.monotonic)

    async def show(self, event: ReplyEvent) -> None:
        await self.writer.show(event)
        if isinstance(event, TextDelta):
            if self.first_text is None:
                self.first_text = self.seconds
        elif outcome := _outcome_of(event):
            self.outcome = outcome

    async def fail(self, error: BotError, outcome: Outcome = Outcome.FAILED) -> None:
        """Show why there is no answer, or no more of it."""
        await self.show(Failed(error.explanation))
        self.outcome = Outcome.GIVEN_UP if isinstance(error, TooManyAttempts | AnswerTooOld) else outcome

    @property
    def seconds(self) -> float:
        """How long the reply has been open."""
        return time.monotonic() - self._opened


@contextmanager
def measured(writer: ReplyWriter, meter: Meter) -> Iterator[MeasuredReply]:
    """The same reply, whose turn is counted when the context ends; one that had nothing to answer is not."""
    reply = MeasuredReply(writer)
    try:
        yield reply
    except BaseException:
        reply.outcome = reply.outcome or Outcome.INTERRUPTED
        raise
    finally:
        if reply.outcome is not None:
            meter.turn(reply.intent, reply.outcome, reply.seconds, reply.first_text)


def _outcome_of(event: ReplyEvent) -> Outcome | None:
    match event:
        case Done(cut=None):
            return Outcome.ANSWERED
        case Done():
            return Outcome.CUT
        case Stopped():
            return Outcome.STOPPED
        case Failed():
            return Outcome.FAILED
        case _:
            return None
