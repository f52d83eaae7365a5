"""How one environment variable is declared and read."""

import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.domain.redaction import MOST_PATTERNS, Kind, PatternInvalid, pattern_of
from bot.schedule.crontab import cron

Parse = Callable[[str], Any]

LONGEST_TEXT_FILE = 40_000
"""Characters, about ten thousand tokens."""


class VariableInvalid(ValueError):
    """A value does not fit; the message goes on after the variable's name: "must be …"."""


def variable(
    name: str, parse: Parse, *, default: str | None, aliases: tuple[str, ...] = (), secret: bool = False
) -> Any:
    """A field of the configuration that is read from this variable; without a default it must be given."""
    return field(repr=not secret, metadata={"variable": name, "parse": parse, "default": default, "aliases": aliases})


def given(declaration: Field[Any], environ: Mapping[str, str]) -> str | None:
    """What the environment says for this field, its default, or None; an empty value counts as not given."""
    for name in (declaration.metadata["variable"], *declaration.metadata["aliases"]):
        if value := environ.get(name, "").strip():
            return value
    default: str | None = declaration.metadata["default"]
    return default


def token(prefix: str, what: str) -> Parse:
    """A Slack token of one kind. The message never repeats the value."""

    def parse(text: str) -> str:
        if not text.startswith(prefix) or len(text) <= len(prefix):
            raise VariableInvalid(f"must be {what}, which begins with {prefix}")
        if any(character.isspace() for character in text):
            raise VariableInvalid(f"must be {what} without spaces in it")
        return text

    return parse


def one_word(text: str) -> str:
    """The message never repeats the value, which may be a secret."""
    if any(character.isspace() for character in text):
        raise VariableInvalid("must have no spaces in it")
    return text


def optional(parse: Parse) -> Parse:
    """The same; None for an empty text."""
    return lambda text: parse(text) if text else None


def word_or_off(text: str) -> str | None:
    """One word; None for "off"."""
    return None if text.lower() == "off" else one_word(text)


def on_or_off(text: str) -> bool:
    return bool(one_of("on", "off")(text) == "on")


def url(text: str) -> str:
    """An http or https address; returned without a slash at the end."""
    if not _is_plain_url(text):
        raise VariableInvalid("must be an address such as https://example.com/path")
    return text.rstrip("/")


def _is_plain_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not parts.query + parts.fragment
        )
    except ValueError:
        return False


def address(text: str) -> tuple[str, int]:
    """A host and a port to listen on."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port is None or text.lower() not in (f"{host}:{port}", f"[{host}]:{port}"):
        raise VariableInvalid("must be a host and a port such as 127.0.0.1:9464")
    return host, port


def one_of(*choices: str) -> Parse:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise VariableInvalid(f"must be one of: {', '.join(choices)}")
        return text.lower()

    return parse


def level(text: str) -> str:
    return str(one_of("debug", "info", "warning", "error")(text)).upper()


def whole_number(low: int, high: int) -> Parse:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high):
            raise VariableInvalid(f"must be a whole number from {low:,} to {high:,}")
        return int(text)

    return parse


def seconds(low: float, high: float) -> Parse:
    def parse(text: str) -> float:
        number = _number(text)
        if not low <= number <= high:
            raise VariableInvalid(f"must be a number of seconds from {low:g} to {high:g}")
        return number

    return parse


def _number(text: str) -> float:
    """Not a number, which lies between no limits, for anything else."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def names(text: str) -> frozenset[str]:
    """Words separated by commas or spaces."""
    return frozenset(text.replace(",", " ").split())


def ids_of(*kinds: str) -> Parse:
    """Ids of Slack, separated by commas or spaces, which begin with one of these letters. A list in which a name stands
    would keep out, or let in, the wrong people."""

    def parse(text: str) -> frozenset[str]:
        ids = names(text)
        if not all(each.startswith(kinds) and each.isascii() and each.isalnum() and each.isupper() for each in ids):
            raise VariableInvalid(f"must be ids that begin with {' or '.join(kinds)}, separated by commas")
        return ids

    return parse


def channel(text: str) -> str:
    """The id of a channel."""
    try:
        (found,) = ids_of("C", "G")(text)
    except ValueError:
        raise VariableInvalid("must be the id of one channel, which begins with C or G") from None
    return str(found)


