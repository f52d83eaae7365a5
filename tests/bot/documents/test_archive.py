"""Archives are listed, and their first files read."""

import zipfile
from io import BytesIO

import pytest

from bot.documents import archive
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Unit
from tests.bot.documents.office_files import paragraph, texts, word, zipped


def test_files_are_listed_and_read_by_what_they_are() -> None:
    reading = archive.read(zipped({"folder/": "", "a.csv": "x,y\n1,2\n", "folder/b.docx": word(paragraph("nonce"))}))
    first, second = reading.sections
    assert (reading.unit, reading.total) == (Unit.FILE, 2)
    assert (first.number, first.title) == (1, "a.csv")
    assert first.text.startswith("Files in this archive:\n\n1. a.csv\n2. folder/b.docx\n\n---\n\nRows 1–2")
    assert (second.title, second.text) == ("folder/b.docx", "nonce")


def test_what_cannot_be_read_says_why_and_hides_nothing_else() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(50)
    _, second, third, last = texts(archive.read(zipped({"a": "text", "p.png": picture, "e": b"", "z.md": "nonce"})))
    assert second == f"[not read: {Flaw.UNKNOWN_KIND}]"
    assert third == f"[not read: {Flaw.EMPTY}]"
    assert last == "nonce"


def test_twenty_files_are_read_and_two_hundred_listed() -> None:
    reading = archive.read(zipped({f"{number}.md": f"nonce{number}" for number in range(250)}))
    found = texts(reading)
    assert (reading.total, len(found)) == (250, 20)
    assert reading.cut == "only the first 20 of 250 files were read"
    assert "200. 199.md\n… and 50 more" in found[0]
    assert found[19] == "nonce19"


def test_archives_in_archives_are_opened_twice_and_no_deeper() -> None:
    nested = zipped({"deep.md": "too deep"})
    for level in ("third", "second", "first"):
        nested = zipped({f"{level}.zip": nested, f"{level}.md": f"in {level}"})
    text = "\n".join(texts(archive.read(nested)))
    assert "in first" in text
    assert "in second" in text
    assert "in third" not in text
    assert "too deep inside" in text


def test_all_nested_files_together_are_few() -> None:
    inner = zipped({f"{number}.md": f"nonce-{number}-" for number in range(15)})
    text = "\n".join(texts(archive.read(zipped({f"{number}.zip": inner for number in range(15)}))))
    assert text.count("nonce-1-") < 3
    assert "there is too much in this file" in text


def test_a_bomb_is_named_and_not_opened() -> None:
    text = texts(archive.read(zipped({"bomb.txt": bytes(40 << 20), "ok.md": "nonce"})))
    assert text[0].endswith(f"[not read: {Flaw.TOO_COMPLEX}]")
    assert text[1] == "nonce"


def test_names_are_only_shown_and_links_not_followed() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("../../etc/evil\x1b[31m.md", "harmless")
        link = zipfile.ZipInfo("link.md")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    (section,) = archive.read(buffer.getvalue()).sections
    assert section.title == "../../etc/evil[31m.md"
    assert section.text.endswith("harmless")


def test_an_archive_under_a_password_says_so() -> None:
    content = bytearray(zipped({"x": b"secret"}))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileUnusable) as caught:
        archive.read(bytes(content))
    assert caught.value.flaw is Flaw.ENCRYPTED


@pytest.mark.parametrize(
    ("content", "flaw"), [(zipped({}), Flaw.EMPTY), (b"PK\x03\x04", Flaw.BROKEN), (b"", Flaw.EMPTY)]
)
def test_an_archive_that_cannot_be_read_says_why(content: bytes, flaw: Flaw) -> None:
    with pytest.raises(FileUnusable) as caught:
        archive.read(content)
    assert caught.value.flaw is flaw
