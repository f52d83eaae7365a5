"""Markdown as models write it, and text as nobody should, for property tests."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_SCRAPS = (
    *("```\n", "```py\n", "~~~~\n", "````md\n", "> ", "- ", "1. ", "  ", "\n", "\n\n", "\r\n", "# H\n", "---\n"),
    *("| a | b |\n|---|---|\n", "| 1 | 2 |\n", "> ```\n", "- ```py\n", "<!channel>", "<!here|x>", "[x](http://a.b/c)"),
    *("**b**", "`c`", "word ", "&", "🇩🇪", "👩\u200d💻"),
)

_WORDS = st.sampled_from(
    (
        *("some words here", "**bold** text", "a [link](https://x.y/z)", "`code span`", "日本語の文章です。"),
        *("emoji 👩\u200d💻 yes", "a < b & c", "see:", "snake_case_name"),
    )
)

_CODE = st.sampled_from(
    ("x = 1", "    return [a, b]", "", "# comment", "``", "if a < b && c:", "| no | table |", "- item", "<!here>")
)


def _fenced(marks: str, language: str, lines: list[str]) -> str:
    return "\n".join((marks + language, *lines, marks))


def _quoted(block: str) -> str:
    return "\n".join(f"> {line}" for line in block.split("\n"))


def _in_item(block: str) -> str:
    return "- item\n\n" + "\n".join(f"  {line}" for line in block.split("\n"))


def _items(marker: str, items: list[str], nested: bool) -> str:
    return "\n".join(marker + item + ("\n   - nested" if nested else "") for item in items)


def _table(rows: int) -> str:
    return "\n".join(("| a | b |", "|---|:-:|", *(f"| {row} | {row * row} |" for row in range(rows))))


_paragraphs = st.lists(_WORDS, min_size=1, max_size=12).map(" ".join)
_headings = st.builds("{} {}".format, st.sampled_from(("#", "##", "####")), _WORDS)
_lists = st.builds(_items, st.sampled_from(("- ", "1. ")), st.lists(_WORDS, min_size=1, max_size=8), st.booleans())
_fences = st.builds(
    _fenced,
    st.sampled_from(("```", "~~~", "`````")),
    st.sampled_from(("", "python", "c++")),
    st.lists(_CODE, min_size=1, max_size=40),
)
_fences_in_fences = _fences.map(lambda fence: _fenced("``````", "md", fence.split("\n")))
_quotes = st.lists(_WORDS, min_size=1, max_size=4).map("\n".join).map(_quoted)
_tables = st.integers(1, 150).map(_table)

answers: SearchStrategy[str] = st.lists(
    st.one_of(
        *(_paragraphs, _headings, _lists, _fences, _fences_in_fences, _fences.map(_quoted), _fences.map(_in_item)),
        *(_quotes, _tables, st.just("---")),
    ),
    min_size=1,
    max_size=25,
).map("\n\n".join)
"""Well-formed Markdown with every kind of block."""

scraps: SearchStrategy[str] = st.lists(
    st.one_of(st.text(max_size=30), st.text(st.sampled_from("ab .:#>`~*_|[]()<!\n\t\\-"), max_size=30))
    | st.sampled_from(_SCRAPS),
    max_size=60,
).map("".join)
"""Pieces of Markdown in any order, and any characters."""
