"""Files as the page shows them: which are drawn or played in place, and how their bytes are sent."""

from urllib.parse import quote

from aiohttp import web

from playground.slack.directory import Json
from playground.slack.files import File
from playground.slack.pictures import fitted, picture_size

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)

_SOUNDS = frozenset({"audio/aac", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "audio/webm", "audio/x-wav"})

_BOX = 360
"""Pixels of the square into which a picture among the messages fits."""


def file_view(file: File) -> Json:
    """A file of a message. `shown_as` is picture, audio, link (to another service's site), gone or download."""
    kind = file.name.rpartition(".")[2].upper() if "." in file.name else "File"
    shown: Json = {
        "id": file.id,
        "name": file.name,
        "kind": kind,
        "size": size_in_words(len(file.content) if file.size is None else file.size),
        "shown_as": _shown_as(file),
        "description": file.alt_text or file.title,
    }
    size = picture_size(file.content) if shown["shown_as"] == "picture" else None
    return shown | (dict(zip(("width", "height"), fitted(*size, _BOX), strict=True)) if size else {})


def size_in_words(size: int) -> str:
    """A number of bytes, such as `1.4 MB`."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"


def file_response(file: File) -> web.Response:
    """The file for a browser: pictures and sounds in place, all else to be saved, so that nothing in it runs."""
    kind, disposition = _safe_type(file), "inline"
    if not kind:
        kind, disposition = "application/octet-stream", "attachment"
    headers = {
        "Content-Type": kind,
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Cache-Control": "private, max-age=3600",
    }
    return web.Response(body=file.content, headers=headers)


def _shown_as(file: File) -> str:
    if file.is_deleted:
        return "gone"
    if file.external_type:
        return "link"
    kind = _safe_type(file)
    return "picture" if kind.startswith("image/") else "audio" if kind else "download"


def _safe_type(file: File) -> str:
    """The type under which a browser may show the file, or an empty text.

    Pictures are known by their bytes, whatever their names say; what may hold scripts, such as SVG, is none of them.
    """
    if file.content[:4] == b"RIFF" and file.content[8:12] == b"WEBP":
        return "image/webp"
    if found := next((kind for beginning, kind in _BEGINNINGS if file.content.startswith(beginning)), ""):
        return found
    sound = "audio/webm" if file.clip and file.clip.kind == "audio" and file.name.endswith(".webm") else file.mimetype
    return sound if sound in _SOUNDS else ""
