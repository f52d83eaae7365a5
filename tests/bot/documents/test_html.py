"""Web pages are read as people see them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import html
from tests.bot.documents.office_files import texts


def markdown_of(page: str) -> str:
    return html.to_markdown(page.encode())


def test_headings_lists_links_and_tables_keep_their_form() -> None:
    page = """<html><head><title>Menu</title><script>evil()</script></head><body>
      <h2>To <b>drink</b></h2><p>See <a href="https://example.org/x">here</a><br>now</p>
      <ul><li>tea<ol><li>green</li></ol></li><li>milk</li></ul>
      <table><caption>Prices</caption><tr><th>What</th><th>Price</th></tr><tr><td>tea</td><td>a|b</td></tr></table>
      <pre>  code
        more</pre><blockquote><p>said</p></blockquote><img src="x" alt="a cup"></body></html>"""
    assert markdown_of(page).split("\n\n") == [
        "# Menu",
        "## To drink",
        "See [here](https://example.org/x)\nnow",
        "- tea\n  1. green\n- milk",
        "Prices",
        "| What | Price |\n| --- | --- |\n| tea | a\\|b |",
        "```\n  code\n        more\n```",
        "> said",
        "[picture: a cup]",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>word</script>",
        "<style>word</style>",
        "<!-- word -->",
        "<p hidden>word</p>",
        '<div style="color:red; display : none">word</div>',
        "<template>word</template>",
    ],
)
def test_what_people_do_not_see_is_left_out(hidden: str) -> None:
    assert markdown_of(f"<p>before</p>{hidden}<p>after</p>") == "before\n\nafter"


def test_tables_that_only_lay_out_a_page_are_no_tables() -> None:
    inner = "<table><tr><td>a</td><td>b</td></tr></table>"
    assert markdown_of(f"<table><tr><td><h1>Top</h1></td></tr><tr><td>{inner}</td></tr></table>") == (
        "# Top\n\n| a | b |\n| --- | --- |"
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>naïve</p>".encode(), "naïve"),
        ("<p>naïve</p>".encode("cp1252"), "naïve"),
        ("<p>naïve</p>".encode("utf-16"), "naïve"),
        ("<meta charset=koi8-r><p>мир</p>".encode("koi8-r"), "мир"),
        ("<meta charset=nonsense><p>naïve</p>".encode(), "naïve"),
        (b"\xef\xbb\xbf<meta charset=iso-8859-1><p>na\xc3\xafve</p>", "naïve"),
    ],
)
def test_pages_are_read_in_their_own_encoding(content: bytes, expected: str) -> None:
    assert html.to_markdown(content) == expected


def test_a_page_that_is_nested_too_deeply_keeps_its_words() -> None:
    page = "<div>" * 100_000 + "nonce &amp; more" + "</div>" * 100_000 + "<script>evil()</script>"
    assert markdown_of(page) == "nonce & more"
    assert "nonce" in markdown_of("<ul><li>" * 100_000 + "nonce")


def test_a_page_of_open_tags_takes_no_long_time() -> None:
    started = time.perf_counter()
    for piece in ("<script ", "<", "<a href='", "<table><tr><td>", "<b>"):
        html.to_markdown(piece.encode() * 100_000)
    assert time.perf_counter() - started < 20


def test_a_page_that_is_too_long_is_cut_and_says_so() -> None:
    reading = html.read(b"<p>start</p>" + b" " * html.LIMIT + b"<p>end</p>")
    assert reading.cut
    assert texts(reading) == ["start"]
    assert not html.read(b"<p>start</p>").cut


@given(st.text(alphabet="<>/ab p=\"'&;!-é", max_size=80))
def test_no_page_can_fail(page: str) -> None:
    assert isinstance(markdown_of(page), str)


@given(st.lists(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1), min_size=1))
def test_all_words_of_paragraphs_come_back(words: list[str]) -> None:
    assert markdown_of("".join(f"<p>{word}</p>" for word in words)).split("\n\n") == words
