"""Messages with files, as they reach the page's server."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from hypothesis import given
from hypothesis import strategies as st

from playground.page import posts
from playground.page.posts import MOST_FILES, file_name
from playground.page.server import serve_page
from playground.slack.directory import Channel, Json, User
from playground.slack.workspace import Workspace


@dataclass
class Desk:
    """Where Ann writes to a channel."""

    workspace: Workspace
    ann: User
    channel: Channel
    http: ClientSession
    address: str

    async def post(
        self, *files: tuple[str, bytes], text: str = "", origin: str | None = None, **content: str
    ) -> tuple[int, Any]:
        message = {"user": self.ann.id, "channel": self.channel.id, "text": text, **content}
        form = FormData({"message": json.dumps(message)}, default_to_multipart=True)
        for name, body in files:
            form.add_field("file", io.BytesIO(body), filename=name, content_type="text/x-odd")
        headers = {"Origin": self.address if origin is None else origin} if origin != "" else {}
        async with self.http.post(f"{self.address}/messages", data=form, headers=headers) as answer:
            told = await answer.json() if answer.content_type == "application/json" else {}
            return answer.status, told

    @property
    def messages(self) -> list[Json]:
        return self.workspace.messages(self.channel.id)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    workspace = Workspace("Office", seed=1)
    ann = workspace.add_user("ann")
    channel = workspace.add_channel("general", [ann])

    async def stop(*_: str) -> None: ...

    async with ClientSession() as http, serve_page(workspace, stop, "a script answers") as address:
        yield Desk(workspace, ann, channel, http, address)


async def test_files_come_with_a_message_and_can_be_fetched_again(desk: Desk) -> None:
    status, told = await desk.post(("a.txt", b"one"), ("plan.pdf", b"%PDF"), ("note.unheard", b"odd"), text="see @ann")
    assert status == 201
    (message,) = desk.messages
    assert (message["ts"], message["text"]) == (told["ts"], f"see <@{desk.ann.id}>")
    assert [(file["name"], file["mimetype"], file["size"]) for file in message["files"]] == [
        ("a.txt", "text/plain", 3),
        ("plan.pdf", "application/pdf", 4),
        ("note.unheard", "text/x-odd", 3),
    ]
    async with desk.http.get(f"{desk.address}/files/{message['files'][1]['id']}") as answer:
        assert await answer.read() == b"%PDF"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_files_need_no_words_and_go_into_threads(desk: Desk) -> None:
    _, root = await desk.post(("a.txt", b"one"))
    status, _ = await desk.post(("b.txt", b"two"), thread=root["ts"])
    assert status == 201
    _, reply = desk.workspace.thread(desk.channel.id, root["ts"])
    assert reply["files"][0]["name"] == "b.txt"


async def test_too_much_is_refused_in_words_and_nothing_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "LARGEST_FILE", 2_000_000)
    refused: list[tuple[list[tuple[str, bytes]], str]] = [
        ([("empty.txt", b"")], "empty.txt is empty."),
        ([("film.mov", b"x" * 2_000_001)], "film.mov is larger than 2 MB."),
        ([(f"{number}.txt", b"x") for number in range(MOST_FILES + 1)], "At most 10 files go with one message."),
        ([], "The message is empty."),
    ]
    for files, sentence in refused:
        assert await desk.post(*files) == (400, {"error": sentence})
    assert desk.messages == []
    assert desk.workspace.files == {}


async def test_other_web_sites_and_nameless_ones_cannot_send_files(desk: Desk) -> None:
    assert (await desk.post(("a.txt", b"one"), origin="https://evil.example"))[0] == 403
    assert (await desk.post(("a.txt", b"one"), origin=""))[0] == 400
    assert desk.messages == []


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"--x\r\n\r\n{}\r\n--x--\r\n", b"--x\r\n\r\n\xff\r\n--x--\r\n"])
async def test_what_is_no_form_is_refused(desk: Desk, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Origin": desk.address}
    async with desk.http.post(f"{desk.address}/messages", data=body, headers=headers) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("path", ["F0UNKNOWN", "deleted", "external", "..%2fserver.py"])
async def test_what_is_not_there_is_not_sent(desk: Desk, path: str) -> None:
    gone = desk.workspace.add_file("a.txt", b"x", desk.ann.id)
    desk.workspace.delete_file(gone.id)
    elsewhere = desk.workspace.add_file("a.txt", b"x", desk.ann.id, external_type="gdrive")
    ids = {"deleted": gone.id, "external": elsewhere.id}
    async with desk.http.get(f"{desk.address}/files/{ids.get(path, path)}") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("given", "name"),
    [("a.txt", "a.txt"), ("C:\\x\\a.txt", "a.txt"), ("../../a.txt", "a.txt"), ("a\r\nb", "ab"), ("..", "file")],
)
def test_a_name_is_only_a_name(given: str, name: str) -> None:
    assert file_name(given) == name


@given(st.text())
def test_every_name_ends_short_and_without_folders(given: str) -> None:
    name = file_name(given)
    assert 0 < len(name) <= 255
    assert "/" not in name and "\\" not in name
