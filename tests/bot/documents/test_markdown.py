"""Readers write Markdown that says what was in the file, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from bot.documents import markdown
from bot.domain.files import Unit


def test_a_table_has_a_header_and_full_rows() -> None:
    assert markdown.table([["a", "b"], ["c"]]) == "| a | b |\n| --- | --- |\n| c |  |"
    assert markdown.table([]) == markdown.table([["", ""]]) == ""


def test_a_cell_stays_in_its_place() -> None:
    assert markdown.cell(" one|\n two\r\nthree ") == "one\\|<br>two<br>three"


def test_a_fence_is_longer_than_those_inside() -> None:
    assert markdown.fence("```\ncode\n````", "python") == "`````python\n```\ncode\n````\n`````"


def test_a_short_text_is_one_section() -> None:
    reading = markdown.reading("file", ["# Title", "", "words"])
    (section,) = reading.sections
    assert (reading.unit, reading.total, section.title, section.text) == (Unit.FILE, 1, "Title", "# Title\n\nwords")


@given(st.lists(st.text(alphabet="ab \n", max_size=30).map(lambda text: text * 700), max_size=6))
def test_parts_hold_all_words_and_none_is_too_long(blocks: list[str]) -> None:
    sections = list(markdown.reading("file", blocks).sections)
    together = "".join(section.text for section in sections)
    assert "".join(together.split()) == "".join("".join(blocks).split())
    assert all(len(section.text) <= markdown.PART + 2 * len(blocks) for section in sections)
    assert [section.number for section in sections] == list(range(1, len(sections) + 1))
