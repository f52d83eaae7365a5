"""Texts in recordings."""

import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.openai.recordings import NOTHING_SAID, hidden_text, recording


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_a_recording_says_its_text(text: str) -> None:
    assert hidden_text("clip.wav", recording(text)) == text


def test_a_recording_can_be_played() -> None:
    with wave.open(io.BytesIO(recording("Hello", seconds=2))) as sound:
        assert sound.getnframes() / sound.getframerate() == 2


def test_other_files_say_the_text_at_their_end() -> None:
    assert hidden_text("clip.m4a", b"\xff\x00\x00ftyp\x00Bring the ladder\nat noon\n") == "Bring the ladder\nat noon"


@pytest.mark.parametrize(
    "content", [b"", b"\x00", b"\x00\xff\xfe", b"\x00\x01\x02", b"RIFF1234WAVE", b"RIFF\0\0\0\0WAVEfmt "]
)
def test_noise_says_nothing(content: bytes) -> None:
    assert hidden_text("clip.wav", content) == NOTHING_SAID


@given(st.binary(max_size=80))
def test_any_bytes_can_be_heard(noise: bytes) -> None:
    assert hidden_text("clip.wav", b"RIFF1234WAVE" + noise)
    assert hidden_text("clip.mp3", noise)
