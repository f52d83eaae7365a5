"""What Markdown expands to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.slack.blocks import problems
from playground.slack.markdown import expand, plain

KINDS = [
    ("a paragraph", ["rich_text"]),
    ("one\n\ntwo", ["rich_text", "rich_text"]),
    ("# Title", ["header"]),
    ("## " + "long " * 40, ["rich_text"]),
    ("- a\n- b\n  - c", ["rich_text"]),
    ("---", ["divider"]),
    ("```py\nx = 1\n```", ["rich_text"]),
    ("| a | b |\n|---|---|\n| 1 | 2 |", ["table"]),
    ("> quoted", ["rich_text"]),
    ("#", []),
    ("", []),
]


@pytest.mark.parametrize(("markdown", "kinds"), KINDS)
def test_each_part_becomes_a_block(markdown: str, kinds: list[str]) -> None:
    assert [block["type"] for block in expand(markdown)] == kinds


PLAIN = [
    ("**bold** and `code`", "bold and code"),
    ("# Title\n\ntext", "Title\ntext"),
    ("- a\n- b", "• a\n• b"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
    ("[label](https://example.org)", "label"),
    ("1 < 2 & 3", "1 < 2 & 3"),
]


@pytest.mark.parametrize(("markdown", "text"), PLAIN)
def test_the_plain_text_has_no_marks(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_code_keeps_its_language_and_its_lines() -> None:
    (block,) = expand("```py\nif x:\n    y()\n```")
    (code,) = block["elements"]
    assert (code["language"], code["elements"][0]["text"]) == ("py", "if x:\n    y()")


def test_nested_lists_keep_their_depth_and_order() -> None:
    (block,) = expand("3. a\n   - b\n4. c")
    assert [(part["style"], part["indent"], part.get("offset")) for part in block["elements"]] == [
        ("ordered", 0, 2),
        ("bullet", 1, None),
        ("ordered", 0, 3),
    ]


@given(st.text(alphabet="ab #*_`~-|>\n[](1.)", max_size=80))
def test_whatever_is_written_expands_to_valid_blocks(markdown: str) -> None:
    assert all("only one table" in problem for problem in problems(expand(markdown)))
