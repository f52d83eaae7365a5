"""What may change every turn; one line declares a setting."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, TypeVar, get_args


class Effort(StrEnum):
    """How long a model may think before it answers, from not at all to as long as it can."""

    NONE = "none"
    MINIMAL = "minimal"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    XHIGH = "xhigh"
    MAX = "max"


class Verbosity(StrEnum):
    """How much a model writes."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Detail(StrEnum):
    """How closely a model looks at pictures."""

    LOW = "low"
    HIGH = "high"
    ORIGINAL = "original"
    AUTO = "auto"


class ImageQuality(StrEnum):
    """How much work goes into a picture."""

    AUTO = "auto"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    XHIGH = "xhigh"
    MAX = "max"


class ImageBackground(StrEnum):
    """What is behind the things in a picture."""

    AUTO = "auto"
    OPAQUE = "opaque"
    TRANSPARENT = "transparent"


class ImageFormat(StrEnum):
    """The file format of pictures."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


class Language(StrEnum):
    """The languages that the bot's own words are there in, by their codes (ISO 639)."""

    EN = "en"
    DE = "de"
    FR = "fr"
    ES = "es"


SWITCH = ("on", "off")
"""How a yes or no is written."""


class SettingInvalid(ValueError):
    """A value does not fit its setting; the message says which values do."""


Choice = TypeVar("Choice", bound=StrEnum)


def _one_word(text: str) -> str:
    if not text or len(text) > 200 or any(character.isspace() or not character.isprintable() for character in text):
        raise SettingInvalid("must be one word")
    return text


def _one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    def parse(text: str) -> Choice:
        try:
            return choices(text.lower())
        except ValueError:
            raise SettingInvalid(f"must be one of: {', '.join(choices)}") from None

    return parse


def _number_between(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            raise SettingInvalid(f"must be a number from {low:g} to {high:g}")
        return number

    return parse


def _whole_number_from(low: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= low):
            raise SettingInvalid(f"must be a whole number of at least {low}")
        return int(text)

    return parse


def _image_size(text: str) -> str:
    """ "auto", or width x height: multiples of 16, at most 3840 x 2160, no more than three times as long as wide."""
    size = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text.lower())
    if size is not None:
        short, long = sorted(map(int, size.groups()))
        fits = short % 16 == 0 and long % 16 == 0 and long <= min(3 * short, 3840) and short <= 2160
    else:
        fits = text.lower() == "auto"
    if not fits:
        raise SettingInvalid("must be auto, or a width and height in steps of 16 such as 1024x1536, at most 3840x2160")
    return text.lower()


def _text_up_to(limit: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) > limit:
            raise SettingInvalid(f"must be at most {limit:,} characters long")
        return text

    return parse


def _on_or_off(text: str) -> bool:
    if text.lower() not in SWITCH:
        raise SettingInvalid("must be on or off")
    return text.lower() == "on"


