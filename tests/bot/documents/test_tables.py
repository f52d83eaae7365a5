"""Tables in plain text are read whatever separates their columns."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import tables
from bot.documents.grid import COLUMNS
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Unit
from tests.bot.documents.office_files import texts

_words = st.text(alphabet="abc,;\t|\"' xé\n", max_size=8).map(lambda text: f"w{text}w")


@given(
    st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(_words, min_size=width, max_size=width), min_size=1)),
)
def test_a_table_that_was_written_is_read_back(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(rows)
    (text,) = texts(tables.read_tsv(written.getvalue().encode()))
    _extent, _blank, header, _line, *body = text.split("\n")
    read = [line.replace("\\|", "\0").strip("| ").split(" | ") for line in (header, *body)]
    assert [[cell.replace("\0", "|").strip() for cell in row] for row in read] == [
        ["<br>".join(line.strip() for line in cell.split("\n")) for cell in row] for row in rows
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    lines = [
        f"name{separator}sum{separator}note",
        f'tea{separator}"1,5; 2"{separator}ok',
        f"milk{separator}3{separator}a",
    ]
    assert tables.delimiter("\n".join(lines)) == separator


def test_commas_in_sentences_do_not_win_over_the_separator() -> None:
    assert tables.delimiter("a;b\nwell, yes, no;2\nok, then;3\n") == ";"


def test_a_table_of_one_column_stays_one() -> None:
    (text,) = texts(tables.read_csv(b"name\nAda\nGrace\n"))
    assert text == "Rows 1–3, column A\n\n| name |\n| --- |\n| Ada |\n| Grace |"


def test_the_real_size_is_stated_when_a_table_is_cut() -> None:
    reading = tables.read_csv("\n".join(",".join(["7"] * 150) for _ in range(5_000)).encode())
    (text,) = texts(reading)
    assert (reading.unit, reading.total) == (Unit.SHEET, 1)
    assert text.startswith("Rows 1–2,000 of 5,000, columns A–CV of A–ET\n")
    assert text.count("\n") == 2 + 2_000
    assert text.splitlines()[-1].count("7") == COLUMNS


@pytest.mark.parametrize(
    ("content", "flaw"),
    [(b" \n", Flaw.EMPTY), (b'a,b\n"' + b"x" * 2_000_000, Flaw.BROKEN), (b"\0\1\2\3" * 100, Flaw.UNKNOWN_KIND)],
)
def test_a_table_that_cannot_be_read_says_why(content: bytes, flaw: Flaw) -> None:
    with pytest.raises(FileUnusable) as caught:
        tables.read_csv(content)
    assert caught.value.flaw is flaw
