"""The sources of an answer, numbered below it: links to pages, and names of files."""

from collections.abc import Sequence

from bot.domain.language import say
from bot.domain.reply import Citation
from bot.slack.markup.blocks import SOURCES_BLOCK_ID, Block, small
from bot.slack.markup.markdown import escaped, shortened

MOST = 10
"""Sources below one answer."""

_LONGEST, _LONGEST_TITLE = 2_000, 150
_SCHEMES = ("https://", "http://")
_UNSAFE = {ord(character): f"%{ord(character):02X}" for character in '<>|" \t\r\n'}


def source_blocks(citations: Sequence[Citation]) -> tuple[Block, ...]:
    """The pages and files that an answer cites, the first ones where they are many; no addresses of other kinds.

    They stand in a block of their own, so that they are no part of the answer when the thread is read back.
    """
    lines: list[str] = []
    for number, citation in enumerate(citations[:MOST], start=1):
        line = f"{number}. {_link(citation) if citation.url else _name(citation)}"
        if (not citation.url or citation.url.lower().startswith(_SCHEMES)) and len(
            "\n".join((*lines, line))
        ) <= _LONGEST:
            lines.append(line)
    return (small(SOURCES_BLOCK_ID, "\n".join(lines)),) if lines else ()


def _name(citation: Citation) -> str:
    """In code, so that nothing in it becomes a link, or formats what follows."""
    name = shortened(escaped(" ".join(citation.title.replace("`", "'").split())), _LONGEST_TITLE)
    return f"`{name or say('file')}`"


def _link(citation: Citation) -> str:
    """A link in mrkdwn, in which nothing that a page calls itself can become anything but its label."""
    title = shortened(escaped(" ".join(citation.title.split())), _LONGEST_TITLE)
    address = escaped(citation.url.translate(_UNSAFE))
    return f"<{address}|{title}>" if title else f"<{address}>"
