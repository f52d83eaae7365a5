"""The blocks of the bot's messages."""

from bot.slack.blocks import answer_blocks, is_note, is_status, note_blocks, status_blocks
from playground.slack.blocks import problems


def test_an_answer_is_one_markdown_block() -> None:
    assert answer_blocks("**Hi** <there>") == [{"type": "markdown", "text": "**Hi** <there>"}]


def test_a_note_stands_below_the_answer_and_is_known_again() -> None:
    answer, note = answer_blocks("Hi", "Cut off & <stopped>.")
    assert note["elements"] == [{"type": "mrkdwn", "text": "Cut off &amp; &lt;stopped&gt;."}]
    assert is_note(note)
    assert not is_note(answer)
    assert not is_status(note)


def test_a_note_without_an_answer_stands_alone() -> None:
    assert answer_blocks(" \n", "Nothing came.") == note_blocks("Nothing came.")


def test_a_status_is_shown_in_italics_and_known_again() -> None:
    (status,) = status_blocks("searching <the web>")
    assert status["elements"][0]["text"] == "_searching &lt;the web&gt;…_"
    assert is_status(status)
    assert not is_note(status)


def test_slack_takes_the_longest_note_and_status() -> None:
    blocks = answer_blocks("Hi", "words & more " * 1_000) + status_blocks("thinking " * 1_000)
    assert problems(blocks) == []
    assert all(len(block["elements"][0]["text"]) <= 2_000 for block in blocks[1:])
