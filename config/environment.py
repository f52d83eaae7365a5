"""The configuration: read once from the environment, fixed until the process ends."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.domain.redaction import Kind
from bot.domain.settings import SettingInvalid, Settings, declared, parse_setting, print_setting
from bot.domain.tools import Offer
from config import variables as read
from config.log_lines import FORMATS
from config.places import place
from config.tools import ToolsInvalid, read_offers
from config.variables import VariableInvalid, given, variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What an operator decides before the start. `.env.example` explains each variable to operators."""

    slack_bot_token: str = variable(
        "SLACK_BOT_TOKEN", read.token("xoxb-", "the bot token of the Slack app"), default=None, secret=True
    )
    slack_app_token: str = variable(
        "SLACK_APP_TOKEN", read.token("xapp-", "the app-level token of the Slack app"), default=None, secret=True
    )
    slack_api_url: str = variable("SLACK_API_URL", read.url, default="https://slack.com/api")
    slack_streaming: str = variable("SLACK_STREAMING", read.one_of("auto", "edits"), default="auto")
    allowed_bots: frozenset[str] = variable("ALLOWED_BOTS", read.ids_of("B", "A", "U", "W"), default="")
    allowed_channels: frozenset[str] = variable("ALLOWED_CHANNELS", read.ids_of("C", "G", "D"), default="")
    denied_channels: frozenset[str] = variable("DENIED_CHANNELS", read.ids_of("C", "G", "D"), default="")
    allowed_users: frozenset[str] = variable("ALLOWED_USERS", read.ids_of("U", "W", "B"), default="")
    denied_users: frozenset[str] = variable("DENIED_USERS", read.ids_of("U", "W", "B"), default="")
    allowed_workspaces: frozenset[str] = variable("ALLOWED_WORKSPACES", read.ids_of("T", "E"), default="")
    allow_strangers: bool = variable("ALLOW_STRANGERS", read.on_or_off, default="off")
    allow_guests: bool = variable("ALLOW_GUESTS", read.on_or_off, default="on")
    turns_of_person: int = variable("TURNS_PER_MINUTE_PERSON", read.whole_number(0, 1_000), default="20")
    turns_in_channel: int = variable("TURNS_PER_MINUTE_CHANNEL", read.whole_number(0, 1_000), default="60")
    pictures_of_person: int = variable("PICTURES_PER_DAY", read.whole_number(0, 100_000), default="50")
    dollars_of_person: float = variable("MONTHLY_BUDGET_DOLLARS_PERSON", read.dollars, default="0")
    dollars_in_channel: float = variable("MONTHLY_BUDGET_DOLLARS_CHANNEL", read.dollars, default="0")
    dollars_of_everybody: float = variable("MONTHLY_BUDGET_DOLLARS", read.dollars, default="0")
    settings_slash_command: str = variable("SETTINGS_SLASH_COMMAND", read.slash_command, default="/chatgpt-settings")
    callback_suffix: str = variable("CALLBACK_SUFFIX", read.suffix, default="")
    channel_settings_editors: frozenset[str] = variable(
        "CHANNEL_SETTINGS_EDITORS", read.people_or("anyone", "members"), default="members"
    )
    admins: frozenset[str] = variable("ADMINS", read.ids_of("U", "W"), default="")
    usage_viewers: frozenset[str] = variable("USAGE_VIEWERS", read.people_or("admins", "everybody"), default="admins")
    usage_report_channel: str | None = variable("USAGE_REPORT_CHANNEL", read.optional(read.channel), default="")
    usage_report_schedule: str = variable("USAGE_REPORT_SCHEDULE", read.one_of("monthly", "weekly"), default="monthly")
    footer: bool = variable("FOOTER", read.on_or_off, default="on")
    feedback_buttons: bool = variable("FEEDBACK_BUTTONS", read.on_or_off, default="on")
    org_context: str = variable("ORG_CONTEXT_FILE", read.text_file, default="")

    openai_api_key: str = variable("OPENAI_API_KEY", read.one_word, default=None, aliases=("OPENAI_KEY",), secret=True)
    openai_base_url: str = variable("OPENAI_BASE_URL", read.url, default="https://api.openai.com/v1")
    openai_chunk_timeout: float = variable("OPENAI_STREAMING_CHUNK_TIMEOUT", read.seconds(0.1, 3600), default="75")
    utility_model: str = variable("UTILITY_MODEL", read.one_word, default="gpt-6-luna")
    image_backend: str = variable("OPENAI_IMAGE_BACKEND", read.one_of("tool", "images"), default="tool")
    transcription_model: str | None = variable("TRANSCRIPTION_MODEL", read.word_or_off, default="gpt-transcribe")
    web_search_location: Mapping[str, str] = variable("WEB_SEARCH_LOCATION", place, default="")
    web_search_domains: frozenset[str] = variable("WEB_SEARCH_DOMAINS", read.host_names, default="")
    tools: frozenset[str] = variable("TOOLS", read.functions, default="")
    tools_file: Path | None = variable("TOOLS_FILE", read.optional(read.existing_file), default="")
    context_tokens: int = variable("CONTEXT_TOKENS", read.whole_number(1_000, 1_000_000), default="32000")
    file_tokens: int = variable("FILE_TOKENS", read.whole_number(1_000, 500_000), default="40000")

    file_workers: int = variable("FILE_WORKERS", read.whole_number(1, 16), default="2")
    file_cache: int = variable("FILE_CACHE_MEGABYTES", read.whole_number(1, 4_096), default="64")
    document_ocr: bool = variable("DOCUMENT_OCR", read.on_or_off, default="off")

    allowed_link_hosts: frozenset[str] = variable("ALLOWED_LINK_HOSTS", read.host_names, default="")
    redact: frozenset[Kind] = variable("REDACT", read.kinds_to_redact, default="")
    redact_patterns: tuple[re.Pattern[str], ...] = variable("REDACT_PATTERNS", read.patterns_to_redact, default="")

    data_dir: Path = variable("DATA_DIR", read.folder, default="data")
    max_concurrent_turns: int = variable("MAX_CONCURRENT_TURNS", read.whole_number(1, 2_000), default="256")
    max_concurrent_pictures: int = variable("MAX_CONCURRENT_PICTURES", read.whole_number(1, 100), default="4")
    shutdown_grace: float = variable("SHUTDOWN_GRACE_SECONDS", read.seconds(0, 600), default="25")
    resume_max_age: float = variable("RESUME_MAX_AGE_SECONDS", read.seconds(0, 604_800), default="3600")
    catch_up_max_age: float = variable("CATCH_UP_MAX_AGE_SECONDS", read.seconds(0, 86_400), default="3600")
    cleanup_schedule: str = variable("CLEANUP_SCHEDULE", read.schedule, default="0 0 * * *")
    cleanup_max_age_hours: int = variable("CLEANUP_MAX_AGE_HOURS", read.whole_number(1, 8_760), default="24")
    backup_schedule: str = variable("BACKUP_SCHEDULE", read.schedule, default="0 3 * * *")
    backup_keep: int = variable("BACKUP_KEEP", read.whole_number(0, 1_000), default="7")

    log_format: str = variable("LOG_FORMAT", read.one_of(*FORMATS), default="text")
    traces_to: str | None = variable("OTEL_EXPORTER_OTLP_ENDPOINT", read.optional(read.url), default="")
    monitor_address: tuple[str, int] | None = variable("MONITOR_ADDRESS", read.optional(read.address), default="")

    log_level: str = variable("LOG_LEVEL", read.level, default="info")
    log_level_slack: str | None = variable("LOG_LEVEL_SLACK", read.optional(read.level), default="")
    log_level_openai: str | None = variable("LOG_LEVEL_OPENAI", read.optional(read.level), default="")
    log_level_store: str | None = variable("LOG_LEVEL_STORE", read.optional(read.level), default="")
    log_level_turns: str | None = variable("LOG_LEVEL_TURNS", read.optional(read.level), default="")
    log_level_documents: str | None = variable("LOG_LEVEL_DOCUMENTS", read.optional(read.level), default="")
    log_level_schedule: str | None = variable("LOG_LEVEL_SCHEDULE", read.optional(read.level), default="")
    log_level_monitor: str | None = variable("LOG_LEVEL_MONITOR", read.optional(read.level), default="")
    log_private_ids: bool = variable("LOG_PRIVATE_IDS", read.true_or_false, default="false")
    log_file: Path | None = variable("LOG_FILE", read.optional(read.file), default="")
    log_keep: int = variable("LOG_KEEP", read.whole_number(1, 1_000), default="5")

    offers: tuple[Offer, ...] = field()
    defaults: Settings = field()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold: our tokens, and the words of what goes to servers of tools in headers."""
        servers = (server for offer in self.offers for server in offer.servers)
        headers = " ".join(value for server in servers for value in server.headers.values())
        return (self.slack_bot_token, self.slack_app_token, self.openai_api_key, *headers.split())


def variables() -> dict[str, str | None]:
    """Every variable that is read, aliases apart, with its default as text; None where one must be given."""
    own = {declaration.metadata["variable"]: declaration.metadata["default"] for declaration in _own_fields()}
    settings = {setting.metadata["variable"]: print_setting(setting.default) for setting in declared()}
    return own | settings


def examine(environ: Mapping[str, str]) -> tuple[Config, Mapping[str, str]]:
    """The configuration as far as it can be read, and what is wrong, by the name of the variable.

    A variable that is wrong has its default; one that must be given is empty. Only those that are right may be used.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for declaration in _own_fields():
        name, text = declaration.metadata["variable"], given(declaration, environ)
        if text is None:
            problems[name] = f"{name} is not set. {_WHERE_TO_FIND[name]}"
        else:
            try:
                values[declaration.name] = declaration.metadata["parse"](text)
            except VariableInvalid as problem:
                problems[name] = f"{name} {problem}."
        if name in problems:
            values[declaration.name] = _default(declaration)
    offers: tuple[Offer, ...] = ()
    if file := values["tools_file"]:
        try:
            offers = read_offers(file, environ)
        except ToolsInvalid as invalid:
            problems["TOOLS_FILE"] = "\n      ".join((f"TOOLS_FILE cannot be used, in {file}:", *invalid.problems))
    overrides: dict[str, Any] = {}
    for setting in declared():
        name = setting.metadata["variable"]
        try:
            if text := environ.get(name, "").strip():
                overrides[setting.name] = parse_setting(setting.name, text)
        except SettingInvalid as problem:
            problems[name] = f"{name} {problem}."
    return Config(**values, offers=offers, defaults=Settings(**overrides)), problems


def _default(declaration: Any) -> Any:
    text = declaration.metadata["default"] or ""
    try:
        return declaration.metadata["parse"](text)
    except VariableInvalid:
        return text  # a secret, or a default that this machine does not allow


_WHERE_TO_FIND = {
    "SLACK_BOT_TOKEN": "You find it at api.slack.com/apps under OAuth & Permissions; it begins with xoxb-.",
    "SLACK_APP_TOKEN": "You make it at api.slack.com/apps under Basic Information, App-Level Tokens, with the scope"
    " connections:write; it begins with xapp-.",
    "OPENAI_API_KEY": "You make it at platform.openai.com under API keys.",
}


def _own_fields() -> list[Any]:
    return [declaration for declaration in fields(Config) if "variable" in declaration.metadata]
