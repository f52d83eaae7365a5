"""Messages that the bot writes of its own accord: to one person, or to a channel that an operator named."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.domain.language import SpeakingTo, as_spoken, say
from bot.domain.report import Report
from bot.slack.desks.usage_text import report_blocks, title_of
from bot.slack.markup.markdown import escaped
from bot.slack.payload import text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import UncertainWrite
from bot.slack.wire.pacer import Priority

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Announcements:
    """Posts outside of threads, in the language of whoever it is for. Raises PlatformError from every method."""

    calls: SlackCalls
    speaking_to: SpeakingTo = as_spoken

    async def tell(self, user: str, text: str) -> str:
        """Write this person a direct message of plain text; returns the id of the conversation."""
        async with self.speaking_to(user):
            said = escaped(say(text))
        # A person's id stands for the direct message with them (reference of chat.postMessage).
        posted = await self.calls.call(
            "chat.postMessage", priority=Priority.FINAL, channel=user, text=said, unfurl_links=False
        )
        return text_at(posted, "channel")

    async def warn(self, user: str, text: str) -> None:
        """Tell this person as `tell` does; what may have reached them counts as told."""
        with _once():
            await self.tell(user, text)

    async def report(self, channel: str, report: Report, before: Report) -> None:
        """Post a report, which names no person; what may have been posted counts as posted."""
        async with self.speaking_to(""):
            title, blocks = title_of(report), report_blocks(report, before, people=False)
        with _once():
            await self.calls.call(
                "chat.postMessage", priority=Priority.FINAL, channel=channel, text=title, blocks=blocks
            )


@contextmanager
def _once() -> Iterator[None]:
    """Who repeats what has failed must not say anything twice."""
    try:
        yield
    except UncertainWrite as error:
        log.warning("it is not known whether this was posted: %s", error)
