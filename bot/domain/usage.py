"""What is paid for: what each request of a model has used."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields


@dataclass(frozen=True, slots=True)
class Usage:
    """What one request of a model has used of what is paid for.

    `cached_tokens` and `written_tokens` are the parts of `input_tokens` that were read from the prompt cache, and
    written into it. Tokens of thinking are part of the output, those of pictures that a model looks at of the input.
    Apart from tokens are searches of the web and of files, containers in which code was run, and seconds of recordings.
    """

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    searches: int = 0
    written_tokens: int = 0
    file_searches: int = 0
    containers: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


Spent = Sequence[tuple[str, Usage]]
"""What the requests of one call have cost, each with the name of its model, as far as anybody has told it."""


def used_by(model: str, spent: Spent) -> Usage:
    """What all requests of this model have used."""
    return sum((usage for name, usage in spent if name == model), Usage())


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A request that was hung up, or broke off, before anybody told its tokens. They are paid for all the same.

    `asked` and `written` are the texts that went there and came back, `pictures` how many pictures the model was shown;
    `used` is what is known apart from tokens.
    """

    asked: tuple[str, ...] = field(repr=False)
    written: str = field(repr=False)
    pictures: int = 0
    used: Usage = Usage()


Charge = Callable[[str, Usage | Unfinished], None]
"""Takes note of what a request of the model of this name has cost; each request by itself, as soon as it is known."""


def free(_model: str, _usage: Usage | Unfinished) -> None:
    """Takes no note."""
