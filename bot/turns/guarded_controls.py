"""Controls for those who may talk to the bot, within the same limits as questions."""

from dataclasses import dataclass

from bot.domain.conversation import Author, Message, ThreadKey
from bot.domain.errors import NotAdmitted
from bot.ports import Controls, Now
from bot.turns.admission import Admission


@dataclass(frozen=True, slots=True)
class GuardedControls:
    """Controls behind the door, as `bot.ports.Controls` describes them. Stopping costs nothing and is open to all."""

    controls: Controls
    admission: Admission
    now: Now

    async def stop(self, thread: ThreadKey) -> bool:
        """Stop the answer that is being written in this thread; False when there is none."""
        return await self.controls.stop(thread)

    async def answer_again(
        self, thread: ThreadKey, question: str, messages: tuple[str, ...], model: str | None, asker: str
    ) -> bool:
        """Answer this message once more, which counts as a turn of who asks for it.

        Raises NotAdmitted and what limits raise besides, so that the answer there is not replaced by a note.
        """
        await self._begin(thread, asker)
        return await self.controls.answer_again(thread, question, messages, model, asker)

    async def summarize(self, thread: ThreadKey, asker: str) -> str:
        """A summary of the thread, which counts as a turn. Raises NotAdmitted and what limits raise besides."""
        with self.admission.limits.underway.turn(await self._begin(thread, asker)):
            return await self.controls.summarize(thread, asker)

    async def _begin(self, thread: ThreadKey, asker: str) -> Message:
        """What stands for the question. Raises what hinders it."""
        message = Message(thread.root, thread, Author(asker, ""), "", self.now(), to_bot=True)
        if refusal := await self.admission.refusal(message):
            raise NotAdmitted(refusal)
        if hindrance := await self.admission.limits.begin(message):
            raise hindrance
        return message
