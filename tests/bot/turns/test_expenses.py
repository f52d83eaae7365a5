"""What answers cost, and that writing it down troubles nobody."""

import pytest

from bot.domain.errors import BotError
from bot.domain.models import ModelInfo, Price
from bot.domain.records import Expense
from bot.domain.reply import Done, ImageReady, TextDelta, Usage
from bot.turns.expenses import Bill, Expenses, dollars
from tests.doubles.messages import person_writes
from tests.doubles.records import MemoryUsage

PRICE = Price(input=1.0, cached=0.1, output=5.0)
USAGE = Usage(input_tokens=1_000_000, cached_tokens=400_000, output_tokens=200_000)


def expenses(store: MemoryUsage) -> Expenses:
    return Expenses(store, lambda name: ModelInfo(name, price=PRICE if name == "gpt" else None), lambda: 50.0)


def bill(*events: TextDelta | ImageReady | Done) -> Bill:
    taken = Bill()
    for event in events:
        taken.take(event)
    return taken


def test_what_the_cache_had_is_cheaper() -> None:
    assert dollars(PRICE, USAGE) == pytest.approx(0.6 + 0.04 + 1.0)
    assert dollars(None, USAGE) == 0
    assert dollars(PRICE, Usage(input_tokens=10, cached_tokens=20)) >= 0


async def test_an_answer_is_noted_with_its_price() -> None:
    store = MemoryUsage()
    picture = ImageReady(b"", "image/png", "a cat")
    await expenses(store).note(
        person_writes(1, "Hi"), bill(TextDelta("So"), picture, picture, Done(USAGE, model="gpt"))
    )
    assert store.expenses == [Expense("T1", "C1", "A", "gpt", USAGE, 2, dollars(PRICE, USAGE), 50.0)]


async def test_a_model_without_a_price_costs_tokens_alone() -> None:
    store = MemoryUsage()
    await expenses(store).note(person_writes(1, "Hi"), bill(Done(USAGE, model="unheard-of")))
    assert [(each.model, each.usage, each.dollars) for each in store.expenses] == [("unheard-of", USAGE, 0)]


async def test_where_nobody_was_asked_there_is_nothing_to_note() -> None:
    store = MemoryUsage()
    await expenses(store).note(person_writes(1, "Hi"), bill(TextDelta("I am the bot."), Done()))
    await expenses(store).note(person_writes(1, "Hi"), bill(TextDelta("So")))
    assert store.expenses == []


async def test_a_picture_is_noted_even_if_its_answer_never_ended() -> None:
    store = MemoryUsage()
    await expenses(store).note(person_writes(1, "Draw"), bill(ImageReady(b"", "image/png", "a cat")))
    assert [(each.pictures, each.usage) for each in store.expenses] == [(1, Usage())]


@pytest.mark.parametrize("trouble", [BotError("the disk is full"), RuntimeError("a bug")])
async def test_an_expense_that_cannot_be_noted_is_logged_and_no_more(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryUsage(broken=trouble)
    await expenses(store).note(person_writes(1, "Hi"), bill(Done(USAGE, model="gpt")))
    assert "an expense was not noted" in caplog.text
