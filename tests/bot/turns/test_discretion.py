"""What a model gets to see when something is to be taken out."""

from dataclasses import replace

from bot.domain.models import Action, Order, Prompt, PromptMessage, Question, Role, TextPart
from bot.domain.redaction import Kind, Redaction
from bot.domain.reply import Done, StatusChange
from bot.domain.settings import Settings
from bot.domain.tools import Function, Toolbox
from bot.turns.discretion import DiscreetImages, DiscreetModel, discreet
from tests.doubles.model import ScriptedDrawer, ScriptedModel

MAIL = "ann@example.com"
REDACTION = Redaction(frozenset({Kind.EMAIL}))
PROMPT = Prompt(
    Settings(),
    f"Ask {MAIL}.",
    (PromptMessage(Role.USER, f"I am {MAIL}", (TextPart(f"file: {MAIL}"),)), PromptMessage(Role.ASSISTANT, MAIL)),
    "T/C/1",
    "T/U",
)


def test_everything_said_and_read_is_redacted_and_instructions_are_not() -> None:
    seen = discreet(PROMPT, REDACTION)
    assert MAIL not in str(seen.messages) + "".join(
        part.text for message in seen.messages for part in message.parts if isinstance(part, TextPart)
    )
    assert seen.messages[0].text == "I am [e-mail]"
    assert seen.instructions == PROMPT.instructions


async def test_the_model_is_asked_with_what_is_left() -> None:
    model = ScriptedModel((Done(),))
    discreet_model = DiscreetModel(model, REDACTION)
    assert [event async for event in discreet_model.stream(PROMPT)] == [Done()]
    assert model.prompts == [discreet(PROMPT, REDACTION)]
    await discreet_model.choose(Question("q", "m", "", f'"{MAIL}"', {"a": ("b",)}, "U"))
    assert [question.text for question in model.questions] == ['"[e-mail]"']


async def test_who_draws_does_not_learn_it_either() -> None:
    drawer = ScriptedDrawer((Done(),))
    order = Order(PROMPT, Action.GENERATE, f"a letter to {MAIL}")
    assert [event async for event in DiscreetImages(drawer, REDACTION).draw(order)] == [Done()]
    assert drawer.orders == [Order(discreet(PROMPT, REDACTION), Action.GENERATE, "a letter to [e-mail]")]


async def test_what_a_function_tells_is_redacted_too() -> None:
    async def run(arguments: object) -> str:
        return f"{arguments}: {MAIL}"

    asked = replace(PROMPT, tools=Toolbox((Function("f", "", {}, StatusChange("looking"), run),), code=True))
    (function,) = discreet(asked, REDACTION).tools.functions
    assert await function.run({"a": 1}) == "{'a': 1}: [e-mail]"
    assert discreet(asked, REDACTION).tools.code
