"""One message that grows before people's eyes: streamed where Slack takes that, edited everywhere else."""

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import AnswerStopped
from bot.slack.markup.blocks import NOTHING, Below
from bot.slack.markup.unfinished import healed
from bot.slack.wire.errors import CallSkipped, SlackRefusal, UncertainWrite
from bot.slack.wire.limits import ENDED_BY
from bot.slack.wire.pacer import Priority
from bot.slack.writing.own_messages import OwnMessages, rendered

log = logging.getLogger(__name__)

START, APPEND, STOP = "chat.startStream", "chat.appendStream", "chat.stopStream"
POST, UPDATE = "chat.postMessage", "chat.update"

_NO_STREAMS = frozenset(
    {"channel_type_not_supported", "method_not_supported_for_channel_type", "messages_tab_disabled"}
    | {"missing_recipient_user_id", "missing_recipient_team_id", "user_not_found", "team_not_found"}
    | {"unknown_method", "missing_scope", "not_allowed_token_type", "feature_not_enabled", "access_denied"}
    | {"restricted_action", "restricted_action_thread_only_channel", "restricted_action_read_only_channel"}
)
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_TOO_MUCH = frozenset({"msg_blocks_too_long", "msg_blocks_too_many", "msg_too_long"})
_STOPPED = "stopped_by_user"
_UNSHOWABLE = _TOO_MUCH | {"invalid_blocks", "invalid_blocks_format"}


@dataclass(slots=True)
class Streamed:
    """A message whose stream runs: Slack has `text`, and takes only more of it."""

    ts: str
    text: str
    since: float


@dataclass(slots=True)
class Edited:
    """A message that is written anew with each change.

    `shown` is None before it shows anything of the reply, and empty when it is not known in this form.
    """

    ts: str
    shown: dict[str, Any] | None = None


def refuses_blocks(refusal: SlackRefusal) -> bool:
    """True when Slack may take the same text without blocks, or less of it."""
    return refusal.code in _UNSHOWABLE


def is_too_much(refusal: SlackRefusal) -> bool:
    """True when one message does not hold all this."""
    return refusal.code in _TOO_MUCH


