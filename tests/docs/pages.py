"""The documents for people, as tests read them: their commands, tables, links and headings."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CHANGELOG.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))))

_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in a fence, without its indentation."""

    language: str
    lines: tuple[str, ...]


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks_in(text: str) -> list[Block]:
    return [
        Block(language, tuple(line.removeprefix(indent) for line in inside.splitlines()))
        for indent, language, inside in _BLOCK.findall(text)
    ]


def prose_of(text: str) -> str:
    """The text without its blocks."""
    return _BLOCK.sub("", text)


def commands_in(text: str) -> list[str]:
    """The commands in the shell's blocks, in their order, without comments."""
    lines = [line for block in blocks_in(text) if block.language == "sh" for line in block.lines]
    return [command for line in lines if (command := re.sub(r"(^|\s+)#.*", "", line).strip())]


def spans_in(text: str) -> list[str]:
    """What stands in backticks, apart from the blocks."""
    return re.findall(r"`([^`\n]+)`", prose_of(text))


def rows_in(text: str, *heading: str) -> list[list[str]]:
    """The cells of all tables that have this heading."""
    found = []
    for below in text.split(f"| {' | '.join(heading)} |\n")[1:]:
        lines = below.splitlines()[1:]
        end = next((number for number, line in enumerate(lines) if not line.startswith("|")), len(lines))
        found += [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[:end]]
    return found


def links_in(text: str) -> list[str]:
    """The targets of links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", prose_of(text))


def anchors_in(text: str) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose_of(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
