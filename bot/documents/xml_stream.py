"""Parses a part of a package piece by piece, without ever building a tree."""

from collections.abc import Mapping
from typing import IO, Any, Protocol

from lxml import etree

from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw

_PIECE = 1 << 18


class Target(Protocol):
    """What is told of the elements and the texts that pass by (lxml's interface for targets of a parser)."""

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None: ...

    def data(self, text: str, /) -> None: ...

    def end(self, tag: str, /) -> None: ...

    def close(self) -> None: ...


class XmlStream:
    """Reads one part and tells the target what is in it; follows no entity and no address."""

    def __init__(self, part: IO[bytes], target: Target) -> None:
        self._part = part
        options: dict[str, Any] = {"target": target}
        self._parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, **options)

    def parse(self) -> bytes:
        """Parse the next piece and return it; empty at the end. Raises FileUnusable."""
        piece = self.skip()
        if b"<!ENTITY" in piece:
            raise FileUnusable(Flaw.BROKEN)
        try:
            if piece:
                self._parser.feed(piece)
            else:
                self._parser.close()
        except etree.XMLSyntaxError:
            raise FileUnusable(Flaw.BROKEN) from None
        return piece

    def skip(self) -> bytes:
        """The next piece, which is not parsed; empty at the end. Raises FileUnusable."""
        try:
            return self._part.read(_PIECE)
        except Exception:  # each method of compression has an error class of its own
            raise FileUnusable(Flaw.BROKEN) from None
