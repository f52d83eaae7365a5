"""Documents that people share: what the model reads of them, and what people are told."""

import re

from playground.openai import scripts
from playground.openai.requests import Request
from playground.openai.scripts import Answer, Script, pieces_of
from tests.stories.albums import painted
from tests.stories.files import KINDS, leaves_no_trace, long_pdf, says, scanned
from tests.stories.stage import Stage

PAGES = 212


def lines_with(word: str) -> Script:
    """Says the lines of everything that it reads in which this word stands."""

    def answer(request: Request) -> Answer:
        lines = [line for message in request.messages for line in message.text.splitlines() if word in line]
        return Answer(pieces_of("\n".join(lines) or "It is not there."))

    return answer


def request_of(stage: Stage) -> Request:
    """The last request for an answer, as the model read it."""
    request = stage.model.requests[-1].request
    assert request is not None
    return request


async def test_a_word_in_a_document_of_any_kind_comes_back_in_the_answer(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.read_back
    secrets = {name: f"nonce-{number}-end" for number, name in enumerate(KINDS)}
    questions = {name: await stage.ask("What is in it?", (name, make(secrets[name]))) for name, make in KINDS.items()}
    answers = {
        name: await says(stage, question, f'<file name="{name}"', secrets[name], "</file>")
        for name, question in questions.items()
    }
    assert "Grüße aus Köln, schöne Straße" in answers["windows.txt"]
    assert "これは日本語の文章です" in answers["japanese.txt"]
    leaves_no_trace(stage, *secrets.values())


async def test_scanned_pages_are_seen_under_their_numbers(stage: Stage) -> None:
    await stage.start()
    await stage.answered(await stage.ask("What does it say?", ("mixed.pdf", scanned("", "typed-word", ""))))
    request = request_of(stage)
    assert [picture.media_type for picture in request.pictures] == ["image/jpeg"] * 2
    parts = request.body["input"][-1]["content"]
    assert [part.get("text", "picture") for part in parts[2:]] == [
        '[page 1 of "mixed.pdf"]',
        "picture",
        '[page 3 of "mixed.pdf"]',
        "picture",
    ]
    assert "--- page 2 ---\nOn this page there is the word typed-word." in parts[1]["text"]


async def test_of_a_long_document_people_are_told_what_was_read_and_may_ask_for_any_page(stage: Stage) -> None:
    daemon = await stage.start()
    stage.model.script = lines_with("nonce-150.")
    question = await stage.ask("Is there a nonce?", ("book.pdf", long_pdf(PAGES)))
    (answer,) = await stage.answered(question)
    told = re.match(r"> 📄 Of `book.pdf` I have read pages 1–(\d+) of 212\. Ask me for other pages", answer)
    assert told is not None
    assert 40 < int(told[1]) < 150
    assert answer.endswith("It is not there.")
    assert f"nonce-{told[1]}." in request_of(stage).prompt
    assert f"nonce-{int(told[1]) + 1}." not in request_of(stage).prompt
    await stage.ask("What is on page 150?", thread=question["ts"])
    assert "the word nonce-150." in (await stage.answered(question, count=2))[-1]

    # Nothing was kept: after a restart the document comes from Slack again.
    assert await daemon.terminate() == 0
    leaves_no_trace(stage, "nonce-")
    await stage.start()
    stage.model.script = lines_with("nonce-201.")
    await stage.ask("And on page 201?", thread=question["ts"])
    assert "the word nonce-201." in (await stage.answered(question, count=3))[-1]
    assert len(stage.slack.files.downloads) == 2


async def test_a_follow_up_knows_the_documents_of_the_thread(stage: Stage) -> None:
    await stage.start()
    stage.model.script = lines_with("nonce-")
    question = await stage.ask(
        f"{stage.mention} look", ("a.docx", KINDS["letter.docx"]("nonce-a")), where=stage.channel
    )
    await stage.answered(question, where=stage.channel)
    await stage.ask("and at this", ("b.pdf", KINDS["pages.pdf"]("nonce-b")), where=stage.channel, thread=question["ts"])
    await stage.answered(question, where=stage.channel, count=2)
    await stage.ask("Now compare both", who=stage.ben, where=stage.channel, thread=question["ts"])
    answer = (await stage.answered(question, where=stage.channel, count=3))[-1]
    assert "nonce-a" in answer
    assert "nonce-b" in answer


async def test_documents_and_pictures_of_one_message_are_used_together(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.read_back
    both = ("a.docx", KINDS["letter.docx"]("nonce-a")), ("b.xlsx", KINDS["table.xlsx"]("nonce-b"))
    question = await stage.ask("Which picture fits?", both[0], ("c.png", painted("c")), both[1])
    answer = "".join(await stage.answered(question))
    assert re.search(r'"a\.docx".*nonce-a.*\[picture "c\.png"\].*"b\.xlsx".*nonce-b', answer, re.DOTALL)
    assert len(request_of(stage).pictures) == 1


async def test_a_document_without_a_word_is_answered_as_well(stage: Stage) -> None:
    await stage.start()
    stage.model.script = lines_with("nonce-")
    question = await stage.ask("", ("a.md", b"nonce-a"))
    assert "nonce-a" in "".join(await stage.answered(question))
