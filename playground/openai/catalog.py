"""The models that this OpenAI offers, and what each of them takes."""

from dataclasses import dataclass
from datetime import UTC, datetime

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True)
class ListedModel:
    """What `GET /v1/models` tells of a model, of whatever kind."""

    id: str
    created: int
    shutdown_date: str | None = None

    def as_json(self) -> dict[str, object]:
        """The model object of `GET /v1/models`."""
        return {
            "id": self.id,
            "object": "model",
            "created": self.created,
            "owned_by": "system",
            "shutdown_date": self.shutdown_date,
        }


def listed_model(name: str, day: str, shutdown: str | None = None) -> ListedModel:
    """A model that came out on this day."""
    return ListedModel(name, int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()), shutdown)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model that writes; `efforts` is empty when it does not reason.

    `context_window` and `max_output` are in tokens. `image_tool` tells whether it can draw with `image_generation`.
    """

    listed: ListedModel
    context_window: int
    max_output: int
    efforts: tuple[str, ...] = ()
    default_effort: str = "none"
    verbosity: bool = True
    image_tool: bool = False

    @property
    def id(self) -> str:
        return self.listed.id


def _card(
    name: str,
    day: str,
    window: int,
    output: int,
    efforts: tuple[str, ...] = (),
    *,
    default: str = "none",
    verbosity: bool = True,
    draws: bool = False,
    shutdown: str | None = None,
) -> ModelCard:
    return ModelCard(listed_model(name, day, shutdown), window, output, efforts, default, verbosity, draws)


_GPT_6 = tuple(effort for effort in EFFORTS if effort != "minimal")
_ALWAYS_REASONING = _GPT_6[1:]
_GPT_5_6 = _GPT_6[:-1]
_GPT_5 = ("minimal", "low", "medium", "high")

MODELS: dict[str, ModelCard] = {
    card.id: card
    for card in (
        _card("gpt-6.2-astra", "2026-11-17", 1_050_000, 128_000, _ALWAYS_REASONING, default="medium", draws=True),
        _card("gpt-6.2-sol", "2026-11-17", 1_050_000, 128_000, _ALWAYS_REASONING, default="medium", draws=True),
        _card("gpt-6-astra", "2026-10-06", 1_050_000, 128_000, _ALWAYS_REASONING, default="medium", draws=True),
        _card("gpt-6.1-sol", "2026-11-03", 1_050_000, 128_000, _ALWAYS_REASONING, default="medium", draws=True),
        _card("gpt-6.1-terra", "2026-11-03", 1_050_000, 128_000, _GPT_6, default="medium", draws=True),
        _card("gpt-6-sol", "2026-09-08", 1_050_000, 128_000, _GPT_6, default="medium", draws=True),
        _card("gpt-6-luna", "2026-09-08", 1_050_000, 128_000, _GPT_6, default="medium", draws=True),
        _card("gpt-5.6-sol", "2026-06-30", 1_050_000, 128_000, _GPT_6, default="medium"),
        _card("gpt-5.6-terra", "2026-06-30", 1_050_000, 128_000, _GPT_5_6, default="medium"),
        _card("gpt-5.6-luna", "2026-06-30", 1_050_000, 128_000, _GPT_5_6, default="medium"),
        _card("gpt-5.5", "2026-04-23", 1_050_000, 128_000, _GPT_5_6, default="medium"),
        _card("gpt-5.4", "2026-03-05", 1_050_000, 128_000, _GPT_5_6),
        _card("gpt-5.4-mini", "2026-03-17", 400_000, 128_000, _GPT_5_6),
        _card("gpt-5.2", "2025-12-11", 400_000, 128_000, _GPT_5_6),
        _card("gpt-5.1", "2025-11-13", 400_000, 128_000, _GPT_5_6[:-1], shutdown="2027-04-01"),
        _card("gpt-5", "2025-08-07", 400_000, 128_000, _GPT_5, default="medium", shutdown="2026-12-11"),
        _card("gpt-5-mini", "2025-08-07", 400_000, 128_000, _GPT_5, default="medium", shutdown="2026-12-11"),
        _card("gpt-5-nano", "2025-08-07", 400_000, 128_000, _GPT_5, default="medium", shutdown="2026-12-11"),
        _card("gpt-4.1", "2025-04-14", 1_047_576, 32_768, verbosity=False, shutdown="2027-01-14"),
        _card("gpt-4.1-mini", "2025-04-14", 1_047_576, 32_768, verbosity=False, shutdown="2027-01-14"),
        _card("gpt-4o", "2024-05-13", 128_000, 16_384, verbosity=False, shutdown="2027-01-14"),
        _card("gpt-4o-mini", "2024-07-18", 128_000, 16_384, verbosity=False, shutdown="2027-01-14"),
    )
}
