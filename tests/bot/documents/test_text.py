"""Texts in any encoding."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import text
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

GERMAN = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. Größe: 12 €.\n"
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n"
RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю.\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp1252"]
)
def test_a_text_is_read_in_its_encoding(encoding: str) -> None:
    assert text.decode((GERMAN * 5).encode(encoding)) == GERMAN * 5


@pytest.mark.parametrize(("words", "encoding"), [(JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (RUSSIAN, "cp1251"),
                                                 (RUSSIAN, "koi8-r")])  # fmt: skip
def test_other_scripts_are_read(words: str, encoding: str) -> None:
    assert text.decode((words * 10).encode(encoding)) == words * 10


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1))
def test_every_text_in_utf_8_comes_back(words: str) -> None:
    assert text.decode(codecs.BOM_UTF8 + words.encode()) == words


@given(st.binary())
def test_any_bytes_are_a_text_or_none(content: bytes) -> None:
    decoded = text.decode(content)
    assert decoded is None or isinstance(decoded, str)


def test_the_end_of_a_sample_may_cut_a_character() -> None:
    assert text.decode("für".encode()[:2]) == "f"


@pytest.mark.parametrize("content", [bytes(range(256)), b"\x7fELF\x02\x01\x01\0\0\0\0\0", b"\x01\x02\x03\x04"])
def test_what_has_control_characters_is_no_text(content: bytes) -> None:
    assert text.decode(content) is None
    with pytest.raises(FileUnusable) as caught:
        text.read_fenced(content)
    assert caught.value.flaw is Flaw.UNKNOWN_KIND


def test_blank_text_is_empty() -> None:
    with pytest.raises(FileUnusable) as caught:
        text.read_markdown(b" \r\n\t ")
    assert caught.value.flaw is Flaw.EMPTY


def test_markdown_stays_as_it_is() -> None:
    reading = text.read_markdown(b"# Title\r\n\r\n- one\r\n")
    assert (reading.kind, reading.unit, reading.total) == ("Markdown file", Unit.PART, 1)
    assert list(reading.sections) == [Section(1, "# Title\n\n- one\n")]


def test_code_is_fenced_in_its_language() -> None:
    reading = text.read_fenced(b"print(1)\n", "python")
    assert list(reading.sections) == [Section(1, "```python\nprint(1)\n```")]


@given(st.text("`a\n", min_size=1).filter(str.strip))
def test_no_text_ends_its_own_fence(words: str) -> None:
    (section,) = text.read_fenced(words.encode()).sections
    first, *inside, last = section.text.split("\n")
    assert first == last
    assert set(first) == {"`"}
    assert all(first not in line for line in inside)


def test_a_very_long_text_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_MOST_CHARACTERS", 5)
    reading = text.read_markdown(b"123456789")
    assert list(reading.sections) == [Section(1, "12345")]
    assert reading.cut == "only its first 5 characters were read"
