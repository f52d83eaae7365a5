"""Slack's mrkdwn, the format of `text`, read as Markdown.

Marks such as `*bold*` stay as they are: a model reads them. References and links are written between `<` and `>`, and
those three characters, `&` among them, are escaped everywhere else
(docs.slack.dev/messaging/formatting-message-text).
"""

import re
from collections.abc import Callable

NameOf = Callable[[str], str | None]
"""The name of the person, channel or group with this id, where it is known."""

_BETWEEN_ANGLES = re.compile(r"<([^<>]*)>")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def to_markdown(mrkdwn: str, name_of: NameOf) -> str:
    """The text with its references as names, its links as Markdown, and nothing escaped."""
    pieces = _BETWEEN_ANGLES.split(mrkdwn)
    pieces[::2] = map(unescaped, pieces[::2])
    pieces[1::2] = (_reference(piece, name_of) for piece in pieces[1::2])
    return "".join(pieces)


def unescaped(text: str) -> str:
    """The text as somebody typed it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def link(url: str, label: str) -> str:
    """A Markdown link, or just the address where the label says nothing more."""
    scheme, _, rest = url.partition(":")
    if scheme in {"mailto", "tel"} and label in {"", rest}:
        return rest
    return f"[{label}]({url})" if label not in {"", url} else url


def _reference(content: str, name_of: NameOf) -> str:
    target, _, label = content.partition("|")
    label = unescaped(label)
    match target[:1]:
        case "@":
            return f"@{name_of(target[1:]) or label or target[1:]}"
        case "#":
            return f"#{name_of(target[1:]) or label or target[1:]}"
        case "!":
            return _special_mention(target[1:], label, name_of)
        case _ if _ADDRESS.match(target):
            return link(unescaped(target), label)
        case _:
            return f"<{unescaped(content)}>"


def _special_mention(target: str, label: str, name_of: NameOf) -> str:
    kind, _, rest = target.partition("^")
    if kind == "subteam":
        return f"@{name_of(rest) or label.removeprefix('@') or rest}"
    if kind in {"here", "channel", "everyone"}:
        return f"@{kind}"
    return label or kind
