"""The messages of one reply in Slack: posted, streamed, edited, deleted, and found again when an answer got lost."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.conversation import Message
from bot.domain.errors import PlatformError, PlatformUnavailable
from bot.ports import ReplyRecord
from bot.slack.markup.blocks import NOTHING, Below, answer_blocks, asks_for_approval
from bot.slack.markup.markdown import escaped, to_mrkdwn
from bot.slack.payload import Json, object_at, objects_at, text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal, UncertainWrite
from bot.slack.wire.pacer import Priority
from bot.slack.writing.refusals import Refusals
from bot.slack.writing.rhythm import Rhythm

log = logging.getLogger(__name__)

EVENT_TYPE = "chatgpt_reply"
"""Marks our messages by their metadata, whose payload names the question that they answer."""

_SOURCES = "Sources"
"""What people read in a notification of a message that holds nothing else."""

_TRIES = 3
_LOOKS = 3
_PAGE = 999
_TIMESTAMP = re.compile(r"\d+\.\d+")


def rendered(markdown: str, below: Below = NOTHING, *, plain: bool = False) -> dict[str, Any]:
    """What a message shows, as arguments of chat.postMessage and chat.update; `plain` does without blocks.

    Text and blocks always go together: where one is missing, Slack takes the old ones of the message away.
    """
    text = to_mrkdwn(markdown) if markdown else escaped(below.note or _SOURCES)
    return {"text": text} if plain else {"text": text, "blocks": answer_blocks(markdown, below)}


@dataclass(frozen=True, slots=True)
class OwnMessages:
    """Writes the messages of the reply to the message `to`, and notes each in the record as soon as it exists.

    `bot` is the bot's user id, `monotonic` the clock of the pacer, and with `native` messages may be streamed.
    """

    calls: SlackCalls
    to: Message
    record: ReplyRecord
    bot: str
    rhythm: Rhythm = Rhythm()
    refusals: Refusals = field(default_factory=Refusals)
    native: bool = True
    monotonic: Callable[[], float] = time.monotonic

    @property
    def channel(self) -> str:
        """The channel in which the reply stands."""
        return self.to.thread.channel

    def refused(self, method: str) -> bool:
        """True when Slack has refused this method here, lately."""
        return self.refusals.known(method, self.channel)

    @property
    def noted(self) -> tuple[str, ...]:
        """The ids of the reply's messages as they stand: one that got lost for a while was noted late."""
        return tuple(sorted(each for each in self.record.messages if _TIMESTAMP.fullmatch(each)))

    @property
    def files(self) -> tuple[str, ...]:
        """The ids of the reply's files; their messages are never written over or deleted."""
        return tuple(each for each in self.record.messages if not _TIMESTAMP.fullmatch(each))

    async def post(self, shown: Mapping[str, Any], priority: Priority, *, admitted: bool = False) -> str:
        """A new message in the thread; its id. It exists once, also when Slack's answer to a post gets lost."""
        for _ in range(_TRIES):
            try:
                answer = await self.calls.call(
                    "chat.postMessage",
                    priority=priority,
                    admitted=admitted,
                    channel=self.channel,
                    thread_ts=self.to.thread.root,
                    unfurl_links=False,
                    unfurl_media=False,
                    metadata=self._metadata,
                    **shown,
                )
                return await self._noted(text_at(answer, "ts"))
            except UncertainWrite:
                if found := await self._lost():
                    return await self._noted(found)
            admitted = False
        raise PlatformUnavailable("chat.postMessage: no answer, and nothing found")

    async def start_stream(self, text: str) -> tuple[str, bool]:
        """A new message that grows by `append`, for which its slot has been taken; its id.

        The second value is False when it is unknown how the message stands. Raises SlackRefusal, CallSkipped, and
        UncertainWrite when nothing is found after a lost answer.
        """
        try:
            answer = await self.calls.call(
                "chat.startStream",
                # Not repeated: a post takes the place of a stream that does not start at once.
                priority=Priority.INTERIM,
                admitted=True,
                channel=self.channel,
                thread_ts=self.to.thread.root,
                recipient_user_id=self.to.author.id,
                recipient_team_id=self.to.thread.workspace,
                markdown_text=text,
            )
            if not (ts := text_at(answer, "ts")):
                # Servers that stand in for Slack may say yes to all that they do not know.
                raise SlackRefusal("chat.startStream", "unknown_method")
            return await self._noted(ts), True
        except UncertainWrite:
            if found := await self._lost():
                return await self._noted(found), False
            raise

    async def append(self, ts: str, text: str) -> None:
        """More text for a stream; its slot has been taken."""
        await self.calls.call(
            "chat.appendStream",
            priority=Priority.INTERIM,
            admitted=True,
            channel=self.channel,
            ts=ts,
            markdown_text=text,
        )

    async def stop_stream(self, ts: str, text: str, below: Below) -> None:
        """The last text of a stream, and what stands below it."""
        await self.calls.call(
            "chat.stopStream",
            priority=Priority.FINAL,
            channel=self.channel,
            ts=ts,
            markdown_text=text or None,
            blocks=below.blocks or None,
            metadata=self._metadata,
        )

    async def end_stream(self, ts: str) -> None:
        """End the stream of a message that may be streaming still, so that it can be edited."""
        try:
            await self.calls.call("chat.stopStream", priority=Priority.FIRST, channel=self.channel, ts=ts)
        except PlatformError as error:
            log.info("a stream was not stopped: %s", error)

    async def update(self, ts: str, shown: Mapping[str, Any], priority: Priority, *, admitted: bool = False) -> None:
        """The message shows exactly this; a stream that still runs in it is ended first where Slack asks for it."""
        try:
            await self._update(ts, shown, priority, admitted=admitted)
        except SlackRefusal as refusal:
            if refusal.code != "streaming_state_conflict":
                raise
            await self.end_stream(ts)
            await self._update(ts, shown, priority, admitted=False)

    async def delete(self, ts: str) -> None:
        """The message is gone; all is well when it was gone already."""
        try:
            await self.calls.call("chat.delete", priority=Priority.FINAL, channel=self.channel, ts=ts)
        except SlackRefusal as refusal:
            if refusal.code != "message_not_found":
                raise

    async def shows(self, file_id: str, *, soon: bool = False) -> bool:
        """Whether a message of the thread brings this file; Slack gets some time for that. Raises PlatformError.

        `soon` begins to look at once: Slack has said yes, and most often the file is there already.
        """
        look_after = self.rhythm.look_after
        first, looks = (look_after / 8, _LOOKS + 3) if soon else (look_after, _LOOKS)
        for look in range(looks):
            await asyncio.sleep(first * 2**look)
            files = [file for message in await self._since_question() for file in objects_at(message, "files")]
            if any(text_at(file, "id") == file_id for file in files):
                return True
        return False

    @property
    def _metadata(self) -> dict[str, Any]:
        return {"event_type": EVENT_TYPE, "event_payload": {"question": self.to.id}}

    async def _update(self, ts: str, shown: Mapping[str, Any], priority: Priority, *, admitted: bool) -> None:
        await self.calls.call(
            "chat.update",
            priority=priority,
            admitted=admitted,
            channel=self.channel,
            ts=ts,
            metadata=self._metadata,
            **shown,
        )

    async def _noted(self, ts: str) -> str:
        await self.record.add(ts)
        return ts

    async def _lost(self) -> str | None:
        """The message that an unanswered call has written, if it has; None also where we may not read."""
        await asyncio.sleep(self.rhythm.look_after)
        try:
            messages = await self._since_question()
        except PlatformError as error:
            log.warning("could not look for a lost message: %s", error)
            return None
        return max((text_at(message, "ts") for message in messages if self._may_be_lost(message)), default=None)

    async def _since_question(self) -> list[Json]:
        answer = await self.calls.call(
            "conversations.replies",
            priority=Priority.READ,
            channel=self.channel,
            ts=self.to.thread.root,
            oldest=self.to.id,
            limit=_PAGE,
            include_all_metadata=True,
        )
        return objects_at(answer, "messages")

    def _may_be_lost(self, message: Json) -> bool:
        """An own message after the question that no record holds, and that does not name another question.

        Not one that shares a file: it has no metadata, and was not made by a call that writes messages. Not one that
        asks for approval: a desk has written it.
        """
        ts, answers = text_at(message, "ts"), text_at(object_at(message, "metadata", "event_payload"), "question")
        return (
            text_at(message, "user") == self.bot
            and ts > self.to.id
            and not objects_at(message, "files")
            and text_at(message, "subtype") != "file_share"
            and ts not in self.record.messages
            and answers in ("", self.to.id)
            and not asks_for_approval(objects_at(message, "blocks"))
        )
