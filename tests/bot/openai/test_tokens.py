"""Tokens are counted exactly with the vocabulary and safely without it."""

import base64
import hashlib
import importlib
from pathlib import Path
from typing import Any

import pytest
import tiktoken

from bot.domain.tokens import estimate
from bot.openai.tokens import TokenCounter, read_encoding

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
    assert counter("hello world") == estimate("hello world") == 2
    counter.load().join()
    assert counter("hello world") == 6


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
