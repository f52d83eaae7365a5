"""The blocks of Markdown, line by line."""

import pytest
from hypothesis import given

from bot.slack.markup.fences import open_fence
from bot.slack.markup.structure import Break, Kind, Structure, decided
from playground.slack.markdown import expand
from tests.strategies.markdown import answers, scraps


def after(text: str) -> Structure:
    structure = Structure()
    for line in text.split("\n"):
        structure.add(line, structure.look(line))
    return structure


@pytest.mark.parametrize(
    ("above", "line", "kind", "quality"),
    [
        ("text\n", "text", Kind.TEXT, Break.PARAGRAPH),
        ("text", "text", Kind.TEXT, Break.LINE),
        ("text", "", Kind.BLANK, Break.NEVER),
        ("text", "## heading", Kind.HEADING, Break.PARAGRAPH),
        ("## heading\n", "text", Kind.TEXT, Break.WORD),
        ("## heading\n", "### heading", Kind.HEADING, Break.WORD),
        ("as follows:\n", "- item", Kind.ITEM, Break.LINE),
        ("**As follows:**\n", "```py", Kind.FENCE, Break.LINE),
        ("- item", "- item", Kind.ITEM, Break.LINE),
        ("- item", "  - nested", Kind.ITEM, Break.WORD),
        ("- item\n", "  more of it", Kind.TEXT, Break.WORD),
        ("text\n", "> quote", Kind.QUOTE, Break.PARAGRAPH),
        ("text", "---", Kind.RULE, Break.NEVER),
        ("text\n", "---", Kind.RULE, Break.PARAGRAPH),
        ("```", "first line", Kind.CODE, Break.NEVER),
        ("```\nx", "second line", Kind.CODE, Break.LINE),
        ("```\nx", "# no heading", Kind.CODE, Break.LINE),
        ("```\nx", "```", Kind.CODE, Break.NEVER),
        ("```\nx\n```", "text", Kind.TEXT, Break.PARAGRAPH),
        ("> ```\n> x", "text", Kind.TEXT, Break.PARAGRAPH),
        ("text", "| a | b |", Kind.TEXT, Break.LINE),
        ("| a | b |", "|---|:-:|", Kind.TABLE, Break.NEVER),
        ("a | b", "- | -", Kind.TABLE, Break.NEVER),
        ("| a | b |\n|---|---|", "| 1 | 2 |", Kind.TABLE, Break.NEVER),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| 3 | 4 |", Kind.TABLE, Break.LINE),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "3 | 4", Kind.TABLE, Break.LINE),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", "| no | row |", Kind.TEXT, Break.PARAGRAPH),
        ("text", "|---|---|", Kind.TEXT, Break.LINE),
    ],
)
def test_a_line_is_a_better_or_worse_place_for_a_cut(above: str, line: str, kind: Kind, quality: Break) -> None:
    place = after(above).look(line)
    assert (place.kind, place.quality) == (kind, quality)


@given(answers)
def test_slack_makes_no_more_blocks_than_are_counted(text: str) -> None:
    assert len(expand(text)) <= after(text).blocks


@given(answers | scraps)
def test_the_structure_and_the_whole_text_agree_on_the_open_fence(text: str) -> None:
    assert after(text.removesuffix("\n")).fence == open_fence(text)


@given(scraps)
def test_a_decided_line_is_what_its_beginning_was(text: str) -> None:
    structure = Structure()
    for line in text.split("\n"):
        place = structure.look(line)
        for length in range(len(line)):
            if decided(line[:length]):
                assert structure.look(line[:length]) == place
        structure.add(line, place)


def test_the_head_of_a_table_is_kept_while_the_table_goes_on() -> None:
    table = after("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |")
    assert (table.table_head, table.rows) == ("| a | b |\n|---|---|\n", 2)
    assert not after("| a | b |\n|---|---|\n| 1 | 2 |\n").table_head
