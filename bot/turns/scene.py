"""What of a message decides where it goes: its text, what hangs on it, and what was shown before."""

import re
from dataclasses import dataclass

from bot.domain.conversation import AttachmentKind, Conversation, Message
from bot.domain.intent import COMMAND, Intent, Route, Source

LONG = 2_000
"""Characters from which on a message is a text to work on, and no wish for a picture."""

_ASKS = re.compile("[?？؟՞⁇❓]")
"""Signs that end a question, in whatever script."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A message as it is routed.

    `begins` says that nothing was said before it; `draws`, that the handlers for words can draw, too.
    """

    text: str
    attached: tuple[AttachmentKind, ...] = ()
    earlier_picture: bool = False
    earlier_document: bool = False
    begins: bool = True
    draws: bool = True

    @classmethod
    def of(cls, message: Message, before: Conversation | None = None, *, draws: bool = True) -> "Scene":
        """The scene of a message, given what was said before it."""
        earlier = {each.kind for said in (before.messages if before else ()) for each in said.attachments}
        return cls(
            text=message.text.strip(),
            attached=tuple(attachment.kind for attachment in message.attachments),
            earlier_picture=AttachmentKind.PICTURE in earlier,
            earlier_document=AttachmentKind.DOCUMENT in earlier,
            begins=before is None or not before.messages,
            draws=draws,
        )

    @property
    def has_picture(self) -> bool:
        return AttachmentKind.PICTURE in self.attached

    @property
    def has_document(self) -> bool:
        return AttachmentKind.DOCUMENT in self.attached

    @property
    def is_open(self) -> bool:
        """True when only a model can tell, whatever was said before."""
        return self.has_picture and ruled(self) is None


def ruled(scene: Scene) -> Route | None:
    """Where the scene goes without doubt, or None.

    Handlers for words can usually draw, so what looks like talk or like a question is certain: should it want a picture
    after all, the model that answers uses its tool. Where it cannot, whatever might be such a wish is left open.
    """
    if not scene.text and not scene.attached:
        return Route(Intent.INTRODUCTION) if scene.begins else _about_thread(scene)
    if command := COMMAND.match(scene.text):
        return Route(Intent.IMAGE, _source(scene) if command["verb"].lower() == "edit" else Source.NONE)
    if _is_about_words(scene) or (scene.has_picture and scene.draws and _ASKS.search(scene.text)):
        return otherwise(scene)
    may_want_picture = scene.has_picture or scene.earlier_picture or not scene.draws
    return None if may_want_picture else otherwise(scene)


def _about_thread(scene: Scene) -> Route:
    """Who only calls the bot, in the middle of a thread, wants it to look at what is there."""
    return Route(Intent.VISION) if scene.earlier_picture and not scene.earlier_document else otherwise(scene)


def _is_about_words(scene: Scene) -> bool:
    is_heard = AttachmentKind.RECORDING in scene.attached
    return not scene.text or len(scene.text) > LONG or scene.has_document or is_heard


def _source(scene: Scene) -> Source:
    return Source.ATTACHED if scene.has_picture else Source.EARLIER


def otherwise(scene: Scene) -> Route:
    """Where the scene goes when nobody can tell: to words about what hangs on the message."""
    if scene.has_document or (scene.earlier_document and not scene.has_picture):
        return Route(Intent.DOCUMENT)
    return Route(Intent.VISION if scene.has_picture else Intent.TEXT)
