"""A conversation, with what is in its files, as a model reads it."""

from collections.abc import Mapping
from itertools import groupby

from bot.domain.conversation import Attachment, Message, Turn
from bot.domain.files import FileContent, Picture, Transcript, Unit, Unusable
from bot.domain.models import Part, PicturePart, PromptMessage, Role, TextPart
from bot.domain.settings import Detail
from bot.handlers.excerpt import Excerpt


def prompt_messages(turn: Turn, excerpts: Mapping[str, Excerpt], *, sees: bool = True) -> tuple[PromptMessage, ...]:
    """The conversation's messages; several messages of the bot in a row are one answer that was too long for one.

    `excerpts` holds what is read of the documents, by attachment id; a model that does not see gets no pictures. Each
    message of the prompt depends on its message and files alone, so that a growing conversation keeps its prefix and
    the provider's prompt cache works. People's messages begin with the writer's name, because several people may speak
    in one thread.
    """
    spoken = [message for message in turn.conversation.messages if message.text or message.attachments]

    def parts(message: Message) -> tuple[Part, ...]:
        detail = turn.settings.vision_detail
        hanging = (
            part
            for attachment in message.attachments
            for part in _parts(attachment, turn.files.get(attachment.id), excerpts.get(attachment.id), detail)
        )
        return tuple(part for part in hanging if sees or isinstance(part, TextPart))

    prompt: list[PromptMessage] = []
    for from_bot, group in groupby(spoken, key=lambda message: message.from_bot):
        messages = list(group)
        if not from_bot:
            prompt.extend(PromptMessage(Role.USER, _said(message), parts(message)) for message in messages)
            continue
        if text := "\n\n".join(message.text for message in messages if message.text):
            prompt.append(PromptMessage(Role.ASSISTANT, text))
        if made := tuple(part for message in messages for part in parts(message)):
            # An assistant's message cannot hold a picture (reference of the Responses API, input items).
            prompt.append(PromptMessage(Role.USER, "[What you have put into the thread there:]", made))
    return tuple(prompt)


def _said(message: Message) -> str:
    return f"{message.author.name}: {message.text}".rstrip()


def _parts(
    attachment: Attachment, content: FileContent | None, excerpt: Excerpt | None, detail: Detail
) -> tuple[Part, ...]:
    name = quoted(attachment.name)
    match content:
        case Picture(data=data, media_type=media_type):
            return TextPart(f"[picture {name}]"), PicturePart(data, media_type, detail)
        case Transcript(text=text):
            return (TextPart(f"[recording {name}, in which is said:]\n{text}"),)
        case Unusable(reason=reason):
            return (TextPart(f"[file {name}, which could not be used: {reason}]"),)
        case _ if excerpt is not None:
            return _document(name, excerpt)
        case _ if attachment.is_link:
            return ()
        case _:
            return (TextPart(f"[file {name}, which is not shown again]"),)


def _document(name: str, excerpt: Excerpt) -> tuple[Part, ...]:
    """The text, page by page; a page that is a picture comes after the text, under its number."""
    document = excerpt.document
    unit = document.unit
    lines = [f"<file name={name} kind={quoted(document.kind)} content={quoted(excerpt.extent)}>"]
    for section in excerpt.sections:
        if unit is not Unit.PART or document.total > 1:
            title = f": {_one_line(section.title)}" if section.title else ""
            lines.append(f"--- {unit} {section.number}{title} ---")
        lines.append(section.text.replace("</file", "<\u200b/file"))
        if section.scan:
            lines.append(f"[this {unit} follows as a picture]")
    lines.append("</file>")
    scans = [section for section in excerpt.sections if section.scan]
    pictures: list[Part] = []
    for section in scans:
        pictures.append(TextPart(f"[{unit} {section.number} of {name}]"))
        pictures.append(PicturePart(section.scan or b"", "image/jpeg", Detail.HIGH))
    return TextPart("\n".join(lines)), *pictures


def quoted(name: str) -> str:
    """A name in quotation marks, on one line, without any mark that means something here."""
    return f'"{_one_line(name)}"'


def _one_line(text: str) -> str:
    clean = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return clean.replace('"', "'").replace("<", "‹").replace(">", "›").replace("[", "(").replace("]", ")")[:120]
