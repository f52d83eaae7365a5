"""The composition root: builds and connects every object once, and takes it all down in mirror order."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.app.desks import build_desks, open_desk
from bot.app.door import build_door
from bot.app.jobs import build_jobs
from bot.app.parts import Store, build_handlers, form_lines, open_files, open_openai, open_slack
from bot.app.tools import build_tools
from bot.app.watch import TelemetryMissing, build_metrics, open_traces, open_watch
from bot.domain.errors import PlatformUnavailable
from bot.domain.line import Line
from bot.domain.usage import Usage
from bot.engine.embedded import EmbeddedEngine
from bot.monitor.endpoint import AddressUnusable
from bot.monitor.systemd import Reports, reports_to_systemd
from bot.openai.retries import RetryPolicy
from bot.openai.tokens import TokenCounter
from bot.openai.vocabulary import FILE, FOLDER
from bot.ports import Meter, Work
from bot.schedule.scheduler import scheduled
from bot.slack.desks.approvals import Approvals
from bot.slack.reading.catch_up import SlackCatchUp
from bot.slack.reading.listeners import build_app
from bot.slack.reading.messages import is_direct
from bot.slack.wire.connections import Connections
from bot.slack.wire.identity import SetupRefused
from bot.store.database import open_database
from bot.store.errors import StoreUnavailable
from bot.turns.catch_up import Attendance
from bot.turns.classifier import Classifier
from bot.turns.context import Context
from bot.turns.controls import Summaries, ThreadControls
from bot.turns.expenses import Expenses, dollars
from bot.turns.inbox import ThreadInbox, current_turn
from bot.turns.notices import Asides
from bot.turns.preferences import Preferences
from bot.turns.recovery import Recovery
from bot.turns.runner import Runner
from bot.turns.underway import Underway
from bot.turns.unnoted import Unnoted
from bot.turns.voices import Voices
from config.catalog import Catalog, CatalogInvalid, load_catalog
from config.environment import Config
from config.logs import configure_logs
from config.prompts import load_prompts
from config.texts import load_texts

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 10
"""How many times an answer is begun before the person is told that it does not work."""

IN_LINE = 200
"""How many threads may wait for a turn in sight of their people; those beyond wait in the journal alone.

