"""Reads ZIP archives (.zip): a list of the files, and what is in the first of them."""

import stat
import zipfile
from collections.abc import Iterator, Sequence

from bot.documents.members import MEMBERS, SIZE, Members, members
from bot.documents.package import Package, open_package
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_LISTED = 200
_DEEPEST = 2
_ENCRYPTED_FLAG = 1
_HIDDEN_FOLDER = "__MACOSX/"
_HIDDEN_FILES = (".DS_Store", "Thumbs.db")
"""What operating systems put into archives for themselves."""


def read(content: bytes) -> Reading:
    """One section a file, for the first 20; the first section begins with a list of 200. Raises FileUnusable.

    Names are shown and serve to recognise kinds; they are never used as paths.
    """
    package = open_package(content)
    files = [entry for entry in package.archive.infolist() if _is_file(entry)]
    if not files:
        raise FileUnusable(Flaw.EMPTY)
    if all(entry.flag_bits & _ENCRYPTED_FLAG for entry in files):
        raise FileUnusable(Flaw.ENCRYPTED)
    cut = f"only the first {MEMBERS} of {len(files):,} files were read" if len(files) > MEMBERS else ""
    return Reading("ZIP archive", Unit.FILE, len(files), _sections(package, files), cut)


def _is_file(entry: zipfile.ZipInfo) -> bool:
    """Neither a folder nor a link, nor the operating system's own."""
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    is_hidden = entry.filename.startswith(_HIDDEN_FOLDER) or entry.filename.endswith(_HIDDEN_FILES)
    return not (entry.is_dir() or is_link or is_hidden)


def _sections(package: Package, files: Sequence[zipfile.ZipInfo]) -> Iterator[Section]:
    heading, inside = _listing(files), members()
    for number, entry in enumerate(files[:MEMBERS], 1):
        yield Section(number, f"{heading}{_content(package, entry, inside)}", _shown(entry.filename))
        heading = ""


def _content(package: Package, entry: zipfile.ZipInfo, inside: Members) -> str:
    try:
        content = package.take(entry.filename, SIZE)
    except FileUnusable as error:
        return f"[not read: {error.reason}]"
    return inside.read(entry.filename, content, _DEEPEST)


def _listing(files: Sequence[zipfile.ZipInfo]) -> str:
    lines = [f"{number}. {_shown(entry.filename)}" for number, entry in enumerate(files[:_LISTED], 1)]
    more = [f"… and {len(files) - _LISTED:,} more"] if len(files) > _LISTED else []
    return "\n".join(["Files in this archive:", "", *lines, *more, "", "---", "", ""])


def _shown(name: str) -> str:
    return "".join(character for character in name[:200] if character.isprintable())
