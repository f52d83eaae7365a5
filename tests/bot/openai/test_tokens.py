"""Tokens are counted exactly with the vocabulary and safely without it."""

import base64
import hashlib
import importlib
from pathlib import Path
from typing import Any

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from bot.openai.tokens import TokenCounter, estimate, read_encoding

MERGES = [b"he", b"ll", b"hell", b"hello", b" w", b"  "]


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vocabulary of all bytes and a few words."""
    tokens = [bytes([byte]) for byte in range(256)] + MERGES
    file = tmp_path_factory.mktemp("vocabulary") / "small.tiktoken"
    file.write_bytes(b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for rank, token in enumerate(tokens)))
    return file


@pytest.fixture(scope="module")
def counter(vocabulary: Path) -> TokenCounter:
    counter = TokenCounter(vocabulary, checksum(vocabulary))
    counter.load().join()
    return counter


def checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("hello", 1), ("hello world", 1 + 1 + 4), ("é", 2), ("<|endoftext|>", 13), ("\ud83d", 3)],
)
def test_texts_are_counted_exactly(counter: TokenCounter, text: str, tokens: int) -> None:
    assert counter(text) == tokens


def test_long_texts_are_counted_piece_by_piece(counter: TokenCounter) -> None:
    assert counter("hello" * 30_000) == 30_000


def test_a_text_on_which_the_tokenizer_fails_is_estimated(
    counter: TokenCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_encoding: tiktoken.Encoding, _text: str) -> list[int]:
        raise ValueError("Max stack size exceeded")

    monkeypatch.setattr(tiktoken.Encoding, "encode_ordinary", fail)
    assert counter("hello world") == estimate("hello world")


def test_the_first_count_is_an_estimate_and_loads_the_vocabulary(vocabulary: Path) -> None:
    counter = TokenCounter(vocabulary, checksum(vocabulary))
    assert counter("hello") == estimate("hello") == 2
    counter.load().join()
    assert counter("hello") == 1


def test_the_vocabulary_is_loaded_once(vocabulary: Path) -> None:
    counter = TokenCounter(vocabulary, checksum(vocabulary))
    assert counter.load() is counter.load()


@pytest.mark.parametrize("content", [None, b"", b"not a vocabulary\n"])
def test_a_missing_or_damaged_vocabulary_leaves_the_estimate(
    content: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "o200k_base.tiktoken"
    if content is not None:
        file.write_bytes(content)
    counter = TokenCounter(file)
    counter.load().join()
    assert counter("hello") == estimate("hello")
    assert str(file) in caplog.text


def test_a_vocabulary_that_is_no_vocabulary_leaves_the_estimate(tmp_path: Path) -> None:
    file = tmp_path / "o200k_base.tiktoken"
    file.write_bytes(b"one two three\n")
    counter = TokenCounter(file, checksum(file))
    counter.load().join()
    assert counter("hello") == estimate("hello")


def test_words_are_cut_as_the_tokenizer_s_own_definition_cuts_them(
    vocabulary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definitions = importlib.import_module("tiktoken_ext.openai_public")
    monkeypatch.setattr(definitions, "load_tiktoken_bpe", lambda *_given, **_named: {})
    definition: dict[str, Any] = definitions.o200k_base()
    ours = read_encoding(vocabulary, checksum(vocabulary))
    assert ours._pat_str == definition["pat_str"]


COUNTED_WITH_O200K_BASE = {
    "All human beings are born free and equal in dignity and rights. They are endowed with reason.": 19,
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft begabt.": 23,
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.": 26,
    "Все люди рождаются свободными и равными в своем достоинстве и правах.": 17,
    "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。": 37,
    "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。": 35,
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.": 24,
    '{"id": 17, "tags": ["a", "b"], "price": {"amount": 12.5, "currency": "EUR"}, "active": true}': 37,
    "| name | size | price |\n|------|-----:|------:|\n| pen | 3 | 0.50 |\n| cup | 12 | 4.99 |\n": 38,
    "2026-11-21T03:14:15.926Z INFO [pid=5358] 10.0.17.7 GET /api/v1/items/42 200 97ms": 43,
    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4f72b9807785afee48bb": 33,
    "H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU1FYOD1MC3lgM/VMgOZckdOtdoJzcZ4/kMh5uhxcsC8LTQTyXdQ==": 61,
    "😀🎉🚀 👩‍👩‍👧 ❤️🔥": 15,
}


@pytest.mark.parametrize(("text", "tokens"), COUNTED_WITH_O200K_BASE.items())
def test_an_estimate_is_hardly_ever_too_low_and_never_absurd(text: str, tokens: int) -> None:
    assert tokens <= estimate(text) <= 3 * tokens


@given(st.text(max_size=200))
def test_an_estimate_grows_with_the_text_and_never_exceeds_a_token_a_byte(text: str) -> None:
    assert 0 <= estimate(text) <= len(text.encode())
    assert estimate(text) <= estimate(text + text)
