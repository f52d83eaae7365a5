"""The marks inside a line."""

import pytest

from bot.slack.markup.inline import divides_token, open_marks


@pytest.mark.parametrize(
    "line", ["a `b c", "``a`b ", "[a b", "[a]", "[a](b c", "[a](b(c) ", "<http://a", "<!channel|a b", "`a` `b "]
)
def test_a_token_is_open(line: str) -> None:
    assert divides_token(line)


@pytest.mark.parametrize(
    "line",
    ["", "a b", "`a` b", "x[1] y", "[a](b) c", "[a](b(c)) d", "a < b", "<http://a> b", r"\[a b", r"\` a", "a] (b"],
)
def test_no_token_is_open(line: str) -> None:
    assert not divides_token(line)


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("plain", ""),
        ("a **b", "**"),
        ("a **b** c", ""),
        ("~~a **b", "**~~"),
        ("**a `b", "`**"),
        ("``a`b", "``"),
        ("`**` and **b", "**"),
        ("2**3", ""),
        ("a ** b", ""),
        ("* item", ""),
    ],
)
def test_open_marks_are_closed_from_the_inside_out(line: str, marks: str) -> None:
    assert open_marks(line) == marks
