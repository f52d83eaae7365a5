"""What an operator offers to the model besides our own functions, read once from a TOML file.

`tools.example.toml` explains it to operators.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.domain.tools import Offer, RemoteServer
from config.variables import VariableInvalid, ids_of

_LABEL = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]{0,63}")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

_LONGEST = 1_000
_MOST = 100

_REQUIRED = {"server": ("name", "url"), "files": ("stores",), "code": ()}

_LOOPBACK = ("localhost", "127.0.0.1", "::1")

Parse = Callable[[Any], Any]


class ToolsInvalid(ValueError):
    """The file cannot be used; `problems` names everything that is wrong with it, and never a header's value."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_offers(file: Path, environ: Mapping[str, str]) -> tuple[Offer, ...]:
    """What the file offers, in its order; `environ` has what headers refer to. Raises ToolsInvalid."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ToolsInvalid((f"it cannot be read: {error.strerror}",)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ToolsInvalid((f"it is not valid TOML: {error}",)) from None
    reading = _Reading(environ)
    offers = reading.offers_in(document)
    if reading.problems:
        raise ToolsInvalid(tuple(reading.problems))
    return offers


@dataclass(slots=True)
class _Reading:
    """Reads tables to their end, whatever is wrong with them."""

    environ: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def offers_in(self, document: Mapping[str, Any]) -> tuple[Offer, ...]:
        if unknown := sorted(document.keys() - _REQUIRED.keys()):
            self.problems.append(f"unknown: {', '.join(unknown)}; known are [[server]], [[files]] and [code]")
        servers = [self._table("server", *each) for each in self._tables(document, "server")]
        files = [self._table("files", *each) for each in self._tables(document, "files")]
        code = [self._table("code", "code", document["code"])] if "code" in document else []
        names = [each.get("name") for each in servers]
        self.problems += [f"server {name}: there are two of this name" for name in sorted(_twice(names))]
        return (
            *(Offer(_ids(each, "channels"), _ids(each, "people"), servers=(_server(each),)) for each in servers),
            *(Offer(_ids(each, "channels"), _ids(each, "people"), stores=each.get("stores", ())) for each in files),
            *(Offer(_ids(each, "channels"), _ids(each, "people"), code=True) for each in code),
        )

    def _tables(self, document: Mapping[str, Any], kind: str) -> list[tuple[str, Any]]:
        tables = document.get(kind, [])
        if not isinstance(tables, list):
            self.problems.append(f"{kind}: must be written as [[{kind}]]")
            return []
        return [(f"{kind} {_name_of(table) or f'number {place}'}", table) for place, table in enumerate(tables, 1)]

    def _table(self, kind: str, place: str, table: Any) -> dict[str, Any]:
        """The values of a table, as far as they are right."""
        values: dict[str, Any] = {}
        if not isinstance(table, dict):
            self.problems.append(f"{place}: must be a table")
            return values
        parsers = self._parsers(kind)
        self.problems += [f"{place}: {key} is missing" for key in _REQUIRED[kind] if key not in table]
        for key, value in table.items():
            if key not in parsers:
                self.problems.append(f"{place}: {key} is unknown; known are {', '.join(parsers)}")
                continue
            try:
                values[key] = parsers[key](value)
            except VariableInvalid as problem:
                self.problems.append(f"{place}: {key} {problem}")
        allowed, read_only = values.get("allowed_tools"), values.get("read_only", ())
        if allowed and not set(read_only) <= set(allowed):
            self.problems.append(f"{place}: read_only must name tools that stand in allowed_tools")
        return values

    def _parsers(self, kind: str) -> Mapping[str, Parse]:
        own: Mapping[str, Mapping[str, Parse]] = {
            "server": {
                "name": _name,
                "url": _url,
                "description": _text,
                "headers": self._headers,
                "allowed_tools": _words,
                "read_only": _words,
            },
            "files": {"stores": _words},
            "code": {},
        }
        return {**own[kind], "channels": _each(ids_of("C", "G", "D")), "people": _each(ids_of("U", "W"))}

    def _headers(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise VariableInvalid("must be a table of texts")
        if not all(map(_HEADER.fullmatch, value)):
            raise VariableInvalid("must have names that a header may have")
        missing = [name for text in value.values() for name in _VARIABLE.findall(text) if not self.environ.get(name)]
        if missing:
            raise VariableInvalid(f"refer to {', '.join(dict.fromkeys(missing))}, which is not set")
        filled = {name: _VARIABLE.sub(lambda found: self.environ[found[1]], text) for name, text in value.items()}
        if not all(text.isascii() and text.isprintable() for text in filled.values()):
            raise VariableInvalid("must have values of printable ASCII characters")
        return filled


def _server(values: Mapping[str, Any]) -> RemoteServer:
    return RemoteServer(
        values.get("name", ""),
        values.get("url", ""),
        values.get("description", ""),
        values.get("headers", {}),
        values.get("allowed_tools", ()),
        values.get("read_only", ()),
    )


def _ids(values: Mapping[str, Any], key: str) -> frozenset[str]:
    ids: frozenset[str] = values.get(key, frozenset())
    return ids


def _name_of(table: Any) -> str:
    name = table.get("name") if isinstance(table, dict) else None
    return name if isinstance(name, str) and _LABEL.fullmatch(name) else ""


def _twice(names: list[Any]) -> set[str]:
    return {name for name in names if name and names.count(name) > 1}


def _name(value: Any) -> str:
    if not isinstance(value, str) or not _LABEL.fullmatch(value):
        raise VariableInvalid("must begin with a letter, and have at most 64 letters, digits, hyphens and underscores")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise VariableInvalid(f"must be a text of at most {_LONGEST:,} characters")
    return value.strip()


def _url(value: Any) -> str:
    """The message never repeats the value, in which there may be a key."""
    try:
        parts = urlsplit(_text(value))
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if is_safe and parts.hostname and parts.port != 0 and not parts.username and not parts.fragment:
            return parts.geturl()
    except ValueError:
        pass
    raise VariableInvalid("must be an https address such as https://example.com/mcp, without a user or a fragment")


def _words(value: Any) -> tuple[str, ...]:
    """A list of names without blanks, each once."""
    is_list = isinstance(value, list) and all(isinstance(word, str) and word.split() == [word] for word in value)
    if not is_list or len(value) > _MOST:
        raise VariableInvalid(f"must be a list of at most {_MOST} names")
    return tuple(dict.fromkeys(value))


def _each(parse: Callable[[str], Any]) -> Parse:
    """A list whose items are written as in a variable."""
    return lambda value: parse(",".join(_words(value)))
