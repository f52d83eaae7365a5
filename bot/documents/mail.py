"""Reads mail (.eml): who wrote to whom and when, the text, and what is attached."""

from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from bot.documents import html
from bot.documents.members import members
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_HEADER = 2_000
_ATTACHMENTS = 10
_DEEPEST = 5


def read(content: bytes) -> Reading:
    """The message as the first section, then one section an attachment, at most 10. Raises FileUnusable."""
    try:
        message = message_from_bytes(content)
        parts = list(_leaves(message))
    except RecursionError:
        raise FileUnusable(Flaw.TOO_COMPLEX) from None
    if not any(name in message for name in _HEADERS):
        raise FileUnusable(Flaw.BROKEN)
    attached = [part for part in parts if not _is_body(part)]
    cut = f"only {_ATTACHMENTS} of {len(attached)} attachments were read" if len(attached) > _ATTACHMENTS else ""
    return Reading("E-mail", Unit.PART, 1 + len(attached), _sections(message, parts, attached[:_ATTACHMENTS]), cut)


def _sections(message: Message, parts: list[Message], attached: list[Message]) -> Iterator[Section]:
    headers = [f"{name}: {_header(message, name)}" for name in _HEADERS if name in message]
    bodies = [text for part in parts if _is_body(part) if (text := _body(part).strip())]
    yield Section(1, "\n\n".join(["\n".join(headers), *bodies]), _header(message, "Subject"))
    inside = members()
    for number, part in enumerate(attached, 2):
        name, content = _attachment(part)
        yield Section(number, inside.read(name, content, _DEEPEST), name)


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something: of alternatives one, plain text if it is there; forwarded mail as a whole."""
    children = message.get_payload() if message.get_content_maintype() == "multipart" else None
    if not isinstance(children, list):
        yield message
        return
    parts = [child for child in children if isinstance(child, Message)]
    if message.get_content_subtype() == "alternative" and parts:
        parts = [next((part for part in parts if part.get_content_type() == "text/plain"), parts[-1])]
    for part in parts:
        yield from _leaves(part)


def _is_body(part: Message) -> bool:
    named = part.get_filename() or part.get_content_disposition() == "attachment"
    return part.get_content_type() in ("text/plain", "text/html") and not named


def _body(part: Message) -> str:
    content = _bytes(part)
    if part.get_content_type() == "text/html":
        return html.to_markdown(content)
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _attachment(part: Message) -> tuple[str, bytes]:
    inner = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(inner, list) and isinstance(inner[0], Message):
        return _header(inner[0], "Subject") + ".eml", inner[0].as_bytes()
    return _decoded(part.get_filename() or f"{part.get_content_maintype()} without a name"), _bytes(part)


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _header(message: Message, name: str) -> str:
    return _decoded(str(message.get(name, "")))


def _decoded(header: str) -> str:
    """A header as people read it (RFC 2047), on one line."""
    try:
        text = str(make_header(decode_header(header[:_HEADER])))
    except (HeaderParseError, LookupError, ValueError):
        text = header[:_HEADER]
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
