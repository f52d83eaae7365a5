"""What the scripted model answers: an answer in pieces with their pace, and the scripts that make answers."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from playground.openai.drawings import Drawing, Paint, tiles
from playground.openai.hosted import CodeUse, FileUse
from playground.openai.requests import Request, rough_tokens
from playground.openai.search_events import Page
from playground.openai.uses import FunctionUse, ServerUse, Use

CutReason = Literal["max_output_tokens", "content_filter"]

_REASONING_TOKENS = {"none": 0, "minimal": 8, "low": 64, "medium": 256, "high": 1_024, "xhigh": 2_048, "max": 4_096}
_TOKEN_LIKE = re.compile(r"\S{1,5}\s?|\s+")


@dataclass(frozen=True, slots=True)
class Pace:
    """When the pieces come: the first after `first` seconds, then `per_second` of them; 0 means without a pause.

    `drawing` are the seconds before each sign of progress while a picture is drawn.
    """

    first: float = 0.0
    per_second: float = 0.0
    drawing: float = 0.0

    def due(self, index: int) -> float:
        """How many seconds after the start piece number `index` (from 0) is sent."""
        return self.first + (index / self.per_second if self.per_second else 0.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the model; each piece becomes one delta event.

    `thoughts` are the paragraphs of the reasoning summary, sent when the request asks for one. `cut` is why the answer
    ends early; the server sets it itself when `max_output_tokens` is reached. `drawings` follow the text, and `closing`
    are the pieces of a second text that follows them. `searches` are what the web is searched for before the text, and
    `pages` are cited in it. `uses` are the functions, and the tools of servers and of the provider, that are used: what
    needs the client ends the answer, so that the text is a preface.
    """

    pieces: tuple[str, ...]
    pace: Pace = Pace()
    refused: bool = False
    cut: CutReason | None = None
    thoughts: tuple[str, ...] = ("**Reading the question**",)
    drawings: tuple[Drawing, ...] = ()
    closing: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    uses: tuple[Use, ...] = ()

    @property
    def text(self) -> str:
        return "".join(self.pieces)


Script = Callable[[Request], Answer]
"""Decides what is answered."""


def pieces_of(text: str) -> tuple[str, ...]:
    """Cut a text into pieces of the size of tokens; joined, they are the text again."""
    return tuple(_TOKEN_LIKE.findall(text))


def reasoning_tokens(effort: str) -> int:
    """How many tokens the model spends on thinking at this effort."""
    return _REASONING_TOKENS[effort]


def say(text: str, pace: Pace = Pace()) -> Script:
    """Always this text, in pieces of the size of tokens."""
    return say_pieces(*pieces_of(text), pace=pace)


def say_pieces(*pieces: str, pace: Pace = Pace()) -> Script:
    """Always these pieces, each as one delta."""
    return lambda _request: Answer(pieces, pace)


def echo(request: Request) -> Answer:
    """What the person said last, or a picture of it where the request forces the model to draw."""
    if request.must_draw:
        return Answer((), drawings=(Drawing(),))
    return Answer(pieces_of(request.question))


def read_back(request: Request) -> Answer:
    """Every text of the newest message that a person wrote, what hangs on it included, a blank line between them."""
    return Answer(pieces_of("\n\n".join(request.texts)))


def count_pictures(request: Request) -> Answer:
    """How many pictures the request brings, and each one's type, size and detail."""
    seen = request.pictures
    lines = [
        f"{number}. {picture.media_type or 'at an address'}, {len(picture.data)} bytes, {picture.detail}"
        for number, picture in enumerate(seen, 1)
    ]
    return Answer(pieces_of("\n".join((f"Pictures: {len(seen)}", *lines))))


def draw(
    prompt: str | None = None,
    *,
    before: str = "",
    after: str = "",
    paint: Paint = tiles,
    keepalives: int = 0,
    pace: Pace = Pace(),
) -> Script:
    """A picture, with or without words around it; see `Drawing` for what the arguments mean."""
    drawing = Drawing(prompt, paint, keepalives=keepalives)
    return lambda _request: Answer(pieces_of(before), pace, drawings=(drawing,), closing=pieces_of(after))


def search(text: str, *queries: str, pages: Sequence[tuple[str, str]] = (), pace: Pace = Pace()) -> Script:
    """This text, after the web was searched for these words; it cites the pages, each an address and a title.

    Raises ValueError where the request does not offer the tool, as no model could search then.
    """

    def script(request: Request) -> Answer:
        if not request.may_search:
            raise ValueError("the script searches, and the request does not offer the tool web_search")
        cited = tuple(Page(url, title) for url, title in pages)
        return Answer(pieces_of(text), pace, searches=queries or (request.asked,), pages=cited)

    return script


def call(name: str, arguments: Mapping[str, Any] | str = "{}", *, before: str = "", pace: Pace = Pace()) -> Script:
    """A function is to be run with these arguments, after these words; what follows is for the next round's script."""
    return use(FunctionUse(name, _written(arguments)), before=before, pace=pace)


def ask(server: str, tool: str, arguments: Mapping[str, Any] | str = "{}", *, text: str = "") -> Script:
    """A server's tool is to be called; the text follows it, or stands before it when the call needs an approval."""
    return use(ServerUse(server, tool, _written(arguments)), before=text)


def run_code(text: str, files: Mapping[str, bytes], *, pace: Pace = Pace()) -> Script:
    """This text, after code has run that made these files; the text cites each."""
    return use(CodeUse("make()", files), before=text, pace=pace)


def look_up(text: str, *names: str, query: str = "the rules") -> Script:
    """This text, which cites the files of these names, after the stores were searched."""
    return use(FileUse(query, names), before=text)


def use(*uses: Use, before: str = "", pace: Pace = Pace()) -> Script:
    """All of these in one round."""
    return lambda _request: Answer(pieces_of(before), pace, uses=uses)


def tell_results(request: Request) -> Answer:
    """What the tools of earlier rounds have told, a blank line between them."""
    return Answer(pieces_of("\n\n".join(request.results) or "nothing"))


def _written(arguments: Mapping[str, Any] | str) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


def refuse_to_draw(*categories: str, after: str = "") -> Script:
    """The picture is forbidden by moderation, for these categories."""
    drawing = Drawing(blocked=categories or ("violence",))
    return lambda _request: Answer((), drawings=(drawing,), closing=pieces_of(after))


def refuse(text: str = "I'm sorry, but I can't help with that.") -> Script:
    """A refusal: the answer comes in refusal events instead of text events."""
    return lambda _request: Answer(pieces_of(text), refused=True)


def cut_off(text: str, reason: CutReason) -> Script:
    """This text, and then the answer is incomplete for this reason."""
    return lambda _request: Answer(pieces_of(text), cut=reason)


def in_turn(*scripts: Script) -> Script:
    """The first script for the first request, and so on; the last one for all that follow."""
    waiting = list(scripts)

    def script(request: Request) -> Answer:
        current = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return current(request)

    return script


def within_limit(request: Request, answer: Answer) -> Answer:
    """The answer as far as `max_output_tokens`, which counts the thinking too, lets the model write it."""
    limit = request.body.get("max_output_tokens")
    if limit is None:
        return answer
    left = limit - reasoning_tokens(request.effort)
    kept: list[str] = []
    for piece in answer.pieces:
        left -= rough_tokens(piece)
        if left < 0:
            return replace(answer, pieces=tuple(kept), cut="max_output_tokens", drawings=(), closing=(), uses=())
        kept.append(piece)
    return answer
