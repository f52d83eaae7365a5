"""How a text arrives piece by piece, for property tests."""

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

piece_lengths: SearchStrategy[list[int]] = st.lists(st.integers(1, 40), min_size=1, max_size=8)
"""Lengths of the pieces in which a text comes, over and over again."""


def growing(text: str, lengths: Sequence[int]) -> Iterator[str]:
    """The text so far, after each piece."""
    end = turn = 0
    while end < len(text):
        end += lengths[turn % len(lengths)]
        turn += 1
        yield text[:end]
