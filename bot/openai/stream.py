"""Turns the events of a Responses stream into reply events.

Events are told apart by their `type` and read with care: compatible servers leave fields out, and the live service
sends events that no reference mentions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from bot.domain.errors import AnswerCutOff, AnswerRefused, ModelError, ModelUnknown, RequestRejected
from bot.domain.reply import DRAWING, THINKING, Citation, CutReason, Done, ReplyEvent, StatusChange, TextDelta
from bot.domain.usage import Usage
from bot.openai.citations import Cited, Unmarked, annotations_of
from bot.openai.errors import PictureFailed, ProviderTrouble, reported_error
from bot.openai.fields import field_of, list_of, number_of, text_of
from bot.openai.made import CODE, RUNNING_CODE, MadeFiles
from bot.openai.pictures import Drawn
from bot.openai.replay import Wanted, replayed, wanted_in
from bot.openai.searches import SEARCHING, SEARCHING_FILES, is_search, search_status
from bot.openai.servers import CALL, Unlisted, server_status

BETWEEN_MESSAGES = "\n\n"

_PICTURE, _SEARCH, _FILE_SEARCH = "image_generation_call", "web_search_call", "file_search_call"

_STATUSES = {
    "reasoning": THINKING,
    _SEARCH: SEARCHING,
    _FILE_SEARCH: SEARCHING_FILES,
    CODE: RUNNING_CODE,
    _PICTURE: DRAWING,
}
"""What people see, by how the names of events and the types of output items begin."""

_Place = tuple[int, int]
"""Where a part stands: the index of its output item, and its own index in that item."""


def is_keepalive(event: object) -> bool:
    """True for the undocumented event that only says that the connection is alive; it is no progress."""
    return field_of(event, "type") == "keepalive"


@dataclass(slots=True)
class Answer:
    """An answer while its stream is read.

    `done` is set once the end was seen; later events mean nothing. A refusal that the model put into words is its
    answer and shown as such: nobody could say it better. Text that comes in no delta, but only with the end of its part
    or of the whole response, is delivered at the end, once; so are pictures. Previews of pictures are ignored. A page
    is cited as soon as it is known. `model` is the name by which the answer was asked for.

    `drawing` says that a picture is under way, `drew` that one was begun, `acted` that it was, or that a server's tool
    was called or code run: the answer must not be asked for again. `made` are the files of that code. A picture that
    failed is an error only where nothing else is answered. `ordered` says that nothing but a picture was asked for.

    `usage` is what the service says of the cost, and `so_far` what is known of it while that has not come.

    `output` is what a next round repeats of this one, and `wanted` what is to be done before: where it is not empty,
    the answer may have no text. What a `cut` answer wanted is not known as a whole, and so is nothing.
    """

    model: str = ""
    ordered: bool = False
    cited: Cited = field(default_factory=Cited)
    made: MadeFiles = field(default_factory=MadeFiles)
    done: Done | None = None
    usage: Usage = Usage()
    drawn_usage: Usage = Usage()
    drawing: bool = False
    drew: bool = False
    acted: bool = False
    output: list[dict[str, Any]] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    _shown: list[str] = field(default_factory=list)
    _unmarked: Unmarked = field(default_factory=Unmarked)
    _unlinked: Unmarked = field(init=False)
    _finished_parts: dict[_Place, str] = field(default_factory=dict)
    _finished_items: dict[int, object] = field(default_factory=dict)
    _item: int | None = None
    _status: StatusChange | None = None
    _refused: bool = False
    _pictures: set[str] = field(default_factory=set)
    _unlisted: Unlisted = field(default_factory=Unlisted)
    _failure: ModelError | None = None
    _known_containers: int = field(init=False)

    def __post_init__(self) -> None:
        self._unlinked, self._known_containers = self.made.unlinked(), self.made.containers

    @property
    def drawn(self) -> bool:
        """True when a picture was delivered."""
        return bool(self._pictures)

    def take(self, event: object) -> list[ReplyEvent | Drawn]:
        """What this event means for the reply; Done comes last. Raises the ModelError that it reports."""
        if self.done:
            return []
        events: list[ReplyEvent | Drawn] = []
        kind = text_of(event, "type")
        self._unlisted.take(kind, event)
        match kind:
            case "response.output_text.delta" | "response.refusal.delta":
                events += self._show(event)
            case "response.output_text.done":
                self._finished_parts[_place(event)] = text_of(event, "text")
            case "response.refusal.done":
                self._finished_parts[_place(event)] = text_of(event, "refusal")
                self._refused = True
            case "response.output_text.annotation.added":
                events += self._cite([field_of(event, "annotation")])
            case "response.content_part.done":
                self._finished_parts |= _text_parts({_place(event): field_of(event, "part")})
            case "response.completed" | "response.incomplete" | "response.failed":
                events += self._finish(kind.removeprefix("response."), field_of(event, "response"))
            case "error":
                # The reference has the fields at the top, the live service has them in an object.
                raise self._unlisted.behind(_reported(field_of(event, "error") or event))
            case "response.output_item.added" | "response.output_item.done":
                item, place = field_of(event, "item"), _place(event)[0]
                self._finished_parts |= _item_parts(item, place)
                events += self._change_status(text_of(item, "type"), item)
                if kind.endswith("done"):
                    self._finished_items[place] = item
                    events += self._draw(item, place)
                events += self._cite(annotations_of(item))
            case _:
                events += self._change_status(kind.removeprefix("response."))
        return events

    def end(self) -> None:
        """The stream has ended. Raises AnswerCutOff when the answer has not."""
        if not self.done:
            raise AnswerCutOff("the stream ended without a terminal event")

    @property
    def text(self) -> str:
        """What of the answer has come, as the model wrote it."""
        return "".join(self._shown)

    @property
    def so_far(self) -> Usage:
        """What the tools have cost so far that the service runs for the model, as their items tell."""
        return self._with_containers(usage_of({"output": list(self._finished_items.values())}))

    def _with_containers(self, usage: Usage) -> Usage:
        """Rounds share a container, which is paid for once."""
        return replace(usage, containers=self.made.containers - self._known_containers)

    def _show(self, event: object) -> list[ReplyEvent | Drawn]:
        text, item = text_of(event, "delta"), _place(event)[0]
        if not text:
            return []
        if self._shown and item != self._item:
            text = BETWEEN_MESSAGES + text
        self._item = item
        self._shown.append(text)
        return _text(self._readable(text))

    def _readable(self, text: str, *, final: bool = False) -> str:
        """As much of the text as people can see now, without what is written for programs."""
        plain = self._unmarked.take(text) + (self._unmarked.rest() if final else "")
        # Where no code has run, brackets need not wait for what follows them.
        return (self._unlinked.take(plain) + (self._unlinked.rest() if final else "")) if self.made.ran else plain

    def _cite(self, annotations: Iterable[object]) -> list[Citation]:
        known = list(annotations)
        self.made.by(known)
        return self.cited.by(known)

    def _change_status(self, kind: str, item: object = None) -> list[StatusChange]:
        status = next((status for prefix, status in _STATUSES.items() if kind.startswith(prefix)), None)
        if status == DRAWING:
            self.drawing = self.drew = True
        if status == SEARCHING:
            status = search_status(item) or (self._status if is_search(self._status) else SEARCHING)
        status = status or server_status(item)
        if kind.startswith(CODE):
            self.made.run(item)
        self.acted = self.acted or self.drew or kind.startswith((CALL, CODE))
        if status is None or status == self._status or (self._shown and not status.foreign):
            return []
        self._status = status
        return [status]

    def _draw(self, item: object, place: int) -> list[Drawn]:
        """The picture of a finished item, the first time that it comes."""
        if text_of(item, "type") != _PICTURE:
            return []
        self.drawing = False
        mark, result, error = text_of(item, "id") or str(place), field_of(item, "result"), field_of(item, "error")
        if text_of(item, "status") == "failed":
            self._failure = _failed_picture(_reported(error))
        elif isinstance(result, str) and result and mark not in self._pictures:
            self._pictures.add(mark)
            return [Drawn(result, text_of(item, "revised_prompt"))]
        return []

    def _finish(self, ending: str, response: object) -> list[ReplyEvent | Drawn]:
        # Some servers send `response.completed` for a response whose status says otherwise.
        status = text_of(response, "status")
        if status in ("incomplete", "failed", "cancelled"):
            ending = status
        if ending == "failed":
            raise self._unlisted.behind(_reported(field_of(response, "error")))
        if ending == "cancelled":
            raise AnswerCutOff("the response was cancelled")
        cut = _cut_reason(response) if ending == "incomplete" else None
        rest = self._rest(response)
        items = list(list_of(response, "output")) or [item for _, item in sorted(self._finished_items.items())]
        self.output = replayed(items)
        self.wanted = wanted_in(self.output) if cut is None else []
        drawn = [picture for place, item in enumerate(items) for picture in self._draw(item, place)]
        cited = [citation for item in items for citation in self._cite(annotations_of(item))]
        if not (rest or self._shown or self._pictures or self.wanted or cut is CutReason.LENGTH):
            raise self._reason_for_nothing(cut)
        for item in items:
            if text_of(item, "type") == CODE:
                self.made.run(item)
        self.usage, self.drawn_usage = self._with_containers(usage_of(response)), drawn_of(response)
        self.done = Done(cut, self.model)
        return [*drawn, *_text(self._readable(rest, final=True)), *cited, self.done]

    def _reason_for_nothing(self, cut: CutReason | None) -> ModelError:
        if self._failure:
            return self._failure
        if cut or self._refused:
            return AnswerRefused("no words")
        picture = self.ordered or self.drew
        return PictureFailed("the response has no picture") if picture else ModelError("the response has no text")

    def _rest(self, response: object) -> str:
        """What of the answer's text no delta has brought; empty when what was shown is not its beginning."""
        shown = self.text
        for parts in (_parts(response), self._finished_parts):
            whole = _joined(parts)
            if whole:
                return whole[len(shown) :] if whole.startswith(shown) else ""
        return ""


