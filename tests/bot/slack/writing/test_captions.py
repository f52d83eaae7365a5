"""The words that go with a picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.writing.captions import caption, description, title


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("A cat", "A cat"),
        (" A\n\ncat\twith  <hat> & stick ", "A cat with &lt;hat&gt; &amp; stick"),
        ("<!channel> look", "@\u200bchannel look"),
        ("@here and @Everyone, not @hereafter", "@\u200bhere and @\u200bEveryone, not @hereafter"),
        ("<@U123> in <#C123>", "&lt;@U123&gt; in &lt;#C123&gt;"),
        ("half \ud83c of one", "half of one"),
        ("", ""),
    ],
)
def test_a_caption_is_the_prompt_made_harmless(prompt: str, shown: str) -> None:
    assert caption(prompt) == shown


def test_what_is_too_long_ends_at_a_word() -> None:
    assert title("long words " * 20) == "long words " * 7 + "…" or title("long words " * 20).endswith(
        ("long…", "words…")
    )
    assert title("é" * 200) == "é" * 79 + "…"
    assert len(description("word " * 1_000)) <= 1_000


@given(st.text(alphabet="ab <!@>channelhere\n&é🎉👨\u200d", max_size=1_500))
def test_no_prompt_makes_a_mention_or_a_caption_that_is_too_long(prompt: str) -> None:
    shown = caption(prompt)
    assert "<" not in shown
    assert ">" not in shown
    assert "@channel" not in shown
    assert "@here " not in shown
    assert len(shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) <= 500
    assert len(title(prompt)) <= 80
    assert len(description(prompt)) <= 1_000
