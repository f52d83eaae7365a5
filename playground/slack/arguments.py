"""How a Web API call's arguments are declared, and how they are read from JSON, forms and query strings."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from playground.slack.directory import Json

if TYPE_CHECKING:
    from playground.slack.installation import Installation


class Refusal(Exception):
    """The call is answered with `ok: false`, this error, and these further fields."""

    def __init__(self, error: str, **fields: Any) -> None:
        super().__init__(error)
        self.error = error
        self.fields = fields


def invalid_arguments(*messages: str) -> Refusal:
    """Slack's refusal of arguments that do not fit the method's schema."""
    return Refusal("invalid_arguments", response_metadata={"messages": [f"[ERROR] {message}" for message in messages]})


class Kind(StrEnum):
    """What an argument's value is; STRUCTURE is a JSON object or array, or its text, and LIST may have commas."""

    STRING = "string"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    STRUCTURE = "structure"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Argument:
    """One declared argument; `missing` and `invalid` are the errors that this method has for it."""

    name: str
    kind: Kind = Kind.STRING
    required: bool = False
    missing: str = ""
    invalid: str = ""


class Token(StrEnum):
    """Which of an app's tokens a method takes, by the token's prefix."""

    BOT = "xoxb-"
    APP = "xapp-"


EVERYWHERE = ("team_id",)
"""What any call may bring: the SDK's clients that know their workspace send it along with everything."""

Handler = Callable[["Installation", Json], Awaitable[Json]]
"""Carries out a call with its checked arguments; returns the response's fields beside `ok`, or raises Refusal."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Web API. `takes_json` is false where Slack reads only forms and query strings."""

    name: str
    handler: Handler
    arguments: tuple[Argument, ...] = ()
    scope: str = ""
    token: Token = Token.BOT
    takes_json: bool = True

    def read(self, sent: Json) -> Json:
        """The arguments by name, as values of their kinds; those sent as null are left out. Raises Refusal."""
        declared = {argument.name: argument for argument in self.arguments}
        sent = {name: value for name, value in sent.items() if name in declared or name not in EVERYWHERE}
        unknown = [name for name in sent if name not in declared]
        if unknown:
            raise invalid_arguments(*(f"unknown argument: {name}" for name in unknown))
        given = {name: _value(declared[name], value) for name, value in sent.items() if value is not None}
        missing = [
            argument for argument in self.arguments if argument.required and given.get(argument.name) in (None, "")
        ]
        for argument in missing:
            if argument.missing:
                raise Refusal(argument.missing)
        if missing:
            raise invalid_arguments(*(f"missing required field: {argument.name}" for argument in missing))
        return given


def text(name: str, *, required: bool = False, missing: str = "") -> Argument:
    """An argument that is a string."""
    return Argument(name, Kind.STRING, required, missing)


def flag(name: str) -> Argument:
    """An argument that is true or false."""
    return Argument(name, Kind.BOOLEAN)


def number(name: str, *, required: bool = False, missing: str = "", invalid: str = "") -> Argument:
    """An argument that is a whole number."""
    return Argument(name, Kind.INTEGER, required, missing, invalid)


def structure(name: str, *, required: bool = False, missing: str = "", invalid: str = "") -> Argument:
    """An argument that is a JSON object or array."""
    return Argument(name, Kind.STRUCTURE, required, missing, invalid)


def strings(name: str) -> Argument:
    """An argument that is a JSON array of strings, or these strings with commas between them."""
    return Argument(name, Kind.LIST)


class _Unreadable(ValueError):
    """The value is not of its argument's kind."""


def _value(argument: Argument, value: Any) -> Any:
    try:
        return READERS[argument.kind](value)
    except ValueError as error:
        if argument.invalid:
            raise Refusal(argument.invalid) from None
        raise invalid_arguments(f"{error} [json-pointer:/{argument.name}]") from None


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _Unreadable("must provide a string")
    return value


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value) in {"true", "True", "1"}:
        return True
    if str(value) in {"false", "False", "0"}:
        return False
    raise _Unreadable("must provide a boolean")


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _Unreadable("must provide a number")
    return int(value)


def _structure(value: Any) -> Any:
    parsed = json.loads(value) if isinstance(value, str) else value
    if not isinstance(parsed, dict | list):
        raise _Unreadable("must provide an object or an array")
    return parsed


def _list(value: Any) -> list[str]:
    if isinstance(value, str) and not value.startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    parsed = json.loads(value) if isinstance(value, str) else value
    if not isinstance(parsed, list) or not all(isinstance(part, str) for part in parsed):
        raise _Unreadable("must provide an array of strings")
    return parsed


READERS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.STRING: _string,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.STRUCTURE: _structure,
    Kind.LIST: _list,
}
