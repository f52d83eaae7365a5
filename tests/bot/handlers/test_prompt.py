"""How a conversation is put to a model."""

from dataclasses import replace

from bot.domain.conversation import Attachment, Conversation
from bot.domain.models import PromptMessage, Role
from bot.handlers.prompt import prompt_messages
from tests.doubles.messages import bot_writes, person_writes


def test_people_are_named_and_the_bot_is_the_assistant() -> None:
    conversation = Conversation((person_writes(1, "Hi"), bot_writes(2, "Hello"), person_writes(3, "Why?", who="Ben")))
    assert prompt_messages(conversation) == (
        PromptMessage(Role.USER, "Ann: Hi"),
        PromptMessage(Role.ASSISTANT, "Hello"),
        PromptMessage(Role.USER, "Ben: Why?"),
    )


def test_an_answer_in_several_messages_is_one_assistant_turn() -> None:
    conversation = Conversation((person_writes(1, "Hi"), bot_writes(2, "One"), bot_writes(3, "two")))
    assert prompt_messages(conversation)[1] == PromptMessage(Role.ASSISTANT, "One\n\ntwo")


def test_status_lines_and_notes_of_the_bot_are_no_part_of_it() -> None:
    conversation = Conversation((person_writes(1, "Hi"), bot_writes(2, ""), person_writes(3, "Hello?")))
    assert [message.role for message in prompt_messages(conversation)] == [Role.USER, Role.USER]


def test_files_are_named_with_the_fact_that_they_cannot_be_read() -> None:
    message = replace(person_writes(1, ""), attachments=(Attachment("F1", "plan.pdf", "application/pdf", 10),))
    (prompt,) = prompt_messages(Conversation((message,)))
    assert prompt.text == "Ann:\n[attached file 'plan.pdf', application/pdf; its content cannot be read]"


def test_a_growing_conversation_keeps_its_prefix() -> None:
    messages = (person_writes(1, "Hi"), bot_writes(2, "Hello"), person_writes(3, "Why?"), bot_writes(4, "So"))
    whole = prompt_messages(Conversation(messages))
    for length in range(1, len(messages)):
        assert prompt_messages(Conversation(messages[:length])) == whole[:length]
