"""The parts of which the bot is put together: the database, Slack, OpenAI, files, handlers."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.documents.reader import Bounds, WorkerReader
from bot.domain.intent import Intent
from bot.domain.line import Line
from bot.domain.redaction import Redaction
from bot.domain.settings import Settings
from bot.handlers import routing_table
from bot.handlers.words import Words
from bot.openai.client import connect
from bot.openai.images import ImagesBackend, ToolBackend
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from bot.openai.searches import Search
from bot.openai.transcription import Transcriber
from bot.ports import ChatPlatform, Handler, ImageBackend, Meter, Model, ToolsFor
from bot.slack.platform import SlackPlatform
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.people import People
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.client import open_client
from bot.slack.wire.clock import SlackClock
from bot.slack.wire.identity import Identity, check_app_token, introduce
from bot.slack.wire.pacer import Pacer
from bot.slack.writing.footer import Footer
from bot.slack.writing.reply import Replies, Streaming
from bot.store.database import Database
from bot.store.feedback import SqliteFeedback
from bot.store.journal import SqliteJournal
from bot.store.notices import SqliteNotices
from bot.store.people import SqlitePersonalRecords
from bot.store.presence import SqlitePresence
from bot.store.settings import SqliteSettings
from bot.store.usage import SqliteUsage
from bot.turns.discretion import DiscreetImages, DiscreetModel
from bot.turns.files import Files
from bot.turns.memory import Memory
from bot.web.pictures import PublicPictures
from config.catalog import Catalog
from config.environment import Config
from config.prompts import Prompts

FILES_AT_ONCE = 3
"""Files that are under way at the same time in the whole process: each may fill its limit."""

SECONDS_FOR_A_FILE, SECONDS_WITH_OCR = 30.0, 90.0
"""How long reading a file may take; what was read of a longer one by then is kept."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Where work waits for a place."""

    turns: Line
    files: Line
    answers: Line
    drawings: Line


def form_lines(config: Config) -> Lines:
    return Lines(
        turns=Line(config.max_concurrent_turns),
        files=Line(FILES_AT_ONCE),
        answers=Line(config.max_concurrent_turns),
        drawings=Line(config.max_concurrent_pictures),
    )


class Store:
    """What the database remembers, each part by its repository."""

    def __init__(self, database: Database) -> None:
        self.journal = SqliteJournal(database)
        self.settings = SqliteSettings(database)
        self.usage = SqliteUsage(database)
        self.feedback = SqliteFeedback(database)
        self.notices = SqliteNotices(database)
        self.presence = SqlitePresence(database)
        self.people = SqlitePersonalRecords(database)


@dataclass(frozen=True, slots=True)
class Slack:
    """One workspace, connected."""

    calls: SlackCalls
    identity: Identity
    people: People
    platform: SlackPlatform
    clock: SlackClock


async def open_slack(config: Config, opened: AsyncExitStack, meter: Meter) -> Slack:
    clock = SlackClock()
    client = await opened.enter_async_context(open_client(config.slack_bot_token, config.slack_api_url, clock))
    identity = await introduce(client)
    await check_app_token(client, config.slack_app_token)
    pacer = Pacer()
    opened.callback(pacer.close)
    calls = SlackCalls(client, pacer, identity.workspace, meter=meter)
    people = People(calls)
    opened.push_async_callback(people.close)
    footer = Footer(config.settings_slash_command, identity.tab("home")) if config.footer else None
    streaming = Streaming(config.slack_streaming)
    replies = Replies(calls, identity.user_id, streaming, footer=footer, feedback=config.feedback_buttons)
    platform = SlackPlatform(calls, people, identity, replies, Arrivals(clock))
    return Slack(calls, identity, people, platform, clock)


@dataclass(frozen=True, slots=True)
class OpenAI:
    """What one connection to OpenAI, or a server like it, serves; `draws_in_words`: answers may use the image tool.

    `model` and `images` are asked without what the operator has taken out; `provider` is the connection's own.
    """

    provider: OpenAIModel
    model: Model
    images: ImageBackend
    transcribe: Transcriber | None
    draws_in_words: bool


def open_openai(
    config: Config, catalog: Catalog, lines: Lines, opened: AsyncExitStack, *, meter: Meter, retries: RetryPolicy
) -> OpenAI:
    patience = Patience(config.openai_chunk_timeout)
    client = connect(config.openai_api_key, config.openai_base_url, patience)
    opened.push_async_callback(client.close)
    search = Search(config.web_search_location, config.web_search_domains)
    provider = OpenAIModel(
        client,
        catalog.describe,
        patience,
        retries,
        meter,
        search=search,
        answers=lines.answers,
        drawings=lines.drawings,
    )
    by_tool = config.image_backend == "tool"
    images: ImageBackend = (
        ToolBackend(provider) if by_tool else ImagesBackend(client, patience, retries, meter, drawings=lines.drawings)
    )
    redaction = Redaction(config.redact, config.redact_patterns)
    return OpenAI(
        provider,
        DiscreetModel(provider, redaction) if redaction else provider,
        DiscreetImages(images, redaction) if redaction else images,
        Transcriber(client, config.transcription_model, meter=meter) if config.transcription_model else None,
        by_tool,
    )


def open_files(
    config: Config, platform: ChatPlatform, openai: OpenAI, lines: Lines, opened: AsyncExitStack, *, meter: Meter
) -> Files:
    seconds = SECONDS_WITH_OCR if config.document_ocr else SECONDS_FOR_A_FILE
    reader = WorkerReader(Bounds(workers=config.file_workers, deadline=seconds), ocr=config.document_ocr)
    opened.push_async_callback(reader.close)
    memory = Memory(config.file_cache * 1_000_000)
    return Files(platform, reader, PublicPictures(), openai.transcribe, memory, meter, lines.files)


@dataclass(frozen=True, slots=True)
class Handlers:
    """What answers which intent; `draws` tells whether those for words draw as well, with these settings."""

    table: Mapping[Intent, Handler]
    draws: Callable[[Settings], bool]


def build_handlers(config: Config, catalog: Catalog, prompts: Prompts, openai: OpenAI, tools: ToolsFor) -> Handlers:
    def sees(settings: Settings) -> bool:
        return catalog.describe(settings.model).vision

    def draws(settings: Settings) -> bool:
        return openai.draws_in_words and catalog.describe(settings.model).image_tool

    def driver(settings: Settings) -> str:
        return config.utility_model if catalog.describe(config.utility_model).image_tool else settings.model

    words = Words(openai.model, prompts.answer, config.file_tokens, sees, draws, config.org_context, tools)
    introduction, drawing = prompts.introduction, prompts.image
    table = routing_table(words, openai.images, introduction=introduction, drawing=drawing, driver=driver)
    return Handlers(table, draws)
