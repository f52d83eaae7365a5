"""Markdown as Slack's own mrkdwn, for the text that stands for a message in notifications and to screen readers.

People see the `markdown` block, which Slack reads itself; this text is read where blocks are not shown. The converters
that exist do more, but let `<!channel>` through or escape nothing, so that their results would have to be checked
again. Here everything is escaped, and the only brackets that come out are those of links.
"""

import re

from bot.slack.markup.fences import Fence, opened_by

FALLBACK_LIMIT = 3_800
"""UTF-8 bytes. chat.update refuses a `text` of more than 4,000 with `msg_too_long` (openclaw pull request 115027)."""

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<text>.*?)[ \t#]*$")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_QUOTE = re.compile(r" {0,3}>[> \t]*")
_ITEM = re.compile(r"(?P<indent>[ \t]*)[-*+][ \t]+(?P<task>\[[ xX]\][ \t]+)?")
_TABLE_RULE = re.compile(r"[ \t]*\|[ \t|:-]*-[ \t|:-]*$")
_TABLE_ROW = re.compile(r"[ \t]*\|(?P<cells>.*?)\|?[ \t]*$")
_INLINE = re.compile(
    r"\\(?P<literal>[!-/:-@\[-`{-~])"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?P<code>.{1,500}?)(?<!`)(?P=ticks)(?!`)"
    r"|!?\[(?P<label>[^\[\]]{0,300})\]\((?P<url>(?:[^\s()<>|]|\([^\s()<>|]*\)){1,2000})(?:[ \t]+[^()]{0,300})?\)"
    r"|<(?P<address>(?:https?|mailto):[^\s<>|]{1,2000})>"
    r"|\*\*(?=\S)(?P<bold>.{1,300}?)(?<=\S)\*\*"
    r"|(?<!\w)__(?=\S)(?P<strong>.{1,300}?)(?<=\S)__(?!\w)"
    r"|~~(?=\S)(?P<struck>.{1,300}?)(?<=\S)~~"
    r"|(?<![\w*_])(?P<em>[*_])(?=\S)(?P<italic>[^*_]{1,300}?)(?<=\S)(?P=em)(?![\w*_])"
)
_SPECIAL = re.compile(r"[\\`!\[<*_~]")
"""Where something inline may begin; a search for this alone is fast."""

_SAFE_ADDRESS = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_HALF_ESCAPE = re.compile(r"&[a-z]*$")


def escaped(text: str) -> str:
    """Plain text for a place where Slack reads mrkdwn: `&`, `<` and `>` mean themselves."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_mrkdwn(markdown: str, limit: int = FALLBACK_LIMIT) -> str:
    """The Markdown as mrkdwn of at most `limit` UTF-8 bytes, cut at a word, with an ellipsis, where it is longer.

    Of a text that is much longer than the limit only the beginning is read.
    """
    lines: list[str] = []
    fence: Fence | None = None
    for line in markdown[: 2 * limit].split("\n"):
        if fence and not fence.left_by(line):
            closed = fence.closed_by(line)
            lines.append("```" if closed else escaped(line))
            fence = None if closed else fence
        elif fence := opened_by(line):
            lines.append("```")
        elif not _TABLE_RULE.match(line):
            lines.append(_line(line))
    return shortened("\n".join(lines).strip(), limit, cut=len(markdown) > 2 * limit)


def shortened(mrkdwn: str, limit: int, *, cut: bool = False) -> str:
    """The mrkdwn if it has at most `limit` UTF-8 bytes, or its beginning, to a whole word, with an ellipsis.

    `cut` says that the ellipsis is wanted in any case.
    """
    raw = mrkdwn.encode(errors="surrogatepass")
    if len(raw) <= limit and not cut:
        return mrkdwn
    kept = raw[: limit - len("…".encode())].decode(errors="ignore")
    if len(raw) > limit:
        words = kept.rsplit(maxsplit=1)
        kept = words[0] if len(words) > 1 and len(words[0]) > len(kept) // 2 else kept
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    return _HALF_ESCAPE.sub("", kept).rstrip() + "…"


def _line(line: str) -> str:
    quote = ""
    if found := _QUOTE.match(line):
        quote, line = "> ", line[found.end() :]
    if _RULE.match(line):
        line = "———"
    elif heading := _HEADING.match(line):
        line = f"*{_inline(heading['text'].replace('**', ''))}*" if heading["text"] else ""
    elif row := _TABLE_ROW.match(line):
        line = " | ".join(_inline(cell.strip()) for cell in row["cells"].split("|"))
    elif item := _ITEM.match(line):
        mark = "•" if not item["task"] else "☐" if item["task"][1] == " " else "☑"
        line = f"{item['indent']}{mark} {_inline(line[item.end() :])}"
    else:
        line = _inline(line)
    return quote + line


def _inline(text: str) -> str:
    pieces: list[str] = []
    done = place = 0
    while special := _SPECIAL.search(text, place):
        place = special.start()
        if found := _INLINE.match(text, place):
            pieces += (escaped(text[done:place]), _mark(found))
            done = place = found.end()
        else:
            place += 1
    return "".join((*pieces, escaped(text[done:])))


def _mark(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    inside = found[kind]
    match kind:
        case "literal":
            return escaped(inside)
        case "code":
            return f"`{escaped(inside.strip())}`"
        case "url" | "address":
            return _link(inside, found["label"] or "")
        case _:
            mark = {"bold": "*", "strong": "*", "struck": "~", "italic": "_"}[kind]
            return mark + _inline(inside) + mark


def _link(address: str, label: str) -> str:
    if not _SAFE_ADDRESS.match(address):
        return f"{escaped(label)} ({escaped(address)})"  # `[x](!channel)` must not become a mention
    return f"<{escaped(address)}|{escaped(label.strip())}>" if label.strip() else f"<{escaped(address)}>"
