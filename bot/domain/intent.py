"""What a message wants."""

from enum import StrEnum


class Intent(StrEnum):
    """The kinds of answer; each has its handler in `bot.handlers`."""

    INTRODUCTION = "introduction"
    TEXT = "text"
