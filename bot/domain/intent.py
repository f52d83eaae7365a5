"""What a message wants."""

import re
from dataclasses import dataclass
from enum import StrEnum

COMMAND = re.compile(r"\A\s*[!/](?P<verb>image|draw|imagine|edit)\b", re.IGNORECASE)
"""How a message begins that orders a picture in any case."""


class Intent(StrEnum):
    """The kinds of answer; each has its handler in `bot.handlers`."""

    INTRODUCTION = "introduction"
    TEXT = "text"
    VISION = "vision"
    DOCUMENT = "document"
    IMAGE = "image"


class Source(StrEnum):
    """Which pictures a new one is made from: those attached, the newest or first of the thread, or several of both."""

    NONE = "none"
    ATTACHED = "attached"
    EARLIER = "earlier"
    FIRST = "first"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Route:
    """Where a turn goes; `source` counts for IMAGE alone: NONE draws a new picture."""

    intent: Intent
    source: Source = Source.NONE
