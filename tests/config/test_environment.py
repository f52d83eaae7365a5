"""How the environment becomes the configuration, and what an operator reads when it cannot."""

import re
from pathlib import Path

import pytest

from bot.domain.settings import Effort
from config.environment import Config, examine, variables

NEEDED = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "OPENAI_API_KEY": "sk-1"}
ROOT = Path(__file__).parents[2]


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    return tuple(examine(environ)[1].values())


def read_config(environ: dict[str, str]) -> Config:
    config, wrong = examine(environ)
    assert wrong == {}
    return config


def test_three_variables_are_enough() -> None:
    config = read_config(NEEDED)
    assert config.slack_api_url == "https://slack.com/api"
    assert config.openai_base_url == "https://api.openai.com/v1"
    assert config.data_dir == Path("data").absolute()
    assert config.defaults.reasoning_effort is Effort.LOW
    assert config.openai_chunk_timeout > 60  # models that think are silent for longer than half a minute


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("USAGE_VIEWERS", "", {"admins"}),
        ("USAGE_VIEWERS", "everybody", {"everybody"}),
        ("USAGE_VIEWERS", "U1, W2", {"U1", "W2"}),
        ("USAGE_REPORT_CHANNEL", "", None),
        ("USAGE_REPORT_CHANNEL", "C1", "C1"),
    ],
)
def test_who_sees_the_usage_is_read(variable: str, value: str, read: object) -> None:
    assert getattr(read_config({**NEEDED, variable: value}), variable.lower()) == read


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("USAGE_VIEWERS", "admins, U1", "must be admins, everybody, or the ids of people"),
        ("USAGE_VIEWERS", "ann", "must be admins, everybody, or the ids of people"),
        ("USAGE_REPORT_CHANNEL", "C1, C2", "must be the id of one channel"),
        ("USAGE_REPORT_CHANNEL", "#money", "must be the id of one channel"),
        ("USAGE_REPORT_SCHEDULE", "daily", "must be one of: monthly, weekly"),
        ("CHANNEL_SETTINGS_EDITORS", "all", "must be anyone, members, or the ids of people"),
        ("ADMINS", "ann", "must be ids that begin with U or W"),
        ("ALLOWED_BOTS", "deploybot", "must be ids that begin with B or A or U or W"),
    ],
)
def test_a_name_where_an_id_belongs_is_refused(variable: str, value: str, problem: str) -> None:
    (told,) = problems({**NEEDED, variable: value})
    assert told.startswith(f"{variable} {problem}")


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("", None),
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:9464", ("::1", 9464)),
    ],
)
def test_an_address_is_a_host_and_a_port(value: str, address: tuple[str, int] | None) -> None:
    assert read_config({**NEEDED, "MONITOR_ADDRESS": value}).monitor_address == address


def test_all_missing_variables_are_named_at_once_with_where_to_find_them() -> None:
    found = problems({})
    assert [problem.split()[0] for problem in found] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY"]
    assert all("You " in problem for problem in found)


def test_what_is_right_can_be_used_beside_what_is_wrong() -> None:
    config, wrong = examine({"SLACK_BOT_TOKEN": "xoxb-1", "DATA_DIR": "/dev/null/data", "LOG_LEVEL": "loud"})
    assert set(wrong) == {"SLACK_APP_TOKEN", "OPENAI_API_KEY", "DATA_DIR", "LOG_LEVEL"}
    assert config.slack_bot_token == "xoxb-1"
    assert config.openai_api_key == ""
    assert config.log_level == "INFO"


