"""PDF files: text in reading order, pages that are pictures, locked and broken ones."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.documents import ocr, page_text, pdf
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit
from tests.bot.documents.pdf_files import PICTURE, words
from tests.bot.documents.pdf_files import pdf as pdf_of

LINE = "A line that is long enough to be the text of a page."


def sections(content: bytes) -> list[Section]:
    return list(pdf.read(content).sections)


def flaw_of(content: bytes) -> Flaw:
    with pytest.raises(FileUnusable) as caught:
        pdf.read(content)
    return caught.value.flaw


def test_each_page_is_a_section_with_its_text() -> None:
    reading = pdf.read(pdf_of([words(LINE), words("The second page, with an (odd) bracket.")]))
    assert (reading.kind, reading.unit, reading.total, reading.cut) == ("PDF", Unit.PAGE, 2, "")
    assert list(reading.sections) == [Section(1, LINE), Section(2, "The second page, with an (odd) bracket.")]


def test_a_page_that_is_a_picture_becomes_one() -> None:
    page, text = sections(pdf_of([PICTURE + words("7"), words(LINE)]))
    assert page.scan is not None
    assert page.text == "7"
    with Image.open(BytesIO(page.scan)) as image:
        assert (image.format, image.mode, max(image.size)) == ("JPEG", "L", 1_568)
    assert text.scan is None


def test_a_text_page_with_a_picture_stays_text() -> None:
    (page,) = sections(pdf_of([PICTURE + words(LINE)]))
    assert page == Section(1, LINE)


def test_an_empty_page_is_no_picture() -> None:
    assert sections(pdf_of([b""])) == [Section(1, "")]


def test_a_drawing_without_words_is_a_picture() -> None:
    (page,) = sections(pdf_of([b"".join(b"%d 10 m %d 700 l S\n" % (x, x) for x in range(0, 600, 10))]))
    assert page.scan is not None


def test_a_page_as_large_as_a_house_is_drawn_small() -> None:
    (page,) = sections(pdf_of([PICTURE], size=(14_400, 200)))
    assert page.scan is not None
    with Image.open(BytesIO(page.scan)) as image:
        assert max(image.size) <= 1_569


def test_letters_that_stand_for_nothing_are_garbage() -> None:
    assert page_text.is_garbage("\ue001\ue002 word")
    assert not page_text.is_garbage("ordinary words\nin two lines")
    assert not page_text.is_garbage("")


def test_at_most_twenty_pages_are_drawn_and_the_others_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ocr.SECONDS, raising=False)
    pages = sections(pdf_of([PICTURE] * 22))
    assert [page.number for page in pages if page.scan] == list(range(1, 21))
    assert [page.text for page in pages[20:]] == [f"[page {n} is a picture that was not read]" for n in (21, 22)]


def test_pages_are_read_here_where_that_is_wanted_and_the_rest_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\ncase $1 in --list-langs) printf "List:\\neng\\nosd\\n";; *) cat >&2; echo "$@";; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv(ocr.SECONDS, "60")
    pages = sections(pdf_of([PICTURE] * (ocr.MOST_PAGES + 1)))
    assert pages[0] == Section(1, "stdin stdout -l eng --psm 1")
    assert [page.number for page in pages if page.scan] == [ocr.MOST_PAGES + 1]


def test_lines_in_a_scrambled_order_are_put_into_rows() -> None:
    rows = [b"".join(words(f"row {n} {side}", x, 700 - 20 * n) for side, x in (("left", 72), ("right", 300)))
            for n in range(9)]  # fmt: skip
    (page,) = sections(pdf_of([b"".join(reversed(rows))]))
    assert page.text.splitlines() == [f"row {n} left row {n} right" for n in range(9)]


def test_columns_keep_their_order() -> None:
    columns = b"".join(
        words(f"{side} {n}", x, 700 - 20 * n) for side, x in (("left", 72), ("right", 300)) for n in range(9)
    )
    (page,) = sections(pdf_of([columns]))
    assert page.text.splitlines() == [*(f"left {n}" for n in range(9)), *(f"right {n}" for n in range(9))]


def test_a_file_with_a_password_is_encrypted() -> None:
    assert flaw_of(pdf_of([words(LINE)], user=b"secret")) is Flaw.ENCRYPTED


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    assert sections(pdf_of([words(LINE)], user=b"")) == [Section(1, LINE)]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n", b"%PDF-1.4\n" + b"\xff" * 5_000, b"%PDF-1.7\nxref\n0 99999999999\n"]
)
def test_what_is_no_file_is_broken(content: bytes) -> None:
    assert flaw_of(content) is Flaw.BROKEN


def test_pages_beyond_the_most_are_counted_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MOST_PAGES", 2)
    reading = pdf.read(pdf_of([words(LINE)] * 3))
    assert (reading.total, len(list(reading.sections)), reading.cut) == (3, 2, "only its first 2 pages were read")


def test_a_page_of_endless_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_text, "_MOST_CHARACTERS", 10)
    assert sections(pdf_of([words(LINE)])) == [Section(1, LINE[:10].rstrip())]
