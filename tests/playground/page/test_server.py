"""The page's HTTP server."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError
from yarl import URL

from playground.page import server
from playground.page.server import LONGEST_MESSAGE, serve_page
from playground.slack.directory import Channel, User
from playground.slack.workspace import Workspace

ANSWERS = "a script answers"


@dataclass
class Office:
    """A workspace with two people, one channel, and its page."""

    workspace: Workspace
    ann: User
    ben: User
    channel: Channel
    http: ClientSession
    address: str = ""
    stops: list[tuple[str, str, str]] = field(default_factory=list)

    async def stop(self, person: str, channel: str, thread: str) -> None:
        self.stops.append((person, channel, thread))

    async def post(self, path: str = "/messages", **content: str) -> tuple[int, Any]:
        content = {"user": self.ann.id, "channel": self.channel.id, "text": "hello", **content}
        async with self.http.post(self.address + path, json=content) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    workspace = Workspace("Office", seed=1)
    ann, ben = workspace.add_user("ann"), workspace.add_user("ben")
    channel = workspace.add_channel("general", [ann, ben])
    async with ClientSession() as http:
        office = Office(workspace, ann, ben, channel, http)
        async with serve_page(workspace, office.stop, ANSWERS) as office.address:
            yield office


# Files


async def test_every_file_of_the_page_is_served_and_nothing_is_forgotten(office: Office) -> None:
    folder = Path(server.__file__).with_name("static")
    for name in (path.name for path in folder.iterdir() if path.name != "index.html"):
        async with office.http.get(f"{office.address}/static/{name}") as answer:
            assert answer.status == 200, name
            assert await answer.read() == (folder / name).read_bytes()
            assert ("javascript" in answer.content_type) is name.endswith(".js")


async def test_the_page_may_only_load_its_own_files(office: Office) -> None:
    async with office.http.get(office.address) as answer:
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static",
        "/static/index.html",
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static//etc/passwd",
        "/server.py",
    ],
)
async def test_no_other_file_is_served(office: Office, path: str) -> None:
    async with office.http.get(URL(office.address + path, encoded=True)) as answer:
        assert answer.status == 404


# Who may come in


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example"])
async def test_a_name_that_leads_here_is_turned_away(office: Office, host: str) -> None:
    async with office.http.get(office.address, headers={"Host": host}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("host", ["localhost:1234", "127.0.0.1", "[::1]:80"])
async def test_addresses_of_this_machine_are_let_in(office: Office, host: str) -> None:
    async with office.http.get(office.address, headers={"Host": host}) as answer:
        assert answer.status == 200


async def test_other_web_sites_cannot_listen(office: Office) -> None:
    with pytest.raises(WSServerHandshakeError, match="403"):
        await office.http.ws_connect(f"{office.address}/news", origin="https://evil.example")


async def test_other_web_sites_cannot_write(office: Office) -> None:
    message = {"user": office.ann.id, "channel": office.channel.id, "text": "hello"}
    headers = {"Origin": "https://evil.example"}
    async with office.http.post(f"{office.address}/messages", json=message, headers=headers) as answer:
        assert answer.status == 403
    assert office.workspace.messages(office.channel.id) == []


# News


async def test_a_page_gets_everything_and_then_each_change(office: Office) -> None:
    async with office.http.ws_connect(f"{office.address}/news", origin=office.address) as page:
        first = await page.receive_json()
        assert (first["type"], first["answers"]) == ("everything", ANSWERS)
        await office.workspace.post_as(office.ann.id, office.channel.id, "hello")
        second = await page.receive_json()
        assert second["message"]["html"] == "<p>hello</p>"


async def test_every_page_gets_the_news(office: Office) -> None:
    url = f"{office.address}/news"
    async with office.http.ws_connect(url) as one, office.http.ws_connect(url) as other:
        await one.receive_json()
        await other.receive_json()
        await office.post()
        assert await one.receive_json() == await other.receive_json()


async def test_pages_are_told_when_the_server_ends() -> None:
    workspace = Workspace(seed=1)

    async def stop(*_: str) -> None: ...

    async with ClientSession() as http:
        async with serve_page(workspace, stop, ANSWERS) as address:
            page = await http.ws_connect(f"{address}/news")
            await page.receive_json()
        assert (await page.receive()).type is WSMsgType.CLOSE
        await page.close()


# Writing


async def test_a_person_writes(office: Office) -> None:
    status, told = await office.post(text="hello @ben, see #general")
    assert status == 201
    (message,) = office.workspace.messages(office.channel.id)
    assert message["ts"] == told["ts"]
    assert message["user"] == office.ann.id
    assert message["text"] == f"hello <@{office.ben.id}>, see <#{office.channel.id}>"


async def test_a_person_replies_in_a_thread(office: Office) -> None:
    _, root = await office.post()
    status, _ = await office.post(thread=root["ts"])
    assert status == 201
    assert len(office.workspace.thread(office.channel.id, root["ts"])) == 2


async def test_nobody_speaks_for_a_bot_or_in_the_wrong_place(office: Office) -> None:
    dm = office.workspace.open_dm(office.ben.id)
    _, root = await office.post()
    _, reply = await office.post(thread=root["ts"])
    refused: list[dict[str, str]] = [
        {"user": office.workspace.bot.user_id},
        {"user": "U0"},
        {"channel": "C0"},
        {"channel": dm.id},
        {"thread": "1.000001"},
        {"thread": reply["ts"]},
        {"text": " \n "},
        {"text": "x" * (LONGEST_MESSAGE + 1)},
    ]
    for content in refused:
        status, told = await office.post(**content)
        assert status == 400, content
        assert told["error"].endswith(".")
    assert len(office.workspace.messages(office.channel.id)) == 2
    assert office.workspace.messages(dm.id) == []


@pytest.mark.parametrize(
    ("body", "kind"), [("{", "application/json"), ("[]", "application/json"), ("{}", "text/plain")]
)
async def test_only_json_objects_are_read(office: Office, body: str, kind: str) -> None:
    headers = {"Content-Type": kind}
    async with office.http.post(f"{office.address}/messages", data=body, headers=headers) as answer:
        assert answer.status == 400


async def test_a_person_stops_the_bot(office: Office) -> None:
    _, root = await office.post()
    status, _ = await office.post("/stops", thread=root["ts"])
    assert status == 202
    assert office.stops == [(office.ann.id, office.channel.id, root["ts"])]


async def test_an_address_of_the_newer_protocol_is_written_in_brackets(office: Office) -> None:
    async with serve_page(office.workspace, office.stop, ANSWERS, host="::1") as address:
        assert address.startswith("http://[::1]:")
        async with office.http.get(address) as answer:
            assert answer.status == 200


async def test_a_port_that_is_taken_is_an_error(office: Office) -> None:
    port = int(office.address.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        async with serve_page(office.workspace, office.stop, ANSWERS, port=port):
            pass
