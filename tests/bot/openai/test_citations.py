"""What an answer says about its sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reply import Citation
from bot.openai.citations import Cited, Unmarked, annotations_of


def cited(*pages: tuple[object, object], kind: str = "url_citation") -> list[Citation]:
    return Cited().by({"type": kind, "url": url, "title": title} for url, title in pages)


def shown(*pieces: str) -> str:
    unmarked = Unmarked()
    return "".join(unmarked.take(piece) for piece in pieces) + unmarked.rest()


def test_each_page_is_cited_once_in_the_order_of_the_answer() -> None:
    first, second = ("https://a.example/1", "One"), ("http://b.example", "Two")
    assert cited(first, second, first) == [Citation(*first), Citation(*second)]


def test_a_page_is_not_cited_again_by_a_later_event() -> None:
    memory, annotation = Cited(), {"type": "url_citation", "url": "https://a.example", "title": "One"}
    assert len(memory.by([annotation])) == 1
    assert memory.by(annotations_of({"content": [{"annotations": [annotation]}]})) == []


@pytest.mark.parametrize(
    "url",
    [
        *("", "javascript:alert(1)", "file:///etc/passwd", "slack://open", "https://", None, 5),
        *("https://a.example/ b", "https://a|b", "https://a.example/<b>", "https://a.example\n"),
        "https://a.example/" + "x" * 2_001,
    ],
)
def test_what_is_no_address_of_the_web_is_not_cited(url: object) -> None:
    assert cited((url, "Title")) == []


def test_other_annotations_cite_nothing() -> None:
    assert cited(("https://a.example", "One"), kind="file_citation") == []
    assert Cited().by([None, "text", {"type": "url_citation"}]) == []


def test_a_title_is_one_line_of_bounded_length() -> None:
    [citation] = cited(("https://a.example", " A\n title " + "x" * 1_000))
    assert citation.title.startswith("A title x")
    assert len(citation.title) == 300


def test_an_answer_does_not_cite_the_whole_web() -> None:
    assert len(cited(*((f"https://a.example/{number}", "") for number in range(1_000)))) == 100


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It rains \ue200cite\ue202turn0search1\ue202turn0news2\ue201today.", "It rains today."),
        ("It rains【4†source】 or【12:0†notes.pdf】 not.", "It rains or not."),
        ("A lone \ue202 is no letter.", "A lone  is no letter."),
        ("【重要】 stays, and so do 【12】 and †.", "【重要】 stays, and so do 【12】 and †."),
        ("It ends 【4†sour", "It ends 【4†sour"),
    ],
)
def test_marks_for_programs_are_not_shown(text: str, read: str) -> None:
    assert shown(text) == read
    assert shown(*text) == read


def test_text_without_marks_is_never_held_back() -> None:
    unmarked = Unmarked()
    assert unmarked.take("plain [words] (here)") == "plain [words] (here)"
    assert unmarked.take("【") == ""
    assert unmarked.take("重") == "【重"


ALPHABET = st.text("a 1:†【】\n\ue200\ue201\ue202", max_size=60)


@given(st.lists(ALPHABET, max_size=8))
def test_pieces_read_like_the_whole(pieces: list[str]) -> None:
    assert shown(*pieces) == shown("".join(pieces))


@given(ALPHABET, st.integers(0, 400))
def test_no_private_character_is_ever_shown(text: str, repeated: int) -> None:
    unmarked = Unmarked()
    before = unmarked.take(text) + unmarked.take("x" * repeated)
    assert not set(before + unmarked.rest()) & set("\ue200\ue201\ue202")
