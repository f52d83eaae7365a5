"""Answers to measure with: plain sentences, which every bot shows as they are, cut by the model into equal tokens."""

from playground.openai.scripts import pieces_of

_SENTENCE = "The boat goes over to that quay with each tide. "


def plain_answer(characters: int) -> str:
    """An answer of this length that begins like no status."""
    return (_SENTENCE * (characters // len(_SENTENCE) + 1))[: characters - 1] + "."


def seconds_to_write(text: str, per_second: float) -> float:
    """How long the model takes from its first to its last token."""
    return (len(pieces_of(text)) - 1) / per_second
