"""Builds small Office packages from XML, to read them back."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from bot.documents.reading import Reading

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NAMESPACES = f'xmlns:w="{W}" xmlns:p="{P}" xmlns:a="{A}" xmlns:c="{C}" xmlns:r="{R}"'

ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(1024)
"""As much of an Office file under a password as can be told from outside."""


def zipped(parts: Mapping[str, str] | Mapping[str, bytes] | Mapping[str, str | bytes]) -> bytes:
    """A ZIP file with these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def links(*targets: str) -> str:
    """The relationships of a part: "kind target" each, with the ids r1, r2, …; addresses are external."""
    written = ""
    for number, each in enumerate(targets, 1):
        kind, target = each.split(" ", 1)
        mode = 'TargetMode="External"' if "://" in target else ""
        written += f'<Relationship Id="r{number}" Type="{R}/{kind}" Target="{target}" {mode}/>'
    return f'<Relationships xmlns="{_PACKAGE}">{written}</Relationships>'


def word(body: str, parts: Mapping[str, str] | None = None, targets: tuple[str, ...] = ()) -> bytes:
    """A Word document with this body, and other parts that it refers to."""
    return zipped(
        {
            "_rels/.rels": links("officeDocument word/document.xml"),
            "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": links(*targets),
            **{name: xml.replace(">", f" {_NAMESPACES}>", 1) for name, xml in (parts or {}).items()},
        }
    )


def paragraph(text: str, formats: str = "") -> str:
    """A paragraph of a Word document."""
    return f"<w:p><w:pPr>{formats}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def slides(*trees: str, parts: Mapping[str, str] | None = None, targets: tuple[str, ...] = ()) -> bytes:
    """A presentation of these shape trees; `targets` are the first slide's. The files lie in reverse order."""
    last = len(trees)
    files = {
        f"ppt/slides/slide{last - place}.xml": f"<p:sld {_NAMESPACES}><p:cSld><p:spTree>{tree}"
        "</p:spTree></p:cSld></p:sld>"
        for place, tree in enumerate(trees)
    }
    ids = "".join(f'<p:sldId id="{255 + place}" r:id="r{place}"/>' for place in range(1, last + 1))
    return zipped(
        {
            "_rels/.rels": links("officeDocument /ppt/presentation.xml"),
            "ppt/presentation.xml": f"<p:presentation {_NAMESPACES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": links(
                *(f"slide slides/slide{last - place}.xml" for place in range(last))
            ),
            f"ppt/slides/_rels/slide{last}.xml.rels": links(*targets),
            **files,
            **{name: xml.replace(">", f" {_NAMESPACES}>", 1) for name, xml in (parts or {}).items()},
        }
    )


def shape(*paragraphs: str, place: str = "") -> str:
    """A shape with text; `place` names the placeholder that it fills."""
    kind = f'<p:nvSpPr><p:nvPr><p:ph type="{place}"/></p:nvPr></p:nvSpPr>' if place else ""
    words = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in paragraphs)
    return f"<p:sp>{kind}<p:txBody>{words}</p:txBody></p:sp>"


def workbook(*sheets: str, texts: str = "", formats: str = "", state: str = "visible", base: str = "") -> bytes:
    """An Excel workbook of sheets with these rows; `state` is the last sheet's."""
    states = ["visible"] * len(sheets)
    states[-1:] = [state] if sheets else []
    named = "".join(
        f'<sheet name="S{number}" sheetId="{number}" r:id="r{number}" state="{each}"/>'
        for number, each in enumerate(states, 1)
    )
    count = len(sheets)
    return zipped(
        {
            "_rels/.rels": links("officeDocument xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><workbookPr {base}/>'
            f"<sheets>{named}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": links(
                *(f"worksheet worksheets/sheet{number}.xml" for number in range(1, count + 1)),
                "sharedStrings sharedStrings.xml",
                "styles styles.xml",
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{S}">{texts}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{S}">{formats}</styleSheet>',
            **{
                f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>'
                for number, rows in enumerate(sheets, 1)
            },
        }
    )


def texts(reading: Reading) -> list[str]:
    """The texts of the sections, which are all made."""
    return [section.text for section in reading.sections]


def unzipped(content: bytes) -> dict[str, bytes]:
    """The parts of a ZIP file."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
