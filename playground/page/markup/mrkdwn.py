"""Slack's own mrkdwn, turned into HTML.

The syntax is that of https://docs.slack.dev/messaging/formatting-message-text: `&`, `<` and `>` are escaped, angle
brackets hold links and mentions, and formatting marks stand at the edges of words.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from playground.page.markup.html import (
    Html,
    Names,
    broadcast,
    channel,
    code_block,
    element,
    is_safe_url,
    join,
    lines,
    link,
    mention,
    prose,
    text,
)
from playground.slack.rich_text import unescape

_FENCE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_QUOTE = re.compile(r"&gt; ?")
_APP_TAB = re.compile(r"slack://app\?team=\w+&id=\w+&tab=(home|messages)$")
"""Slack's deep link to a tab of the app."""

_ADDRESSES = {"home": "#/app/home", "messages": "#/app"}
"""Where this page has the tabs."""

_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<entity>[^<>\n]+)>"
    r"|(?<![\w*])\*(?P<strong>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<em>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<s>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)


def mrkdwn(source: str, names: Names) -> Html:
    """A whole text: paragraphs, quotes and code blocks."""
    return join(_blocks(source, names))


def mrkdwn_line(source: str, names: Names) -> Html:
    """One line of text: everything but quotes and code blocks."""
    rendered: list[Html] = []
    end = 0
    for match in _INLINE.finditer(source):
        rendered += [prose(unescape(source[end : match.start()])), _inline(match, names)]
        end = match.end()
    return join([*rendered, prose(unescape(source[end:]))])


def entity(content: str, names: Names) -> Html | None:
    """What stands between angle brackets: a mention, a channel, a date or a link; None when it is none of them."""
    target, _, label = content.partition("|")
    match target[:1]:
        case "@":
            return mention(target[1:], names)
        case "#":
            return channel(target[1:], unescape(label), names)
        case "!" if label:
            return text(unescape(label))
        case "!":
            return broadcast(target[1:])
        case _:
            return _link(unescape(target), unescape(label))


def _link(url: str, label: str) -> Html | None:
    if tab := _APP_TAB.match(url):
        return element("a", text(label or "the app"), href=_ADDRESSES[tab[1]])
    return link(url, text(label or url.removeprefix("mailto:"))) if is_safe_url(url) else None


def _blocks(source: str, names: Names) -> Iterator[Html]:
    end = 0
    for match in _FENCE.finditer(source):
        yield from _paragraphs(source[end : match.start()], names)
        yield code_block(unescape(match[1]))
        end = match.end()
    yield from _paragraphs(source[end:], names)


def _paragraphs(source: str, names: Names) -> Iterator[Html]:
    for quoted, group in groupby(source.strip("\n").split("\n"), key=lambda line: _QUOTE.match(line) is not None):
        content = "\n".join(_QUOTE.sub("", line, count=1) if quoted else line for line in group).strip("\n")
        if content:
            paragraph = element("p", lines(content, lambda line: mrkdwn_line(line, names)))
            yield element("blockquote", paragraph) if quoted else paragraph


def _inline(match: re.Match[str], names: Names) -> Html:
    kind = str(match.lastgroup)
    content = match[kind]
    match kind:
        case "code":
            return element("code", text(unescape(content)))
        case "entity":
            return entity(content, names) or text(match[0])
        case _:
            return element(kind, mrkdwn_line(content, names))
