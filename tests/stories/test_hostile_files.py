"""Files that cannot be used: each is named with its reason, the rest is answered, and nothing and nobody suffers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from playground.openai import scripts
from playground.slack.downloads import Breaks, LoginPage, NeverEnds, RedirectTo, Stalls
from playground.slack.files import Particulars
from playground.slack.workspace import Workspace
from tests.bot.documents.pdf_files import pdf
from tests.bot.documents.test_hostile import ENTITIES, flate_bomb, word_file
from tests.bot.documents.test_kinds import ole_of
from tests.doubles.until import until
from tests.stories import stage as stages
from tests.stories.albums import noted
from tests.stories.files import KINDS, leaves_no_trace, long_pdf, page, says, sheet
from tests.stories.stage import PATIENCE, Daemon, Stage, open_stage

SECRET = "nonce-of-the-file"
GOOD = "nonce-of-the-note"
NOTE = ("note.md", GOOD.encode())
PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(2_000)

MOST_OF_DAEMON = 300 * 2**20
"""Bytes; three downloads of 50 MB may be under way at a time."""

MOST_OF_WORKER = 1_536 * 2**20
"""Bytes; the limit that each worker sets itself."""

CONTENTS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "locked.pdf": (lambda: pdf([page(SECRET)], user=b"password"), "it is protected by a password"),
    "locked.docx": (lambda: ole_of("EncryptionInfo", "EncryptedPackage"), "it is protected by a password"),
    "half.pdf": (lambda: pdf([page(SECRET)] * 20)[:700], "it is damaged"),
    "half.docx": (lambda: KINDS["letter.docx"](SECRET)[:200], "it is damaged"),
    "bomb.docx": (lambda: word_file(b"<a>" + b" " * 100_000_000), "reading it takes more memory than I may use"),
    "entities.docx": (lambda: word_file(ENTITIES), "it is damaged"),
    "empty.txt": (bytes, "it is empty"),
    "blank.txt": (lambda: b"\n\n", "it is empty"),
    "program.exe": (lambda: PROGRAM, "I do not know this kind of file"),
    "program.pdf": (lambda: PROGRAM, "I do not know this kind of file"),
}
"""Contents that cannot be used, and what people are told."""

WAYS: Mapping[str, tuple[Particulars, str]] = {
    "huge.md": ({"size": 2_000_000_000}, "it is larger than 50 MB"),
    "endless.md": ({"obstacle": NeverEnds()}, "it is too large for me"),
    "drive.md": ({"external_type": "gdrive"}, "it is kept by another service, where I have no access"),
    "login.pdf": ({"obstacle": LoginPage()}, "Slack does not let me download it"),
    "breaks.md": ({"obstacle": Breaks(after=5)}, "it could not be downloaded"),
}
"""What Slack tells or does of a file that cannot be had, and what people are told."""


@asynccontextmanager
async def within_memory(daemon: Daemon) -> AsyncIterator[None]:
    """Look at the memory of the daemon and its workers again and again: it stays within bounds."""
    most_of_daemon = most_of_worker = 0

    async def look() -> None:
        nonlocal most_of_daemon, most_of_worker
        while True:
            most_of_daemon = max(most_of_daemon, memory(psutil.Process(daemon.pid)))
            most_of_worker = max([most_of_worker, *map(memory, workers(daemon))])
            await asyncio.sleep(0.02)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait({looking})
    assert looking.cancelled()
    assert 0 < most_of_worker < MOST_OF_WORKER
    assert 0 < most_of_daemon < MOST_OF_DAEMON


def memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def workers(daemon: Daemon) -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process(daemon.pid).children(recursive=True)
    return found


def busy(worker: psutil.Process) -> bool:
    try:
        return bool(worker.cpu_times().user > 0.5)
    except psutil.NoSuchProcess:
        return False


async def ended_with_its_workers(daemon: Daemon) -> None:
    """SIGTERM ends the daemon at once, and nothing that it started is left."""
    started = workers(daemon)
    assert started
    assert await daemon.terminate() == 0
    await until(lambda: not any(worker.is_running() for worker in started))


async def test_each_unusable_file_is_named_with_its_reason_and_the_rest_is_answered(stage: Stage) -> None:
    daemon = await stage.start(LOG_LEVEL="debug")
    stage.model.script = scripts.read_back
    files = {name: stage.workspace.add_file(name, make(), stage.ann.id) for name, (make, _) in CONTENTS.items()}
    for name, (particulars, _) in WAYS.items():
        files[name] = stage.workspace.add_file(name, SECRET.encode(), stage.ann.id, **particulars)
    async with within_memory(daemon):
        questions = {name: await stage.ask("What is in these?", file, NOTE) for name, file in files.items()}
        for name, (_, reason) in {**CONTENTS, **WAYS}.items():
            answer = await says(stage, questions[name], f"> ⚠️ I could not use `{name}`: {reason}.\n\nann: What", GOOD)
            assert answer.startswith("> ⚠️")
    assert not any(files["huge.md"].id in download.path for download in stage.slack.downloads)
    await ended_with_its_workers(daemon)
    leaves_no_trace(stage, SECRET, GOOD, "note.md", *files)


async def test_when_nothing_can_be_used_and_nothing_was_asked_the_model_is_spared(stage: Stage) -> None:
    await stage.start()
    question = await stage.ask("", ("program.exe", PROGRAM))
    (answer,) = await stage.answered(question)
    assert answer.strip() == "> ⚠️ I could not use `program.exe`: I do not know this kind of file."
    assert stage.model.requests == []


async def test_giant_files_are_read_as_far_as_limits_allow_with_their_real_size_stated(stage: Stage) -> None:
    daemon = await stage.start()
    stage.model.script = scripts.say("Read.")
    rows = [f"{SECRET}-{number}" for number in range(1, 200_001)]
    giants = {
        "rows.csv": ("\n".join(f"{row};1" for row in rows).encode(), "Rows 1–2,000 of 200,000, columns A–B"),
        "rows.xlsx": (sheet(*rows), "Rows 1–2,000 of 200,000, column A"),
        "pages.pdf": (long_pdf(1_000), "of 1000"),
        "bomb.pdf": (flate_bomb(300), "--- page 1 ---"),
        "entities.xml": (ENTITIES, "&a;&a;"),
    }
    async with within_memory(daemon):
        for name, (content, sign) in giants.items():
            question = await stage.ask("What is it?", (name, content))
            (answer,) = await stage.answered(question)
            request = stage.model.requests[-1].request
            assert request is not None
            assert sign in request.prompt
            assert len(request.prompt) < 200_000
            if name == "pages.pdf":
                assert answer.startswith("> 📄 Of `pages.pdf` I have read pages 1–")
                assert "of 1000." in answer
            if name.startswith("rows"):
                assert answer.startswith(
                    f"> 📄 Of `{name}` I have read sheet 1 of 1 (sheet 1: rows 1–2,000 of 200,000,"
                )
    await ended_with_its_workers(daemon)
    leaves_no_trace(stage, SECRET)


async def test_a_stalled_download_and_a_busy_worker_hold_up_nobody_and_end_with_the_daemon(stage: Stage) -> None:
    daemon = await stage.start(SHUTDOWN_GRACE_SECONDS="0")
    stalled = stage.workspace.add_file("stalled.md", SECRET.encode(), stage.ann.id, obstacle=Stalls(after=5))
    first = await stage.ask("What is it?", stalled)
    second = await stage.ask("And this?", ("book.pdf", long_pdf(3_000)))
    await until(lambda: any(busy(worker) for worker in workers(daemon)), PATIENCE)
    assert await stage.answered(await stage.ask("Are you there?")) == ["ann: Are you there?"]
    assert stage.texts(first) == stage.texts(second) == []
    await ended_with_its_workers(daemon)
    for question in (first, second):
        assert await noted(stage, question)
    leaves_no_trace(stage, SECRET, "nonce-")


async def test_a_killed_daemon_takes_its_workers_along(stage: Stage) -> None:
    daemon = await stage.start()
    await stage.answered(await stage.ask("What is it?", NOTE))
    started = workers(daemon)
    assert started
    await daemon.kill()
    await until(lambda: not any(worker.is_running() for worker in started))


async def test_the_token_never_reaches_another_host(stage: Stage) -> None:
    heard: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append(str(request.headers))
        return web.Response(body=SECRET.encode())

    app = web.Application()
    app.router.add_get("/{tail:.*}", hear)
    async with TestServer(app, host="127.0.0.1") as elsewhere:
        await stage.start()
        away = RedirectTo(str(elsewhere.make_url("/note.md")))
        file = stage.workspace.add_file("plan.md", b"plan", stage.ann.id, obstacle=away)
        (answer,) = await stage.answered(await stage.ask("What is it?", file))
    assert answer.startswith("> ⚠️ I could not use `plan.md`: it could not be downloaded.")
    assert heard == []


async def test_a_file_of_another_organisation_is_read_though_the_message_shows_a_stub(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.read_back
    file = stage.workspace.add_file("plan.docx", KINDS["letter.docx"](SECRET), stage.ann.id, is_foreign=True)
    assert SECRET in "".join(await stage.answered(await stage.ask("What is it?", file)))


async def test_a_file_that_is_deleted_later_costs_the_talk_nothing(stage: Stage) -> None:
    daemon = await stage.start()
    file = stage.workspace.add_file("plan.md", SECRET.encode(), stage.ann.id)
    question = await stage.ask("What is it?", file)
    await stage.answered(question)
    stage.workspace.delete_file(file.id)
    assert await daemon.terminate() == 0
    await stage.start()
    await stage.ask("And now?", thread=question["ts"])
    assert (await stage.answered(question, count=2))[-1] == "ann: And now?"
    assert "which could not be used: it has been deleted" in str(stage.model.requests[-1].body["input"])


async def test_a_mention_that_says_nothing_of_its_file_is_answered_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "Workspace", partial(Workspace, mentions_without_files=True))
    async with open_stage(tmp_path) as stage:
        await stage.start()
        stage.model.script = scripts.read_back
        file = stage.workspace.add_file("plan.md", SECRET.encode(), stage.ann.id)
        question = await stage.ask(f"{stage.mention} what is it?", file, where=stage.channel)
        assert SECRET in "".join(await stage.answered(question, where=stage.channel))
        assert len(stage.model.requests) == 1
