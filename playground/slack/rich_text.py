"""What Slack's composer makes of the text that a person types: escaped text and a rich_text block."""

import re
from collections.abc import Iterator

from playground.slack.directory import Json

ENTITY = re.compile(
    r"<(?:@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?|#(?P<channel>[CG][A-Z0-9]+)(?:\|[^>]*)?"
    r"|!subteam\^(?P<group>S[A-Z0-9]+)(?:\|[^>]*)?|!(?P<range>here|channel|everyone)"
    r"|(?P<link>(?:https?|mailto):[^\s|>]+)(?:\|(?P<label>[^>]*))?)>"
)
BARE_LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"]")
STYLED = re.compile(
    r"`(?P<code>[^`\n]+)`|(?<!\w)\*(?P<bold>\S(?:[^*\n]*\S)?)\*(?!\w)|(?<!\w)_(?P<italic>\S(?:[^_\n]*\S)?)_(?!\w)"
    r"|(?<!\w)~(?P<strike>\S(?:[^~\n]*\S)?)~(?!\w)"
)
FENCE = re.compile(r"```\n?(?P<code>.*?)\n?```\n?", re.DOTALL)
BULLET = re.compile(r"(?P<indent> *)(?:[-•*]|(?P<number>\d+)\.) +(?P<text>.*)")


def escape(text: str) -> str:
    """The three characters that Slack's text format reserves, as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The opposite of `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def stored_text(typed: str) -> str:
    """The `text` of a message: escaped, but references such as <@U123> kept and bare links put between < and >."""
    pieces: list[str] = []
    position = 0
    for match in _references(typed):
        pieces += [escape(typed[position : match.start()]), _stored_reference(match)]
        position = match.end()
    return "".join([*pieces, escape(typed[position:])])


def rich_text(typed: str, block_id: str) -> Json:
    """The rich_text block that comes with the message: fenced code, quotes, lists and styled sections."""
    elements: list[Json] = []
    position = 0
    for fence in FENCE.finditer(typed):
        elements += _lines(typed[position : fence.start()])
        elements.append(
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": fence["code"]}], "border": 0}
        )
        position = fence.end()
    elements += _lines(typed[position:])
    return {"type": "rich_text", "block_id": block_id, "elements": elements}


def _references(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text):
        found = [match for pattern in (ENTITY, BARE_LINK) if (match := pattern.search(text, position))]
        if not found:
            return
        first = min(found, key=lambda match: match.start())
        yield first
        position = first.end()


def _stored_reference(match: re.Match[str]) -> str:
    if match.re is BARE_LINK:
        return f"<{escape(match[0])}>"
    if match["link"]:
        label = f"|{escape(unescape(match['label']))}" if match["label"] else ""
        return f"<{escape(unescape(match['link']))}{label}>"
    return match[0]


def _lines(text: str) -> list[Json]:
    elements: list[Json] = []
    plain: list[str] = []

    def flush() -> None:
        joined = "\n".join(plain).strip("\n")
        if joined:
            elements.append({"type": "rich_text_section", "elements": _inline(joined)})
        plain.clear()

    for line in text.split("\n"):
        if bullet := BULLET.fullmatch(line):
            flush()
            _add_bullet(elements, bullet)
        elif line.startswith("> "):
            flush()
            elements.append({"type": "rich_text_quote", "elements": _inline(line[2:])})
        else:
            plain.append(line)
    flush()
    return elements


def _add_bullet(elements: list[Json], bullet: re.Match[str]) -> None:
    style, indent = ("ordered" if bullet["number"] else "bullet"), len(bullet["indent"]) // 2
    item = {"type": "rich_text_section", "elements": _inline(bullet["text"])}
    last = elements[-1] if elements else {}
    if last.get("type") == "rich_text_list" and (last["style"], last["indent"]) == (style, indent):
        last["elements"].append(item)
    else:
        elements.append({"type": "rich_text_list", "style": style, "indent": indent, "border": 0, "elements": [item]})


def _inline(text: str) -> list[Json]:
    elements: list[Json] = []
    position = 0
    for match in _references(text):
        elements += _styled(text[position : match.start()])
        elements.append(_reference_element(match))
        position = match.end()
    return elements + _styled(text[position:])


def _reference_element(match: re.Match[str]) -> Json:
    if match.re is BARE_LINK:
        return {"type": "link", "url": match[0]}
    if match["user"]:
        return {"type": "user", "user_id": match["user"]}
    if match["channel"]:
        return {"type": "channel", "channel_id": match["channel"]}
    if match["group"]:
        return {"type": "usergroup", "usergroup_id": match["group"]}
    if match["range"]:
        return {"type": "broadcast", "range": match["range"]}
    link: Json = {"type": "link", "url": unescape(match["link"])}
    return link | ({"text": unescape(match["label"])} if match["label"] else {})


def _styled(text: str) -> list[Json]:
    elements: list[Json] = []
    position = 0
    for match in STYLED.finditer(text):
        if match.start() > position:
            elements.append({"type": "text", "text": text[position : match.start()]})
        style = match.lastgroup or ""
        elements.append({"type": "text", "text": match[style], "style": {style: True}})
        position = match.end()
    if position < len(text):
        elements.append({"type": "text", "text": text[position:]})
    return elements
