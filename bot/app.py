"""The composition root: builds and connects every object once, and takes it all down in mirror order."""

import asyncio
import logging
import signal
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from bot.documents.reader import Bounds, WorkerReader
from bot.domain.errors import PlatformUnavailable
from bot.domain.settings import Settings
from bot.engine.embedded import EmbeddedEngine
from bot.handlers import routing_table
from bot.handlers.words import Words
from bot.openai.client import connect
from bot.openai.images import ImagesBackend, ToolBackend
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from bot.openai.tokens import TokenCounter
from bot.openai.transcription import Transcriber
from bot.openai.vocabulary import FILE, FOLDER
from bot.ports import ChatPlatform, ImageBackend, Transcribe
from bot.schedule.crontab import cron
from bot.schedule.housekeeping import clean
from bot.schedule.scheduler import Job, scheduled
from bot.slack.arrivals import Arrivals
from bot.slack.calls import SlackCalls
from bot.slack.client import open_client
from bot.slack.connections import Connections
from bot.slack.identity import SetupRefused, check_app_token, introduce
from bot.slack.listeners import build_app
from bot.slack.pacer import Pacer
from bot.slack.people import People
from bot.slack.platform import SlackPlatform
from bot.slack.reply import Replies, Streaming
from bot.store.database import open_database
from bot.store.errors import StoreUnavailable
from bot.store.journal import SqliteJournal
from bot.turns.classifier import Classifier
from bot.turns.context import Context
from bot.turns.files import Files
from bot.turns.inbox import ThreadInbox, current_turn
from bot.turns.memory import Memory
from bot.turns.recovery import Recovery
from bot.turns.runner import Runner
from bot.web.links import picture_links
from bot.web.pictures import PublicPictures
from config.catalog import Catalog, CatalogInvalid, load_catalog
from config.environment import Config
from config.logs import configure_logs
from config.prompts import load_prompts

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 10
"""How many times an answer is begun before the person is told that it does not work."""

SECONDS_FOR_A_FILE, SECONDS_WITH_OCR = 30.0, 90.0
"""How long reading a file may take; what was read of a longer one by then is kept."""

SHUTDOWN_NOTICE = timedelta(days=60)
"""How long before its last day a configured model is warned of at the start."""


class StartFailed(Exception):
    """The bot cannot run; the message tells an operator why and what to do."""


@dataclass(frozen=True, slots=True)
class Bot:
    """What runs until the end: the engine works, the connections hear."""

    config: Config
    engine: EmbeddedEngine
    inbox: ThreadInbox
    connections: Connections
    model: OpenAIModel


async def run(config: Config) -> None:
    """Run the bot until SIGTERM or Ctrl-C. Raises StartFailed."""
    levels = {
        "slack": config.log_level_slack,
        "openai": config.log_level_openai,
        "store": config.log_level_store,
        "turns": config.log_level_turns,
    }
    configure_logs(config.log_level, levels, config.log_file, turn_id=current_turn.get)
    ending = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ending.set)
    try:
        async with AsyncExitStack() as opened:
            bot = await _unless(ending, build(config, opened))
            if bot is not None:
                await serve(bot, ending)
    except (SetupRefused, StoreUnavailable, CatalogInvalid, PlatformUnavailable) as error:
        raise StartFailed(str(error)) from error
    log.info("ended")


