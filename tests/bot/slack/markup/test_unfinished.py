"""What is shown of a text that still grows."""

from itertools import pairwise

import pytest
from hypothesis import given

from bot.slack.markup.fences import open_fence
from bot.slack.markup.unfinished import healed, steady
from tests.strategies.arrival import growing, piece_lengths
from tests.strategies.markdown import answers, scraps


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("plain words", ""),
        ("words \n\n", " \n\n"),
        ("a line\n##", "##"),
        ("a line\n- ", "- "),
        ("a line\n```py", "```py"),
        ("a line\n```py\n", "```py\n"),
        ("a line\n```py\nx", ""),
        ("some `", "`"),
        ("some **", "**"),
        ("some **bold", ""),
        ("a line\n> [the", "> [the"),
        ("see [the", "[the"),
        ("see [the](http://x", "[the](http://x"),
        ("see [the](http://x)", ""),
        ("see [1]", "[1]"),
        ("see [1] and", ""),
        ("hey <!chan", "<!chan"),
        ("hey <!channel|the whole", "<!channel|the whole"),
        ("a <", "<"),
        ("a < b", ""),
        ("text\n\n| a | b |", "| a | b |"),
        ("text\n\n| a | b |\n|--", "| a | b |\n|--"),
        ("text\n\n| a | b |\n|---|---|\n| x", ""),
        ("text\n\n| a | b |\nno table", ""),
        ("👩\u200d", "\u200d"),
        ("[" + "x" * 300, ""),
        ("`" * 300, ""),
    ],
)
def test_what_may_change_its_meaning_is_held_back(text: str, held: str) -> None:
    assert text[steady(text) :] == held
    assert steady(text, complete=True) == len(text)


@given(answers | scraps, piece_lengths)
def test_nothing_is_taken_back_and_little_is_held(text: str, lengths: list[int]) -> None:
    texts = list(growing(text, lengths))
    places = [steady(grown) for grown in texts]
    assert all(earlier <= later for earlier, later in pairwise(places))
    assert all(len(grown.rstrip()) - place <= 200 for grown, place in zip(texts, places, strict=True))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("whole **text**", "whole **text**"),
        ("half **a wo", "half **a wo**"),
        ("half **a ", "half **a**"),
        ("half `a", "half `a`"),
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("```py\nx = 1\n", "```py\nx = 1\n```"),
        ("```py\n**x", "```py\n**x\n```"),
        ("**one\n\ntwo", "**one\n\ntwo"),
    ],
)
def test_an_unfinished_text_is_shown_with_what_is_open_closed(text: str, shown: str) -> None:
    assert healed(text) == shown


@given(answers | scraps)
def test_healing_only_adds_at_the_end(text: str) -> None:
    assert healed(text).startswith(text.rstrip())
    assert open_fence(healed(text)) is None
