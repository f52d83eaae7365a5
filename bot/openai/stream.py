"""Turns the events of a Responses stream into reply events.

Events are told apart by their `type` and read with care: the library builds an event of a type that it does not know as
some other class, compatible servers leave fields out, and the live service sends events that no reference mentions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from bot.domain.errors import AnswerCutOff, AnswerRefused, ModelError
from bot.domain.reply import CutReason, Done, ReplyEvent, StatusChange, TextDelta, Usage
from bot.openai.errors import reported_error

THINKING = StatusChange("thinking")
SEARCHING = StatusChange("searching the web")

_BETWEEN_MESSAGES = "\n\n"

_Place = tuple[int, int]
"""Where a part stands: the index of its output item, and its own index in that item."""


def is_keepalive(event: object) -> bool:
    """True for the undocumented event that only says that the connection is alive; it is no progress."""
    return _field(event, "type") == "keepalive"


@dataclass(slots=True)
class Answer:
    """An answer while its stream is read.

    `done` is set once the end was seen; later events mean nothing. A refusal that the model put into words is its
    answer and shown as such: nobody could say it better. Text that comes in no delta, but only with the end of its part
    or of the whole response, is delivered at the end, once.
    """

    done: Done | None = None
    _shown: list[str] = field(default_factory=list)
    _finished_parts: dict[_Place, str] = field(default_factory=dict)
    _item: int | None = None
    _status: StatusChange | None = None
    _refused: bool = False

    def take(self, event: object) -> list[ReplyEvent]:
        """What this event means for the reply; Done comes last. Raises the ModelError that it reports."""
        kind = _text(event, "type")
        if self.done:
            return []
        match kind:
            case "response.output_text.delta" | "response.refusal.delta":
                return self._show(event)
            case "response.output_text.done":
                self._finished_parts[_place(event)] = _text(event, "text")
            case "response.refusal.done":
                self._finished_parts[_place(event)] = _text(event, "refusal")
                self._refused = True
            case "response.content_part.done":
                self._finished_parts |= _text_parts({_place(event): _field(event, "part")})
            case "response.completed" | "response.incomplete" | "response.failed":
                return self._finish(kind.removeprefix("response."), _field(event, "response"))
            case "error":
                # The reference has the fields at the top, the live service has them in an object.
                raise _reported(_field(event, "error") or event)
            case "response.output_item.added" | "response.output_item.done":
                item = _field(event, "item")
                self._finished_parts |= _item_parts(item, _place(event)[0])
                return self._change_status(_text(item, "type"))
            case _:
                return self._change_status(kind.removeprefix("response."))
        return []

    def end(self) -> None:
        """The stream has ended. Raises AnswerCutOff when the answer has not."""
        if not self.done:
            raise AnswerCutOff("the stream ended without a terminal event")

    def _show(self, event: object) -> list[ReplyEvent]:
        text, item = _text(event, "delta"), _place(event)[0]
        if not text:
            return []
        if self._shown and item != self._item:
            text = _BETWEEN_MESSAGES + text
        self._item = item
        self._shown.append(text)
        return [TextDelta(text)]

    def _change_status(self, kind: str) -> list[ReplyEvent]:
        status = THINKING if kind.startswith("reasoning") else SEARCHING if kind.startswith("web_search_call") else None
        if status is None or status == self._status or self._shown:
            return []
        self._status = status
        return [status]

    def _finish(self, ending: str, response: object) -> list[ReplyEvent]:
        # Some servers send `response.completed` for a response whose status says otherwise.
        status = _text(response, "status")
        if status in ("incomplete", "failed", "cancelled"):
            ending = status
        if ending == "failed":
            raise _reported(_field(response, "error"))
        if ending == "cancelled":
            raise AnswerCutOff("the response was cancelled")
        cut = _cut_reason(response) if ending == "incomplete" else None
        rest = self._rest(response)
        if not rest and not self._shown and cut is not CutReason.LENGTH:
            raise AnswerRefused("no words") if cut or self._refused else ModelError("the response has no text")
        self.done = Done(_usage(_field(response, "usage")), cut)
        return [TextDelta(rest), self.done] if rest else [self.done]

    def _rest(self, response: object) -> str:
        """What of the answer's text no delta has brought; empty when what was shown is not its beginning."""
        shown = "".join(self._shown)
        for parts in (_parts(response), self._finished_parts):
            whole = _joined(parts)
            if whole:
                return whole[len(shown) :] if whole.startswith(shown) else ""
        return ""


def _cut_reason(response: object) -> CutReason:
    reason = _text(_field(response, "incomplete_details"), "reason")
    return CutReason.FILTER if reason == "content_filter" else CutReason.LENGTH


def _parts(response: object) -> dict[_Place, str]:
    """The texts and refusals in the output of a response."""
    return {
        where: text
        for place, item in enumerate(_list(response, "output"))
        for where, text in _item_parts(item, place).items()
    }


def _item_parts(item: object, place: int) -> dict[_Place, str]:
    """The texts and refusals of one output item, which stands at this place."""
    if _text(item, "type") not in ("message", ""):
        return {}
    return _text_parts({(place, index): part for index, part in enumerate(_list(item, "content"))})


def _text_parts(parts: Mapping[_Place, object]) -> dict[_Place, str]:
    return {
        place: _text(part, "text") or _text(part, "refusal")
        for place, part in parts.items()
        if _text(part, "type") in ("output_text", "refusal")
    }


def _joined(parts: Mapping[_Place, str]) -> str:
    written = sorted((place, text) for place, text in parts.items() if text)
    messages = groupby(written, key=lambda part: part[0][0])
    return _BETWEEN_MESSAGES.join("".join(text for _, text in message) for _, message in messages)


def _usage(usage: object) -> Usage:
    return Usage(
        input_tokens=_number(usage, "input_tokens"),
        cached_tokens=_number(_field(usage, "input_tokens_details"), "cached_tokens"),
        output_tokens=_number(usage, "output_tokens"),
    )


def _reported(error: object) -> ModelError:
    return reported_error(_field(error, "code"), _field(error, "type"))


def _place(event: object) -> _Place:
    return _number(event, "output_index"), _number(event, "content_index")


def _field(thing: object, name: str) -> object:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _text(thing: object, name: str) -> str:
    value = _field(thing, name)
    # Half a surrogate pair can stand in JSON, but nowhere else.
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _number(thing: object, name: str) -> int:
    value = _field(thing, name)
    return value if isinstance(value, int) else 0


def _list(thing: object, name: str) -> Iterable[object]:
    value = _field(thing, name)
    return value if isinstance(value, list) else []
