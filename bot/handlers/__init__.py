"""What answers which intent."""

from collections.abc import Callable, Mapping

from bot.domain.intent import Intent
from bot.domain.settings import Settings
from bot.handlers.document import document_handler
from bot.handlers.image import image_handler
from bot.handlers.introduction import introduction_handler
from bot.handlers.text import text_handler
from bot.handlers.vision import vision_handler
from bot.handlers.words import Words
from bot.ports import Handler, ImageBackend


def routing_table(
    words: Words, backend: ImageBackend, *, introduction: str, drawing: str, driver: Callable[[Settings], str]
) -> Mapping[Intent, Handler]:
    """Every intent with its handler; `drawing` instructs the `driver`, the model that orders pictures."""
    return {
        Intent.INTRODUCTION: introduction_handler(introduction),
        Intent.TEXT: text_handler(words),
        Intent.VISION: vision_handler(words),
        Intent.DOCUMENT: document_handler(words),
        Intent.IMAGE: image_handler(backend, drawing, driver),
    }
