"""Reads a thread back from Slack: the bot keeps no transcript of its own."""

import asyncio

from bot.domain.conversation import Conversation, Message, ThreadKey
from bot.domain.errors import ThreadUnreadable
from bot.slack.payload import Json, objects_at, text_at
from bot.slack.reading.files import KnownFiles
from bot.slack.reading.messages import ids_to_name, is_own, message_from_history
from bot.slack.reading.paging import pages
from bot.slack.reading.people import People
from bot.slack.reading.stubs import completed
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.identity import Identity

KEPT = 1_000
"""How many of a thread's newest messages are read into a conversation, besides its first."""

_PAGE = 200  # Slack recommends no more (docs.slack.dev/reference/methods/conversations.replies)
_MOST_PAGES = 25
_AT_ONCE = 20  # messages read before others may run: up to about 10 ms

_GONE = frozenset({"thread_not_found", "message_not_found"})
_UNREADABLE = frozenset({"channel_not_found", "not_in_channel", "missing_scope", "access_denied", "no_permission"})


async def read_thread(
    calls: SlackCalls,
    people: People,
    identity: Identity,
    thread: ThreadKey,
    just_begun: Json | None = None,
    *,
    files: KnownFiles,
) -> Conversation:
    """The thread with names instead of ids; empty when its first message is gone without a trace.

    `just_begun` is the message of a thread that consists of nothing else yet; `files` remembers what is shared in it.

    Slack tells a thread from its beginning only. Of a long one the first message and the newest KEPT are kept; reading
    ends after 5,000, beyond which the newest are missing.

    Raises ThreadUnreadable when the bot may not read here, and other PlatformErrors.
    """
    said = [just_begun] if just_begun else _kept(await read_messages(calls, thread), thread)
    if not said:
        return Conversation(())
    others = [each for each in reversed(said) if not is_own(each, identity)]
    ids = dict.fromkeys(identifier for each in others for identifier in sorted(ids_to_name(each)))
    ids.pop(identity.user_id, None)
    found, said = await asyncio.gather(people.names(ids), completed(calls, files, said))
    names = {**found, identity.user_id: identity.name}
    messages: list[Message] = []
    for number, each in enumerate(said):
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
        if message := message_from_history(each, thread, identity, names):
            messages.append(message)
    return Conversation(tuple(messages))


async def read_messages(calls: SlackCalls, thread: ThreadKey, *, with_metadata: bool = False) -> dict[str, Json]:
    """The thread's messages as Slack tells them, by their ids, at most 5,000; empty when the thread is gone.

    Every page may begin with the first message once more. Raises ThreadUnreadable when the bot may not read here, and
    other PlatformErrors.
    """
    where = {"channel": thread.channel, "ts": thread.root, "include_all_metadata": with_metadata or None}
    said: dict[str, Json] = {}
    try:
        async for page in pages(calls, "conversations.replies", most=_MOST_PAGES, limit=_PAGE, **where):
            said |= {text_at(message, "ts"): message for message in objects_at(page, "messages")}
    except SlackRefusal as refusal:
        if refusal.code in _GONE:
            return {}
        if refusal.code in _UNREADABLE:
            raise ThreadUnreadable(str(refusal)) from None
        raise
    return said


def _kept(said: dict[str, Json], thread: ThreadKey) -> list[Json]:
    """The first message and the newest, oldest first."""
    newest = sorted(said.keys() - {thread.root})[-KEPT:]
    return [said[ts] for ts in (thread.root, *newest) if ts in said]
