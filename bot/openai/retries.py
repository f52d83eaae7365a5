"""Decides whether a failed request is made again, and when."""

import random
from dataclasses import dataclass

from bot.domain.errors import AnswerCutOff, ModelBusy, ModelError, ModelUnreachable
from bot.domain.reply import StatusChange
from bot.openai.errors import ProviderTrouble, in_words

_WHAT_HAPPENED: dict[type[ModelError], str] = {
    ModelBusy: "OpenAI is busy",
    ModelUnreachable: "OpenAI cannot be reached",
    AnswerCutOff: "the connection broke",
    ProviderTrouble: "OpenAI had a problem",
}
"""What another try can mend, in words for a status. Not a stall: the person has waited long enough."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and after which pauses (seconds) a request is made again, as long as nothing of its answer was shown.

    A provider that wants a longer pause than the longest is not waited for.
    """

    tries: int = 3
    first_pause: float = 1.0
    growth: float = 3.0
    longest_pause: float = 20.0

    def pause(self, error: ModelError, tries: int) -> float | None:
        """The pause after this many tries, of which the last ended in this error; None when there is no other try."""
        if tries >= self.tries or type(error) not in _WHAT_HAPPENED:
            return None
        wish = error.retry_after if isinstance(error, ModelBusy) else None
        if wish is None:
            # Without the jitter, all that failed together would come back together.
            return min(self.longest_pause, self.first_pause * self.growth ** (tries - 1)) * random.uniform(0.75, 1.25)
        return wish if wish <= self.longest_pause else None


def waiting(error: ModelError, pause: float) -> StatusChange:
    """What people see during the pause."""
    return StatusChange(f"waiting {in_words(pause)} because {_WHAT_HAPPENED[type(error)]}", waiting=True)
