"""Balances the books of a workspace: what people asked against what the bot has answered (pure)."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.errors import BotError, ModelError
from bot.domain.reply import CutReason, Done, Stopped, StopReason
from bot.openai.errors import ProviderTrouble, busy
from bot.slack.writing.notes import closing_note
from playground.openai.requests import Request
from playground.slack.directory import Json
from playground.slack.workspace import Workspace
from tests.stories.stage import is_status

_NONCE = re.compile(r"\bQ\d+\b")


@dataclass(frozen=True, slots=True)
class Question:
    """A message of a person, which holds the nonce; `for_bot` says whether the bot has to answer it.

    `written_at` is on the event loop's clock.
    """

    nonce: str
    channel: str
    message: Json
    for_bot: bool
    written_at: float

    @property
    def ts(self) -> str:
        return str(self.message["ts"])

    @property
    def thread(self) -> str:
        return str(self.message.get("thread_ts") or self.ts)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer of the model: the nonces that it read, in order, and what it wrote or would have written."""

    asked: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The bot's messages that name one question as theirs, oldest first."""

    question: str
    stamps: tuple[str, ...]
    texts: tuple[str, ...]
    notes: tuple[str, ...]

    def is_whole(self, attempt: Attempt) -> bool:
        """True when the messages show this text and nothing else; where a message ends, blank lines are left out."""
        if len(self.texts) == 1:
            return self.texts[0] == attempt.text
        return _lines(*self.texts) == _lines(attempt.text)

    def is_beginning(self, attempt: Attempt) -> bool:
        """True when the messages show how this text begins, or nothing."""
        return "".join(_lines(attempt.text)).startswith("".join(_lines(*self.texts)))


def nonces_asked(request: Request) -> tuple[str, ...]:
    """The nonces of what people wrote, in the order in which the model reads them."""
    said = (_NONCE.findall(message.text) for message in request.messages if message.role == "user")
    return tuple(nonce for nonces in said for nonce in nonces)


def audit(
    workspace: Workspace, questions: Sequence[Question], attempts: Sequence[Attempt], taken_at: Mapping[str, float]
) -> list[str]:
    """Everything that is wrong, in words; nothing when each question has exactly one answer or one note.

    Questions that waited together share the reply to the newest of them. `taken_at` tells by timestamp when the
    app has acknowledged a message, on the event loop's clock: only what it has it can answer in order.
    """
    threads: defaultdict[tuple[str, str], list[Question]] = defaultdict(list)
    for question in questions:
        threads[question.channel, question.thread].append(question)
    found = [f"a status stands in {thread}" for thread in workspace.statuses]
    found += _mixed(questions, attempts)
    for channel in workspace.channels:
        written = [each for each in workspace.messages(channel) if each.get("user") == workspace.bot.user_id]
        of_thread: defaultdict[str, list[Json]] = defaultdict(list)
        for message in written:
            of_thread[str(message.get("thread_ts") or message["ts"])].append(message)
        for root in {root for place, root in threads if place == channel} | of_thread.keys():
            asked = [question for question in threads[channel, root] if question.for_bot]
            own = of_thread[root]
            trouble = [*_unfinished(own), *_misplaced(own, asked)]
            if not trouble:
                trouble = [*_audit_thread(_replies(workspace, own), asked, attempts, taken_at)]
            found += [f"{channel}/{root}: {problem}" for problem in trouble]
    return found


def replies_of(workspace: Workspace) -> list[Reply]:
    """All replies that can be seen."""
    own = [
        message
        for channel in workspace.channels
        for message in workspace.messages(channel)
        if message.get("user") == workspace.bot.user_id
    ]
    return _replies(workspace, own)


def _mixed(questions: Sequence[Question], attempts: Sequence[Attempt]) -> Iterator[str]:
    places = {question.nonce: (question.channel, question.thread) for question in questions}
    for attempt in attempts:
        if len({places[nonce] for nonce in attempt.asked if nonce in places}) > 1:
            yield f"the model has read several threads at once: {attempt.asked}"


def _unfinished(own: Sequence[Json]) -> Iterator[str]:
    for message in own:
        if message.get("streaming_state") == "in_progress":
            yield f"{message['ts']} is still streaming"
        if is_status(message):
            yield f"{message['ts']} still shows a status"


