"""What people's text says once Slack's escapes and references are undone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.markup.markdown import escaped
from bot.slack.markup.mrkdwn import to_markdown

NAMES = {"U1": "Ada", "W2": "Grace", "C1": "general", "S1": "editors"}


@pytest.mark.parametrize(
    ("mrkdwn", "markdown"),
    [
        ("plain text", "plain text"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("once only: &amp;lt;", "once only: &lt;"),
        ("hello <@U1>", "hello @Ada"),
        ("hello <@W2|grace>", "hello @Grace"),
        ("hello <@U9>", "hello @U9"),
        ("hello <@U9|nina>", "hello @nina"),
        ("in <#C1|general>", "in #general"),
        ("in <#C9|random>", "in #random"),
        ("in <#C9|>", "in #C9"),
        ("<!subteam^S1|@editors> please", "@editors please"),
        ("<!subteam^S9|@writers> please", "@writers please"),
        ("<!subteam^S9> please", "@S9 please"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!here|here> look", "@here look"),
        ("<!date^1392734382^{date_short}|18 Feb 2014>", "18 Feb 2014"),
        ("<!date^1392734382^{date}^https://example.com/|then>", "then"),
        ("<!unknown|something>", "something"),
        ("<https://example.com>", "https://example.com"),
        ("<https://example.com|the page>", "[the page](https://example.com)"),
        ("<https://example.com/?a=1&amp;b=2|a &amp; b>", "[a & b](https://example.com/?a=1&b=2)"),
        ("<http://example.com|http://example.com>", "http://example.com"),
        ("<mailto:ada@example.com|ada@example.com>", "ada@example.com"),
        ("<mailto:ada@example.com>", "ada@example.com"),
        ("<mailto:ada@example.com|write to Ada>", "[write to Ada](mailto:ada@example.com)"),
        ("<tel:+4930123|+4930123>", "+4930123"),
        ("written &lt;@U1&gt; by hand", "written <@U1> by hand"),
        ("an unescaped <b>tag</b>", "an unescaped <b>tag</b>"),
        ("*bold* and `code` stay", "*bold* and `code` stay"),
        ("<>", "<>"),
        ("", ""),
    ],
)
def test_references_links_and_escapes_are_read(mrkdwn: str, markdown: str) -> None:
    assert to_markdown(mrkdwn, NAMES.get) == markdown


@given(st.text())
def test_escaped_text_comes_back_as_it_was_typed(typed: str) -> None:
    assert to_markdown(escaped(typed), NAMES.get) == typed


@given(st.text(alphabet="<>|@#!^&;:aU1\n ", max_size=60))
def test_no_text_is_too_strange_to_read(text: str) -> None:
    assert isinstance(to_markdown(text, NAMES.get), str)