class LiveMessage:
    """Brings one message to each text that it is given.

    Nothing is lost or doubled by a stream that fails in any way: the message is then edited, with its whole text.
    `edited` names an existing message that is to be taken over; `posted` is True once a new one was made.
    """

    def __init__(self, own: OwnMessages, edited: str | None = None) -> None:
        self._own = own
        self.posted = False
        self._reserve = ExitStack()
        self._state: Streamed | Edited | None = None
        if edited:
            self._become(Edited(edited))

    @property
    def begun(self) -> bool:
        """True when there is a message."""
        return self._state is not None

    @property
    def committed(self) -> int:
        """How many characters cannot be taken back."""
        return len(self._state.text) if isinstance(self._state, Streamed) else 0

    @property
    def streaming_since(self) -> float | None:
        """When the stream began that runs now."""
        return self._state.since if isinstance(self._state, Streamed) else None

    def try_slot(self) -> str | None:
        """The method by which the message may grow at once, if Slack's limits leave room; its slot is taken."""
        methods, priority = self._growth()
        calls, channel = self._own.calls, self._own.channel
        for method in methods:
            if calls.pacer.try_slot(method, priority=priority, channel=channel):
                self._promise_end(method)
                return method
        return None

    async def slot(self, waiting_since: float) -> str:
        """The method by which the message may grow, once its slot has come and is taken."""
        methods, priority = self._growth()
        if self._state is None:
            return await self._begin(methods, priority, waiting_since)
        calls, (method,) = self._own.calls, methods
        await calls.pacer.slot(method, priority=priority, waiting_since=waiting_since)
        return method

    async def grow(self, text: str, method: str, *, plain: bool = False) -> None:
        """Show this text, which extends what was shown before; `method` is the one whose slot was taken.

        Raises CallSkipped when Slack has no time for it, SlackRefusal when it does not take it, AnswerStopped when a
        person has pressed Slack's stop button, whose event may still be on its way.
        """
        match self._state:
            case Streamed() as stream:
                await self._append(stream, text)
            case Edited() as message:
                await self._edit(message, rendered(healed(text), plain=plain), Priority.INTERIM, admitted=True)
            case None:
                if not (method == START and await self._start(text)):
                    await self._post(rendered(healed(text), plain=plain), Priority.FIRST, admitted=method == POST)

    async def finish(self, text: str, below: Below = NOTHING, *, plain: bool = False) -> None:
        """Bring the message to its final form: this text and no other, with this below it.

        May be called again, with something else below. Raises SlackRefusal and PlatformUnavailable.
        """
        if not (isinstance(self._state, Streamed) and await self._stop(self._state, text, below)):
            shown = rendered(text, below, plain=plain)
            match self._state:
                case Streamed() as stream:
                    await self._edit(self._fall_over(stream), shown, Priority.FINAL)
                case Edited() as message:
                    await self._edit(message, shown, Priority.FINAL)
                case None:
                    streams = bool(text) and not plain and self._may_stream()
                    method = await self._begin((POST, START) if streams else (POST,), Priority.FINAL)
                    if method == START and await self._start(text):
                        await self.finish(text, below)
                    else:
                        await self._post(shown, Priority.FINAL, admitted=method == POST)
        self.close()

    async def abandon(self) -> None:
        """Leave the message as it is, without a stream that would seem to go on."""
        if isinstance(self._state, Streamed):
            await self._own.end_stream(self._state.ts)
        self.close()

    def close(self) -> None:
        """Keep no room any more for a call that would finish the message."""
        self._reserve.close()

    def _may_stream(self) -> bool:
        return self._own.native and not self._own.refused(START)

    def _growth(self) -> tuple[tuple[str, ...], Priority]:
        match self._state:
            case Streamed():
                return (APPEND,), Priority.INTERIM
            case Edited(shown=shown):
                return (UPDATE,), Priority.FIRST if shown is None else Priority.INTERIM
            case None:
                return (START, POST) if self._may_stream() else (POST,), Priority.FIRST

    async def _begin(self, methods: tuple[str, ...], priority: Priority, waiting_since: float | None = None) -> str:
        calls = self._own.calls
        method = await calls.pacer.beginning(
            *methods,
            priority=priority,
            channel=self._own.channel,
            waiting_since=waiting_since,
        )
        if method == START or priority is Priority.FIRST:
            self._promise_end(method)
        return method

    def _promise_end(self, method: str) -> None:
        """What is begun by this method will be ended: let the pacer keep room for the call that does it."""
        if method in ENDED_BY:
            self._reserve_for(ENDED_BY[method])

    def _become(self, state: Streamed | Edited) -> None:
        self._state = state
        self._reserve_for(STOP if isinstance(state, Streamed) else UPDATE)

    def _reserve_for(self, last: str) -> None:
        """Let the pacer keep room for the call that will finish the message."""
        earlier, self._reserve = self._reserve, ExitStack()
        self._reserve.enter_context(self._own.calls.pacer.live(last))
        earlier.close()

    async def _start(self, text: str) -> bool:
        since = self._own.monotonic()
        try:
            ts, certain = await self._own.start_stream(text)
        except SlackRefusal as refusal:
            log.info("no stream: %s", refusal)
            if refusal.code in _NO_STREAMS:
                self._own.refusals.add(START, self._own.channel)
            return False
        except (UncertainWrite, CallSkipped) as error:
            log.info("no stream: %s", error)
            return False
        self.posted = True
        self._become(Streamed(ts, text, since) if certain else Edited(ts))
        return True

    async def _append(self, stream: Streamed, text: str) -> None:
        try:
            if text.startswith(stream.text):
                await self._own.append(stream.ts, text[len(stream.text) :])
                stream.text = text
                return
        except (SlackRefusal, UncertainWrite) as error:
            if isinstance(error, SlackRefusal) and error.code == _STOPPED:
                raise AnswerStopped(str(error)) from None
            await self._end_broken(stream, error)
        await self._edit(self._fall_over(stream), rendered(healed(text)), Priority.FIRST)

    async def _stop(self, stream: Streamed, text: str, below: Below) -> bool:
        if not text.startswith(stream.text):
            return False
        try:
            await self._own.stop_stream(stream.ts, text[len(stream.text) :], below)
        except (SlackRefusal, UncertainWrite) as error:
            await self._end_broken(stream, error)
            return False
        self._become(Edited(stream.ts, shown={}))
        return True

    async def _end_broken(self, stream: Streamed, error: SlackRefusal | UncertainWrite) -> None:
        log.info("a stream is edited from now on: %s", error)
        if not (isinstance(error, SlackRefusal) and error.code == "message_not_in_streaming_state"):
            await self._own.end_stream(stream.ts)

    def _fall_over(self, stream: Streamed) -> Edited:
        message = Edited(stream.ts)
        self._become(message)
        return message

    async def _post(self, shown: dict[str, Any], priority: Priority, *, admitted: bool = False) -> None:
        ts = await self._own.post(shown, priority, admitted=admitted)
        self.posted = True
        self._become(Edited(ts, shown))

    async def _edit(
        self, message: Edited, shown: dict[str, Any], priority: Priority, *, admitted: bool = False
    ) -> None:
        if message.shown == shown:
            return
        try:
            await self._own.update(message.ts, shown, priority, admitted=admitted)
        except SlackRefusal as refusal:
            if refusal.code not in _GONE:
                raise
            log.info("a message is written anew: %s", refusal)
            await self._post(shown, min(priority, Priority.FIRST))
        except CallSkipped:
            message.shown = {}
            raise
        else:
            message.shown = shown
