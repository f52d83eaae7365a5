"""The plans of the chaos stories: what happens in the story of a seed, and what may go wrong in any of them (pure)."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from playground.openai import faults as model_faults
from playground.openai.faults import Fault as ModelFault
from playground.slack.faults import Delay, Error, Html, HttpError, RateLimited, Reset, Silence
from playground.slack.faults import Fault as SlackFault
from playground.slack.socket_faults import AckTooLate, EventFault, Late, Reason, Twice

LENGTH = 45
"""Acts of a story that is to end within half a minute."""

WRITES = ("chat.startStream", "chat.appendStream", "chat.stopStream", "chat.postMessage", "chat.update")
OTHERS = (
    "apps.connections.open",
    "assistant.threads.setStatus",
    "auth.test",
    "chat.delete",
    "conversations.history",
    "conversations.replies",
    "users.conversations",
    "users.info",
)
GIVEN_UP_SOON = ("chat.startStream", "chat.appendStream", "assistant.threads.setStatus")
"""Methods for whose answer the daemon waits ten seconds at most."""

SLACK_FAULTS: tuple[SlackFault, ...] = (
    RateLimited(1),
    RateLimited(3),
    HttpError(502),
    HttpError(503),
    HttpError(500, carried_out=True),
    Html(),
    Html(carried_out=True),
    Reset(),
    Reset(carried_out=True),
    Delay(0.7),
    Error("fatal_error"),
    Error("internal_error"),
    Error("ratelimited"),
    Error("request_timeout"),
    Error("service_unavailable"),
    Error("access_denied"),
)
AT_THE_START = ("apps.connections.open", "auth.test")
"""Methods without which no daemon starts: silence from them would last longer than anybody waits for that."""

EVENT_FAULTS: tuple[EventFault, ...] = (Twice(), Late(0.5), Late(2.0), AckTooLate())
MODEL_FAULTS: dict[str, Callable[[int], ModelFault]] = {
    "rate limited": lambda _: model_faults.rate_limited(0.2),
    "rate limited for long": lambda _: model_faults.rate_limited(300),
    "rate limited without a wish": lambda _: model_faults.rate_limited(),
    "overloaded": lambda _: model_faults.overloaded(),
    "server error": lambda _: model_faults.server_error(),
    "gateway error": lambda _: model_faults.server_error(502),
    "quota": lambda _: model_faults.quota_exhausted(),
    "key": lambda _: model_faults.key_rejected(),
    "forbidden": lambda _: model_faults.forbidden(),
    "model gone": lambda _: model_faults.model_gone("gpt-6.1-terra"),
    "too long": lambda _: model_faults.bad_request("context_length_exceeded"),
    "HTML page": lambda _: model_faults.html_page(),
    "error with 200": lambda _: model_faults.error_with_200(),
    "error event": lambda after: model_faults.nested_error(after=after),
    "flat error event": lambda after: model_faults.flat_error(after=after),
    "failed": lambda after: model_faults.failed(after=after),
    "out of length": lambda after: model_faults.incomplete("max_output_tokens", after),
    "filtered": lambda after: model_faults.incomplete("content_filter", after),
    "reset": model_faults.reset,
    "cut chunk": model_faults.truncated_chunk,
    "clean end": model_faults.clean_end,
    "marker alone": lambda _: model_faults.done_marker_only(),
    "half JSON": model_faults.half_json,
    "bad UTF-8": model_faults.bad_utf8,
    "stall": model_faults.stall,
    "stall at the beginning": lambda _: model_faults.at("response.created", model_faults.stall()),
    "stall at the end": lambda _: model_faults.at("response.completed", model_faults.stall()),
    "pings": model_faults.pings,
    "keepalives": lambda after: model_faults.keepalive(3, after),
    "unknown event": lambda after: model_faults.unknown_event(after=after),
    "unknown item": lambda after: model_faults.unknown_item(after=after),
}


class Writing(StrEnum):
    """What somebody writes, and where; talk is not meant for the bot."""

    DM = "a direct message"
    MENTION = "a mention"
    FOLLOW_UP = "a follow-up"
    TALK = "talk"
    REPLY_TO_TALK = "a reply to talk"
    CALL_INTO_TALK = "a mention in a thread of talk"
    EDIT = "an edit"


class Breakage(StrEnum):
    """How a line to Slack breaks."""

    ALL_RESET = "all reset"
    RESET = "reset"
    REFRESH = "refresh"
    WARNING = "warning"
    CROWDED = "too many of them"
    HALF_OPEN = "half-open"
    ALL_HALF_OPEN = "all half-open"
    DEAD_TICKET = "dead ticket"
    GATEWAY = "handshake refused"


class Ending(StrEnum):
    """What ends the daemon."""

    KILL = "SIGKILL"
    TERMINATION = "SIGTERM"
    SWITCHED_OFF = "Socket Mode switched off"


DISCONNECTS: dict[Breakage | Ending, Reason] = {
    Breakage.REFRESH: "refresh_requested",
    Breakage.WARNING: "warning",
    Breakage.CROWDED: "too_many_websockets",
    Ending.SWITCHED_OFF: "link_disabled",
}
"""What is done by a word of Slack's."""


