"""The blocks of the bot's messages."""

from dataclasses import replace

from bot.slack.markup.blocks import Below, answer_blocks, is_aside, is_status, note_blocks, small, status_blocks
from playground.slack.blocks import problems


def test_an_answer_is_one_markdown_block() -> None:
    assert answer_blocks("**Hi** <there>") == [{"type": "markdown", "text": "**Hi** <there>"}]


def test_a_note_stands_below_the_answer_and_is_known_again() -> None:
    answer, note = answer_blocks("Hi", Below("Cut off & <stopped>."))
    assert note["elements"] == [{"type": "mrkdwn", "text": "Cut off &amp; &lt;stopped&gt;."}]
    assert is_aside(note)
    assert not is_aside(answer)
    assert not is_status(note)


def test_a_note_without_an_answer_stands_alone() -> None:
    assert answer_blocks(" \n", Below("Nothing came.")) == note_blocks("Nothing came.")


def test_a_status_is_shown_in_italics_and_known_again() -> None:
    (status,) = status_blocks("searching <the web>")
    assert status["elements"][0]["text"] == "_searching &lt;the web&gt;…_"
    assert is_status(status)
    assert is_aside(status)


def test_slack_takes_the_longest_note_and_status() -> None:
    blocks = answer_blocks("Hi", Below("words & more " * 1_000)) + status_blocks("thinking " * 1_000)
    assert problems(blocks) == []
    assert all(len(block["elements"][0]["text"]) <= 2_000 for block in blocks[1:])


FULL = Below(None, (small("s", "1. link"),), (small("f", "model"),), (small("b", "buttons"),))


def test_what_stands_below_has_its_order() -> None:
    whole = replace(FULL, note="Note")
    assert [block["block_id"] for block in whole.blocks] == ["s", "chatgpt_note", "f", "b"]
    assert not Below()


def test_the_note_is_the_last_thing_to_go() -> None:
    whole = replace(FULL, note="Note")
    without_buttons = whole.smaller
    assert without_buttons == replace(whole, buttons=())
    assert without_buttons is not None
    assert without_buttons.smaller == Below("Note")
    assert Below("Note").smaller is None
