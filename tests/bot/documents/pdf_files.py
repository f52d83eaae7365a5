"""PDF files for tests, written byte by byte (ISO 32000-1)."""

import hashlib
import zlib
from collections.abc import Sequence

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_ID = b"0123456789abcdef"
_PERMISSIONS = -4


def words(text: str, x: int = 72, y: int = 720) -> bytes:
    """A page's content: one line of text at a place."""
    escaped = text.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 12 Tf %d %d Td (%s) Tj ET\n" % (x, y, escaped)


PICTURE = b"q 500 0 0 700 50 50 cm /Im1 Do Q\n"
"""A page's content: a grey picture."""


def pdf(
    pages: Sequence[bytes], user: bytes | None = None, size: tuple[int, int] = (612, 792), flate: bool = False
) -> bytes:
    """A PDF file of these pages; with a `user` password, which may be empty, it is encrypted."""
    count = len(pages)
    numbers = [6 + 2 * index for index in range(count)]
    key, lock = _encryption(user) if user is not None else (b"", b"")

    def stream(number: int, head: bytes, data: bytes) -> bytes:
        data = _rc4(_object_key(key, number), data) if key else data
        return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(data), data)

    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, b" ".join(b"%d 0 R" % each for each in numbers)),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: stream(4, b"/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray",
                  b"\x20\x60\xa0\xe0"),
        5: lock or b"null",
    }  # fmt: skip
    resources = b"/Resources << /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >>"
    for number, content in zip(numbers, pages, strict=True):
        objects[number] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] %s /Contents %d 0 R >>" % (
            *size, resources, number + 1,
        )  # fmt: skip
        packed = zlib.compress(content, 9) if flate else content
        objects[number + 1] = stream(number + 1, b"/Filter /FlateDecode" if flate else b"", packed)

    file, offsets = bytearray(b"%PDF-1.4\n"), []
    for number in sorted(objects):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    encrypt = b"/Encrypt 5 0 R" if lock else b""
    trailer = b"/Size %d /Root 1 0 R %s /ID [<%s> <%s>]" % (
        len(objects) + 1,
        encrypt,
        _ID.hex().encode(),
        _ID.hex().encode(),
    )
    return bytes(file + b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start))


def _encryption(user: bytes) -> tuple[bytes, bytes]:
    """The file's key and its encryption dictionary: the standard handler's second revision, 40 bits (7.6.3)."""
    owner_entry = _rc4(_digest(_padded(b"owner"))[:5], _padded(user))
    key = _digest(_padded(user) + owner_entry + _PERMISSIONS.to_bytes(4, "little", signed=True) + _ID)[:5]
    user_entry = _rc4(key, _PADDING)
    entries = (_PERMISSIONS, owner_entry.hex().encode(), user_entry.hex().encode())
    return key, b"<< /Filter /Standard /V 1 /R 2 /Length 40 /P %d /O <%s> /U <%s> >>" % entries


def _object_key(key: bytes, number: int) -> bytes:
    return _digest(key + number.to_bytes(3, "little") + b"\0\0")[: len(key) + 5]


def _padded(password: bytes) -> bytes:
    return (password + _PADDING)[:32]


def _digest(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
