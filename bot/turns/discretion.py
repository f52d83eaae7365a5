"""Models that never see what is to be taken out of texts before they leave the house."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.models import Decision, Order, Prompt, PromptMessage, Question, TextPart
from bot.domain.redaction import Redaction
from bot.domain.reply import ReplyStream
from bot.domain.tools import Function
from bot.ports import ImageBackend, Model


@dataclass(frozen=True, slots=True)
class DiscreetModel:
    """Asks a model, without what is taken out. What an operator wrote, the instructions, stays as it is."""

    model: Model
    redaction: Redaction

    def stream(self, prompt: Prompt) -> ReplyStream:
        """The answer while it is written, as `bot.ports.Model` describes it."""
        return self.model.stream(discreet(prompt, self.redaction))

    async def choose(self, question: Question) -> Decision:
        """One word for each of the question's choices. Raises ModelError."""
        return await self.model.choose(replace(question, text=self.redaction(question.text)))


@dataclass(frozen=True, slots=True)
class DiscreetImages:
    """Has pictures drawn, without what is taken out of the words that order them."""

    images: ImageBackend
    redaction: Redaction

    def draw(self, order: Order) -> ReplyStream:
        """Statuses, then the picture, as `bot.ports.ImageBackend` describes it."""
        prompt, wish = discreet(order.prompt, self.redaction), self.redaction(order.wish)
        return self.images.draw(replace(order, prompt=prompt, wish=wish))


def discreet(prompt: Prompt, redaction: Redaction) -> Prompt:
    """The prompt with all that was said, read and heard redacted; pictures stay as they are.

    What functions tell is redacted, too. What a remote server tells goes to the provider directly.
    """
    functions = tuple(_discreet_function(function, redaction) for function in prompt.tools.functions)
    return replace(
        prompt,
        messages=tuple(_discreet(message, redaction) for message in prompt.messages),
        tools=replace(prompt.tools, functions=functions),
    )


def _discreet(message: PromptMessage, redaction: Redaction) -> PromptMessage:
    parts = tuple(TextPart(redaction(part.text)) if isinstance(part, TextPart) else part for part in message.parts)
    return replace(message, text=redaction(message.text), parts=parts)


def _discreet_function(function: Function, redaction: Redaction) -> Function:
    async def run(arguments: Mapping[str, object]) -> str:
        return redaction(await function.run(arguments))

    return replace(function, run=run)
