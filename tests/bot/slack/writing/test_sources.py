"""The pages and files that an answer cites."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reply import Citation
from bot.slack.markup.blocks import is_aside
from bot.slack.writing.sources import source_blocks
from playground.slack.blocks import problems


def shown(*citations: Citation) -> str:
    blocks = source_blocks(citations)
    assert problems(list(blocks)) == []
    assert all(map(is_aside, blocks))
    return "".join(block["elements"][0]["text"] for block in blocks)


def test_sources_are_numbered_links() -> None:
    text = shown(Citation("https://a.example/?x=1&y=2", "One & only"), Citation("http://b.example", ""))
    assert text == "1. <https://a.example/?x=1&amp;y=2|One &amp; only>\n2. <http://b.example>"


def test_nothing_is_shown_of_nothing() -> None:
    assert source_blocks([]) == ()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "slack://app", "mailto:a@b.example", "!channel"])
def test_only_pages_of_the_web_are_linked(url: str) -> None:
    assert shown(Citation("https://a.example", "A"), Citation(url, "B")) == "1. <https://a.example|A>"


def test_files_of_the_organisation_are_named_and_nothing_in_a_name_is_live() -> None:
    text = shown(Citation("https://a.example", "A"), Citation("", "hand_book `v2` <!channel> https://b.example"))
    assert text == "1. <https://a.example|A>\n2. `hand_book 'v2' &lt;!channel&gt; https://b.example`"


def test_many_and_long_sources_are_bounded() -> None:
    assert shown(*(Citation(f"https://a.example/{n}", f"{n}") for n in range(50))).count("\n") == 9
    long = [Citation(f"https://a.example/{n}/" + "x" * 900, "t" * 1_000) for n in range(10)]
    assert 900 < len(shown(*long)) <= 2_000


@given(st.lists(st.builds(Citation, st.text("https://a.<>|&! \n", max_size=40).map("https://".__add__), st.text())))
def test_a_page_cannot_write_anything_but_its_label(citations: list[Citation]) -> None:
    lines = shown(*citations).split("\n")
    assert len(lines) <= 10
    for line in filter(None, lines):
        assert line.count("<") == line.count(">") == 1
        assert "<http" in line
        assert line.endswith(">")
