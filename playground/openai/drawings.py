"""Pictures that the model draws: what a script orders, and what comes of it (pure)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.openai.image_options import ImageOptions
from playground.openai.pictures.canvas import Canvas, pattern
from playground.openai.pictures.formats import encode

_SHRUNK = 16
"""Pictures of scripts are so many times smaller than was asked for, as nobody looks at them."""

_OUTPUT_TOKENS = {"low": 196, "medium": 440, "high": 1_757, "xhigh": 3_123, "max": 7_023}
"""For 1,024 times 1,024 pixels (image generation guide, prices of gpt-image-2.5)."""

_PARTIAL_TOKENS = 100
_SOURCE_TOKENS = 1_229


@dataclass(frozen=True, slots=True)
class Commission:
    """What is to be drawn: a picture of the prompt, made from the sources where there are any."""

    prompt: str
    options: ImageOptions
    sources: tuple[bytes, ...] = field(default=(), repr=False)


Paint = Callable[[Commission], Canvas]


def tiles(commission: Commission) -> Canvas:
    """Coloured tiles that are others for every prompt and every source."""
    options = commission.options
    seed = hashlib.sha256(b"\0".join((commission.prompt.encode(errors="replace"), *commission.sources))).digest()
    return pattern(seed, max(1, options.width // _SHRUNK), max(1, options.height // _SHRUNK))


@dataclass(frozen=True, slots=True)
class Drawing:
    """One use of the image tool as a script orders it.

    `prompt` is what the model makes of the question; None lets it rewrite the question itself. `blocked` are the
    categories for which moderation forbids the picture. `keepalives` are sent while the picture is being drawn.
    `action` counts where the request leaves it to the model, which else changes a picture whenever it sees one.
    """

    prompt: str | None = None
    paint: Paint = tiles
    blocked: tuple[str, ...] = ()
    keepalives: int = 0
    action: Literal["auto", "generate", "edit"] = "auto"


@dataclass(frozen=True, slots=True)
class Work:
    """A drawing that was carried out; `image` is None when moderation forbade it, `partials` become ever finer."""

    drawing: Drawing
    commission: Commission
    image: bytes | None = field(repr=False)
    partials: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def revised_prompt(self) -> str:
        """The prompt as the model has rewritten it for the tool."""
        return self.drawing.prompt or f"An illustration: {self.commission.prompt}"

    @property
    def error(self) -> dict[str, Any] | None:
        """The error object of a picture that was forbidden."""
        return None if self.image is not None else moderation_error(self.drawing.blocked)


def carry_out(drawing: Drawing, commission: Commission) -> Work:
    """Paint and encode a picture; takes tens of milliseconds for a large one."""
    if drawing.blocked:
        return Work(drawing, commission, None)
    canvas, options = drawing.paint(commission), commission.options
    transparent = options.background == "transparent"
    image, *partials = (
        encode(canvas.reduced(2**blur) if blur else canvas, options.output_format, transparent=transparent)
        for blur in range(options.partial_images + 1)
    )
    return Work(drawing, commission, image, tuple(reversed(partials)))


def moderation_error(categories: tuple[str, ...]) -> dict[str, Any]:
    """Why a picture was forbidden (`ImageGenerationCallError` in `openai.types.responses`)."""
    return {
        "type": "image_generation_user_error",
        "code": "moderation_blocked",
        "message": "Your request was rejected by the safety system.",
        "param": None,
        "moderation_details": {"categories": list(categories), "moderation_stage": "input"},
    }


def usage_of(works: tuple[Work, ...], text_tokens: int) -> dict[str, Any]:
    """What these pictures cost, in rough tokens; `text_tokens` are those of their prompts."""
    drawn = [work for work in works if work.image is not None]
    seen = sum(len(work.commission.sources) for work in drawn) * _SOURCE_TOKENS
    written = sum(_output_tokens(work) for work in drawn)
    read = text_tokens if drawn else 0
    return {
        "input_tokens": read + seen,
        "input_tokens_details": {"image_tokens": seen, "text_tokens": read},
        "output_tokens": written,
        "output_tokens_details": {"image_tokens": written, "text_tokens": 0},
        "total_tokens": read + seen + written,
    }


def _output_tokens(work: Work) -> int:
    options = work.commission.options
    area = options.width * options.height / 1024**2
    return round(_OUTPUT_TOKENS[options.quality] * area) + _PARTIAL_TOKENS * len(work.partials)
