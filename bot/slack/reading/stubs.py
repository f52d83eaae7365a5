"""Completes what a thread tells of its files: Slack Connect shows stubs, and a fresh upload has no kind yet."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from bot.domain.errors import PlatformError
from bot.slack.payload import Json, text_at
from bot.slack.reading.content import files_in
from bot.slack.reading.files import KnownFiles, ask, is_incomplete
from bot.slack.wire.calls import SlackCalls

log = logging.getLogger(__name__)

_PATIENCE = 3.0  # seconds that a turn waits for all of them
_AT_ONCE = 10
_AT_MOST = 30  # for one thread: files.info takes about a hundred calls a minute, and downloads need some of them


async def completed(calls: SlackCalls, known: KnownFiles, said: Sequence[Json]) -> list[Json]:
    """These messages, oldest first, with their files as files.info tells of them where the thread does not.

    The newest messages come first; a file of which Slack does not tell more, or not in time, stays as it is.
    """
    for message in said:
        known.see(message)
    files = [file for message in reversed(said) for file in files_in(message) if is_incomplete(file)]
    wanted = [each for each in dict.fromkeys(text_at(file, "id") for file in files) if known.may_be_told(each)]
    if wanted:
        await _look_up(calls, known, wanted[:_AT_MOST])
    return [_completed(message, known) for message in said] if files else list(said)


async def _look_up(calls: SlackCalls, known: KnownFiles, file_ids: Iterable[str]) -> None:
    slots = asyncio.Semaphore(_AT_ONCE)

    async def look_up(file_id: str) -> None:
        async with slots:
            try:
                await ask(calls, known, file_id)
            except PlatformError as error:
                log.info("a file stays unknown: %s", error)
            known.asked(file_id)

    try:
        async with asyncio.timeout(_PATIENCE), asyncio.TaskGroup() as lookups:
            for file_id in file_ids:
                lookups.create_task(look_up(file_id))
    except TimeoutError:
        log.info("some files stay unknown: Slack did not tell of them in time")


def _completed(message: Json, known: KnownFiles) -> Json:
    files = files_in(message)
    if not any(map(is_incomplete, files)):
        return message
    return {**message, "files": [_whole(file, known) for file in files]}


def _whole(file: Json, known: KnownFiles) -> Json:
    return (known.told(text_at(file, "id")) if is_incomplete(file) else None) or file
