"""The models on offer, read once from `catalog.toml`."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from bot.domain.models import Long, ModelInfo, Price, TemperatureRule
from bot.domain.settings import Effort, ImageQuality

PACKAGED = Path(__file__).with_name("catalog.toml")

ABILITIES = tuple(field.name for field in fields(ModelInfo) if field.type is bool)

_TOKENS = {"input", "cached", "output"}
_AMOUNTS = {field.name for field in fields(Price)} - {"long", "pictures"}
_TOOLS = {"search", "file_search", "container"}

_DATE = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class CatalogInvalid(ValueError):
    """The catalogue cannot be used; the message names the file, the family and the key."""


@dataclass(frozen=True, slots=True)
class Family:
    """Models that share their description; `patterns` are names in which a star stands for anything."""

    patterns: tuple[str, ...]
    description: ModelInfo

    def describes(self, name: str) -> bool:
        """True when one of the patterns matches this name."""
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Catalog:
    """All families, in the order in which they are tried."""

    families: tuple[Family, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of models that people are offered, in the order of the file."""
        return tuple(pattern for family in self.families for pattern in family.patterns if "*" not in pattern)

    def in_service(self, today: date) -> tuple[str, ...]:
        """Those of the names whose models are still served on this day."""
        return tuple(name for name in self.names if (self.describe(name).shutdown or date.max) > today)

    def describe(self, name: str) -> ModelInfo:
        """What is known of the model with this name; of an unknown one, what is safe to assume.

        A dated snapshot (`gpt-5.5-2026-04-23`) and a fine-tuned model (`ft:gpt-4.1-mini:team::id`) are described as
        the model that they come from.
        """
        origin = name.split(":")[1] if name.startswith("ft:") else name
        undated = _DATE.sub("", origin)
        for family in self.families:
            if family.describes(undated):
                return replace(family.description, name=name)
        return ModelInfo(name)


def load_catalog(path: Path | None = None) -> Catalog:
    """The catalogue in this file, or the packaged one. Raises CatalogInvalid."""
    file = path or PACKAGED
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
        return Catalog(_families(document, _tools(document.get("tools", {}))))
    except OSError as error:
        raise CatalogInvalid(f"{file} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogInvalid(f"{file} is not valid TOML: {error}") from error
    except _Misfit as misfit:
        raise CatalogInvalid(f"{file}, {misfit}") from misfit


class _Misfit(Exception):
    """A part of the document does not fit; the message says what fits."""


def _tools(value: Any) -> Mapping[str, float]:
    """The prices of tools, by name."""
    if not isinstance(value, dict) or not value.keys() <= _TOOLS or not _are_dollars(value.values()):
        raise _Misfit(f"key 'tools': must be a table of dollars for {', '.join(sorted(_TOOLS))}")
    return value


def _families(document: Mapping[str, Any], tools: Mapping[str, float]) -> tuple[Family, ...]:
    if unknown := document.keys() - {"family", "tools"}:
        raise _Misfit(f"key {min(unknown)!r}: unknown; models stand in [[family]] tables")
    tables = document.get("family")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise _Misfit("key 'family': must be [[family]] tables")
    return tuple(_family(table, place, tools) for place, table in enumerate(tables, start=1))


def _family(table: Mapping[str, Any], place: int, tools: Mapping[str, float]) -> Family:
    values: dict[str, Any] = {}
    if isinstance(table.get("price"), dict):
        table = {**table, "price": {**tools, **table["price"]}}
    for key in ("match", *(key for key in table if key != "match")):
        try:
            values[key] = _parser(key)(table.get(key))
        except _Misfit as misfit:
            family = values["match"][0] if "match" in values else f"number {place}"
            raise _Misfit(f"family {family}, key {key!r}: {misfit}") from None
    patterns = values.pop("match")
    abilities = values.pop("abilities", ())
    values |= {ability: ability in abilities for ability in ABILITIES}
    return Family(patterns, ModelInfo(patterns[0], **values))


def _parser(key: str) -> Callable[[Any], Any]:
    if key not in _PARSERS:
        raise _Misfit(f"unknown; known are {', '.join(_PARSERS)}")
    return _PARSERS[key]


def _patterns(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
        raise _Misfit("must be a list of names")
    return tuple(value)


def _efforts(value: Any) -> tuple[Effort, ...]:
    if not isinstance(value, list) or value != [effort for effort in Effort if effort in value]:
        raise _Misfit(f"must be a list, in this order, of some of {', '.join(Effort)}")
    return tuple(map(Effort, value))


def _temperature(value: Any) -> TemperatureRule:
    if value not in list(TemperatureRule):
        raise _Misfit(f"must be one of {', '.join(TemperatureRule)}")
    return TemperatureRule(value)


def _abilities(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(ability in ABILITIES for ability in value):
        raise _Misfit(f"must be a list of some of {', '.join(ABILITIES)}")
    return tuple(value)


def _tokens(value: Any) -> int:
    if type(value) is not int or value <= 0:
        raise _Misfit("must be a number of tokens")
    return value


def _price(value: Any) -> Price:
    optional = _AMOUNTS - _TOKENS | {"long", "pictures"}
    has_all = isinstance(value, dict) and (value.keys() >= _TOKENS or "minute" in value)
    if not has_all or not value.keys() <= _TOKENS | optional:
        must, may = (", ".join(sorted(names)) for names in (_TOKENS, optional))
        raise _Misfit(f"must have {must}, or minute; it may have {may}, and nothing else")
    pictures = value.get("pictures", {})
    if not isinstance(pictures, dict) or not pictures.keys() <= set(ImageQuality):
        raise _Misfit(f"pictures must be a table by quality: {', '.join(ImageQuality)}")
    amounts = {part: dollars for part, dollars in value.items() if part in _AMOUNTS}
    if not _are_dollars((*amounts.values(), *pictures.values())):
        raise _Misfit("must be dollars: for a million tokens, or for one of what else is counted")
    return Price(**amounts, long=_long(value.get("long")), pictures=pictures)


def _long(value: Any) -> Long | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != {"after", "input", "output"} or not _are_dollars(value.values()):
        raise _Misfit(
            "long must have after, a number of tokens, and input and output, how many times the price they cost"
        )
    return Long(**value)


def _are_dollars(values: Iterable[Any]) -> bool:
    return all(type(dollars) in (int, float) and dollars >= 0 for dollars in values)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _Misfit("must be the name of a model")
    return value


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _Misfit("must be a day, like 2027-01-14, without quotes")
    return value


_PARSERS: Mapping[str, Callable[[Any], Any]] = {
    "match": _patterns,
    "efforts": _efforts,
    "temperature": _temperature,
    "abilities": _abilities,
    "context_window": _tokens,
    "max_output": _tokens,
    "price": _price,
    "shutdown": _day,
    "successor": _name,
}
