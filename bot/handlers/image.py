"""Answers a message with a picture: a new one, or one made from those in the thread."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

from bot.domain.conversation import AttachmentKind, Message, Turn
from bot.domain.files import Picture, Unusable
from bot.domain.intent import COMMAND, Source
from bot.domain.language import say
from bot.domain.models import Action, Order, Prompt, PromptMessage, Role
from bot.domain.reply import Done, ReplyStream, TextDelta
from bot.domain.settings import Effort, Settings
from bot.handlers.preface import preface
from bot.ports import Handler, ImageBackend

NO_PICTURE = (
    "I see no picture in this thread that I could change. "
    "Attach the one that you mean, or describe a new picture, and I will draw it."
)
ENOUGH_FOR_TODAY = (
    "You have had as many pictures as one person may have in a day, so I cannot draw this now. "
    "From midnight (UTC) I draw for you again; until then I am glad to help in words."
)
PICTURE_MISSING = "So I have drawn nothing yet. Please send that picture again, perhaps as PNG or JPEG."

MOST_SOURCES = 16
"""Pictures that one new picture can be made from (reference of the Images API, edits)."""

LONGEST = 8_000
"""Characters of earlier talk that may help to understand what is to be drawn."""


def image_handler(backend: ImageBackend, instructions: str, driver: Callable[[Settings], str]) -> Handler:
    """A handler that draws; `driver` names the small model that hands what was said on to the one that draws."""

    async def draw(turn: Turn) -> ReplyStream:
        if turn.made:
            yield Done()
            return
        if not turn.may_draw:
            yield TextDelta(say(ENOUGH_FOR_TODAY))
            yield Done()
            return
        if said := preface(turn, {}):
            yield TextDelta(said)
        sources = sources_of(turn)
        if misses_a_source(turn) or (turn.source is not Source.NONE and not sources):
            yield TextDelta(say(PICTURE_MISSING if misses_a_source(turn) else NO_PICTURE))
            yield Done()
            return
        thread = turn.message.thread
        order = Order(
            Prompt(
                settings=replace(
                    turn.settings, model=driver(turn.settings), reasoning_effort=Effort.NONE, max_output_tokens=None
                ),
                instructions=instructions,
                messages=_talk(turn),
                cache_key=f"{thread.workspace}/{thread.channel}/{thread.root}/image",
                asker=f"{thread.workspace}/{turn.message.author.id}",
                charge=turn.charge,
            ),
            Action.EDIT if sources else Action.GENERATE,
            wish=_wish(turn),
            sources=sources,
        )
        async with aclosing(backend.draw(order)) as events:
            async for event in events:
                yield event

    return draw


def sources_of(turn: Turn) -> tuple[Picture, ...]:
    """The pictures that the new one is made from, the bot's own included, in the order in which they were shown.

    Where those that are meant are not there, the others serve.
    """
    asked = {message.id for message in turn.asked}
    shown = [(message.id in asked, each) for message in turn.conversation.messages for each in _pictures(turn, message)]
    earlier = [picture for is_asked, picture in shown if not is_asked]
    attached = [picture for is_asked, picture in shown if is_asked]
    meant = {
        Source.NONE: [],
        Source.ATTACHED: attached or earlier[-1:],
        Source.EARLIER: earlier[-1:] or attached,
        Source.FIRST: earlier[:1] or attached[:1],
        Source.SEVERAL: earlier + attached,
    }[turn.source]
    return tuple(meant[-MOST_SOURCES:])


def misses_a_source(turn: Turn) -> bool:
    """True when a picture that came with the wish cannot be used: what is drawn without it is not what is wanted."""
    return turn.source in (Source.ATTACHED, Source.SEVERAL) and any(
        attachment.kind is AttachmentKind.PICTURE and isinstance(turn.files.get(attachment.id), Unusable)
        for message in turn.asked
        for attachment in message.attachments
    )


def _wish(turn: Turn) -> str:
    """What is to be drawn, without the commands that say that something is."""
    asked = [message.text for message in turn.asked]
    return "\n".join(COMMAND.sub("", text).lstrip() for text in asked).strip() or "\n".join(asked)


def _pictures(turn: Turn, message: Message) -> list[Picture]:
    contents = [turn.files.get(attachment.id) for attachment in message.attachments]
    return [content for content in contents if isinstance(content, Picture)]


def _talk(turn: Turn) -> tuple[PromptMessage, ...]:
    """The newest message, and as much of the talk before it as there is room for."""
    room = LONGEST
    talk: list[PromptMessage] = []
    for message in reversed(turn.conversation.messages):
        text = message.text if message.from_bot else f"{message.author.name}: {message.text}"
        if talk and len(text) > room:
            break
        room -= len(text)
        if message.text:
            talk.append(PromptMessage(Role.ASSISTANT if message.from_bot else Role.USER, text))
    return tuple(reversed(talk))