def test_the_key_has_an_alias() -> None:
    environ = {**NEEDED, "OPENAI_KEY": "sk-alias"}
    del environ["OPENAI_API_KEY"]
    assert read_config(environ).openai_api_key == "sk-alias"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-wrong", "begins with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-wrong", "begins with xapp-"),
        ("SLACK_BOT_TOKEN", "xoxb-", "begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-a b", "without spaces"),
        ("SLACK_API_URL", "slack.com/api", "address"),
        ("SLACK_API_URL", "http://[::1", "address"),
        ("OPENAI_BASE_URL", "ftp://example.com", "address"),
        ("SLACK_STREAMING", "sometimes", "auto, edits"),
        ("SETTINGS_SLASH_COMMAND", "/Has Space", "slash command"),
        ("OPENAI_STREAMING_CHUNK_TIMEOUT", "soon", "seconds"),
        ("OPENAI_STREAMING_CHUNK_TIMEOUT", "nan", "seconds"),
        ("CONTEXT_TOKENS", "12.5", "whole number"),
        ("DATA_DIR", "/dev/null/data", "folder"),
        ("CLEANUP_SCHEDULE", "every day", "cron line"),
        ("CLEANUP_SCHEDULE", "61 0 * * *", "cron line"),
        ("CLEANUP_MAX_AGE_HOURS", "0", "whole number"),
        ("MONITOR_ADDRESS", "9464", "a host and a port"),
        ("MONITOR_ADDRESS", "127.0.0.1", "a host and a port"),
        ("MONITOR_ADDRESS", "127.0.0.1:99999", "a host and a port"),
        ("MONITOR_ADDRESS", "http://127.0.0.1:9464", "a host and a port"),
        ("MONITOR_ADDRESS", "[::1:9464", "a host and a port"),
        ("LOG_LEVEL", "loud", "debug, info"),
        ("LOG_FILE", "/does/not/exist/bot.log", "folder that exists"),
        ("GPT_MODEL", "two words", "one word"),
        ("DEFAULT_REASONING_EFFORT", "maximal", "none, minimal"),
        ("DEFAULT_VERBOSITY", "chatty", "low, medium"),
        ("DEFAULT_TEMPERATURE", "2.5", "from 0 to 2"),
        ("DEFAULT_TOP_P", "-1", "from 0 to 1"),
        ("DEFAULT_MAX_TOKENS", "15", "at least 16"),
        ("ALLOWED_LINK_HOSTS", "https://example.com", "names of hosts"),
        ("ALLOWED_LINK_HOSTS", "com", "names of hosts"),
        ("REDACT", "email,names", "email, phone, card"),
        ("REDACT_PATTERNS", "(", "regular expressions"),
        ("REDACT_PATTERNS", "(a+)+b", "for ever"),
        ("REDACT_PATTERNS", "a " * 21, "at most 20"),
        ("LOG_PRIVATE_IDS", "maybe", "true"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_what_fits(name: str, value: str, says: str) -> None:
    (problem,) = problems({**NEEDED, name: value})
    assert problem.startswith(f"{name} ")
    assert says in problem


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY"])
def test_a_wrong_secret_is_not_repeated(name: str) -> None:
    assert "hush" not in " ".join(problems({**NEEDED, name: "hush hush"}))


def test_secrets_are_not_printed_with_the_configuration() -> None:
    printed = repr(read_config({**NEEDED, "OPENAI_API_KEY": "sk-hush"}))
    assert "sk-hush" not in printed
    assert "xoxb-1" not in printed
    assert "xapp-1" not in printed


def test_empty_values_count_as_not_given() -> None:
    assert (
        read_config({**NEEDED, "OPENAI_BASE_URL": " ", "LOG_LEVEL": ""}).openai_base_url == "https://api.openai.com/v1"
    )


def test_addresses_lose_the_slash_at_their_end() -> None:
    assert read_config({**NEEDED, "SLACK_API_URL": "http://localhost:1/api/"}).slack_api_url == "http://localhost:1/api"


def test_allowed_bots_are_separated_by_commas_or_spaces() -> None:
    assert read_config({**NEEDED, "ALLOWED_BOTS": "B1, B2 A3"}).allowed_bots == {"B1", "B2", "A3"}


def documented() -> dict[str, str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_the_example_file_lists_every_variable_with_its_default() -> None:
    assert documented() == {name: default or "" for name, default in variables().items()}


def test_every_variable_of_the_example_file_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"^[A-Z_]+=", line):
            assert lines[number - 1].startswith(("#", "LOG_LEVEL_")), f"{line} has no line of help above it"


def test_the_example_file_can_be_used_as_it_is() -> None:
    assert read_config(documented() | NEEDED) == read_config(NEEDED)


def test_who_may_ask_is_listed_by_ids_and_never_by_names() -> None:
    assert read_config({**NEEDED, "ALLOWED_USERS": "U1, W2"}).allowed_users == {"U1", "W2"}
    assert problems({**NEEDED, "DENIED_CHANNELS": "#general", "ALLOWED_USERS": "@ann C1"}) == (
        "DENIED_CHANNELS must be ids that begin with C or G or D, separated by commas.",
        "ALLOWED_USERS must be ids that begin with U or W or B, separated by commas.",
    )


@pytest.mark.parametrize(("text", "amount"), [("12.50", 12.5), ("0", 0.0), ("25", 25.0)])
def test_a_budget_is_an_amount_of_dollars(text: str, amount: float) -> None:
    assert read_config({**NEEDED, "MONTHLY_BUDGET_DOLLARS": text}).dollars_of_everybody == amount


@pytest.mark.parametrize("text", ["-1", "much", "nan", "inf", "$5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert "must be an amount of dollars" in problems({**NEEDED, "MONTHLY_BUDGET_DOLLARS": text})[0]


def test_hosts_kinds_and_patterns_are_read_as_lists() -> None:
    config = read_config(
        {
            **NEEDED,
            "ALLOWED_LINK_HOSTS": "Example.com, wiki.corp.test",
            "REDACT": "Email,card",
            "REDACT_PATTERNS": r"K-\d{4} \bX\s\d",
            "LOG_PRIVATE_IDS": "true",
        }
    )
    assert config.allowed_link_hosts == {"example.com", "wiki.corp.test"}
    assert config.redact == {"email", "card"}
    assert [pattern.pattern for pattern in config.redact_patterns] == [r"K-\d{4}", r"\bX\s\d"]
    assert config.log_private_ids