Slack takes 300 statuses a minute, and each has to be renewed every 90 s.
"""

TYPICAL_ANSWER = Usage(input_tokens=4_000, output_tokens=800)
"""What an answer is thought to take before there was any."""

SHUTDOWN_NOTICE = timedelta(days=60)
"""How long before its last day a configured model is warned of at the start."""


_HINDRANCES = (
    SetupRefused,
    StoreUnavailable,
    CatalogInvalid,
    PlatformUnavailable,
    AddressUnusable,
    TelemetryMissing,
)
"""What keeps the bot from running; each explains itself to an operator."""


class StartFailed(Exception):
    """The bot cannot run; the message tells an operator why and what to do."""


@dataclass(frozen=True, slots=True)
class Bot:
    """What runs until the end: the engine works, the connections hear."""

    config: Config
    engine: EmbeddedEngine
    work: Work
    line: Line
    connections: Connections
    attendance: Attendance
    reports: Reports


async def run(config: Config) -> None:
    """Run the bot until SIGTERM or Ctrl-C. Raises StartFailed."""
    configure_logs(config, current_turn.get)
    ending = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ending.set)
    try:
        async with AsyncExitStack() as opened:
            bot = await _unless(ending, build(config, opened))
            if bot is not None:
                await serve(bot, ending)
    except _HINDRANCES as error:
        raise StartFailed(str(error)) from error
    log.info("ended")


async def build(config: Config, opened: AsyncExitStack) -> Bot:
    """Everything, connected; what has to be closed in the end is left to `opened`."""
    catalog, prompts = load_catalog(), load_prompts()
    _warn_of_shutdowns(catalog, (config.defaults.model, config.utility_model), datetime.now(UTC).date())

    database = await opened.enter_async_context(open_database(config.data_dir, time.time))
    store = Store(database)
    metrics, lines = build_metrics(catalog), form_lines(config)
    traces = await open_traces(config, metrics, opened)
    meter: Meter = traces or metrics
    slack = await open_slack(config, opened, meter)
    preferences = Preferences(store.settings, config.defaults, catalog.describe, slack.clock)
    texts = load_texts(prompts.introduction)
    voices = Voices(texts, preferences, slack.people.profile, slack.identity.workspace)
    openai = open_openai(config, catalog, lines, opened, meter=meter, retries=RetryPolicy())
    count_tokens = TokenCounter(FOLDER / FILE)

    engine = EmbeddedEngine(store.journal, slack.clock, config.max_concurrent_turns + IN_LINE)
    underway = Underway(dollars(catalog.describe(config.defaults.model).price, TYPICAL_ANSWER))
    expenses = Expenses(store.usage, catalog.describe, slack.clock, underway)
    door = build_door(config, slack, store, underway, voices.speaking_to)
    desk = open_desk(config, slack, voices.speaking_to, opened)
    approvals = Approvals(desk)
    tools = build_tools(config, slack, door.policy, approvals)
    handlers = build_handlers(config, catalog, prompts, openai, tools)
    asides = Asides(
        slack.platform,
        store.notices,
        preferences,
        config.settings_slash_command,
        is_direct,
        slack.clock,
        door.limits.warnings,
        voices.speaking_to,
    )
    inbox = ThreadInbox(
        engine=engine,
        platform=slack.platform,
        context=Context(preferences, config.context_tokens, count_tokens, catalog.describe),
        runner=Runner(
            slack.platform,
            Classifier(openai.model.choose, config.utility_model, prompts.classify, handlers.draws),
            open_files(config, slack.platform, openai, lines, opened, meter=meter),
            handlers.table,
            expenses,
            asides,
            voice=voices.in_threads,
            link_hosts=config.allowed_link_hosts,
            meter=meter,
            line=lines.turns,
        ),
        recovery=Recovery(config.resume_max_age, MOST_ATTEMPTS, slack.clock()),
        admission=door,
        unnoted=Unnoted(slack.platform, door, voices.speaking_to),
    )
    summarist = replace(config.defaults, model=config.utility_model, web_search=False, instructions="")
    summaries = Summaries(
        openai.model,
        prompts.summary,
        summarist,
        config.context_tokens,
        count_tokens,
        link_hosts=config.allowed_link_hosts,
    )
    controls = ThreadControls(inbox, slack.platform, summaries, expenses)
    desks = build_desks(
        config,
        slack,
        desk,
        catalog=catalog,
        store=store,
        preferences=preferences,
        controls=controls,
        inbox=inbox,
        approvals=approvals,
    )
    app = build_app(slack.identity, inbox, slack.platform.arrivals, config.allowed_bots, desks)
    await opened.enter_async_context(scheduled(build_jobs(config, catalog, store, slack, voices.speaking_to)))
    connections = Connections(app, slack.calls.client, config.slack_app_token, meter=meter)
    await open_watch(
        config,
        metrics,
        opened,
        database=database,
        journal=store.journal,
        slack=slack,
        engine=engine,
        lines=lines,
        model=openai.provider,
        connections=connections,
    )
    missed = SlackCatchUp(slack.calls, slack.identity, inbox, store.presence.latest_threads, config.allowed_bots)
    attendance = Attendance(
        store.presence, lambda: connections.connected > 0, missed.since, config.catch_up_max_age, slack.clock
    )
    reports = reports_to_systemd(os.environ, lambda: connections.greeted, database.touch)
    work = traces.around(inbox.work) if traces else inbox.work
    return Bot(config, engine, work, lines.turns, connections, attendance, reports)


async def serve(bot: Bot, ending: asyncio.Event) -> None:
    """Work and hear until `ending` is set or Slack will not have us; then hear no more, and let what runs end."""
    working = asyncio.create_task(bot.engine.run(bot.work), name="engine")
    hearing = asyncio.create_task(bot.connections.run(), name="connections")
    attending = asyncio.create_task(bot.attendance.run(), name="attendance")
    reporting = asyncio.create_task(bot.reports.run(), name="reports to systemd")
    told = asyncio.create_task(ending.wait(), name="signal")
    try:
        await asyncio.wait({working, hearing, told}, return_when=asyncio.FIRST_COMPLETED)
        log.info("ending: running answers have %.0f s", bot.config.shutdown_grace)
    finally:
        bot.reports.end()
        told.cancel()
        attending.cancel()
        await asyncio.wait({attending})
        await bot.connections.close()
        bot.line.close()
        await bot.engine.drain(bot.config.shutdown_grace)
        await asyncio.wait({working, hearing})
        # Until here, so that the watchdog waits for the answers that are being finished.
        reporting.cancel()
        await asyncio.wait({reporting})
    for task in (hearing, working):
        task.result()


async def _unless(ending: asyncio.Event, start: Coroutine[Any, Any, Bot]) -> Bot | None:
    """What `start` builds, or None when the end is wanted before that."""
    starting, told = asyncio.create_task(start, name="start"), asyncio.create_task(ending.wait(), name="signal")
    try:
        await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        if not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
    return None if starting.cancelled() else starting.result()


def _warn_of_shutdowns(catalog: Catalog, models: tuple[str, ...], today: date) -> None:
    for name in dict.fromkeys(models):
        shutdown = catalog.describe(name).shutdown
        if shutdown is not None and shutdown - today <= SHUTDOWN_NOTICE:
            log.warning("the model %s is shut down on %s; choose another one", name, shutdown.isoformat())
