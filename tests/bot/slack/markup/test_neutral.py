"""Mentions that call whole groups, and text that only looks like them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.markup.neutral import neutral
from bot.slack.markup.unfinished import steady
from tests.strategies.arrival import growing, piece_lengths

LIVE = re.compile(r"<\s*!\s*(channel|here|everyone|group|subteam)\b[^<>]*>", re.IGNORECASE)

mentions = st.lists(
    st.sampled_from(
        (
            *(
                "<",
                "!",
                ">",
                "|",
                "^",
                "channel",
                "HERE",
                "everyone",
                "subteam",
                "S123",
                "@x",
                " ",
                "\n",
                "\u200b",
                "x",
            ),
            *("<!channel>", "<!here|here>", "<!subteam^S1|@team>", "<!date^1^{date}|now>", "y" * 160, "[", "](", ")"),
        )
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel>", "@\u200bchannel"),
        ("hey <!here>, look", "hey @\u200bhere, look"),
        ("<!Everyone>", "@\u200beveryone"),
        ("<!channel|anything>", "@\u200bchannel"),
        ("< ! channel >", "@\u200bchannel"),
        ("<!group>", "@\u200bgroup"),
        ("<!subteam^S123>", "@\u200bgroup"),
        ("<!subteam^S123|@design team>", "@\u200bdesign team"),
        ("`<!here>`", "`@\u200bhere`"),
        ("<!here|" + "x" * 200 + ">", "<\u200b!here|" + "x" * 200 + ">"),
        ("<!here|\n>", "<\u200b!here|\n>"),
        ("<<!here>!channel>", "<@\u200bhere!channel>"),
    ],
)
def test_a_mention_of_a_group_becomes_words(text: str, shown: str) -> None:
    assert neutral(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("", "plain @channel", "a < b > c", "<@U123>", "<#C1|general>", "<https://x.y>", "<!-- comment -->"),
        *("<!date^1^{date}|now>", "<!channels>", "channel>", "<!chan", "<!channel"),
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert neutral(text) == text


@given(mentions, piece_lengths)
def test_no_group_is_called_by_pieces_put_together(text: str, lengths: list[int]) -> None:
    shown = ""
    for grown in growing(text, lengths):
        harmless = neutral(grown)
        assert harmless.startswith(shown)
        shown = harmless[: steady(harmless)]
        assert not LIVE.search(shown)
    assert neutral(text).startswith(shown)
    assert not LIVE.search(neutral(text))