def _text(text: str) -> list[ReplyEvent | Drawn]:
    return [TextDelta(text)] if text else []


def _cut_reason(response: object) -> CutReason:
    reason = text_of(field_of(response, "incomplete_details"), "reason")
    return CutReason.FILTER if reason == "content_filter" else CutReason.LENGTH


def _parts(response: object) -> dict[_Place, str]:
    """The texts and refusals in the output of a response."""
    return {
        where: text
        for place, item in enumerate(list_of(response, "output"))
        for where, text in _item_parts(item, place).items()
    }


def _item_parts(item: object, place: int) -> dict[_Place, str]:
    """The texts and refusals of one output item, which stands at this place."""
    if text_of(item, "type") not in ("message", ""):
        return {}
    return _text_parts({(place, index): part for index, part in enumerate(list_of(item, "content"))})


def _text_parts(parts: Mapping[_Place, object]) -> dict[_Place, str]:
    return {
        place: text_of(part, "text") or text_of(part, "refusal")
        for place, part in parts.items()
        if text_of(part, "type") in ("output_text", "refusal")
    }


def _joined(parts: Mapping[_Place, str]) -> str:
    written = sorted((place, text) for place, text in parts.items() if text)
    messages = groupby(written, key=lambda part: part[0][0])
    return BETWEEN_MESSAGES.join("".join(text for _, text in message) for _, message in messages)


