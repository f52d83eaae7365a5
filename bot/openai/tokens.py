"""Counts tokens: exactly where the vocabulary is installed, else by a safe estimate; never over the network."""

import base64
import hashlib
import io
import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.tokens import estimate
from bot.openai.vocabulary import SHA256

if TYPE_CHECKING:
    import tiktoken

log = logging.getLogger(__name__)

_PIECE = 50_000
"""Characters that are counted at once: on much longer texts the tokenizer's regular expressions run out of stack."""

_SPLIT_PATTERN = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
"""Where o200k_base cuts a text into words; part of the encoding's definition (tiktoken_ext.openai_public)."""


@dataclass(slots=True)
class TokenCounter:
    """`CountTokens` for OpenAI's models: o200k_base, which all of them have used since gpt-4o.

    The vocabulary costs a third of a second and about 70 MB, so it is loaded in a thread when something is first
    counted; until then, and where the file is missing or damaged, `estimate` answers.
    """

    vocabulary: Path
    sha256: str = SHA256
    _encoding: "tiktoken.Encoding | None" = None
    _loading: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, text: str) -> int:
        """How many tokens this text costs. Takes about 0.2 ms for a thousand words."""
        encoding = self._encoding
        if encoding is None:
            self.load()
            return estimate(text)
        try:
            pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
            return sum(len(encoding.encode_ordinary(piece)) for piece in pieces)
        except Exception as error:
            log.warning("a text of %d characters cannot be counted: %s", len(text), type(error).__name__)
            return estimate(text)

    def load(self) -> threading.Thread:
        """Begin to load the vocabulary, unless that was begun before; returns the thread that does it."""
        with self._lock:
            if self._loading is None:
                self._loading = threading.Thread(target=self._load, name="vocabulary", daemon=True)
                self._loading.start()
            return self._loading

    def _load(self) -> None:
        try:
            self._encoding = read_encoding(self.vocabulary, self.sha256)
        except Exception as error:
            reason = error.strerror if isinstance(error, OSError) else error
            log.warning("tokens are estimated, because %s cannot be used: %s", self.vocabulary, reason)


def read_encoding(vocabulary: Path, sha256: str) -> "tiktoken.Encoding":
    """The encoding in this file, whose lines hold a token in base64 and its rank. Raises OSError, ValueError."""
    import tiktoken  # noqa: PLC0415 - with the libraries under it, which take some MB, only where threads are long

    content = vocabulary.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError("its checksum is wrong")
    ranks: dict[bytes, int] = {}
    for line in io.BytesIO(content):
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    return tiktoken.Encoding("o200k_base", pat_str=_SPLIT_PATTERN, mergeable_ranks=ranks, special_tokens={})
