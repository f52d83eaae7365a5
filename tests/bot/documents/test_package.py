"""Packages are opened within limits, whatever they claim."""

import zipfile
from io import BytesIO

import pytest

from bot.documents.package import open_package, parse_xml
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw
from tests.bot.documents.office_files import links, zipped


def flaw_of(content: bytes, name: str) -> Flaw:
    with pytest.raises(FileUnusable) as caught:
        open_package(content).read(name)
    return caught.value.flaw


def test_a_part_is_refused_by_its_real_size_not_by_what_it_declares() -> None:
    content = bytearray(zipped({"bomb": bytes(70 << 20)}))
    declared = (70 << 20).to_bytes(4, "little")
    while (place := content.find(declared)) >= 0:
        content[place : place + 4] = (10).to_bytes(4, "little")
    # Python's own reader stops at the declared size, so that the rest is found to be missing.
    assert flaw_of(bytes(content), "bomb") is Flaw.BROKEN
    assert flaw_of(zipped({"bomb": bytes(70 << 20)}), "bomb") is Flaw.TOO_COMPLEX


def test_all_parts_together_may_not_be_too_large() -> None:
    parts = open_package(zipped({str(number): bytes(60 << 20) for number in range(5)}))
    for number in range(4):
        parts.read(str(number))
    with pytest.raises(FileUnusable) as caught:
        parts.read("4")
    assert caught.value.flaw is Flaw.TOO_COMPLEX


def test_too_many_entries_are_refused() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20_001):
            archive.writestr(str(number), b"")
    with pytest.raises(FileUnusable) as caught:
        open_package(buffer.getvalue())
    assert caught.value.flaw is Flaw.TOO_COMPLEX


def test_a_part_under_a_password_is_told_from_a_damaged_one() -> None:
    content = bytearray(zipped({"x": b"secret"}))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    assert flaw_of(bytes(content), "x") is Flaw.ENCRYPTED
    assert flaw_of(zipped({"x": b"y"}), "missing") is Flaw.BROKEN


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "<a>",
        "",
        "<a>" * 4_000 + "</a>" * 4_000,
    ],
)
def test_entities_and_damage_and_depth_are_refused(xml: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(FileUnusable) as caught:
            parse_xml(xml.encode(encoding))
        assert caught.value.flaw is Flaw.BROKEN


def test_a_document_type_alone_is_harmless() -> None:
    assert (
        parse_xml(b'<!DOCTYPE math PUBLIC "-//W3C//DTD MathML 2.0//EN" "http://127.0.0.1/none.dtd"><math/>').tag
        == "math"
    )


def test_links_lead_to_parts_beside_and_never_out_of_the_package() -> None:
    parts = {
        "a/b.xml": "<x/>",
        "a/_rels/b.xml.rels": links("one ../c.xml", "two /d%20e.xml", "three ../../../../etc/f"),
    }
    found = open_package(zipped(parts)).relationships("a/b.xml")
    assert [link.target for link in found.values()] == ["c.xml", "d e.xml", "etc/f"]
    assert {link.kind for link in found.values()} == {"one", "two", "three"}