def _setting(default: Any, parse: Callable[[str], Any], variable: str, label: str, meaning: str) -> Any:
    return field(default=default, metadata={"parse": parse, "variable": variable, "label": label, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """How an answer is made. None leaves the choice to the model."""

    model: str = _setting("gpt-6.1-terra", _one_word, "GPT_MODEL", "Model", "the model that answers")
    reasoning_effort: Effort | None = _setting(
        Effort.LOW, _one_of(Effort), "DEFAULT_REASONING_EFFORT", "Thinking", "how long it may think before it answers"
    )
    verbosity: Verbosity | None = _setting(
        None, _one_of(Verbosity), "DEFAULT_VERBOSITY", "Length of answers", "how much it writes"
    )
    temperature: float | None = _setting(
        None, _number_between(0, 2), "DEFAULT_TEMPERATURE", "Temperature", "how varied the wording is, from 0 to 2"
    )
    top_p: float | None = _setting(
        None, _number_between(0, 1), "DEFAULT_TOP_P", "Top-p", "how many likely words are considered, from 0 to 1"
    )
    max_output_tokens: int | None = _setting(
        None, _whole_number_from(16), "DEFAULT_MAX_TOKENS", "Longest answer", "in tokens, thinking included"
    )
    web_search: bool = _setting(
        True, _on_or_off, "DEFAULT_WEB_SEARCH", "Web search", "whether it may look things up on the web"
    )
    streaming: bool = _setting(
        True, _on_or_off, "DEFAULT_STREAMING", "Show while writing", "whether answers are shown while they are written"
    )
    instructions: str = _setting(
        "", _text_up_to(3_000), "CUSTOM_INSTRUCTIONS", "Instructions", "what it should always keep in mind"
    )
    language: Language = _setting(
        Language.EN,
        _one_of(Language),
        "DEFAULT_LANGUAGE",
        "Language of notes",
        "of its own words; answers follow yours",
    )
    vision_detail: Detail = _setting(
        Detail.HIGH, _one_of(Detail), "DEFAULT_DETAIL_LEVEL", "Detail of vision", "how closely it looks at pictures"
    )
    image_model: str = _setting(
        "gpt-image-2.5-flare", _one_word, "GPT_IMAGE_MODEL", "Model for new pictures", "the model that draws"
    )
    image_edit_model: str = _setting(
        "gpt-image-2.5-sunburst",
        _one_word,
        "GPT_IMAGE_EDIT_MODEL",
        "Model for edits",
        "the model that changes pictures",
    )
    image_size: str = _setting(
        "auto", _image_size, "DEFAULT_IMAGE_SIZE", "Size of pictures", "auto, or pixels such as 1024x1536"
    )
    image_quality: ImageQuality = _setting(
        ImageQuality.MEDIUM,
        _one_of(ImageQuality),
        "DEFAULT_IMAGE_QUALITY",
        "Quality of pictures",
        "how much work, and money, goes into one",
    )
    image_background: ImageBackground = _setting(
        ImageBackground.AUTO,
        _one_of(ImageBackground),
        "DEFAULT_IMAGE_BACKGROUND",
        "Background of pictures",
        "transparent ones are PNG or WebP",
    )
    image_format: ImageFormat = _setting(
        ImageFormat.JPEG, _one_of(ImageFormat), "DEFAULT_IMAGE_FORMAT", "Format of pictures", "the kind of file"
    )


class Scope(StrEnum):
    """Where a setting was made; a later one wins over an earlier one."""

    DEFAULT = "default"
    CHANNEL = "channel"
    USER = "user"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who or what has settings of its own: `id` is a channel's, a person's, or channel/root for a thread."""

    scope: Scope
    workspace: str
    id: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The settings that hold somewhere, and where they were made.

    `origins` names the scope that each value comes from, DEFAULT for what nobody changed; `own` holds what was made in
    each scope, by name; `problems` says, in sentences for the person concerned, what could not be kept to and why.
    """

    settings: Settings
    origins: Mapping[str, Scope]
    own: Mapping[Scope, Mapping[str, Any]]
    problems: tuple[str, ...] = ()


def declared() -> tuple[Field[Any], ...]:
    """All settings in the order of their declaration.

    `metadata` has `parse`, `variable`, `label` (how people find it) and `meaning` (a few words that explain it).
    """
    return fields(Settings)


def parse_setting(name: str, text: str) -> Any:
    """The value that this text means for this setting; an empty text means None, where the setting allows it.

    Raises SettingInvalid, which says what fits.
    """
    setting = next(declaration for declaration in declared() if declaration.name == name)
    stripped = text.strip()
    if not stripped and type(None) in get_args(setting.type):
        return None
    return setting.metadata["parse"](stripped)


def print_setting(value: Any) -> str:
    """The text that `parse_setting` reads back as this value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return SWITCH[0] if value else SWITCH[1]
    return repr(value) if isinstance(value, float) else str(value)


def choices_of(name: str) -> tuple[str, ...]:
    """The values among which people choose, as texts; empty where anything that fits may be written.

    Which models there are is not known here.
    """
    kind = next(declaration for declaration in declared() if declaration.name == name).type
    kinds = [each for each in (get_args(kind) or (kind,)) if isinstance(each, type)]
    if bool in kinds:
        return SWITCH
    return next((tuple(each) for each in kinds if issubclass(each, StrEnum)), ())


def resolve(defaults: Settings, overrides: Mapping[Scope, Mapping[str, Any]]) -> Settings:
    """The settings that hold when each scope's overrides are laid over the defaults, the nearest scope last.

    Instructions are the exception: they do not replace one another but add up, the widest scope's first.
    """
    merged: dict[str, Any] = {}
    for scope in Scope:
        merged.update(overrides.get(scope, {}))
    instructions = [defaults.instructions, *(overrides.get(scope, {}).get("instructions", "") for scope in Scope)]
    merged["instructions"] = "\n\n".join(text for text in instructions if text)
    return replace(defaults, **merged)
