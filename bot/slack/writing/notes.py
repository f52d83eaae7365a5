"""The words below a reply that say why it ended as it did."""

from collections.abc import Mapping

from bot.domain.language import say
from bot.domain.reply import CutReason, Done, Failed, Stopped, StopReason

End = Done | Stopped | Failed
"""How a reply ends."""

_BELOW: Mapping[CutReason | None, str | None] = {
    None: None,
    CutReason.LENGTH: "The answer reached its length limit here. Ask me to go on if you need the rest.",
    CutReason.FILTER: "The answer ends here because of the model's usage rules.",
}
_ALONE: Mapping[CutReason | None, str] = {
    None: "The model finished without writing an answer. Please try again, or ask differently.",
    CutReason.LENGTH: "The model reached its length limit before it wrote anything. Please ask for less at once.",
    CutReason.FILTER: "The model declined to answer this because of its usage rules. Rephrasing may help.",
}
_STOPPED = {
    StopReason.PERSON: "Stopped.",
    StopReason.SHUTDOWN: "I had to stop here because I am being restarted. Please ask again in a moment.",
}


def closing_note(end: End, *, empty: bool, trouble: str | None = None) -> str | None:
    """The note below the reply, as plain text in the language of the reply; None below an answer that is complete.

    `empty` means that nothing was shown; `trouble` says what of an answer that is finished could not be shown.
    """
    note = _note(end, empty=empty, trouble=trouble)
    return say(note) if note else None


def _note(end: End, *, empty: bool, trouble: str | None) -> str | None:
    match end:
        case Done(cut=reason):
            return trouble or (_ALONE[reason] if empty else _BELOW[reason])
        case Stopped(reason=cause):
            return _STOPPED[cause]
        case Failed(explanation=explanation):
            return explanation
