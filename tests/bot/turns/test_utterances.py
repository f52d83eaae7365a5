"""The table of what people write: that it is whole, balanced and of many languages."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROWS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("utterances.toml").read_text("utf-8"))["utterance"]


def test_there_are_at_least_120_utterances_and_none_is_there_twice() -> None:
    scenes = {(row["text"].casefold(), tuple(row["attached"]), row["earlier_picture"]) for row in ROWS}
    assert len(scenes) == len(ROWS) >= 120
    assert len({row["text"] for row in ROWS if row["text"]}) == sum(bool(row["text"]) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['language']}-{row['intent']}")
def test_an_utterance_is_complete_and_makes_sense(row: dict[str, Any]) -> None:
    assert set(row) == {"language", "intent", "source", "attached", "earlier_picture", "text"}
    assert set(row["attached"]) <= {"picture", "document", "recording"}
    assert row["text"] == row["text"].strip()
    assert row["text"] or row["attached"]
    has_picture = "picture" in row["attached"]
    match row["intent"], row["source"]:
        case "text", "none":
            assert set(row["attached"]) <= {"recording"}
        case "vision", "none":
            assert has_picture or row["earlier_picture"]
        case "document", "none":
            assert "document" in row["attached"]
        case "image", "none" | "attached" | "earlier":
            assert row["source"] != "attached" or has_picture
            assert row["source"] != "earlier" or row["earlier_picture"]
        case other:
            pytest.fail(f"no such route: {other}")


def test_the_intents_are_balanced() -> None:
    counts = Counter(row["intent"] for row in ROWS)
    assert counts["text"] >= 35
    assert counts["vision"] >= 30
    assert counts["image"] >= 40
    assert counts["document"] >= 25
    edits = sum(row["source"] != "none" for row in ROWS)
    assert 0.4 <= edits / counts["image"] <= 0.6


def test_every_intent_is_spoken_in_many_languages() -> None:
    counts = Counter(row["language"] for row in ROWS)
    assert sum(count >= 8 for count in counts.values()) >= 8
    for intent in ("text", "vision", "image", "document"):
        assert len({row["language"] for row in ROWS if row["intent"] == intent}) >= 8
