"""Recordings that people send: written down, quoted shortly, and answered as text."""

from pathlib import Path

from playground.openai import faults, scripts
from playground.openai.calls import Call, Kind
from playground.openai.recordings import recording
from playground.slack.clips import Clip
from playground.slack.directory import Json
from tests.stories.stage import Stage

MP4 = b"\0\0\0\x18ftypM4A \0\0\0\0"


def heard(stage: Stage) -> list[Call]:
    """The calls that asked what is said in a recording."""
    return stage.model.of(Kind.TRANSCRIPTION)


async def clip(stage: Stage, transcript: Clip, text: str = "") -> Json:
    """Ann sends what she has recorded in Slack."""
    content = recording("Heard by OpenAI.")
    file = stage.workspace.add_file("audio_message.m4a", content, stage.ann.id, "audio/mp4", clip=transcript)
    return await stage.ask(text, file)


async def test_recordings_of_all_kinds_are_written_down_and_answered(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.read_back
    for name, content, ending in (
        ("note.m4a", MP4 + b"Order bread.", "mp4"),
        ("note.mp3", b"ID3\x04\0\0\0\0\0\0Order bread.", "mp3"),
        ("note.wav", recording("Order bread."), "wav"),
        ("note.webm", b"\x1a\x45\xdf\xa3\0\0Order bread.", "webm"),
        ("meeting.mp4", b"\0\0\0\x18ftypisom\0\0\0\0Order bread.", "mp4"),
    ):
        (text,) = await stage.answered(await stage.ask("", (name, content)))
        assert text.startswith("> 🎙 “Order bread.”\n\n")
        assert f'[recording "{name}", in which is said:]\nOrder bread.' in text
        assert heard(stage)[-1].recording == (f"recording.{ending}", content)
    assert len(heard(stage)) == 5
    assert {call.body["model"] for call in heard(stage)} == {"gpt-transcribe"}
    assert stage.model.of(Kind.DECISION) == []


async def test_a_long_recording_is_quoted_shortly_and_read_whole(stage: Stage) -> None:
    await stage.start()
    said = " ".join(f"word{number}" for number in range(200))
    (text,) = await stage.answered(await stage.ask("Summarise this", ("talk.wav", recording(said))))
    quote = text.partition("\n")[0]
    assert quote.startswith("> 🎙 “word0 word1 ")
    assert quote.endswith("…”")
    assert len(quote) < 300
    assert said in str(stage.model.requests[-1].body["input"])


async def test_what_slack_has_written_down_already_is_not_transcribed_again(stage: Stage) -> None:
    await stage.start()
    (text,) = await stage.answered(await clip(stage, Clip(transcript="Written down by Slack.")))
    assert text.startswith("> 🎙 “Written down by Slack.”")
    assert heard(stage) == []
    assert stage.slack.downloads == []


async def test_a_transcript_that_slack_does_not_have_whole_is_made(stage: Stage) -> None:
    await stage.start()
    for number, known in enumerate((Clip(transcript="x", status="processing"), Clip(transcript="x" * 500)), start=1):
        (text,) = await stage.answered(await clip(stage, known))
        assert text.startswith("> 🎙 “Heard by OpenAI.”")
        assert len(heard(stage)) == number


async def test_a_bot_that_does_not_listen_says_so_and_answers_the_rest(stage: Stage) -> None:
    await stage.start(TRANSCRIPTION_MODEL="off")
    file = ("note.wav", recording("Order bread."))
    (text,) = await stage.answered(await stage.ask("", file))
    assert text.strip() == "> ⚠️ I could not use `note.wav`: I cannot listen to recordings here."
    assert stage.model.calls == []
    (text,) = await stage.answered(await stage.ask("What is 1 + 1?", file))
    assert "I cannot listen to recordings here." in text
    assert "What is 1 + 1?" in text
    assert [call.kind for call in stage.model.calls] == [Kind.ANSWER]


async def test_silence_is_told_kindly(stage: Stage) -> None:
    await stage.start()
    stage.model.transcribe = lambda _name, _content: " "
    (text,) = await stage.answered(await stage.ask("", ("note.wav", recording(""))))
    assert text.strip() == "> ⚠️ I could not use `note.wav`: I could not make out what is said in it."
    assert stage.model.requests == []


async def test_a_recording_that_cannot_be_written_down_is_named_and_the_others_are_answered(stage: Stage) -> None:
    await stage.start()
    stage.model.fail(faults.quota_exhausted(), kind=Kind.TRANSCRIPTION)
    stage.model.transcribe = lambda _name, _content: "Order bread."
    one, other = ("one.wav", recording("one")), ("other.wav", recording("other"))
    (text,) = await stage.answered(await stage.ask("And?", one, other))
    quotes = sorted(line for line in text.splitlines() if line.startswith("> "))
    failed = next(name for name in ("one.wav", "other.wav") if name in quotes[0])
    assert quotes == [
        f"> ⚠️ I could not use `{failed}`: what is said in it could not be written down right now.",
        "> 🎙 “Order bread.”",
    ]
    assert len(heard(stage)) == 2
    assert len(stage.model.requests) == 1


async def test_neither_the_database_nor_the_log_holds_what_was_said(stage: Stage) -> None:
    daemon = await stage.start(LOG_LEVEL="debug", LOG_LEVEL_SLACK="debug", LOG_LEVEL_OPENAI="debug")
    question = await stage.ask("", ("secret-haddock.wav", recording("The word is mackerel.")))
    (text,) = await stage.answered(question)
    assert "mackerel" in text
    assert await daemon.terminate() == 0
    written = daemon.lines.encode() + b"".join(map(Path.read_bytes, files_below(stage.folder / "data")))
    assert b"mackerel" not in written
    assert b"haddock" not in written


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