def usage_of(response: object) -> Usage:
    """What a response says about its cost, as far as it does, without containers and what was drawn.

    Searches of the web are told of apart from the model (`ToolUsage` in openai.types.responses.response). Where that is
    left out, those count that stand in the output, as those of files always do.
    """
    usage, details = field_of(response, "usage"), field_of(field_of(response, "usage"), "input_tokens_details")
    searched = field_of(field_of(response, "tool_usage"), "web_search")
    return Usage(
        input_tokens=number_of(usage, "input_tokens"),
        cached_tokens=number_of(details, "cached_tokens"),
        output_tokens=number_of(usage, "output_tokens"),
        searches=number_of(searched, "num_requests") if searched is not None else _searches_in(response),
        written_tokens=number_of(details, "cache_write_tokens"),
        file_searches=sum(text_of(item, "type") == _FILE_SEARCH for item in list_of(response, "output")),
    )


def drawn_of(response: object) -> Usage:
    """What a response says about the cost of what the image tool has drawn: tokens of the model that drew."""
    drawn = field_of(field_of(response, "tool_usage"), "image_gen")
    return Usage(input_tokens=number_of(drawn, "input_tokens"), output_tokens=number_of(drawn, "output_tokens"))


def _searches_in(response: object) -> int:
    """Opening a page costs nothing besides its tokens."""
    searches = [item for item in list_of(response, "output") if text_of(item, "type") == _SEARCH]
    return sum(text_of(field_of(search, "action"), "type") in ("search", "") for search in searches)


def _reported(error: object) -> ModelError:
    return reported_error(field_of(error, "code"), field_of(error, "type"))


def _failed_picture(error: ModelError) -> ModelError:
    """Where the report does not say more than that the picture failed, or speaks as if of the whole answer, this."""
    vague = type(error) in (ModelError, ModelUnknown, ProviderTrouble, RequestRejected)
    return PictureFailed(str(error)) if vague else error


def _place(event: object) -> _Place:
    return number_of(event, "output_index"), number_of(event, "content_index")
