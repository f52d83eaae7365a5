"""What answers cost, and that writing it down troubles nobody."""

from dataclasses import replace

import pytest

from bot.domain.errors import BotError
from bot.domain.models import ModelInfo, Price
from bot.domain.records import Expense
from bot.domain.reply import Done, ImageReady, TextDelta, Usage
from bot.domain.settings import ImageQuality, Settings
from bot.turns.expenses import Bill, Expenses, dollars, picture_dollars
from bot.turns.underway import Underway
from tests.doubles.messages import THREAD
from tests.doubles.records import MemoryUsage

PRICE = Price(input=1.0, cached=0.1, output=5.0)
PAINTER = Price(input=8.0, cached=8.0, output=30.0, pictures={"medium": 0.0132})
PRICES = {name: ModelInfo(name, price=price) for name, price in {"gpt": PRICE, "painter": PAINTER}.items()}
DRAWN = ImageReady(b"", "image/png", "a cat", "painter")
USAGE = Usage(input_tokens=1_000_000, cached_tokens=400_000, output_tokens=200_000)


def expenses(store: MemoryUsage) -> Expenses:
    return Expenses(store, lambda name: PRICES.get(name, ModelInfo(name)), lambda: 50.0)


def bill(*events: TextDelta | ImageReady | Done) -> Bill:
    taken = Bill()
    for event in events:
        taken.take(event)
    return taken


def test_what_the_cache_had_is_cheaper() -> None:
    assert dollars(PRICE, USAGE) == pytest.approx(0.6 + 0.04 + 1.0)
    assert dollars(None, USAGE) == 0
    assert dollars(PRICE, Usage(input_tokens=10, cached_tokens=20)) >= 0


def test_a_search_has_a_price_of_its_own() -> None:
    assert dollars(replace(PRICE, search=0.01), Usage(searches=3)) == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("size", "quality", "expected"),
    [
        ("auto", ImageQuality.AUTO, 0.01),
        ("1024x1024", ImageQuality.HIGH, 0.05),
        ("2048x1024", ImageQuality.MEDIUM, 0.02),
        ("1024x1024", ImageQuality.MAX, 0.0),
    ],
)
def test_a_picture_costs_by_quality_and_size_where_its_tokens_are_not_known(
    size: str, quality: ImageQuality, expected: float
) -> None:
    price = replace(PRICE, pictures={"medium": 0.01, "high": 0.05})
    assert picture_dollars(price, Settings(image_size=size, image_quality=quality)) == pytest.approx(expected)
    assert picture_dollars(None, Settings()) == 0


async def test_an_answer_is_noted_with_its_price() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(TextDelta("So"), Done(USAGE, model="gpt")))
    assert store.expenses == [Expense("T1", "C1", "A", "gpt", USAGE, 0, dollars(PRICE, USAGE), 50.0)]


async def test_each_model_that_has_a_share_in_an_answer_is_noted_and_the_answer_once() -> None:
    store, whole = MemoryUsage(), bill(DRAWN, DRAWN)
    whole.ask("small", Usage(300, 0, 20))
    whole.take(Done(USAGE + Usage(drawing_input=50, drawing_output=1_000_000), model="gpt"))
    await expenses(store).note(THREAD, "A", whole)
    noted = {each.model: (each.answers, each.pictures, each.usage, each.dollars) for each in store.expenses}
    assert noted == {
        "gpt": (1, 0, USAGE, dollars(PRICE, USAGE)),
        "painter": (0, 2, Usage(50, 0, 1_000_000), pytest.approx(30.0004)),
        "small": (0, 0, Usage(300, 0, 20), 0),
    }


async def test_a_picture_of_a_model_that_does_nothing_else_is_the_answer() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(DRAWN, Done(Usage(50, 0, 440), model="painter")))
    assert [(each.answers, each.pictures, each.model) for each in store.expenses] == [(1, 1, "painter")]


async def test_what_it_took_to_find_out_what_was_wanted_is_paid_even_if_nothing_was_answered() -> None:
    store, begun = MemoryUsage(), Bill()
    begun.ask("small", Usage(300, 0, 20))
    await expenses(store).note(THREAD, "A", begun)
    assert [(each.answers, each.model) for each in store.expenses] == [(0, "small")]


async def test_a_model_without_a_price_costs_tokens_alone() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(Done(USAGE, model="unheard-of")))
    assert [(each.model, each.usage, each.dollars) for each in store.expenses] == [("unheard-of", USAGE, 0)]


async def test_where_nobody_was_asked_there_is_nothing_to_note() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(TextDelta("I am the bot."), Done()))
    await expenses(store).note(THREAD, "A", bill(TextDelta("So")))
    assert store.expenses == []


async def test_a_picture_is_noted_by_its_price_even_if_its_answer_never_ended() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(DRAWN))
    noted = [(each.model, each.pictures, each.answers, each.usage, each.dollars) for each in store.expenses]
    assert noted == [("painter", 1, 1, Usage(), 0.0132)]


async def test_what_answers_cost_is_learned_from() -> None:
    underway = Underway(expected=0.0)
    book = Expenses(MemoryUsage(), lambda name: PRICES.get(name, ModelInfo(name)), lambda: 50.0, underway)
    await book.note(THREAD, "A", bill(Done(USAGE, model="gpt")))
    assert underway.expected == pytest.approx(dollars(PRICE, USAGE) / 10)


@pytest.mark.parametrize("trouble", [BotError("the disk is full"), RuntimeError("a bug")])
async def test_an_expense_that_cannot_be_noted_is_logged_and_no_more(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryUsage(broken=trouble)
    await expenses(store).note(THREAD, "A", bill(Done(USAGE, model="gpt")))
    assert "an expense was not noted" in caplog.text
