"""What is drawn, and from which pictures."""

from dataclasses import dataclass, field, replace

import pytest

from bot.domain.conversation import Attachment, Conversation, Message, Turn
from bot.domain.files import FileContent, Picture, Unusable
from bot.domain.intent import Source
from bot.domain.models import Action, Order, PromptMessage, Role
from bot.domain.reply import Done, ImageReady, ReplyEvent, ReplyStream, TextDelta
from bot.domain.settings import Effort, Settings
from bot.handlers.image import ENOUGH_FOR_TODAY, NO_PICTURE, PICTURE_MISSING, image_handler
from tests.doubles.messages import bot_writes, person_writes

DRAWN = ImageReady(b"JPEG", "image/jpeg", "a cat")


@dataclass
class Painter:
    """Draws the same picture each time, and remembers the orders."""

    orders: list[Order] = field(default_factory=list)

    async def draw(self, order: Order) -> ReplyStream:
        self.orders.append(order)
        yield DRAWN
        yield Done()


def picture(name: str) -> Picture:
    return Picture(name, "image/png", name.encode(), 1, 1)


def showing(message: Message, *names: str) -> Message:
    return replace(message, attachments=tuple(Attachment(name, name, "image/png", 1) for name in names))


def turn_of(*messages: Message, source: Source, files: dict[str, FileContent] | None = None) -> Turn:
    found = {each.id: picture(each.id) for message in messages for each in message.attachments}
    return Turn(Conversation(messages), Settings(), (messages[-1].id,), {**found, **(files or {})}, source)


async def drawn(painter: Painter, turn: Turn) -> list[ReplyEvent]:
    return [event async for event in image_handler(painter, "Draw.", lambda _: "small")(turn)]


async def sources(*messages: Message, source: Source) -> list[str]:
    painter = Painter()
    await drawn(painter, turn_of(*messages, source=source))
    return [each.name for each in painter.orders[0].sources]


async def test_a_new_picture_is_ordered_from_the_small_model() -> None:
    painter = Painter()
    assert await drawn(painter, turn_of(person_writes(1, "Draw a cat"), source=Source.NONE)) == [DRAWN, Done()]
    (order,) = painter.orders
    assert (order.action, order.sources) == (Action.GENERATE, ())
    assert order.wish == "Draw a cat"
    assert order.prompt.messages == (PromptMessage(Role.USER, "Ann: Draw a cat"),)
    assert (order.prompt.settings.model, order.prompt.settings.reasoning_effort) == ("small", Effort.NONE)


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("!image a cat", "a cat"),
        ("/Draw  a cat", "a cat"),
        ("!image", "!image"),
        ("Paint the word !image", "Paint the word !image"),
    ],
)
async def test_the_command_is_no_part_of_the_wish(said: str, wish: str) -> None:
    painter = Painter()
    await drawn(painter, turn_of(person_writes(1, said), source=Source.NONE))
    assert painter.orders[0].wish == wish


async def test_what_is_attached_is_changed_first() -> None:
    messages = (showing(person_writes(1, "Old"), "old"), showing(person_writes(2, "Blue"), "one", "two"))
    assert await sources(*messages, source=Source.ATTACHED) == ["one", "two"]


async def test_the_second_edit_starts_from_the_last_picture_of_the_bot() -> None:
    messages = (
        showing(person_writes(1, "Blue"), "original"),
        showing(bot_writes(2, "blue"), "blue one"),
        showing(bot_writes(3, "bluer"), "bluer one"),
        person_writes(4, "Now green"),
    )
    assert await sources(*messages, source=Source.EARLIER) == ["bluer one"]
    assert await sources(*messages, source=Source.ATTACHED) == ["bluer one"]


async def test_an_earlier_picture_that_is_meant_goes_before_what_is_attached() -> None:
    messages = (showing(person_writes(1, "Old"), "old"), showing(person_writes(2, "The first one, bluer"), "new"))
    assert await sources(*messages, source=Source.EARLIER) == ["old"]


async def test_the_first_picture_of_the_thread_can_be_meant() -> None:
    messages = (
        showing(person_writes(1, "Two"), "left", "right"),
        showing(bot_writes(2, "x"), "drawn"),
        person_writes(3, "Darken the first"),
    )
    assert await sources(*messages, source=Source.FIRST) == ["left"]


async def test_pictures_that_are_combined_go_along_in_the_order_in_which_they_were_shown() -> None:
    messages = (
        showing(person_writes(1, "A house"), "house"),
        showing(person_writes(2, "Put this logo on it"), "logo"),
    )
    assert await sources(*messages, source=Source.SEVERAL) == ["house", "logo"]


async def test_without_a_picture_to_change_it_asks() -> None:
    painter = Painter()
    events = await drawn(painter, turn_of(person_writes(1, "Make it blue"), source=Source.EARLIER))
    assert events == [TextDelta(NO_PICTURE), Done()]
    assert painter.orders == []


async def test_nothing_is_drawn_without_a_picture_that_was_meant_to_be_in_it() -> None:
    painter = Painter()
    turn = turn_of(
        showing(person_writes(1, "Combine these"), "broken", "fine"),
        source=Source.ATTACHED,
        files={"broken": Unusable("broken", "it is damaged")},
    )
    assert await drawn(painter, turn) == [
        TextDelta("> ⚠️ I could not use `broken`: it is damaged.\n\n"),
        TextDelta(PICTURE_MISSING),
        Done(),
    ]
    assert painter.orders == []


async def test_what_an_interrupted_attempt_has_drawn_is_not_drawn_again() -> None:
    painter = Painter()
    turn = replace(turn_of(person_writes(1, "Draw a cat"), source=Source.NONE), made=True)
    assert await drawn(painter, turn) == [Done()]
    assert painter.orders == []


async def test_earlier_talk_goes_along_as_far_as_there_is_room() -> None:
    painter = Painter()
    long = [person_writes(number, f"{number} " + "x" * 3_000) for number in range(1, 9)]
    await drawn(painter, turn_of(*long, person_writes(9, "Draw that"), source=Source.NONE))
    said = [message.text[:8] for message in painter.orders[0].prompt.messages]
    assert said == ["Ann: 7 x", "Ann: 8 x", "Ann: Dra"]


async def test_who_has_had_enough_pictures_for_a_day_is_told_when_there_are_more() -> None:
    painter = Painter()
    turn = replace(turn_of(person_writes(1, "Draw a cat"), source=Source.NONE), may_draw=False)
    assert await drawn(painter, turn) == [TextDelta(ENOUGH_FOR_TODAY), Done()]
    assert painter.orders == []
