"""What people can have done about answers, besides asking: stop one, have it written again, have a thread summed up."""

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass

from bot.domain.conversation import Author, Conversation, Message, ThreadKey
from bot.domain.errors import BotError, ModelError, ModelStalled, NotAdmitted
from bot.domain.language import say
from bot.domain.models import Prompt, PromptMessage, Role
from bot.domain.reply import Done, TextDelta
from bot.domain.settings import Settings
from bot.domain.usage import Charge, free
from bot.ports import ChatPlatform, CountTokens, Model
from bot.turns.budget import trim
from bot.turns.expenses import Bill, Expenses
from bot.turns.inbox import ThreadInbox
from bot.turns.known_links import KnownLinks
from bot.turns.links import LinkGuard, guarded

LONGEST = 11_000
"""Characters of a summary; with a line below it, it fits into one message."""

PATIENCE = 60.0
"""Seconds that a summary may take, the reading of the thread included."""

NOTHING_SAID = "There is nothing in this thread that I could sum up."

log = logging.getLogger(__name__)


class QuestionForgotten(BotError):
    """The journal does not know the message any more that is to be answered again."""

    explanation = "This was asked too long ago for me to answer it again. Please ask it anew."


@dataclass(frozen=True, slots=True)
class Summaries:
    """How summaries are made: by the model of `settings`, of at most `budget` tokens of a thread.

    `link_hosts` are those to which a summary may link besides what the thread itself links to.
    """

    model: Model
    instructions: str
    settings: Settings
    budget: int
    count_tokens: CountTokens
    patience: float = PATIENCE
    link_hosts: frozenset[str] = frozenset()

    def prompt(self, conversation: Conversation, thread: ThreadKey, asker: str, charge: Charge = free) -> Prompt:
        """The thread as one message of a user: whatever is said in it, it instructs nobody."""
        said = "\n\n".join(map(_said, conversation.messages)).replace("</thread", "<\u200b/thread")
        return Prompt(
            settings=self.settings,
            instructions=self.instructions,
            messages=(PromptMessage(Role.USER, f"<thread>\n{said}\n</thread>"),),
            cache_key=f"summary/{thread.workspace}/{thread.channel}/{thread.root}",
            asker=f"{thread.workspace}/{asker}",
            charge=charge,
        )


@dataclass(frozen=True, slots=True)
class ThreadControls:
    """Controls over the turns of an inbox, as `bot.ports.Controls` describes them.

    What counts as a turn is for those who may talk to the bot, within the same limits as questions.
    """

    inbox: ThreadInbox
    platform: ChatPlatform
    summaries: Summaries
    expenses: Expenses

    async def stop(self, thread: ThreadKey) -> bool:
        """Stop the answer that is being written in this thread, for whoever wants it; False when there is none."""
        return await self.inbox.stop(thread)

    async def answer_again(
        self, thread: ThreadKey, question: str, messages: tuple[str, ...], model: str | None, asker: str
    ) -> bool:
        """Answer this message once more, in place of the `messages` of its answer; False while the thread has its turn.

        This counts as a turn. Raises QuestionForgotten, NotAdmitted and what limits raise besides, so that the answer
        there is not replaced by a note.
        """
        await self._begin(thread, asker)
        log.info("%s asks for another answer to %s/%s", asker, thread.channel, question)
        waits = await self.inbox.answer_again(thread, question, messages, model)
        if waits is None:
            raise QuestionForgotten(f"{thread.channel}/{question} is not in the journal")
        return waits

    async def summarize(self, thread: ThreadKey, asker: str) -> str:
        """A summary of the thread, in its language, as Markdown of at most 11,000 characters; it counts as a turn.

        Raises BotError.
        """
        with self.inbox.admission.limits.underway.turn(await self._begin(thread, asker)):
            try:
                async with asyncio.timeout(self.summaries.patience):
                    return await self._summary(thread, asker)
            except TimeoutError:
                raise ModelStalled("no summary in time") from None

    async def _begin(self, thread: ThreadKey, asker: str) -> Message:
        """What stands for the question. Raises what hinders it."""
        door = self.inbox.admission
        message = Message(thread.root, thread, Author(asker, ""), "", door.now(), to_bot=True)
        if refusal := await door.refusal(message):
            raise NotAdmitted(refusal)
        if hindrance := await door.limits.begin(message):
            raise hindrance
        return message

    async def _summary(self, thread: ThreadKey, asker: str) -> str:
        history = await self.platform.history(thread)
        spoken = Conversation(tuple(each for each in history.messages if each.text or each.attachments))
        if not spoken.messages:
            return say(NOTHING_SAID)
        how = self.summaries
        spoken = await asyncio.to_thread(trim, spoken, how.budget, how.count_tokens)
        known = KnownLinks(how.link_hosts)
        known.hear(history.messages)
        text, bill = "", Bill()
        stream = how.model.stream(how.prompt(spoken, thread, asker, bill.charge))
        try:
            async with aclosing(guarded(stream, LinkGuard(known))) as events:
                async for event in events:
                    bill.take(event)
                    if isinstance(event, TextDelta):
                        text += event.text
                    if isinstance(event, Done) or len(text) > LONGEST:
                        break
        finally:
            await self.expenses.note(thread, asker, bill)
        if not text.strip():
            raise ModelError("an empty summary")
        return text.strip() if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _said(message: Message) -> str:
    files = "".join(f" [file: {attachment.name}]" for attachment in message.attachments)
    return f"{message.author.name}: {message.text}{files}"
