"""Markdown as mrkdwn."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.markup.markdown import FALLBACK_LIMIT, escaped, shortened, to_mrkdwn
from tests.strategies.markdown import answers, scraps

BRACKETS = re.compile(r"<([^>]*)>")


@pytest.mark.parametrize(
    ("markdown", "mrkdwn"),
    [
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("&amp;", "&amp;amp;"),
        ("**bold** and __bold__", "*bold* and *bold*"),
        ("*slanted* and _slanted_", "_slanted_ and _slanted_"),
        ("**bold *and slanted* words**", "*bold _and slanted_ words*"),
        ("~~gone~~", "~gone~"),
        ("snake_case_name, foo__bar__baz, 2 * 3 * 4", "snake_case_name, foo__bar__baz, 2 * 3 * 4"),
        ("`a **b** <c>`", "`a **b** &lt;c&gt;`"),
        ("``a ` b``", "`a ` b`"),
        (r"\*no\* \(x\)", "*no* (x)"),
        ("[text](http://x.y/a(b)?c=1&d=2)", "<http://x.y/a(b)?c=1&amp;d=2|text>"),
        ('[a > b](https://x.y "title")', "<https://x.y|a &gt; b>"),
        ("![a picture](https://x.y/z.png)", "<https://x.y/z.png|a picture>"),
        ("[](https://x.y)", "<https://x.y>"),
        ("<https://x.y>", "<https://x.y>"),
        ("[x](!channel)", "x (!channel)"),
        ("[x](javascript:alert)", "x (javascript:alert)"),
        ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
        ("# A **bold** title #", "*A bold title*"),
        ("- one\n* two\n  + nested", "• one\n• two\n  • nested"),
        ("- [ ] open\n- [x] done", "☐ open\n☑ done"),
        ("1. first\n2. second", "1. first\n2. second"),
        ("> one\n> **two**\n>> three", "> one\n> *two*\n> three"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("| a | **b** |\n|---|:-:|\n| 1 | `x` |", "a | *b*\n1 | `x`"),
        ("```py\nif a < b: **c**\n```\nend", "```\nif a &lt; b: **c**\n```\nend"),
        ("~~~\n```\n~~~", "```\n```\n```"),
        ("\n\ntext\n\n", "text"),
    ],
)
def test_markdown_is_written_as_slack_reads_it(markdown: str, mrkdwn: str) -> None:
    assert to_mrkdwn(markdown) == mrkdwn


@pytest.mark.parametrize(
    ("mrkdwn", "limit", "short"),
    [
        ("fits", 4, "fits"),
        ("several words here", 15, "several…"),
        ("onelongword", 9, "onelon…"),
        ("see <https://x.y|a label> now", 20, "see…"),
        ("some words &amp; more", 17, "some words…"),
        ("漢字漢字漢字", 12, "漢字漢…"),
    ],
)
def test_a_text_is_cut_at_a_word_and_outside_of_brackets(mrkdwn: str, limit: int, short: str) -> None:
    assert shortened(mrkdwn, limit) == short


@given(answers | scraps, st.integers(20, 500) | st.just(FALLBACK_LIMIT))
def test_nothing_comes_out_alive_except_links_of_the_markdown(markdown: str, limit: int) -> None:
    mrkdwn = to_mrkdwn(markdown, limit)
    assert len(mrkdwn.encode(errors="surrogatepass")) <= limit
    for found in BRACKETS.finditer(mrkdwn):
        address = found[1].partition("|")[0].replace("&amp;", "&")
        assert re.match(r"(https?|mailto|tel):", address, re.IGNORECASE)
        assert address in markdown
    assert "<" not in BRACKETS.sub("", mrkdwn)


@given(st.text())
def test_escaped_text_holds_nothing_that_slack_reads(text: str) -> None:
    shown = escaped(text)
    assert not {"<", ">"} & set(shown)
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
