"""Checks everything that the bot needs before it is started, and also while it runs, and tells the operator."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from bot.app import SHUTDOWN_NOTICE
from bot.app.parts import form_lines, open_openai
from bot.documents.inspection import inspect as inspect_documents
from bot.domain.findings import Finding, Verdict, count, note, ok, problem
from bot.openai.inspection import Inspection
from bot.openai.retries import RetryPolicy
from bot.ports import NO_METER
from bot.slack.wire.client import open_client
from bot.slack.wire.inspection import inspect as inspect_slack
from bot.store.inspection import inspect as inspect_store
from bot.web.inspection import inspect as inspect_servers
from config.catalog import CatalogInvalid, load_catalog
from config.environment import Config, variables

Say = Callable[[str], None]

_SECONDS_FOR_THE_DATABASE = 120.0


async def check(config: Config, problems: Mapping[str, str], say: Say, *, draw: bool) -> bool:
    """Tell of everything that was found, part by part; False where there is a problem.

    `problems` are the variables that cannot be used; what needs one of them is not tried. Only with `draw` a picture is
    drawn, for money.
    """
    # What a log would say, the findings say.
    logging.getLogger().addHandler(logging.NullHandler())
    parts: dict[str, Awaitable[list[Finding]]] = {
        "Variables": _variables(problems),
        "Slack": _slack(config, problems),
        "OpenAI": _openai(config, problems, draw=draw),
        "Database": _database(config, problems),
        "Files": inspect_documents(config.document_ocr),
    }
    if servers := [server for offer in config.offers for server in offer.servers]:
        parts["Servers of tools"] = inspect_servers(servers)
    everything: list[Finding] = []
    running = {title: asyncio.create_task(_whole(part), name=title) for title, part in parts.items()}
    try:
        for title, task in running.items():
            findings = await task
            say("\n".join((title, *(f"  {finding}" for finding in findings), "")))
            everything += findings
    finally:
        for task in running.values():
            task.cancel()
        await asyncio.gather(*running.values(), return_exceptions=True)
    say(summary(everything))
    return not count(everything, Verdict.PROBLEM)


def summary(findings: Iterable[Finding]) -> str:
    """The last line of a report."""
    findings = tuple(findings)
    problems, warnings = count(findings, Verdict.PROBLEM), count(findings, Verdict.WARNING)
    end = "The bot cannot do its work like this." if problems else "The bot can be started."
    return f"Problems: {problems}. Warnings: {warnings}. {end}"


async def _whole(part: Awaitable[list[Finding]]) -> list[Finding]:
    """The findings of a part; one part that breaks down keeps no other from being checked."""
    try:
        return await part
    except Exception as error:
        return [problem(f"This part of the check broke down ({type(error).__name__}).", "Please report that.")]


async def _variables(problems: Mapping[str, str]) -> list[Finding]:
    found = [problem(each) for each in problems.values()] or [ok(f"All {len(variables())} variables can be used.")]
    try:
        load_catalog()
    except CatalogInvalid as error:
        found.append(problem(f"{error}."))
    return found


async def _slack(config: Config, problems: Mapping[str, str]) -> list[Finding]:
    if untried := _untried(problems, "SLACK_API_URL"):
        return untried
    untried = _untried(problems, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    bot_token = "" if "SLACK_BOT_TOKEN" in problems else config.slack_bot_token
    app_token = "" if "SLACK_APP_TOKEN" in problems else config.slack_app_token
    async with open_client(bot_token, config.slack_api_url) as client:
        return [*await inspect_slack(client, app_token), *untried]


async def _openai(config: Config, problems: Mapping[str, str], *, draw: bool) -> list[Finding]:
    needed = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "UTILITY_MODEL", "TRANSCRIPTION_MODEL", "OPENAI_IMAGE_BACKEND")
    if untried := _untried(problems, *needed):
        return untried
    try:
        catalog = load_catalog()
    except CatalogInvalid:
        return [note("Not tried without the catalogue of models.")]
    once = RetryPolicy(tries=1)
    async with AsyncExitStack() as opened:
        openai = open_openai(config, catalog, form_lines(config), opened, meter=NO_METER, retries=once)
        return await Inspection(
            model=openai.provider,
            describe=catalog.describe,
            settings=config.defaults,
            utility_model=config.utility_model,
            transcribe=openai.transcribe,
            images=openai.images if draw else None,
            offers_tool=openai.draws_in_words,
            today=datetime.now(UTC).date(),
            notice=SHUTDOWN_NOTICE,
        ).run()


async def _database(config: Config, problems: Mapping[str, str]) -> list[Finding]:
    if untried := _untried(problems, "DATA_DIR", "BACKUP_KEEP"):
        return untried
    try:
        async with asyncio.timeout(_SECONDS_FOR_THE_DATABASE):
            return await asyncio.to_thread(inspect_store, config.data_dir, config.backup_keep)
    except TimeoutError:
        return [problem("The database could not be read in two minutes.", "See whether its disk works.")]


def _untried(problems: Mapping[str, str], *needed: str) -> list[Finding]:
    return [note(f"Not tried, because of what is wrong with {name}.") for name in needed if name in problems]