def dollars(text: str) -> float:
    """An amount of US dollars; 0 is no limit."""
    amount = _number(text)
    if not 0 <= amount <= 10_000_000:
        raise VariableInvalid("must be an amount of dollars such as 25 or 12.50, or 0 for no limit")
    return amount


def people_or(*words: str) -> Parse:
    """One of these words, each of which stands for some people, or ids of people."""

    def parse(text: str) -> frozenset[str]:
        if text.lower() in words:
            return frozenset({text.lower()})
        try:
            return frozenset(ids_of("U", "W")(text))
        except VariableInvalid:
            raise VariableInvalid(
                f"must be {', '.join(words)}, or the ids of people (U…), separated by commas"
            ) from None

    return parse


def true_or_false(text: str) -> bool:
    return bool(one_of("true", "false", "on", "off")(text) in ("true", "on"))


def host_names(text: str) -> frozenset[str]:
    """Names of hosts, without anything before or behind them."""
    found = frozenset(host.lower() for host in names(text))
    if not all(re.fullmatch(r"(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", host) for host in found):
        raise VariableInvalid("must be names of hosts such as example.com, separated by commas")
    return found


def kinds_to_redact(text: str) -> frozenset[Kind]:
    found = names(text.lower())
    if not found <= set(Kind):
        raise VariableInvalid(f"must be any of: {', '.join(Kind)}")
    return frozenset(map(Kind, found))


def functions(text: str) -> frozenset[str]:
    """Functions of ours that the model may use."""
    found = names(text.lower())
    if not found <= {"threads", "people"}:
        raise VariableInvalid("must be any of: threads, people")
    return found


def patterns_to_redact(text: str) -> tuple[re.Pattern[str], ...]:
    """Regular expressions separated by blanks, so that one of them writes a blank as \\s."""
    found = text.split()
    if len(found) > MOST_PATTERNS:
        raise VariableInvalid(f"must be at most {MOST_PATTERNS} regular expressions")
    try:
        return tuple(map(pattern_of, found))
    except PatternInvalid as problem:
        raise VariableInvalid(str(problem)) from None


def suffix(text: str) -> str:
    """What a development app puts behind the names of its shortcuts."""
    if text and not re.fullmatch(r"[a-z0-9_-]{1,40}", text):
        raise VariableInvalid("must be lower-case letters, digits, hyphens and underscores, such as _dev")
    return text


def text_file(text: str) -> str:
    """The content of a Markdown file, or nothing for an empty name."""
    if not text:
        return ""
    path = Path(text).expanduser().absolute()
    try:
        content = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise VariableInvalid(f"must be a text file in UTF-8 that this user may read, but {path} is not") from None
    if len(content) > LONGEST_TEXT_FILE:
        raise VariableInvalid(
            f"must be a file of at most {LONGEST_TEXT_FILE:,} characters: it goes along with each question"
        )
    return content


def slash_command(text: str) -> str:
    """Slack allows 32 characters: a slash, then lower-case letters, digits, hyphens and underscores."""
    word = text.removeprefix("/")
    if not re.fullmatch(r"[\w-]{1,31}", word) or word.lower() != word:
        raise VariableInvalid("must be a slash command such as /chatgpt-settings, at most 32 lower-case characters")
    return f"/{word}"


def schedule(text: str) -> str:
    """A cron line of five fields, in the machine's time zone."""
    try:
        cron(text)
    except ValueError:
        raise VariableInvalid("must be a cron line of five fields such as 0 0 * * *") from None
    return text


def folder(text: str) -> Path:
    """A folder that exists and can be written, or one that can be created."""
    path = Path(text).expanduser().absolute()
    nearest = next(parent for parent in (path, *path.parents) if parent.exists())
    if not nearest.is_dir():
        raise VariableInvalid(f"must be a folder, but {nearest} is a file")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise VariableInvalid(f"must be a folder that this user may write, but {nearest} is not")
    return path


def file(text: str) -> Path:
    """A file in a folder that exists."""
    path = Path(text).expanduser().absolute()
    if path.is_dir() or not path.parent.is_dir():
        raise VariableInvalid("must be a file in a folder that exists")
    return path


def existing_file(text: str) -> Path:
    """A file that exists."""
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise VariableInvalid(f"must be a file, but {path} is none")
    return path
