"""What the bot knows of a model, and what it asks one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.files import Picture
from bot.domain.settings import Detail, Effort, Settings
from bot.domain.tools import Toolbox
from bot.domain.usage import Charge, Usage, free


class TemperatureRule(StrEnum):
    """When a model accepts `temperature` and `top_p`."""

    NEVER = "never"
    EFFORT_NONE = "effort_none"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Long:
    """How many times the usual price the tokens cost of a request with more input than `after` tokens.

    That holds for the whole request: `input` for what was cached or written into the cache as well.
    """

    after: int
    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens, and for one of what is counted apart from them.

    `written` is the price of input that is written into the prompt cache, that of other input where it is None;
    `search` and `file_search` are for one search, `container` is for one in which code runs, `minute` for a minute of a
    recording. `pictures` is what a picture of 1,024 times 1,024 costs, by its quality, where its tokens are not known.
    """

    input: float = 0.0
    cached: float = 0.0
    output: float = 0.0
    written: float | None = None
    long: Long | None = None
    search: float = 0.0
    file_search: float = 0.0
    container: float = 0.0
    minute: float = 0.0
    pictures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model's abilities and limits; the defaults are what is safe to assume of a model that nobody described.

    Such a model is shown pictures: most see them today, and a server whose model does not can say so.

    `context_window` and `max_output` are in tokens; `efforts` is empty for a model that does not reason; `shutdown` is
    the day from which its provider no longer serves it, and `successor` the model that it recommends then.
    """

    name: str
    efforts: tuple[Effort, ...] = ()
    temperature: TemperatureRule = TemperatureRule.NEVER
    verbosity: bool = False
    vision: bool = True
    web_search: bool = False
    image_tool: bool = False
    context_window: int = 128_000
    max_output: int = 16_384
    price: Price | None = None
    shutdown: date | None = None
    successor: str = ""


def nearest_effort(wanted: Effort | None, offered: tuple[Effort, ...]) -> Effort | None:
    """The effort on offer that is closest to the wanted one, the greater of two; None leaves it to the model."""
    if wanted is None or not offered:
        return None
    scale = list(Effort)
    place = scale.index(wanted)
    return min(reversed(offered), key=lambda effort: abs(scale.index(effort) - place))


def takes_temperature(model: ModelInfo, effort: Effort | None) -> bool:
    """Whether the model accepts `temperature` and `top_p` at this effort (deployment checklist of the API's guides)."""
    match model.temperature:
        case TemperatureRule.ALWAYS:
            return True
        case TemperatureRule.EFFORT_NONE:
            return effort is Effort.NONE
        case TemperatureRule.NEVER:
            return False


class Role(StrEnum):
    """Who speaks in a prompt."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class TextPart:
    """A text of its own in a message, such as what is in a file."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A picture in a message; `detail` says how closely the model looks at it."""

    data: bytes = field(repr=False)
    media_type: str
    detail: Detail


Part = TextPart | PicturePart


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message of a prompt: its text, then what hangs on it, in this order. Only a user's message has parts."""

    role: Role
    text: str
    parts: tuple[Part, ...] = ()


class Action(StrEnum):
    """What drawing does: AUTO leaves it to the model whether it makes a picture or changes one that it sees."""

    AUTO = "auto"
    GENERATE = "generate"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The model may draw, or, when it `must`, draws one picture and nothing else. The settings say how."""

    action: Action = Action.AUTO
    must: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked: instructions that we wrote, then messages that people and the bot wrote.

    `cache_key` is the same for all prompts that share a prefix; `asker` names the person for the provider's abuse
    checks. Both are plain here and hashed before they leave. `drawing` counts only for a model that has the image tool,
    `tools` only where the model need not draw. `charge` is told what each request costs, however the answer ends.
    """

    settings: Settings
    instructions: str
    messages: tuple[PromptMessage, ...]
    cache_key: str
    asker: str
    drawing: Drawing | None = None
    tools: Toolbox = Toolbox()
    charge: Charge = field(default=free, repr=False, compare=False)

    @property
    def must_draw(self) -> bool:
        """True when a picture is asked for, and nothing else."""
        return self.drawing is not None and self.drawing.must


@dataclass(frozen=True, slots=True)
class Order:
    """A picture that is to be drawn: what was said about it, and the pictures that it is made from.

    `prompt` is for a model that understands the talk; `wish` is what was asked for last, for one that only draws.
    """

    prompt: Prompt
    action: Action
    wish: str = field(repr=False)
    sources: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A decision for a small model: for each name in `choices` it chooses one of the words.

    `text` is what people wrote, as JSON; it is data and never part of the instructions. `name` names the kind of
    question, and is the same for all that share instructions and choices.
    """

    name: str
    model: str
    instructions: str
    text: str
    choices: Mapping[str, tuple[str, ...]]
    asker: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a small model has chosen: one word for each of the question's choices, and what that cost."""

    words: Mapping[str, str]
    usage: Usage = Usage()
