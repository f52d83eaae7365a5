"""What a worker sends for a file."""

from collections.abc import Iterator
from io import BytesIO

import pytest

from bot.documents import limits
from bot.documents.frames import Ended, Job, Message, Opened, pack
from bot.documents.reading import Reading
from bot.documents.worker import answer, jobs, open_any
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Picture, Section, Unit

PICTURE = Picture("", "image/png", b"data", 1, 1)


def sent(found: Picture | Reading) -> list[Message]:
    messages: list[Message] = []
    answer(Job("name", b"content"), lambda _name, _content: found, messages.append)
    return messages


def pages(count: int, text: str = "text") -> Reading:
    return Reading(
        "PDF", Unit.PAGE, count, (Section(number, text) for number in range(1, count + 1)), "cut by the reader"
    )


def test_jobs_come_until_the_pipe_is_closed() -> None:
    wanted = [Job("a", b"x"), Job("b", b"")]
    pipe = BytesIO(b"".join(part for job in wanted for part in pack(job)))
    assert list(jobs(pipe)) == wanted


def test_a_document_is_opened_then_its_sections_then_its_end() -> None:
    assert sent(pages(2)) == [
        Opened("PDF", Unit.PAGE, 2),
        Section(1, "text"),
        Section(2, "text"),
        Ended("cut by the reader"),
    ]


def test_a_picture_is_one_message() -> None:
    assert sent(PICTURE) == [PICTURE, Ended()]


def test_text_is_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CHARACTERS", 6)
    *_, first, second, end = sent(pages(9))
    assert (first, second) == (Section(1, "text"), Section(2, "te"))
    assert end == Ended("only its first 6 characters were read")


def test_sections_are_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_SECTIONS", 2)
    assert sent(pages(3))[-1] == Ended("only its first 2 pages were read")
    assert sent(pages(2))[-1] == Ended("cut by the reader")


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (FileUnusable(Flaw.TOO_LARGE, "it is huge"), Ended("it is huge", Flaw.TOO_LARGE)),
        (MemoryError(), Ended(str(Flaw.TOO_COMPLEX), Flaw.TOO_COMPLEX)),
        (RecursionError(), Ended(str(Flaw.TOO_COMPLEX), Flaw.TOO_COMPLEX)),
        (ZeroDivisionError(), Ended(str(Flaw.BROKEN), Flaw.BROKEN)),
        (BaseException(), Ended(str(Flaw.BROKEN), Flaw.BROKEN)),
    ],
)
def test_what_goes_wrong_ends_the_job_after_the_sections_before_it(error: BaseException, end: Ended) -> None:
    def sections() -> Iterator[Section]:
        yield Section(1, "text")
        raise error

    assert sent(Reading("PDF", Unit.PAGE, 5, sections()))[-2:] == [Section(1, "text"), end]


def test_the_name_and_the_content_choose_the_reader() -> None:
    found = open_any("notes.md", b"# x")
    assert isinstance(found, Reading)
    assert found.kind == "Markdown file"
