"""The models that draw, and what each of them takes.

Names and qualities: `openai.types.image_generate_params` and `openai.types.responses.tool_param`; shutdown dates: the
deprecations page. Models that are gone already are not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from playground.openai.catalog import ListedModel, listed_model

DEFAULT_IMAGE_MODEL = "gpt-image-2.6-sunburst"
"""The tool's own default."""

_QUALITIES = ("low", "medium", "high", "auto")
_MORE_QUALITIES = ("low", "medium", "high", "xhigh", "max", "auto")


@dataclass(frozen=True, slots=True)
class ImageCard:
    """One model; `fidelities` is what it takes as `input_fidelity`, `any_size` is false for three standard sizes."""

    listed: ListedModel
    qualities: tuple[str, ...] = _MORE_QUALITIES
    fidelities: tuple[str, ...] = ()
    any_size: bool = True
    complexity: bool = False
    markup: bool = True


def _previous(name: str, day: str, fidelities: tuple[str, ...] = ()) -> ImageCard:
    listed = listed_model(name, day, "2026-12-01")
    return ImageCard(listed, _QUALITIES, fidelities, any_size=False, markup=False)


IMAGE_MODELS: Mapping[str, ImageCard] = {
    card.listed.id: card
    for card in (
        ImageCard(listed_model("gpt-image-2.6-sunburst", "2026-10-20"), complexity=True),
        ImageCard(listed_model("gpt-image-2.6-flare", "2026-10-20"), complexity=True),
        ImageCard(listed_model("gpt-image-2.5-sunburst", "2026-09-08")),
        ImageCard(listed_model("gpt-image-2.5-sunburst-2026-09-08", "2026-09-08")),
        ImageCard(listed_model("gpt-image-2.5-flare", "2026-09-08")),
        ImageCard(listed_model("gpt-image-2.5-flare-2026-09-08", "2026-09-08")),
        ImageCard(listed_model("gpt-image-2", "2026-04-21"), _QUALITIES, markup=False),
        ImageCard(listed_model("gpt-image-2-2026-04-21", "2026-04-21"), _QUALITIES, markup=False),
        _previous("gpt-image-1.5", "2025-12-16", ("high", "low")),
        _previous("gpt-image-1-mini", "2025-10-06", ("low",)),
        _previous("chatgpt-image-latest", "2025-12-16"),
    )
}
