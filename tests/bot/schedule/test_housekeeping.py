"""What has been kept long enough goes; what waits stays."""

from bot.domain.records import Expense, Totals
from bot.domain.usage import Usage
from bot.schedule.housekeeping import REFERENCES_KEPT, USAGE_KEPT, clean
from tests.doubles.journal import MemoryJournal, reference, thread_of
from tests.doubles.records import MemoryUsage

HOUR, DAY = 3600.0, 86_400.0


async def journal_with_an_answer(finished_at: float) -> MemoryJournal:
    journal, thread = MemoryJournal(), thread_of()
    await journal.accept(reference(1), now=finished_at)
    epoch = await journal.claim(thread)
    await journal.add_reply_message(thread, epoch, "2.5")
    await journal.finish(thread, epoch, (reference(1),), now=finished_at)
    return journal


async def test_finished_messages_are_recognised_for_a_week() -> None:
    journal = await journal_with_an_answer(finished_at=DAY)

    await clean(journal, MemoryUsage().forget, now=lambda: DAY + REFERENCES_KEPT - 1, replies_kept_hours=24)
    assert not await journal.accept(reference(1, event="Ev-again"), now=0)

    await clean(journal, MemoryUsage().forget, now=lambda: DAY + REFERENCES_KEPT + 1, replies_kept_hours=24)
    assert await journal.accept(reference(1), now=0)


async def test_a_week_is_long_enough_for_whatever_slack_delivers_late() -> None:
    journal = await journal_with_an_answer(finished_at=0)
    for day in range(1, 7):
        await clean(journal, MemoryUsage().forget, now=lambda: day * DAY, replies_kept_hours=24)  # noqa: B023
    assert not await journal.accept(reference(1), now=6 * DAY)


async def test_the_messages_of_a_reply_are_known_as_long_as_the_operator_wants() -> None:
    journal = await journal_with_an_answer(finished_at=DAY)

    await clean(journal, MemoryUsage().forget, now=lambda: DAY + 5 * HOUR - 1, replies_kept_hours=5)
    assert await journal.strangers(thread_of(), ("2.5",)) == ()

    await clean(journal, MemoryUsage().forget, now=lambda: DAY + 5 * HOUR + 1, replies_kept_hours=5)
    assert await journal.strangers(thread_of(), ("2.5",)) == ("2.5",)


async def test_what_waits_is_kept_for_ever() -> None:
    journal = MemoryJournal()
    await journal.accept(reference(1), now=0)

    await clean(journal, MemoryUsage().forget, now=lambda: 1000 * DAY, replies_kept_hours=1)

    assert await journal.waiting(thread_of()) == (reference(1),)


async def test_what_answers_cost_is_known_for_thirteen_months() -> None:
    usage = MemoryUsage()
    await usage.note(Expense("T1", "C1", "U1", "gpt", Usage(1, 0, 1), pictures=0, dollars=0.5, at=DAY))

    await clean(MemoryJournal(), usage.forget, now=lambda: DAY + USAGE_KEPT - 1, replies_kept_hours=1)
    assert await usage.totals("T1", "U1", since=0) == Totals(answers=1, tokens=2, dollars=0.5)

    await clean(MemoryJournal(), usage.forget, now=lambda: DAY + USAGE_KEPT + 1, replies_kept_hours=1)
    assert await usage.totals("T1", "U1", since=0) == Totals()
