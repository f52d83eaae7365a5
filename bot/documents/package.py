"""Opens ZIP packages, such as Office files, without trusting anything that they say of themselves."""

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO
from urllib.parse import unquote

from lxml import etree

from bot.documents.peek import OLE
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw

_PART = 64 << 20
_WHOLE = 256 << 20
_ENTRIES = 20_000
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
"""Where the names in "strict" Office files differ from those in all others (ECMA-376 part 1, annex A)."""

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)
"""What `zipfile` raises for damaged files and for methods of compression that nobody uses in documents."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part of a package to another, or to an address outside when `external`; `kind` is one word."""

    kind: str
    target: str
    external: bool


@dataclass(slots=True)
class Package:
    """A ZIP file whose parts are read within limits: 64 MiB each and 256 MiB in all, as they really turn out to be."""

    archive: zipfile.ZipFile
    names: frozenset[str]
    inflated: int = field(default=0, init=False)

    def read(self, name: str) -> bytes:
        """One part. Raises FileUnusable: BROKEN when it is missing or damaged, TOO_COMPLEX when it is too large."""
        return self.take(name, _PART)

    def take(self, name: str, limit: int) -> bytes:
        """One part of at most `limit` bytes; its declared size is ignored, because bombs lie about it."""
        with self.open(name) as part:
            try:
                content = part.read(limit + 1)
            except RuntimeError:  # what zipfile raises for a part under a password
                raise FileUnusable(Flaw.ENCRYPTED) from None
            except _DAMAGED:
                raise FileUnusable(Flaw.BROKEN) from None
        self.inflated += len(content)
        if len(content) > limit or self.inflated > _WHOLE:
            raise FileUnusable(Flaw.TOO_COMPLEX)
        return content

    def open(self, name: str) -> IO[bytes]:
        """One part as a stream, without limits: whoever reads it counts. Raises FileUnusable."""
        try:
            return self.archive.open(name)
        except RuntimeError:
            raise FileUnusable(Flaw.ENCRYPTED) from None
        except (KeyError, *_DAMAGED):
            raise FileUnusable(Flaw.BROKEN) from None

    def xml(self, name: str) -> etree._Element:
        """One part as a tree. Raises FileUnusable."""
        return parse_xml(self.read(name))

    def xml_if_there(self, name: str) -> etree._Element | None:
        """One part as a tree, None when there is none. Raises FileUnusable when it is damaged."""
        return self.xml(name) if name in self.names else None

    def relationships(self, name: str) -> dict[str, Relationship]:
        """Where the ids in an Office part lead to (ECMA-376 part 2, §6.5). Raises FileUnusable."""
        folder, base = posixpath.split(name)
        tree = self.xml_if_there(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, Relationship] = {}
        for link in tree.iter(_RELATIONSHIPS) if tree is not None else ():
            target, external = link.get("Target", ""), link.get("TargetMode") == "External"
            kind = link.get("Type", "").rpartition("/")[2]
            place = target if external else self.beside(name, target)
            found[link.get("Id", "")] = Relationship(kind, place, external)
        return found

    def beside(self, name: str, target: str) -> str:
        """The name of the part that a link in the part `name` leads to, its anchor left out."""
        place = posixpath.join("/", posixpath.dirname(name), unquote(target.partition("#")[0]))
        return posixpath.normpath(place).lstrip("/")

    def linked(self, name: str, kind: str) -> list[str]:
        """The parts that exist and that an Office part refers to as being of this kind."""
        links = self.relationships(name).values()
        return [link.target for link in links if link.kind == kind and link.target in self.names]

    def main(self) -> str:
        """The part that an Office file is about. Raises FileUnusable."""
        mains = self.linked("", "officeDocument")
        if not mains:
            raise FileUnusable(Flaw.BROKEN)
        return mains[0]


def open_package(content: bytes) -> Package:
    """The ZIP file in these bytes. Raises FileUnusable: BROKEN, ENCRYPTED, EMPTY or TOO_COMPLEX."""
    if not content:
        raise FileUnusable(Flaw.EMPTY)
    if content.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise FileUnusable(Flaw.ENCRYPTED)
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except _DAMAGED:
        raise FileUnusable(Flaw.BROKEN) from None
    if len(archive.filelist) > _ENTRIES:
        raise FileUnusable(Flaw.TOO_COMPLEX)
    return Package(archive, frozenset(archive.namelist()))


def parse_xml(content: bytes) -> etree._Element:
    """The tree in these bytes. Raises FileUnusable: BROKEN, also for a document that declares entities of its own.

    The parser follows no entity and no address, and keeps libxml2's limits on depth and size.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.fromstring(_STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise FileUnusable(Flaw.BROKEN) from None
    declared = tree.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise FileUnusable(Flaw.BROKEN)
    return tree
