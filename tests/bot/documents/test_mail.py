"""Mail is read with what hangs on it."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import mail
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Unit
from tests.bot.documents.office_files import paragraph, texts, word


def letter(text: str = "nonce", subject: str = "Grüße") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ada <ada@example.org>"
    message["To"] = "grace@example.org"
    message["Date"] = "Wed, 25 Nov 2026 09:00:00 +0000"
    message["Subject"] = subject
    message.set_content(text)
    return message


def test_headers_and_text_come_first() -> None:
    reading = mail.read(letter().as_bytes())
    (section,) = reading.sections
    assert (reading.unit, reading.total, section.title) == (Unit.PART, 1, "Grüße")
    assert section.text == (
        "From: Ada <ada@example.org>\nTo: grace@example.org\nDate: Wed, 25 Nov 2026 09:00:00 +0000\n"
        "Subject: Grüße\n\nnonce"
    )


def test_plain_text_is_chosen_among_alternatives() -> None:
    message = letter("plain")
    message.add_alternative("<p>rich</p>", subtype="html")
    (text,) = texts(mail.read(message.as_bytes()))
    assert text.endswith("plain")
    assert "rich" not in text


def test_a_text_in_html_is_read_as_a_page() -> None:
    message = letter()
    message.set_content("<h1>Offer</h1><script>x</script><p>nonce</p>", subtype="html")
    (text,) = texts(mail.read(message.as_bytes()))
    assert text.endswith("# Offer\n\nnonce")


def test_attachments_are_read_by_what_they_are() -> None:
    message = letter()
    message.add_attachment(
        word(paragraph("attached words")), maintype="application", subtype="x", filename="réport.docx"
    )
    message.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="logo.png")
    reading = mail.read(message.as_bytes())
    _, document, picture = reading.sections
    assert reading.total == 3
    assert (document.number, document.title, document.text) == (2, "réport.docx", "attached words")
    assert picture.text == f"[not read: {Flaw.UNKNOWN_KIND}]"


def test_forwarded_mail_is_read_five_times_and_no_deeper() -> None:
    message = letter("level 7")
    for level in range(6, -1, -1):
        outer = letter(f"level {level}")
        outer.add_attachment(message)
        message = outer
    text = "\n".join(texts(mail.read(message.as_bytes())))
    assert "level 5" in text
    assert "level 6" not in text
    assert "too deep inside" in text


def test_ten_attachments_are_read() -> None:
    message = letter()
    for number in range(12):
        message.add_attachment(f"text {number}".encode(), maintype="application", subtype="x", filename=f"{number}.md")
    reading = mail.read(message.as_bytes())
    assert (reading.total, len(texts(reading))) == (13, 11)
    assert reading.cut == "only 10 of 12 attachments were read"


@pytest.mark.parametrize("content", [b"", b"no mail at all", b"\xff\xfe\0\0"])
def test_what_is_no_mail_says_so(content: bytes) -> None:
    with pytest.raises(FileUnusable) as caught:
        mail.read(content)
    assert caught.value.flaw is Flaw.BROKEN


def test_parts_that_are_nested_without_end_are_refused() -> None:
    boundaries = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(3_000))
    with pytest.raises(FileUnusable) as caught:
        mail.read(b"From: x\n" + boundaries.encode())
    assert caught.value.flaw is Flaw.TOO_COMPLEX


@given(st.text(max_size=40), st.binary(max_size=200))
def test_no_header_and_no_body_can_fail(header: str, body: bytes) -> None:
    content = b"From: " + header.encode("utf-8", "replace") + b'\nContent-Type: text/html; charset="x"\n\n' + body
    assert texts(mail.read(content))
