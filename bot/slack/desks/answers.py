"""The bot's answers as they stand in a thread: which messages and pictures belong together, and to whose question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.conversation import ThreadKey
from bot.slack.payload import Json, object_at, objects_at, text_at
from bot.slack.reading.history import read_messages
from bot.slack.reading.messages import is_own
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.identity import Identity
from bot.slack.wire.pacer import Priority
from bot.slack.writing.own_messages import EVENT_TYPE

_DELETED = frozenset({"message_not_found", "file_not_found", "file_deleted"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `messages` are those with text, oldest first, `pictures` those that share files, with the files' ids.

    `asker` is who wrote the question, or had this posted; empty when the question is gone.
    """

    question: str
    asker: str
    messages: tuple[str, ...]
    pictures: tuple[tuple[str, tuple[str, ...]], ...] = ()


async def read_answers(calls: SlackCalls, thread: ThreadKey) -> list[Json]:
    """The thread with the metadata of our messages, up to 5,000; empty when it is gone. Raises PlatformError."""
    said = await read_messages(calls, thread, with_metadata=True)
    return [said[ts] for ts in sorted(said)]


def answer_with(message: str, said: Iterable[Json], identity: Identity) -> Answer | None:
    """The answer to which this message of the bot belongs, found in its thread; None when it belongs to none."""
    thread = list(said)
    questions = _questions(thread, identity)
    question = questions.get(message)
    if not question:
        return None
    own = [each for each in thread if questions.get(text_at(each, "ts")) == question]
    asked = next((each for each in thread if text_at(each, "ts") == question), {})
    asker = "" if text_at(asked, "subtype") == "tombstone" else text_at(asked, "user")
    return Answer(
        question,
        next((posted_for(each) for each in own if posted_for(each)), asker),
        tuple(text_at(each, "ts") for each in own if not objects_at(each, "files")),
        tuple((text_at(each, "ts"), _files(each)) for each in own if objects_at(each, "files")),
    )


async def remove(calls: SlackCalls, channel: str, answer: Answer) -> None:
    """Delete all messages and pictures of the answer; what is gone already is well. Raises PlatformError."""
    for ts, files in answer.pictures:
        for file in files:
            await _delete(calls, "files.delete", {"file": file})
        await _delete(calls, "chat.delete", {"channel": channel, "ts": ts})
    for ts in answer.messages:
        await _delete(calls, "chat.delete", {"channel": channel, "ts": ts})


def question_in(said: Json) -> str:
    """The question that this message of ours answers, by its metadata; empty where it has none."""
    metadata = object_at(said, "metadata")
    is_ours = text_at(metadata, "event_type") == EVENT_TYPE
    return text_at(object_at(metadata, "event_payload"), "question") if is_ours else ""


def posted_for(said: Json) -> str:
    """The person who had this message of ours posted; empty for an answer."""
    return text_at(object_at(said, "metadata", "event_payload"), "posted_for")


def _questions(thread: list[Json], identity: Identity) -> dict[str, str]:
    """The questions of our messages, by their ids.

    Slack keeps no metadata of a message that shares a file. Such a one goes with the message of ours before it, unless
    people wrote in between: then it answers the newest of them that no other message of ours names, if there is one.
    """
    named = {question_in(each) for each in thread if is_own(each, identity)}
    questions: dict[str, str] = {}
    before, between = "", list[str]()
    for each in thread:
        ts = text_at(each, "ts")
        if not is_own(each, identity):
            between.append(ts)
            continue
        if question := question_in(each):
            before = question
        elif objects_at(each, "files"):
            free = [ts for ts in between if ts not in named]
            before = (free or between or [before])[-1]
        else:
            continue
        questions[ts] = before
        between.clear()
    return questions


def _files(said: Json) -> tuple[str, ...]:
    return tuple(text_at(file, "id") for file in objects_at(said, "files") if text_at(file, "id"))


async def _delete(calls: SlackCalls, method: str, what: Mapping[str, Any]) -> None:
    try:
        await calls.call(method, priority=Priority.FINAL, **what)
    except SlackRefusal as refusal:
        if refusal.code not in _DELETED:
            raise
