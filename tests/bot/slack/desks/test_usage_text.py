"""What was used, in words and as a table."""

import csv
import io

import pytest

from bot.domain.records import Totals, Use
from bot.domain.report import Report, month_named
from bot.slack.desks.usage_text import MOST_ROWS, NOTHING, as_csv, report_blocks, used
from tests.bot.slack.desks.settings_scene import texts_in

SPAN = month_named("2026-11")
ONCE = Totals(1, 0, 1_200, 0.25)


def report(*uses: Use) -> Report:
    assert SPAN
    return Report(SPAN, uses)


def text_of(shown: Report, before: Report | None = None) -> str:
    return texts_in({"blocks": report_blocks(shown, before)})


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        (Totals(), ""),
        (ONCE, "1 answer, 0 pictures, 1,200 tokens, about $0.25"),
        (Totals(1_000, 1, 1, 1_234.5, 2), "1,000 answers, 1 picture, 2 searches, 1 token, about $1,234.50"),
        (Totals(searches=1), "0 answers, 0 pictures, 1 search, 0 tokens, about $0.00"),
    ],
)
def test_totals_are_a_line_of_words(totals: Totals, words: str) -> None:
    assert used(totals) == words


def test_a_report_lists_people_channels_and_models_by_their_ids() -> None:
    shown = text_of(report(Use("U1", "C1", "gpt", ONCE), Use("U2", "D2", "a<b>", ONCE)))
    assert "Usage of 2026-11" in shown
    assert "<@U1>: 1 answer" in shown
    assert "<#C1>: 1 answer" in shown
    assert "direct messages: 1 answer" in shown
    assert "a&lt;b&gt;: 1 answer" in shown


def test_direct_messages_are_one_row() -> None:
    shown = text_of(report(Use("U1", "D1", "gpt", ONCE), Use("U2", "D2", "gpt", ONCE)))
    assert shown.count("direct messages") == 1
    assert "direct messages: 2 answers" in shown


def test_long_lists_are_cut_and_the_rest_is_counted() -> None:
    uses = [Use(f"U{number:02}", "C1", "gpt", Totals(1, dollars=100.0 - number)) for number in range(MOST_ROWS + 12)]
    shown = text_of(report(*uses))
    assert "<@U09>" in shown
    assert "<@U10>" not in shown
    assert "and 12 more: 12 answers" in shown


def test_a_report_may_be_held_against_the_one_before() -> None:
    before = Report(month_named("2026-10") or report().span, (Use("U1", "C1", "gpt", ONCE),))
    shown = text_of(report(), before)
    assert NOTHING in shown
    assert "2026-10: 1 answer" in shown


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1"])
def test_nothing_in_the_table_is_a_formula(name: str) -> None:
    content = as_csv(report(Use("U1", "C1", name, ONCE)), {"U1": name, "C1": name})
    (_, row) = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    for cell in (row[0], row[2], row[4]):
        assert cell.strip()[0] == "'"
        assert cell.endswith(name.strip())


def test_the_table_has_everything_with_names_and_ids() -> None:
    content = as_csv(
        report(Use("U1", "C1", "gpt", Totals(1, 2, 3, 0.5, 4))), {"U1": 'Ann "A", Archer', "C1": "général"}
    )
    assert content.startswith(b"\xef\xbb\xbf")  # without it, Excel takes it for another encoding
    assert list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        {
            "person": 'Ann "A", Archer',
            "person id": "U1",
            "channel": "général",
            "channel id": "C1",
            "model": "gpt",
            "answers": "1",
            "pictures": "2",
            "searches": "4",
            "tokens": "3",
            "dollars": "0.500000",
        }
    ]