def _misplaced(own: Sequence[Json], asked: Sequence[Question]) -> Iterator[str]:
    known = {question.ts for question in asked}
    for message in own:
        if _answered_by(message) not in known:
            yield f"{message['ts']} answers nothing that was asked here"


def _audit_thread(
    replies: Sequence[Reply], asked: Sequence[Question], attempts: Sequence[Attempt], taken_at: Mapping[str, float]
) -> Iterator[str]:
    by_stamp = {question.ts: question for question in asked}
    meant: dict[str, Attempt] = {}
    for reply in replies:
        nonce = by_stamp[reply.question].nonce
        fitting = [attempt for attempt in attempts if attempt.asked[-1:] == (nonce,)]
        if attempt := next((attempt for attempt in fitting if reply.is_whole(attempt)), None):
            meant[nonce] = attempt
        if reply.notes:
            if any(reply.texts) and not any(reply.is_beginning(attempt) for attempt in fitting):
                yield f"the reply to {nonce} shows what no attempt began with"
            yield from (f"an unkind end of the reply to {nonce}: {note}" for note in reply.notes if note not in _KIND)
            if len(reply.notes) > 1:
                yield f"the reply to {nonce} ends in {len(reply.notes)} notes"
        elif not attempt:
            yield f"the reply to {nonce} is none of its {len(fitting)} attempts: {[t[:70] for t in reply.texts]}"
    for question in asked:
        if not any(reply.question == question.ts or _shares(reply, question, meant, by_stamp) for reply in replies):
            yield f"{question.nonce} is not answered"
    for earlier, later in pairwise(replies):
        if earlier.stamps[-1] > later.stamps[0]:
            yield "two replies are mixed"
        first, second = by_stamp[later.question], by_stamp[earlier.question]
        if first.ts < second.ts and taken_at.get(first.ts, math.inf) < second.written_at:
            yield f"{first.nonce} is answered after {second.nonce}"


def _shares(reply: Reply, question: Question, meant: Mapping[str, Attempt], by_stamp: Mapping[str, Question]) -> bool:
    """True when the question waited together with the one that this reply answers."""
    answered = by_stamp[reply.question]
    if answered.ts < question.ts:
        return False
    attempt = meant.get(answered.nonce)
    return attempt is None or question.nonce in attempt.asked


def _replies(workspace: Workspace, own: Sequence[Json]) -> list[Reply]:
    """The messages by the question that they answer, in the order in which the replies began."""
    groups: defaultdict[str, list[Json]] = defaultdict(list)
    for message in own:
        groups[_answered_by(message)].append(message)
    return [
        Reply(
            question,
            tuple(message["ts"] for message in messages),
            tuple("" if _is_note(message) else workspace.markdown_of(message) for message in messages),
            tuple(note for message in messages for note in workspace.notes_of(message)),
        )
        for question, messages in groups.items()
    ]


def _answered_by(message: Json) -> str:
    return str(message.get("metadata", {}).get("event_payload", {}).get("question", ""))


def _is_note(message: Json) -> bool:
    blocks = message.get("blocks", ())
    return bool(blocks) and all(block["type"] == "context" for block in blocks)


def _lines(*texts: str) -> list[str]:
    return [line for text in texts for line in text.splitlines() if line.strip()]


def _explanations(error: type[BotError]) -> set[str]:
    return {error.explanation}.union(*(_explanations(narrower) for narrower in error.__subclasses__()))


RESTARTING = str(closing_note(Stopped(StopReason.SHUTDOWN), empty=False))
_CUT = {str(closing_note(Done(cut=reason), empty=empty)) for reason in CutReason for empty in (True, False)}
_BUSY = {busy("", seconds).explanation for seconds in (0.2, 300)}
_FORBIDDEN = "My OpenAI key may not use this model. Please choose another one, or tell the person who runs me."
_KIND = _explanations(ModelError) | {ProviderTrouble.explanation, _FORBIDDEN, RESTARTING} | _BUSY | _CUT
"""How a reply may end that is not an answer: the model's fault, or the operator's wish."""


def tally(replies: Sequence[Reply]) -> Counter[str]:
    """How many replies are answers, and how many end in a note."""
    return Counter("notes" if reply.notes else "answers" for reply in replies)
