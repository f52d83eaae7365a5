"""Finds out whether the configured models are there, and do what the bot will ask of them."""

from collections.abc import AsyncIterator, Callable, Container
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from bot.domain.errors import ModelError, ModelUnknown
from bot.domain.findings import Finding, Verdict, count, note, ok, problem, warning
from bot.domain.models import ModelInfo
from bot.domain.settings import Settings
from bot.openai.errors import our_errors
from bot.openai.fields import field_of, text_of
from bot.openai.lessons import is_openai
from bot.openai.model import OpenAIModel
from bot.openai.probes import Probes
from bot.openai.transcription import Transcriber
from bot.openai.troubles import is_out_of_reach, is_wrong_key, trouble, within
from bot.ports import ImageBackend

_SECONDS = 20.0
"""How long the server may take to tell of one model."""

_COSTS = "Each of the next lines is a short question to a model, which costs money: mostly less than a cent in all."


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is asked, and of whom.

    `offers_tool` says that answers may use the image tool, `notice` how long before its last day a model is warned of.
    `images` draws a picture, for more money, unless it is None.
    """

    model: OpenAIModel
    describe: Callable[[str], ModelInfo]
    settings: Settings
    utility_model: str
    transcribe: Transcriber | None
    images: ImageBackend | None
    offers_tool: bool
    today: date
    notice: timedelta

    async def run(self) -> list[Finding]:
        """All findings; the first alone where nothing can be asked, because the key or the address is wrong."""
        try:
            await self._retrieved(self.settings.model)
        except ModelError as error:
            if is_wrong_key(error) or is_out_of_reach(error):
                return [trouble("OPENAI_BASE_URL", self.settings.model, error)]
        listed = {name: await self._listed(variable, name) for variable, name in self._names()}
        missing = {name for name, findings in listed.items() if count(findings, Verdict.PROBLEM)}
        asked = [finding async for finding in self._asked(missing)]
        return list(dict.fromkeys((*chain.from_iterable(listed.values()), note(_COSTS), *asked)))

    def _names(self) -> list[tuple[str, str]]:
        """Each model that is used, with the variable that names it: the one of its most important task."""
        hears = self.transcribe.model if self.transcribe else ""
        named = (
            ("GPT_IMAGE_EDIT_MODEL", self.settings.image_edit_model),
            ("GPT_IMAGE_MODEL", self.settings.image_model),
            ("TRANSCRIPTION_MODEL", hears),
            ("UTILITY_MODEL", self.utility_model),
            ("GPT_MODEL", self.settings.model),
        )
        by_name = {name: variable for variable, name in named if name}
        return [(variable, name) for name, variable in reversed(by_name.items())]

    async def _listed(self, variable: str, name: str) -> list[Finding]:
        """Whether the server has this model, and for how long."""
        last_day = self.describe(name).shutdown
        try:
            listed = await self._retrieved(name)
        except ModelError as error:
            by_name = (
                is_openai(str(self.model.client.base_url)) or field_of(error.__cause__, "code") == "model_not_found"
            )
            if isinstance(error, ModelUnknown) and by_name:
                return [trouble(variable, name, error)]
            found = note(f"{variable}: the server does not tell whether there is {name}; not every server does.")
        else:
            found = ok(f"{variable}: there is {name}.")
            last_day = day_in(text_of(listed, "shutdown_date")) or last_day
        return [found, *_shutdown(variable, name, last_day, self.today, self.notice)]

    async def _retrieved(self, name: str) -> object:
        with our_errors():
            return await within(_SECONDS, self.model.client.models.retrieve(name))

    async def _asked(self, missing: Container[str]) -> AsyncIterator[Finding]:
        """What the models that are not missing have answered."""
        probes, answering, utility = Probes(self.model, self.settings), self.settings.model, self.utility_model
        answers = {utility: "UTILITY_MODEL", answering: "GPT_MODEL"}
        for name, variable in reversed(answers.items()):
            if name not in missing:
                offers_tool = self.offers_tool and self.describe(name).image_tool
                async for finding in probes.answers(variable, name, offers_tool=offers_tool):
                    yield finding
        if answering not in missing and self.describe(answering).vision:
            async for finding in probes.sees("GPT_MODEL", answering):
                yield finding
        if utility not in missing:
            async for finding in probes.chooses("UTILITY_MODEL", utility):
                yield finding
        if self.transcribe and self.transcribe.model not in missing:
            yield await probes.hears(self.transcribe)
        if self.images is None:
            yield note("No picture was drawn, because that costs more; --check-pictures draws one.")
        elif self.settings.image_model not in missing:
            yield await probes.draws(self.images, utility if self.describe(utility).image_tool else answering)


def _shutdown(variable: str, name: str, last_day: date | None, today: date, notice: timedelta) -> list[Finding]:
    """What it means that the provider serves a model until this day, if it does."""
    if last_day is None or last_day - today > notice:
        return []
    if last_day <= today:
        return [
            problem(f"{variable}: {name} is no longer served since {last_day.isoformat()}.", "Choose another model.")
        ]
    return [warning(f"{variable}: {name} is shut down on {last_day.isoformat()}.", "Choose another model before.")]


def day_in(text: str) -> date | None:
    """The day in a listing of models, if there is one: `2026-12-11`."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
