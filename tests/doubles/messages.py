"""Messages for tests, short to write."""

from bot.domain.conversation import Author, Message, ThreadKey
from bot.ports import Reference

THREAD = ThreadKey("T1", "C1", "1700000001.000000")


def person_writes(
    number: int, text: str, *, who: str = "Ann", to_bot: bool = False, thread: ThreadKey = THREAD
) -> Message:
    """The message with this number in the thread; number 1 is the root of the usual thread."""
    return Message(
        f"{1700000000 + number}.000000", thread, Author(who[0], who), text, 1700000000 + number, to_bot=to_bot
    )


def bot_writes(number: int, text: str, *, thread: ThreadKey = THREAD) -> Message:
    return Message(
        f"{1700000000 + number}.000000", thread, Author("BOT", "ChatGPT"), text, 1700000000 + number, from_bot=True
    )


def reference_to(message: Message, event: str = "Ev1") -> Reference:
    return Reference(message.thread, message.id, event, message.to_bot, message.sent_at)
