"""Frames between the daemon and its workers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.frames import MOST_HEAD, PREFIX, Ended, FrameInvalid, Job, Message, Opened, pack, sizes, unpack
from bot.domain.files import Flaw, Picture, Section, Unit

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
numbers = st.integers(0, 10**9)
messages = st.one_of(
    st.builds(Job, words, st.binary()),
    st.builds(Opened, words, st.sampled_from(Unit), numbers),
    st.builds(Section, numbers, words, words, st.none() | st.binary(min_size=1)),
    st.builds(
        Picture, st.just(""), st.sampled_from(["image/jpeg", "image/png"]), st.binary(min_size=1), numbers, numbers
    ),
    st.builds(Ended, words, st.none() | st.sampled_from(Flaw)),
)


@given(messages)
def test_every_message_comes_back(message: Message) -> None:
    head, body = pack(message)
    assert sizes(head[: PREFIX.size]) == (len(head) - PREFIX.size, len(body))
    assert unpack(head[PREFIX.size :], body) == message


def test_half_characters_are_replaced() -> None:
    head, body = pack(Section(1, "a\ud800", "b\udfff"))
    assert unpack(head[PREFIX.size :], body) == Section(1, "a?", "b?")


def test_a_section_keeps_what_part_of_it_is_there() -> None:
    head, body = pack(Section(1, "a", part="rows 1–2 of 9"))
    assert unpack(head[PREFIX.size :], body) == Section(1, "a", part="rows 1–2 of 9")


@given(st.binary(), st.binary(max_size=100))
def test_any_bytes_are_a_message_or_invalid(head: bytes, body: bytes) -> None:
    with pytest.raises(FrameInvalid):
        unpack(head, body)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ({"is": "section", "number": 1, "title": "", "text": 9}, b"short"),
        ({"is": "section", "number": 1, "title": "", "text": -1}, b"short"),
        ({"is": "section", "number": 1, "title": "", "text": 1}, b"\xff"),
        ({"is": "section", "number": "1", "title": "", "text": 0}, b""),
        ({"is": "opened", "kind": "x", "unit": "parsec", "total": 1}, b""),
        ({"is": "picture", "media_type": "text/html", "width": 1, "height": 1}, b"x"),
        ({"is": "picture", "media_type": "image/png", "width": None, "height": 1}, b"x"),
        ({"is": "ended", "cut": "", "flaw": "NO_SUCH"}, b""),
        ({"is": "ended", "cut": "", "flaw": {}}, b""),
        ({"is": "anything"}, b""),
        ([], b""),
    ],
)
def test_what_is_not_as_expected_is_refused(head: object, body: bytes) -> None:
    with pytest.raises(FrameInvalid):
        unpack(json.dumps(head).encode(), body)


def test_deep_json_is_refused() -> None:
    with pytest.raises(FrameInvalid):
        unpack(b"[" * 60_000, b"")


def test_a_frame_has_a_largest_size() -> None:
    with pytest.raises(FrameInvalid):
        sizes(PREFIX.pack(MOST_HEAD + 1, 0))
    with pytest.raises(FrameInvalid):
        sizes(PREFIX.pack(0, 2**31))
