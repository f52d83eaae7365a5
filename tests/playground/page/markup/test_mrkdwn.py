"""mrkdwn, as Slack stores and apps send it."""

import pytest

from playground.page.markup.html import Names
from playground.page.markup.mrkdwn import mrkdwn, mrkdwn_line

NAMES = Names({"U1": "Ann"}, {"C1": "general"})


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
        ("*bold _and italic_*", "<strong>bold <em>and italic</em></strong>"),
        ("`a &lt; *b*`", "<code>a &lt; *b*</code>"),
        ("2*3*4 snake_case_name a~b~c", "2*3*4 snake_case_name a~b~c"),
        ("* no bold *", "* no bold *"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"),
        ("&amp;lt;", "&amp;lt;"),
        ("<@U1>", '<span class="mention" data-user="U1">@Ann</span>'),
        ("<#C1|old>", '<span class="mention">#general</span>'),
        ("<#C9|secret>", '<span class="mention">#secret</span>'),
        ("<!here>", '<span class="mention">@here</span>'),
        ("<!date^1^{date}|Friday>", "Friday"),
        ("<mailto:a@example.com>", ">a@example.com</a>"),
        ("<javascript:alert(1)|click>", "&lt;javascript:alert(1)|click&gt;"),
        ("<slack://app?team=T1&amp;id=A1&amp;tab=home|Settings>", '<a href="#/app/home">Settings</a>'),
        ("<slack://app?team=T1&amp;id=A1&amp;tab=messages|Write>", '<a href="#/app">Write</a>'),
        ("<slack://open?x=1|click>", "&lt;slack://open?x=1|click&gt;"),
        ("<>", "&lt;&gt;"),
        (":wave: hello", "👋 hello"),
    ],
)
def test_a_line_is_drawn(source: str, drawn: str) -> None:
    assert drawn in mrkdwn_line(source, NAMES)


def test_a_link_shows_its_label() -> None:
    drawn = mrkdwn_line("<https://example.com/?a&amp;b|the &lt;page&gt;>", NAMES)
    assert 'href="https://example.com/?a&amp;b"' in drawn
    assert ">the &lt;page&gt;</a>" in drawn


def test_lines_and_quotes_are_kept_apart() -> None:
    assert mrkdwn("a\nb\n&gt; c\n&gt; d\ne", NAMES) == ("<p>a<br>b</p><blockquote><p>c<br>d</p></blockquote><p>e</p>")


def test_code_blocks_are_left_alone() -> None:
    drawn = mrkdwn("look:\n```\n*a* &lt; <@U1>\n```\nso", NAMES)
    assert "<p>look:</p><figure" in drawn
    assert "<code>*a* &lt; &lt;@U1&gt;</code>" in drawn
    assert drawn.endswith("<p>so</p>")
