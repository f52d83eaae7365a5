"""The fences of code blocks."""

import pytest

from bot.slack.markup.fences import Fence, open_fence, opened_by


@pytest.mark.parametrize(
    ("line", "fence"),
    [
        ("```", Fence("", "```", "")),
        ("```python", Fence("", "```", "python")),
        ("``` python title=x", Fence("", "```", "python")),
        ("~~~~ c++", Fence("", "~~~~", "c++")),
        ("   ```js\r", Fence("   ", "```", "js")),
        ("> ```", Fence("> ", "```", "")),
        (">> ~~~", Fence(">> ", "~~~", "")),
        ("- ```sh", Fence("  ", "```", "sh")),
        ("10. ```", Fence("    ", "```", "")),
        ("> - ```", Fence(">   ", "```", "")),
        ("``", None),
        ("``` `x`", None),
        ("```x```", None),
        ("text ```", None),
        ("-```", None),
        ("`" * 61, None),
        ("~" * 50_000, None),
    ],
)
def test_a_line_opens_a_fence(line: str, fence: Fence | None) -> None:
    assert opened_by(line) == fence


@pytest.mark.parametrize(
    ("line", "closes"),
    [
        ("```", True),
        ("   ````  \r", True),
        ("> ```", True),
        ("``", False),
        ("```x", False),
        ("~~~", False),
        ("", False),
    ],
)
def test_a_line_closes_a_fence(line: str, closes: bool) -> None:
    assert Fence("", "```", "py").closed_by(line) is closes


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("no fence", None),
        ("```py\nx", "```py\n"),
        ("```py\nx\n```", None),
        ("```py\nx\n```\n", None),
        ("````md\n```\nx\n", "````md\n"),
        ("````md\n```\nx\n````", None),
        ("~~~\n```\n", "~~~\n"),
        ("> ```\n> x", "> ```\n"),
        ("> ```\n> x\n", "> ```\n"),
        ("> ```\n> x\n> ```\n", None),
        ("> ```\n> x\nout of the quote", None),
        ("> ```\n> x\n\n> ```\n", "> ```\n"),
        ("> ```\n```\nx", "```\n"),
        ("- ```\n  x", "  ```\n"),
    ],
)
def test_a_text_ends_inside_a_fence(text: str, opening: str | None) -> None:
    fence = open_fence(text)
    assert (fence and fence.opening) == opening
