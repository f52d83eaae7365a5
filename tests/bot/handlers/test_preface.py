"""What people read of their files before the answer."""

from dataclasses import replace

from bot.domain.conversation import Attachment, Conversation, Message, Turn
from bot.domain.files import Document, FileContent, Section, Transcript, Unit, Unusable
from bot.domain.language import Voice, speaking
from bot.domain.settings import Language, Settings
from bot.handlers.preface import nothing_left, preface
from bot.handlers.words import excerpts_of
from tests.doubles.messages import person_writes


def sent(text: str, *contents: FileContent) -> Turn:
    attachments = tuple(
        Attachment(f"F{number}", content.name, "application/pdf", 10) for number, content in enumerate(contents)
    )
    message: Message = replace(person_writes(1, text), attachments=attachments)
    files = {attachment.id: content for attachment, content in zip(attachments, contents, strict=True)}
    return Turn(Conversation((message,)), Settings(), files=files)


def said(turn: Turn, room: int = 10_000) -> str:
    return preface(turn, excerpts_of(turn, room, ""))


def test_a_file_that_was_read_whole_needs_no_words() -> None:
    assert said(sent("Hi", Document("a.pdf", "PDF", Unit.PAGE, 1, (Section(1, "text"),)))) == ""


def test_each_file_that_cannot_be_used_is_named_with_the_reason() -> None:
    turn = sent("Hi", Unusable("my_plan.pdf", "it is empty"), Unusable("b.bin", "I do not know this kind of file"))
    assert said(turn) == (
        "> ⚠️ I could not use `my_plan.pdf`: it is empty.\n"
        "> ⚠️ I could not use `b.bin`: I do not know this kind of file.\n\n"
    )


def test_files_that_share_a_reason_share_a_line() -> None:
    many = [Unusable(f"{number}.png", "it is empty") for number in range(1, 31)]
    assert said(sent("Hi", *many[:2])) == "> ⚠️ I could not use `1.png` and `2.png`: it is empty.\n\n"
    assert said(sent("Hi", *many)) == (
        "> ⚠️ I could not use `1.png`, `2.png`, `3.png`, `4.png`, `5.png` and 25 more: it is empty.\n\n"
    )


def test_a_document_that_was_read_in_part_says_which_and_how_to_get_the_rest() -> None:
    book = Document("book.pdf", "PDF", Unit.PAGE, 9, tuple(Section(number, "x" * 300) for number in range(1, 10)))
    assert said(sent("Hi", book), room=230) == (
        "> 📄 Of `book.pdf` I have read pages 1–2 of 9. Ask me for other pages by their numbers.\n\n"
    )


def test_a_document_whose_reading_was_cut_says_why() -> None:
    book = Document("book.pdf", "PDF", Unit.PAGE, 9, (Section(1, "x"),), cut="reading took too long")
    assert said(sent("Hi", book)) == "> 📄 Of `book.pdf` I have read page 1 of 9, because reading took too long.\n\n"


def test_a_recording_is_quoted_shortly_and_formats_nothing() -> None:
    turn = sent("", Transcript("clip.m4a", "One *two*\nthree <!channel> " + "x" * 500))
    line = said(turn)
    assert line.startswith("> 🎙 “One two three !channel xxx")
    assert line.endswith("…”\n\n")
    assert len(line) < 300


def test_names_cannot_format_or_break_the_line() -> None:
    assert said(sent("Hi", Unusable("a`b\n> c", "it is empty"))) == "> ⚠️ I could not use `a'b > c`: it is empty.\n\n"


def test_nothing_is_left_when_no_file_can_be_used_and_nothing_was_written() -> None:
    assert nothing_left(sent(" ", Unusable("a", "it is empty")))
    assert not nothing_left(sent("Hi", Unusable("a", "it is empty")))
    assert not nothing_left(sent("", Unusable("a", "it is empty"), Transcript("b", "words")))
    assert not nothing_left(sent(""))


def test_it_is_said_in_the_language_of_the_reply_with_names_as_they_are() -> None:
    texts = {
        "⚠️ I could not use {names}: {reason}.": "⚠️ {reason}: {names}.",
        "{names} and {name}": "{names} und {name}",
        "it is empty": "leer",
        "📄 Of {name} I have read {extent}.": "📄 Von {name} habe ich gelesen: {extent}.",
        "{unit} {runs} of {total}": "{unit} {runs} von {total}",
        "pages": "Seiten",
        "Ask me for other {unit} by their numbers.": "Für andere {unit} nenn mir ihre Nummern.",
    }
    book = Document("pages", "PDF", Unit.PAGE, 9, tuple(Section(number, "x" * 300) for number in range(1, 10)))
    turn = sent("Hi", Unusable("it is empty", "it is empty"), Unusable("{names}", "it is empty"), book)
    with speaking(Voice({Language.DE: texts}, Language.DE)):
        assert said(turn, room=230) == (
            "> 📄 Von `pages` habe ich gelesen: Seiten 1–2 von 9. Für andere Seiten nenn mir ihre Nummern.\n"
            "> ⚠️ leer: `it is empty` und `{names}`.\n\n"
        )
