"""People do what the documents say, command by command, in a copy of the repository beside the playground."""

import asyncio
import re
import shutil
import sqlite3
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.monitor.metrics import NAMESPACE
from bot.store.backup import Backups, backups_in
from bot.store.inspection import schema_of
from bot.store.migrations import migrations
from config.tools import read_offers
from tests.bot.store.released import restore
from tests.docs.checkout import make_checkout, press_ctrl_c, run, running
from tests.docs.pages import commands_in, rows_in, text_of
from tests.stories.stage import PATIENCE, Stage, open_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The playground, and in its folder a copy of the repository."""
    make_checkout(tmp_path)
    async with open_stage(tmp_path) as stage:
        yield stage


def commands(page: str, *programs: str) -> list[str]:
    """The commands of a page, or those of some programs, without `sudo`."""
    plain = [command.removeprefix("sudo ") for command in commands_in(text_of(page))]
    return [command for command in plain if not programs or command.split()[0] in programs]


async def read_until(process: Process, pattern: str) -> re.Match[str]:
    """The first match in what a process prints, line by line."""
    assert process.stdout is not None
    printed = ""
    async with asyncio.timeout(PATIENCE):
        while line := (await process.stdout.readline()).decode():
            printed += line
            if found := re.search(pattern, line):
                return found
    raise AssertionError(f"{pattern} is missing in:\n{printed}")


async def rest_of(process: Process) -> str:
    async with asyncio.timeout(PATIENCE):
        return (await process.communicate())[0].decode()


def fill_in(stage: Stage, **variables: str) -> None:
    """Write values into the `.env` that was copied: what a person has from Slack and OpenAI, and where those are."""
    file = stage.folder / ".env"
    values = {**stage.slack.variables, **stage.openai.variables, **variables}
    text = file.read_text(encoding="utf-8")
    for name, value in values.items():
        text, count = re.subn(rf"^{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
        assert count == 1, name
    file.write_text(text, encoding="utf-8")


async def test_the_demo_is_two_minutes_away(tmp_path: Path) -> None:
    make_checkout(tmp_path)
    (command,) = [each for each in commands("README.md") if each == "make demo"]
    async with running(command, tmp_path) as demo:
        address = (await read_until(demo, r"Open (\S+) in your browser"))[1]
        async with ClientSession() as http, http.get(address) as page:
            assert page.status == 200
            assert "<title>" in await page.text()
        press_ctrl_c(demo)
        assert "Ending the demo." in await rest_of(demo)


def test_help_explains_every_command_that_the_readme_names(tmp_path: Path) -> None:
    make_checkout(tmp_path)
    explained = run("make help", tmp_path)
    assert run("make", tmp_path) == explained
    assert {each.split()[1] for each in commands("README.md", "make")} <= set(re.findall(r"make ([a-z-]+)", explained))


async def test_an_operator_who_follows_the_page_gets_an_answer(stage: Stage) -> None:
    printed = {}
    for command in commands("docs/setup.md"):
        match command:
            case "make install":
                assert (stage.folder / ".venv").exists()  # the one command that needs a registry
            case "make run":
                async with running(command, stage.folder) as bot:
                    await read_until(bot, "connected to Slack")
                    await stage.answered(await stage.ask("Hello"))
                    press_ctrl_c(bot)
                    assert "ended" in await rest_of(bot)
            case _:
                printed[command] = await asyncio.to_thread(run, command, stage.folder)
        if command == "chmod 600 .env":
            fill_in(stage)
    as_it_is, named = (yaml.safe_load(text) for text in list(printed.values())[:2])
    assert named["features"]["bot_user"]["display_name"] == "Ask IT"
    assert named["oauth_config"] == as_it_is["oauth_config"]
    assert "The bot can be started." in printed["make check"]


def test_the_file_of_tools_begins_with_a_copy_of_the_example(tmp_path: Path) -> None:
    make_checkout(tmp_path)
    (command,) = commands("docs/tools.md")
    run(command, tmp_path)
    assert read_offers(tmp_path / "tools.toml", {}) == ()


def usage_in(database: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as opened:
        return opened.execute("SELECT * FROM usage ORDER BY 1").fetchall()


async def answer_one(stage: Stage, text: str) -> None:
    daemon = await stage.start()
    await stage.answered(await stage.ask(text))
    assert await daemon.terminate() == 0


async def test_a_backup_is_restored_as_the_page_says(stage: Stage) -> None:
    data = stage.folder / "data"
    await answer_one(stage, "What is to be kept")
    await Backups(data, 7, time.time).make()
    (copy,) = backups_in(data / "backups")
    kept = usage_in(data / "bot.db")
    await answer_one(stage, "What comes after the copy")
    asked = len(stage.model.requests)

    shutil.copy(stage.folder / ".env.example", stage.folder / ".env")
    fill_in(stage)
    for command in commands("docs/backup.md"):
        named = re.sub(r"bot-\d{8}T\d{6}Z\.sqlite", copy.name, command)
        printed = await asyncio.to_thread(run, named, stage.folder)
        assert command != "make check" or "The bot can be started." in printed
    assert usage_in(data / "bot.db") == kept
    assert len(usage_in(data / "before-restore/bot.db")) > len(kept)
    assert (data / "bot.db").stat().st_mode & 0o777 == 0o600

    requests = len(stage.model.requests)
    await answer_one(stage, "What is asked of the restored one")
    assert len(stage.model.requests) == requests + 1
    assert requests >= asked
    assert usage_in(data / "bot.db")[: len(kept)] == kept


async def test_the_way_back_from_an_upgrade_is_the_one_on_the_page(stage: Stage) -> None:
    newest = len(migrations())
    database = stage.folder / "data/bot.db"
    database.parent.mkdir()
    restore(newest - 1, database)
    await answer_one(stage, "Hello")
    assert schema_of(database) == newest

    for command in commands("docs/upgrading.md", "cp", "rm", "chmod"):
        run(re.sub(r"before-schema-\d+", f"before-schema-{newest}", command), stage.folder)
    assert schema_of(database) == newest - 1
    assert database.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Path]:
    """A folder in place of the root of a file system."""
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
    (tmp_path / "opt").mkdir()
    yield tmp_path


def test_the_files_for_systemd_are_put_where_the_page_says(machine: Path) -> None:
    source = machine / "source"
    source.mkdir()
    make_checkout(source)
    (source / ".env").write_text("LOG_LEVEL=info\n")
    for command in commands("docs/deployment.md", "mkdir", "cp", "install"):
        run(re.sub(r" (?=/(?:opt|etc)/)", f" {machine}", command), source)
    installed = machine / "opt/chatgpt-for-slack"
    (installed / ".venv").symlink_to(source / ".venv")
    assert "ChatGPT for Slack" in run(".venv/bin/python slackbot.py --version", installed)
    assert (machine / "etc/chatgpt-for-slack/env").stat().st_mode & 0o777 == 0o600
    assert (machine / "etc/systemd/system/chatgpt-for-slack.service").is_file()


async def test_the_pages_for_monitoring_say_what_the_document_says(stage: Stage) -> None:
    daemon = await stage.start(MONITOR_ADDRESS="127.0.0.1:0")
    await stage.connected()
    found = re.search(r"told at (\S+), port (\d+)", daemon.lines)
    assert found
    health, readiness, metrics = [
        await asyncio.to_thread(run, command.replace(":9464", f":{found[2]}"), stage.folder)
        for command in commands("docs/monitoring.md", "curl")
    ]
    assert '"ok": true' in health
    assert '"sockets": 2' in readiness
    names = {family.name for family in text_string_to_metric_families(metrics)}
    listed = {
        name.strip("` ")
        for cell, _ in rows_in(text_of("docs/monitoring.md"), "figure", "what it counts")
        for name in cell.split(",")
    }
    assert {f"{NAMESPACE}_{name}" for name in listed} == {name for name in names if name.startswith(NAMESPACE)}
