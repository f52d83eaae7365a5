"""Everything that can go wrong while a message is answered.

    BotError
    ├── ModelError
    │   ├── ModelBusy
    │   ├── ModelUnreachable
    │   ├── ModelStalled
    │   ├── AnswerCutOff
    │   ├── AnswerRefused
    │   ├── ConversationTooLong
    │   ├── QuotaExhausted
    │   ├── KeyRejected
    │   ├── ModelUnknown
    │   ├── ModelBlind
    │   ├── PictureRefused, PictureFailed, CannotDraw, ImageModelUnknown, ProviderTrouble, ToolServerUnreachable
    │   │       (bot.openai.errors)
    │   └── RequestRejected
    ├── PlatformError
    │   ├── PlatformUnavailable
    │   └── ThreadUnreadable
    ├── FileUnusable
    ├── QuestionForgotten (bot.turns.controls)
    ├── NotAdmitted
    ├── TooManyTurns
    ├── BudgetSpent
    ├── TooManyAttempts
    ├── AnswerTooOld
    ├── AnswerStopped
    ├── LineClosed
    └── LeaseLost

Library errors become these in one place in each folder that knows a library. The message of an exception is for the log
and holds no text that people wrote; `explanation` is for the person who waits.
"""

from bot.domain.files import Flaw


class BotError(Exception):
    """Something went wrong; `explanation` says what happened and what to do, for the waiting person."""

    explanation = "Something went wrong on my side. Please try again; if it happens again, tell the person who runs me."


class ModelError(BotError):
    """The model did not answer as it should."""

    explanation = "The model could not answer this. Please try again in a moment."


class ModelBusy(ModelError):
    """The provider is overloaded or limits our rate; `retry_after` is its wish in seconds, where it told one."""

    explanation = "OpenAI is very busy right now. Please try again in a minute."

    def __init__(self, message: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelUnreachable(ModelError):
    """No connection to the provider could be made or kept."""

    explanation = "I could not reach OpenAI. Please try again in a minute."


class ModelStalled(ModelError):
    """The model sent nothing for longer than the time limit."""

    explanation = "The model stopped responding. Please try again, perhaps with a shorter question."


class AnswerCutOff(ModelError):
    """The stream ended without saying how the answer ended."""

    explanation = "The connection to OpenAI broke before the answer was complete. Please ask again."


class AnswerRefused(ModelError):
    """The provider's rules forbid this answer."""

    explanation = "The model declined to answer this because of its usage rules. Rephrasing the question may help."


class ConversationTooLong(ModelError):
    """The conversation does not fit into the model."""

    explanation = "This thread has become too long for the model. Please start a new thread, or ask with less text."


class QuotaExhausted(ModelError):
    """The OpenAI account has no credit left."""

    explanation = "The OpenAI account behind me has run out of credit. Please tell the person who runs me."


class KeyRejected(ModelError):
    """The provider does not accept our key, or the key may not use this model."""

    explanation = "OpenAI does not accept my key. Please tell the person who runs me."


class ModelUnknown(ModelError):
    """The provider does not offer the chosen model."""

    explanation = "The chosen model is not available. Please choose another one, or tell the person who runs me."


class ModelBlind(ModelError):
    """The chosen model is not known to look at pictures."""

    explanation = (
        "The model that answers here is not known to look at pictures. "
        "Please choose another one, or tell the person who runs me, who can describe it in config/catalog.toml."
    )


class RequestRejected(ModelError):
    """The provider calls our request invalid."""

    explanation = (
        "OpenAI did not accept this request. Please rephrase it; if it happens again, tell the person who runs me."
    )


class PlatformError(BotError):
    """The chat platform refused a call."""

    explanation = "Slack did not let me finish this. Please try again in a moment."


class PlatformUnavailable(PlatformError):
    """The chat platform could not be reached, however often we tried."""


class ThreadUnreadable(PlatformError):
    """The chat platform does not let us read this thread."""

    explanation = "I am not allowed to read this conversation. Please invite me to the channel and try again."


class FileUnusable(BotError):
    """A file cannot be read; `reason` tells people why, in words that go on after "I could not use it: "."""

    def __init__(self, flaw: Flaw, reason: str = "") -> None:
        super().__init__(flaw.name.lower())
        self.flaw = flaw
        self.reason = reason or str(flaw)
        self.explanation = f"I could not use this file: {self.reason}."


class NotAdmitted(BotError):
    """A person may not talk to the bot, or not here; `refusal` tells them why."""

    def __init__(self, refusal: str) -> None:
        super().__init__("not admitted")
        self.explanation = refusal


class TooManyTurns(BotError):
    """A person, or a channel, has had as many turns in the last minute as the operator grants."""

    def __init__(self, most: int, seconds: int) -> None:
        super().__init__(f"{most} turns in a minute")
        wait = "1 second" if seconds == 1 else f"{seconds} seconds"
        self.explanation = (
            f"That is more at once than I may answer: {most} in a minute. Please send this again in {wait}."
        )


class BudgetSpent(BotError):
    """The month's budget of a person, a channel or everybody is used up."""

    def __init__(self, explanation: str) -> None:
        super().__init__("a budget is spent")
        self.explanation = explanation


class TooManyAttempts(BotError):
    """Each attempt at this answer was cut off."""

    explanation = "I tried several times, but something always interrupted me. Please ask again."


class AnswerTooOld(BotError):
    """The answer was cut off so long ago that nobody expects it any more."""

    explanation = "I was interrupted while I was answering this, and it is too long ago to go on. Please ask again."


class AnswerStopped(BotError):
    """The platform tells that a person has stopped the answer: nothing more of it is wanted."""


class LineClosed(BotError):
    """The process ends before a turn that waits in line could begin; the next process takes it up."""


class LeaseLost(BotError):
    """Another worker has taken over this thread; whoever sees this stops without writing anything."""
