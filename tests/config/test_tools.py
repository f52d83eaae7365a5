"""The file in which an operator offers tools."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.domain.tools import Offer, RemoteServer
from config.environment import examine
from config.tools import ToolsInvalid, read_offers
from playground.__main__ import TOOLS
from playground.openai.demo_tools import DEMO_SERVERS

EXAMPLE = Path(__file__).parents[2] / "tools.example.toml"
SECRET = "t0p-s3cret"

WHOLE = """
[[server]]
name = "tickets"
url = "https://tickets.example.com/mcp"
description = "Our tickets."
headers = { Authorization = "Bearer ${TICKETS_TOKEN}", X-Team = "it" }
allowed_tools = ["search", "create"]
read_only = ["search"]
channels = ["C1", "G2"]
people = ["U1"]

[[server]]
name = "local"
url = "http://localhost:8000/mcp"

[[files]]
stores = ["vs_1", "vs_2"]
channels = ["C1"]

[code]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tools.toml"


def test_everything_that_the_file_may_say_is_read(file: Path) -> None:
    file.write_text(WHOLE)
    headers = {"Authorization": f"Bearer {SECRET}", "X-Team": "it"}
    tickets = RemoteServer(
        "tickets", "https://tickets.example.com/mcp", "Our tickets.", headers, ("search", "create"), ("search",)
    )
    assert read_offers(file, {"TICKETS_TOKEN": SECRET}) == (
        Offer(frozenset({"C1", "G2"}), frozenset({"U1"}), servers=(tickets,)),
        Offer(servers=(RemoteServer("local", "http://localhost:8000/mcp"),)),
        Offer(frozenset({"C1"}), stores=("vs_1", "vs_2")),
        Offer(code=True),
    )


def test_the_example_offers_nothing_and_all_that_it_shows_can_be_used(file: Path) -> None:
    assert read_offers(EXAMPLE, {}) == ()
    shown = [line.removeprefix("# ") for line in EXAMPLE.read_text(encoding="utf-8").splitlines()]
    file.write_text("\n".join(line for line in shown if re.match(r"\[|[a-z_]+ = ", line)), encoding="utf-8")
    assert [len(offer.servers) for offer in read_offers(file, {"TICKETS_TOKEN": SECRET})] == [1, 0, 0]
    assert set(tomllib.loads(file.read_text(encoding="utf-8"))) == {"server", "files", "code"}


def test_what_the_demo_offers_can_be_used() -> None:
    servers = [server for offer in read_offers(TOOLS, {}) for server in offer.servers]
    assert [server.url for server in servers] == list(DEMO_SERVERS)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[server]]\nname = 'a'", "server a: url is missing"),
        ("[[server]]\nurl = 'https://a.example'", "server number 1: name is missing"),
        ("[[server]]\nname = 'a b'\nurl = 'https://a.example'", "server number 1: name must begin with a letter"),
        ("[[server]]\nname = 'a'\nurl = 'http://a.example'", "server a: url must be an https address"),
        ("[[server]]\nname = 'a'\nurl = 'https://u:p@a.example'", "server a: url must be an https address"),
        ("[[server]]\nname = 'a'\nurl = 'https://['", "server a: url must be an https address"),
        ("[[server]]\nname = 'a'\nurl = 7", "server a: url must be an https address"),
        ("[[server]]\nname = 'a'\nurl = 'https://a'\nheaders = 1", "server a: headers must be a table of texts"),
        ("[[server]]\nname = 'a'\nurl = 'https://a'\nheaders = {'a b' = ''}", "server a: headers must have names"),
        ("[[server]]\nname = 'a'\nurl = 'https://a'\nheaders = {a = '${NO}'}", "server a: headers refer to NO"),
        ("[[server]]\nname = 'a'\nurl = 'https://a'\nheaders = {a = 'ü'}", "server a: headers must have values"),
        ("[[server]]\nname = 'a'\nurl = 'https://a'\ntools = []", "server a: tools is unknown; known are name, url"),
        (
            "[[server]]\nname = 'a'\nurl = 'https://a'\nallowed_tools = ['x']\nread_only = ['y']",
            "server a: read_only must name tools that stand in allowed_tools",
        ),
        (
            "[[server]]\nname = 'a'\nurl = 'https://a'\n[[server]]\nname = 'a'\nurl = 'https://b'",
            "server a: there are two of this name",
        ),
        ("[server]\nname = 'a'", "server: must be written as [[server]]"),
        ("[[files]]\nchannels = ['C1']", "files number 1: stores is missing"),
        ("[[files]]\nstores = 'vs_1'", "files number 1: stores must be a list"),
        ("[[files]]\nstores = ['vs_1']\nchannels = ['general']", "files number 1: channels must be ids"),
        ("[[code]]", "code: must be a table"),
        ("[code]\npeople = ['Ann']", "code: people must be ids"),
        ("[tickets]", "unknown: tickets; known are"),
        ("[[", "it is not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_by_name(file: Path, text: str, problem: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ToolsInvalid) as caught:
        read_offers(file, {})
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(problem)


def test_all_problems_are_told_at_once_with_those_of_the_variables(file: Path) -> None:
    file.write_text("[[server]]\nname = 'a'\n[code]\nwhere = []\n[extra]", encoding="utf-8")
    _, problems = examine({"TOOLS_FILE": str(file), "TOOLS": "threads, horses"})
    assert problems["TOOLS"] == "TOOLS must be any of: threads, people."
    assert all(part in problems["TOOLS_FILE"] for part in (str(file), "server a: url", "code: where", "extra"))


def test_a_file_that_is_not_there_is_missed() -> None:
    _, problems = examine({"TOOLS_FILE": "/nowhere/tools.toml"})
    assert problems["TOOLS_FILE"] == "TOOLS_FILE must be a file, but /nowhere/tools.toml is none."


def test_the_values_of_headers_are_never_shown(file: Path) -> None:
    file.write_text(WHOLE.replace("it", "${OTHER}"), encoding="utf-8")
    config, problems = examine({"TOOLS_FILE": str(file), "TICKETS_TOKEN": f"{SECRET}\n", "OTHER": SECRET})
    assert "TOOLS_FILE" in problems
    assert SECRET not in str(problems)
    file.write_text(WHOLE, encoding="utf-8")
    config, problems = examine({"TOOLS_FILE": str(file), "TICKETS_TOKEN": SECRET})
    assert "TOOLS_FILE" not in problems
    assert SECRET not in repr(config)
    assert SECRET in str(config.offers[0].servers[0].headers)
