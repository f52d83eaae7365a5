"""The pieces of HTML that all dialects share."""

import pytest

from playground.page.markup.html import (
    Html,
    Names,
    code_block,
    element,
    is_safe_url,
    lines,
    link,
    mention,
    prose,
    table,
    text,
)


def test_plain_text_stays_plain() -> None:
    assert text("<b>&\"'") == "&lt;b&gt;&amp;&quot;&#x27;"


def test_attributes_are_escaped() -> None:
    assert element("p", Html("x"), title='"><script>') == '<p title="&quot;&gt;&lt;script&gt;">x</p>'


def test_names_of_attributes_may_be_python_words() -> None:
    assert element("p", class_="note", data_user="U1") == '<p class="note" data-user="U1"></p>'


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://example.com", True),
        ("HTTP://example.com", True),
        ("mailto:a@example.com", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
        ("//example.com", False),
        ("/local", False),
        ("https://", False),
        ("", False),
    ],
)
def test_only_web_pages_and_mail_can_be_opened(url: str, is_safe: bool) -> None:
    assert is_safe_url(url) is is_safe
    assert ("<a " in link(url, text("here"))) is is_safe


def test_links_tell_nothing_about_this_page() -> None:
    assert 'rel="noopener noreferrer nofollow"' in link("https://example.com", text("x"))


def test_lines_are_kept() -> None:
    assert lines("a\n<b>") == "a<br>&lt;b&gt;"


def test_known_emoji_become_pictures_and_others_keep_their_names() -> None:
    assert prose("done :tada: at 10:30:15 :unheard_of:") == "done 🎉 at 10:30:15 :unheard_of:"


def test_a_mention_shows_the_name_or_else_the_id() -> None:
    names = Names(people={"U1": "Ann <x>"})
    assert ">@Ann &lt;x&gt;</span>" in mention("U1", names)
    assert ">@U2</span>" in mention("U2", names)


def test_code_names_its_language_and_can_be_copied() -> None:
    drawn = code_block("a < b\n", "python")
    assert ">python<" in drawn
    assert "<code>a &lt; b</code>" in drawn
    assert 'class="copy"' in drawn


def test_a_table_has_a_heading() -> None:
    drawn = table([[element("th", text("a"))], [element("td", text("1"))]])
    assert "<thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody>" in drawn
    assert table([]).startswith("<div")
