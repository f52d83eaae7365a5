"""Which model answers which intent."""

from collections.abc import Mapping

import pytest

from bot.domain.conversation import Conversation, Turn
from bot.domain.errors import ModelBlind
from bot.domain.intent import Intent
from bot.domain.reply import Done, TextDelta
from bot.domain.settings import Settings
from bot.handlers import routing_table
from bot.handlers.words import Words
from bot.ports import Handler
from tests.doubles.messages import person_writes
from tests.doubles.model import ScriptedDrawer, ScriptedModel

CHOSEN = Turn(Conversation((person_writes(1, "Hi"),)), Settings(model="chosen"))


def table(model: ScriptedModel, *, sees: bool = True) -> Mapping[Intent, Handler]:
    words = Words(model, "Be kind.", 10_000, lambda _: sees, lambda _: True)
    return routing_table(words, ScriptedDrawer(), introduction="Hello.", drawing="Draw.", driver=lambda _: "small")


def test_every_intent_has_a_handler() -> None:
    assert table(ScriptedModel()).keys() == set(Intent)


@pytest.mark.parametrize("intent", [Intent.TEXT, Intent.VISION, Intent.DOCUMENT])
async def test_the_model_that_people_have_chosen_answers_in_words(intent: Intent) -> None:
    model = ScriptedModel()
    events = [event async for event in table(model)[intent](CHOSEN)]
    assert [type(event) for event in events] == [TextDelta, Done]
    assert [prompt.settings.model for prompt in model.prompts] == ["chosen"]


async def test_a_model_that_does_not_see_is_not_asked_about_pictures() -> None:
    model = ScriptedModel()
    with pytest.raises(ModelBlind):
        [event async for event in table(model, sees=False)[Intent.VISION](CHOSEN)]
    assert model.prompts == []
