"""Scripts, pieces and pace."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.openai.catalog import MODELS
from playground.openai.drawings import Drawing
from playground.openai.requests import Request, parse_request
from playground.openai.scripts import (
    Answer,
    Pace,
    count_pictures,
    cut_off,
    draw,
    echo,
    in_turn,
    pieces_of,
    read_back,
    say,
    say_pieces,
    search,
    within_limit,
)
from tests.playground.openai.samples import OTHER_PNG, PNG, with_pictures


def ask(question: str, **changes: Any) -> Request:
    body = {"model": "gpt-6.1-terra", "input": question, "reasoning": {"effort": "none"}, **changes}
    return parse_request(body, MODELS)


@given(st.text())
def test_pieces_are_the_text_again(text: str) -> None:
    assert "".join(pieces_of(text)) == text


def test_pieces_have_the_size_of_tokens() -> None:
    assert pieces_of("Hello, wonderful world") == ("Hello", ", ", "wonde", "rful ", "world")


def test_echo_says_what_was_asked() -> None:
    assert echo(ask("How are you?")).text == "How are you?"


def test_a_search_is_for_what_was_asked_unless_the_script_knows_better() -> None:
    request = ask("Will it rain?", tools=[{"type": "web_search"}])
    assert search("Yes.")(request).searches == ("Will it rain?",)
    assert search("Yes.", "rain", "snow")(request).searches == ("rain", "snow")


@pytest.mark.parametrize("changes", [{}, {"tools": [{"type": "web_search"}], "tool_choice": "none"}])
def test_nobody_searches_without_the_tool(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="web_search"):
        search("Yes.")(ask("Will it rain?", **changes))


def test_scripts_in_turn_end_with_the_last_one() -> None:
    script = in_turn(say("one"), say_pieces("t", "wo"))
    assert [script(ask("x")).pieces for _ in range(3)] == [("one",), ("t", "wo"), ("t", "wo")]


@pytest.mark.parametrize(
    ("pace", "due"), [(Pace(), [0, 0, 0]), (Pace(first=2), [2, 2, 2]), (Pace(first=1, per_second=10), [1, 1.1, 1.2])]
)
def test_a_pace_says_when_each_piece_is_due(pace: Pace, due: list[float]) -> None:
    assert [pace.due(index) for index in range(3)] == pytest.approx(due)


def test_the_output_limit_cuts_the_answer() -> None:
    answer = Answer(("four",) * 40)
    assert within_limit(ask("x"), answer) == answer
    assert within_limit(ask("x", max_output_tokens=40), answer) == answer
    cut = within_limit(ask("x", max_output_tokens=16), answer)
    assert (len(cut.pieces), cut.cut) == (16, "max_output_tokens")


def test_thinking_may_use_up_the_whole_limit() -> None:
    cut = within_limit(ask("x", max_output_tokens=100, reasoning={"effort": "high"}), Answer(("word",)))
    assert (cut.pieces, cut.cut) == ((), "max_output_tokens")


def test_a_cut_answer_says_why() -> None:
    assert cut_off("Half an", "content_filter")(ask("x")).cut == "content_filter"


def test_what_hangs_on_a_message_can_be_read_back() -> None:
    parts = [{"type": "input_text", "text": text} for text in ("Ann: Look", '<file name="a.txt">\nnonce-7\n</file>')]
    request = parse_request({"model": "gpt-6-luna", "input": [{"role": "user", "content": parts}]}, MODELS)
    assert read_back(request).text == 'Ann: Look\n\n<file name="a.txt">\nnonce-7\n</file>'
    assert request.asked == "Ann: Look"


def test_pictures_are_counted_and_described() -> None:
    request = parse_request({"model": "gpt-6-luna", "input": with_pictures("Look", PNG, OTHER_PNG)}, MODELS)
    first, second = (f"image/png, {len(picture)} bytes, high" for picture in (PNG, OTHER_PNG))
    assert count_pictures(request).text == f"Pictures: 2\n1. {first}\n2. {second}"
    assert count_pictures(ask("Look")).text == "Pictures: 0"


def test_an_answer_that_is_cut_short_comes_to_no_picture() -> None:
    answer = draw(before="word " * 40, after="There")(ask("x"))
    assert answer.drawings == (Drawing(),)
    cut = within_limit(ask("x", max_output_tokens=16), answer)
    assert (cut.drawings, cut.closing) == ((), ())