async def build(config: Config, opened: AsyncExitStack) -> Bot:
    """Everything, connected; what has to be closed in the end is left to `opened`."""
    catalog = load_catalog()
    _warn_of_shutdowns(catalog, (config.defaults.model, config.utility_model), datetime.now(UTC).date())

    journal = SqliteJournal(await opened.enter_async_context(open_database(config.data_dir, time.time)))
    client = await opened.enter_async_context(open_client(config.slack_bot_token, config.slack_api_url))
    identity = await introduce(client)
    await check_app_token(client, config.slack_app_token)

    pacer = Pacer()
    opened.callback(pacer.close)
    calls = SlackCalls(client, pacer, identity.workspace)
    people = People(calls)
    opened.push_async_callback(people.close)
    replies = Replies(calls, identity.user_id, Streaming(config.slack_streaming))
    arrivals = Arrivals()
    platform = SlackPlatform(calls, people, identity, replies, arrivals)

    openai = _open_openai(config, catalog, opened)
    files = _files(config, platform, openai, opened)
    engine = EmbeddedEngine(journal, time.time, config.max_concurrent_turns)
    inbox = ThreadInbox(
        engine=engine,
        platform=platform,
        context=Context(config.defaults, config.context_tokens, TokenCounter(FOLDER / FILE), catalog.describe),
        runner=_runner(config, catalog, platform, openai, files),
        recovery=Recovery(config.resume_max_age, MOST_ATTEMPTS, time.time),
    )
    housekeeping = partial(clean, journal, time.time, config.cleanup_max_age_hours)
    await opened.enter_async_context(scheduled([Job("housekeeping", cron(config.cleanup_schedule), housekeeping)]))
    app = build_app(
        identity,
        inbox,
        arrivals,
        config.allowed_bots,
    )
    return Bot(config, engine, inbox, Connections(app, client, config.slack_app_token), openai.model)


@dataclass(frozen=True, slots=True)
class OpenAI:
    """What one connection to OpenAI, or a server like it, serves; `draws_in_words`: answers may use the image tool."""

    model: OpenAIModel
    images: ImageBackend
    transcribe: Transcribe | None
    draws_in_words: bool


def _open_openai(config: Config, catalog: Catalog, opened: AsyncExitStack) -> OpenAI:
    patience, retries = Patience(config.openai_chunk_timeout), RetryPolicy()
    client = connect(config.openai_api_key, config.openai_base_url, patience)
    opened.push_async_callback(client.close)
    model = OpenAIModel(client, catalog.describe, patience, retries)
    by_tool = config.image_backend == "tool"
    return OpenAI(
        model,
        ToolBackend(model) if by_tool else ImagesBackend(client, patience, retries),
        Transcriber(client, config.transcription_model) if config.transcription_model else None,
        by_tool,
    )


def _files(config: Config, platform: ChatPlatform, openai: OpenAI, opened: AsyncExitStack) -> Files:
    seconds = SECONDS_WITH_OCR if config.document_ocr else SECONDS_FOR_A_FILE
    reader = WorkerReader(Bounds(workers=config.file_workers, deadline=seconds), ocr=config.document_ocr)
    opened.push_async_callback(reader.close)
    memory = Memory(config.file_cache * 1_000_000)
    return Files(platform, reader, PublicPictures(), picture_links, openai.transcribe, memory)


def _runner(config: Config, catalog: Catalog, platform: ChatPlatform, openai: OpenAI, files: Files) -> Runner:
    """The way of a turn from its intent to its handler."""
    prompts = load_prompts()

    def sees(settings: Settings) -> bool:
        return catalog.describe(settings.model).vision

    def draws(settings: Settings) -> bool:
        return openai.draws_in_words and catalog.describe(settings.model).image_tool

    def driver(settings: Settings) -> str:
        return config.utility_model if catalog.describe(config.utility_model).image_tool else settings.model

    classifier = Classifier(openai.model.choose, config.utility_model, prompts.classify, draws)
    words = Words(openai.model, prompts.answer, config.file_tokens, sees, draws)
    handlers = routing_table(
        words, openai.images, introduction=prompts.introduction, drawing=prompts.image, driver=driver
    )
    return Runner(platform, classifier, files, handlers)


async def serve(bot: Bot, ending: asyncio.Event) -> None:
    """Work and hear until `ending` is set or Slack will not have us; then hear no more, and let what runs end."""
    working = asyncio.create_task(bot.engine.run(bot.inbox.work), name="engine")
    hearing = asyncio.create_task(bot.connections.run(), name="connections")
    warming = asyncio.create_task(bot.model.warm_up(), name="warm-up")
    told = asyncio.create_task(ending.wait(), name="signal")
    try:
        await asyncio.wait({working, hearing, told}, return_when=asyncio.FIRST_COMPLETED)
        log.info("ending: running answers have %.0f s", bot.config.shutdown_grace)
    finally:
        told.cancel()
        await bot.connections.close()
        await bot.engine.drain(bot.config.shutdown_grace)
        await asyncio.wait({working, hearing, warming})
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
