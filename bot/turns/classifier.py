"""Decides what a message wants: certain cases by rule, at no cost, and the rest by a small model."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.domain.conversation import Message, Turn
from bot.domain.errors import ModelError
from bot.domain.intent import Intent, Route, Source
from bot.domain.models import Decision, Question
from bot.domain.settings import Settings
from bot.domain.usage import Charge, free
from bot.turns.scene import Scene, otherwise, ruled

log = logging.getLogger(__name__)

BUDGET = 4.0
"""Seconds that a decision may take, counted from the question; an answer without one goes to the text handler."""

LONGEST = 2_000
"""Characters of a message that the small model reads."""

CHOICES = {
    "intent": ("text", "vision", "image_generate", "image_edit", "document"),
    "confidence": ("low", "high"),
    "picture": ("none", "attached", "earlier", "first", "several"),
}
"""What the small model chooses from; always the same, because a new schema has to be compiled first."""

Choose = Callable[[Question], Awaitable[Decision]]


RouteOf = Callable[[Turn], Coroutine[Any, Any, Route]]


@dataclass(frozen=True, slots=True)
class Classifier:
    """Routes turns. `draws` tells whether the handlers for words can draw as well, with these settings."""

    choose: Choose
    model: str
    instructions: str
    draws: Callable[[Settings], bool]
    budget: float = BUDGET

    @asynccontextmanager
    async def begin(self, message: Message | None, charge: Charge = free) -> AsyncIterator[RouteOf]:
        """Begin to route the turn that will answer this message, while its thread is being read.

        The small model is asked at once where nothing in the thread could make the question needless, and otherwise
        when the turn is known. It sees the newest message and what hangs on it, never a file or the thread.
        """
        early: asyncio.Task[Mapping[str, str] | None] | None = None
        if message is not None and Scene.of(message).is_open:
            early = asyncio.create_task(self.ask(Scene.of(message), message, charge, knows_thread=message.is_root))

        async def route(turn: Turn) -> Route:
            scene = Scene.of(turn.message, turn.conversation.before(turn.message.id), draws=self.draws(turn.settings))
            if certain := ruled(scene):
                return certain
            asked = (
                early if early and message and message.id == turn.message.id else self.ask(scene, turn.message, charge)
            )
            chosen = await asked
            return fitting(chosen, scene) if chosen else otherwise(scene)

        try:
            yield route
        finally:
            if early is not None:
                early.cancel()
                await asyncio.gather(early, return_exceptions=True)

    async def ask(
        self, scene: Scene, message: Message, charge: Charge = free, *, knows_thread: bool = True
    ) -> Mapping[str, str] | None:
        """What the small model chooses; None when it does not do so in time, or not properly."""
        try:
            async with asyncio.timeout(self.budget):
                decision = await self.choose(self.question(scene, message, knows_thread=knows_thread))
        except (ModelError, TimeoutError) as error:
            log.warning("not classified: %s %s", type(error).__name__, error)
            return None
        charge(self.model, decision.usage)
        log.info("classified: %s", ", ".join(f"{name} {decision.words.get(name)}" for name in CHOICES))
        return decision.words

    def question(self, scene: Scene, message: Message, *, knows_thread: bool = True) -> Question:
        """What the small model is asked about this message."""
        seen = {
            "message": scene.text[:LONGEST],
            "attached": [str(kind) for kind in scene.attached],
            "earlier_picture": scene.earlier_picture if knows_thread else None,
        }
        return Question(
            name="intent",
            model=self.model,
            instructions=self.instructions,
            text=json.dumps(seen, ensure_ascii=False),
            choices=CHOICES,
            asker=f"{message.thread.workspace}/{message.author.id}",
        )


def fitting(chosen: Mapping[str, str], scene: Scene) -> Route:
    """The route that the small model means, as far as the scene allows it.

    A wrong picture costs more than a wrong word, so one is drawn by force only with high confidence; the handlers for
    words can draw as well.
    """
    sure = chosen.get("confidence") == "high"
    match chosen.get("intent"):
        case "image_generate" if sure:
            return Route(Intent.IMAGE)
        case "image_edit" if sure:
            meant = chosen.get("picture")
            if meant in (Source.EARLIER, Source.FIRST, Source.SEVERAL):
                return Route(Intent.IMAGE, Source(meant))
            return Route(Intent.IMAGE, Source.ATTACHED if scene.has_picture else Source.EARLIER)
        case "vision" if scene.has_picture or scene.earlier_picture:
            return Route(Intent.VISION)
        case _:
            return otherwise(scene)
