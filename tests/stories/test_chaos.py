"""Whatever breaks: every message gets exactly one answer."""

from pathlib import Path

from tests.stories.chaos import command, play

SEED, LENGTH = 5, 25


async def test_every_message_gets_exactly_one_answer_whatever_breaks(tmp_path: Path) -> None:
    chaos = await play(SEED, LENGTH, tmp_path)
    assert not chaos.problems, "\n".join([*chaos.problems, f"once more: {command(SEED, LENGTH)}"])
