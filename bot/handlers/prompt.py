"""A conversation as a model reads it."""

from itertools import groupby

from bot.domain.conversation import Attachment, Conversation, Message
from bot.domain.models import PromptMessage, Role


def prompt_messages(conversation: Conversation) -> tuple[PromptMessage, ...]:
    """The conversation's messages; several messages of the bot in a row are one answer that was too long for one.

    Each depends on its message alone, so that a growing conversation keeps its prefix and the provider's prompt cache
    works. People's messages begin with the writer's name, because several people may speak in one thread.
    """
    spoken = [message for message in conversation.messages if message.text or message.attachments]
    prompt: list[PromptMessage] = []
    for from_bot, group in groupby(spoken, key=lambda message: message.from_bot):
        if from_bot:
            prompt.append(PromptMessage(Role.ASSISTANT, "\n\n".join(message.text for message in group)))
        else:
            prompt.extend(PromptMessage(Role.USER, _spoken_by_person(message)) for message in group)
    return tuple(prompt)


def _spoken_by_person(message: Message) -> str:
    lines = [f"{message.author.name}: {message.text}".rstrip()]
    lines.extend(_unread_file(attachment) for attachment in message.attachments)
    return "\n".join(lines)


def _unread_file(attachment: Attachment) -> str:
    return (
        f"[attached file {attachment.name!r}, {attachment.media_type or 'of unknown kind'}; its content cannot be read]"
    )
