"""Markdown, as models write it."""

import pytest

from playground.page.markup.html import Names
from playground.page.markup.markdown import markdown

NAMES = Names({"U1": "Ann"}, {"C1": "general"})
OUT = 'target="_blank" rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        (
            "**bold** *italic* ~~gone~~ `a < b`",
            "<strong>bold</strong> <em>italic</em> <s>gone</s> <code>a &lt; b</code>",
        ),
        ("# Title", "<h3>Title</h3>"),
        ("###### Small", "<h6>Small</h6>"),
        ("one\ntwo", "one<br>two"),
        ("> said", "<blockquote>"),
        ("---", "<hr>"),
        ("- [x] done", 'type="checkbox" checked'),
        ("1. a\n   - b", "<ol>\n<li>a\n<ul>\n<li>b</li>"),
        ("3. three", '<ol start="3">'),
        ("[text](https://example.com/?a=1&b=2)", f'<a href="https://example.com/?a=1&amp;b=2" {OUT}>text</a>'),
        ("see https://example.com/a_b.", f'<a href="https://example.com/a_b" {OUT}>https://example.com/a_b</a>.'),
        ("<https://example.com>", f'<a href="https://example.com" {OUT}>https://example.com</a>'),
        ("![a picture](https://example.com/a.png)", f'<a href="https://example.com/a.png" {OUT}>a picture</a>'),
        ("[![a](https://x.example/i.png)](https://x.example)", f'<a href="https://x.example" {OUT}>a</a>'),
        ("`https://example.com`", "<code>https://example.com</code>"),
        ("Hello <@U1> in <#C1> and <!here>", '@Ann</span> in <span class="mention">#general</span>'),
        ("`<@U1>`", "<code>&lt;@U1&gt;</code>"),
        ("thank you :blush:", "thank you 😊"),
        ("```python x=1\na\n```", '<span class="language">python</span>'),
        ("```\na\n```", "<pre"),
        ("    indented", "<code>indented</code>"),
    ],
)
def test_markdown_is_drawn(source: str, drawn: str) -> None:
    assert drawn in markdown(source, NAMES)


def test_a_table_is_aligned_without_style_attributes() -> None:
    drawn = markdown("| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | 3 |", NAMES)
    assert "<th>a</th>" in drawn
    assert '<td class="right">2</td>' in drawn
    assert '<td class="center">3</td>' in drawn
    assert "style" not in drawn


@pytest.mark.parametrize("source", ["Fruit:\n-", "Fruit:\n--", "Fruit:\n="])
def test_a_list_that_has_just_begun_is_no_heading(source: str) -> None:
    assert "<h" not in markdown(source, NAMES).replace("<hr>", "")


@pytest.mark.parametrize("half", ["```python\nprint(1", "**bo", "| a | b |\n|---", "[text](https://exa", "1. one\n2"])
def test_half_an_answer_is_drawn_as_far_as_it_goes(half: str) -> None:
    assert markdown(half, NAMES)


def test_html_is_shown_as_text() -> None:
    drawn = markdown('<script>alert(1)</script>\n\n<img src=x onerror="alert(1)">', NAMES)
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in drawn