@dataclass(frozen=True, slots=True)
class Write:
    """Somebody writes; `pick`, from 0 to 1, chooses among the threads that there are by then."""

    kind: Writing
    pick: float


@dataclass(frozen=True, slots=True)
class SlackTrouble:
    """The next call of this method meets the fault."""

    method: str
    fault: SlackFault


@dataclass(frozen=True, slots=True)
class ModelTrouble:
    """The next answer of the model meets this fault after so many deltas."""

    fault: str
    after: int


@dataclass(frozen=True, slots=True)
class HoldModel:
    """The next answer waits after so many deltas, for some seconds."""

    after: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SocketTrouble:
    """The lines to Slack break, or one of them does."""

    kind: Breakage


@dataclass(frozen=True, slots=True)
class EventTrouble:
    """The next event meets this fault on its way."""

    fault: EventFault


@dataclass(frozen=True, slots=True)
class DeliverAgain:
    """Slack sends some earlier events once more."""

    picks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class End:
    """The daemon ends."""

    kind: Ending


@dataclass(frozen=True, slots=True)
class Freeze:
    """The daemon stands still for some seconds, as on a machine that swaps or is put to sleep."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Start:
    """The daemon runs again."""


Act = (
    Write | SlackTrouble | ModelTrouble | HoldModel | SocketTrouble | EventTrouble | DeliverAgain | Freeze | End | Start
)
Plan = list[tuple[float, Act]]
"""Acts with the seconds that pass before each."""

_WRITINGS = {
    Writing.DM: 7,
    Writing.MENTION: 3,
    Writing.FOLLOW_UP: 5,
    Writing.TALK: 1,
    Writing.REPLY_TO_TALK: 1,
    Writing.CALL_INTO_TALK: 1,
    Writing.EDIT: 1,
}


def make_plan(seed: int, length: int = LENGTH) -> Plan:
    """What happens in the story of this seed."""
    rng = random.Random(seed)
    plan: Plan = [(0.0, Write(Writing.DM, 0.0)), (0.1, Write(Writing.MENTION, 0.0)), (0.1, Write(Writing.TALK, 0.0))]
    down_for, is_crowded = 0, False
    while len(plan) < length or down_for:
        pause = rng.choice((0.05, 0.1, 0.3, 0.8))
        if down_for:
            down_for -= 1
            plan.append((pause, _write(rng) if down_for else Start()))
            continue
        act = rng.choices(tuple(_ACTS), tuple(_ACTS.values()))[0](rng)
        if act == SocketTrouble(Breakage.CROWDED):
            if is_crowded:
                continue  # without both lines, nobody would hear anything for longer than a story takes
            is_crowded = True
        plan.append((pause, act))
        if isinstance(act, SlackTrouble) and isinstance(act.fault, Silence) and act.method not in GIVEN_UP_SOON:
            # What would be waited for half a minute is cut short: the answer to the call is lost with who waits for it.
            plan += [(0.1, _write(rng)), (rng.uniform(0.3, 1.5), End(Ending.KILL))]
        if isinstance(plan[-1][1], End):
            down_for, is_crowded = rng.randint(1, 3), False
    return plan


def _write(rng: random.Random) -> Act:
    return Write(rng.choices(tuple(_WRITINGS), tuple(_WRITINGS.values()))[0], rng.random())


def _slack_trouble(rng: random.Random) -> Act:
    method = rng.choice(WRITES * 2 + OTHERS)
    silence = () if method in AT_THE_START else (Silence(carried_out=rng.random() < 0.7),)
    return SlackTrouble(method, rng.choice((*SLACK_FAULTS, *silence)))


def _model_trouble(rng: random.Random) -> Act:
    after = rng.choice((0, 1, 5, 20))
    if rng.random() < 0.5:
        return HoldModel(after, rng.uniform(0.1, 1.5))
    return ModelTrouble(rng.choice(tuple(MODEL_FAULTS)), after)


def _socket_trouble(rng: random.Random) -> Act:
    return SocketTrouble(rng.choice(tuple(Breakage)))


def _event_trouble(rng: random.Random) -> Act:
    return EventTrouble(rng.choice(EVENT_FAULTS))


def _again(rng: random.Random) -> Act:
    return DeliverAgain(tuple(rng.random() for _ in range(rng.randint(1, 5))))


def _freeze(rng: random.Random) -> Act:
    return Freeze(rng.choice((0.5, 2.5)))


def _end(rng: random.Random) -> Act:
    return End(rng.choices((Ending.KILL, Ending.TERMINATION, Ending.SWITCHED_OFF), (14, 5, 1))[0])


_ACTS = {
    _write: 38,
    _slack_trouble: 26,
    _model_trouble: 16,
    _socket_trouble: 7,
    _event_trouble: 7,
    _again: 5,
    _freeze: 3,
    _end: 8,
}
