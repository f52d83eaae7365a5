"""What a model reads of a document that is too long for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.files import Document, Section, Unit
from bot.handlers.excerpt import PART, cost_of, excerpt


def paged(pages: int, characters: int = 300) -> Document:
    sections = tuple(Section(number, f"Page {number}. ".ljust(characters, "x")) for number in range(1, pages + 1))
    return Document("book.pdf", "PDF", Unit.PAGE, pages, sections)


def numbers(document: Document, budget: int, question: str) -> list[int]:
    return [section.number for section in excerpt(document, budget, question).sections]


def test_a_document_that_fits_is_read_whole() -> None:
    whole = excerpt(paged(3), 10_000, "")
    assert whole.complete
    assert whole.extent == "pages 1–3 of 3"


def test_of_a_long_document_the_beginning_is_read() -> None:
    part = excerpt(paged(212), 112 * 40, "Summarize this")
    assert not part.complete
    assert part.extent == "pages 1–40 of 212"


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("What does page 150 say?", 150),
        ("Was steht auf Seite 150?", 150),
        ("150ページには何がありますか", 150),
        ("第150页讲什么？", 150),
        ("ما هو مكتوب في الصفحة 150؟", 150),
    ],
)
def test_a_page_that_the_question_names_is_read_in_any_language(question: str, page: int) -> None:
    assert page in numbers(paged(212), 112 * 40, question)


def test_a_range_of_pages_may_be_named() -> None:
    part = excerpt(paged(212), 112 * 40, "Compare pages 100-110 with 200 – 202.")
    assert part.extent == "pages 1–26, 100–110 and 200–202 of 212"


@pytest.mark.parametrize("question", ["It costs 150.50", "version 1.150", "item A150", "year 2150", "page 0"])
def test_other_numbers_name_no_page(question: str) -> None:
    assert numbers(paged(212), 112 * 40, question) == list(range(1, 41))


def test_a_page_that_is_longer_than_the_room_is_cut_visibly() -> None:
    part = excerpt(paged(2, 90_000), 1_000, "")
    assert part.sections[0].text.endswith("[… the rest of this 90,000 characters long part is left out …]")
    assert part.extent == "page 1 of 2 (page 1: its first 3,000 of 90,000 characters)"
    assert not part.complete


def test_a_sheet_of_which_rows_are_missing_is_not_whole() -> None:
    sheet = Section(1, "| a |", part="rows 1–2,000 of 200,000, column A")
    part = excerpt(Document("big.csv", "CSV table", Unit.SHEET, 1, (sheet,)), 10_000, "")
    assert not part.complete
    assert part.extent == "sheet 1 of 1 (sheet 1: rows 1–2,000 of 200,000, column A)"


def test_a_long_text_without_pages_gets_parts_that_can_be_asked_for() -> None:
    text = "".join(f"line {number}\n" for number in range(20_000))
    document = Document("log.txt", "text", Unit.PART, 1, (Section(1, text),))
    parts = -(-len(text) // PART)
    last = excerpt(document, 6_000, f"What is in part {parts}?")
    assert last.document.total >= parts
    assert any("line 199" in section.text for section in last.sections)


def test_what_was_not_read_for_another_reason_makes_it_incomplete() -> None:
    document = Document("book.pdf", "PDF", Unit.PAGE, 9, paged(3).sections, cut="reading took too long")
    assert not excerpt(document, 10_000, "").complete


@given(st.integers(1, 60), st.integers(0, 3_000), st.integers(1, 5_000), st.text(max_size=40))
def test_an_excerpt_stays_within_its_room_in_order_and_without_repetition(
    pages: int, characters: int, budget: int, question: str
) -> None:
    part = excerpt(paged(pages, characters), budget, question)
    chosen = [section.number for section in part.sections]
    assert chosen == sorted(set(chosen))
    assert cost_of(part.sections) <= budget + 12 + 30
    assert str(pages) in part.extent
