"""Files as the page shows and sends them."""

from typing import Any

import pytest

from playground.page.files import file_response, file_view, size_in_words
from playground.slack.clips import Clip
from playground.slack.files import File
from playground.slack.workspace import Workspace
from tests.playground.slack.test_pictures import picture

PNG = picture("PNG", 1600, 900)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def file(name: str, content: bytes, **particulars: Any) -> File:
    return Workspace(seed=1).add_file(name, content, "U1", **particulars)


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_400_000, "1.4 MB"), (10**9, "1.0 GB")]
)
def test_sizes_are_told_in_words(size: int, words: str) -> None:
    assert size_in_words(size) == words


def test_a_picture_is_shown_in_a_box_with_its_description() -> None:
    shown = file_view(file("shed.png", PNG, alt_text="A shed"))
    assert (shown["shown_as"], shown["description"]) == ("picture", "A shed")
    assert (shown["width"], shown["height"]) == (360, 202)


@pytest.mark.parametrize(
    ("shared", "shown_as"),
    [
        (file("shed.png", b"no picture"), "download"),
        (file("shed.txt", PNG), "picture"),
        (file("a.webp", b"RIFF\0\0\0\0WEBPVP8 "), "picture"),
        (file("logo.svg", SVG), "download"),
        (file("page.html", b"<script>alert(1)</script>"), "download"),
        (file("plan.pdf", b"%PDF"), "download"),
        (file("note.mp3", b"ID3"), "audio"),
        (file("clip.webm", b"\x1aE\xdf\xa3", clip=Clip("audio")), "audio"),
        (file("clip.webm", b"\x1aE\xdf\xa3", clip=Clip("video")), "download"),
        (file("Plan", b"", external_type="gdrive"), "link"),
    ],
    ids=lambda value: value.name if isinstance(value, File) else value,
)
def test_only_pictures_and_sounds_are_shown_in_place(shared: File, shown_as: str) -> None:
    assert file_view(shared)["shown_as"] == shown_as


def test_a_deleted_file_is_gone() -> None:
    shared = file("plan.pdf", b"%PDF")
    shared.is_deleted = True
    assert file_view(shared)["shown_as"] == "gone"


@pytest.mark.parametrize("dangerous", [file("logo.svg", SVG), file("a.html", b"<b>", mimetype="text/html")])
def test_what_could_run_is_sent_to_be_saved(dangerous: File) -> None:
    response = file_response(dangerous)
    assert response.content_type == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_a_name_cannot_add_a_header() -> None:
    response = file_response(file('a"\r\nX-Evil: 1.png', PNG))
    assert "\r" not in response.headers["Content-Disposition"]
