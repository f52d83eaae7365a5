"""Keeps answers from carrying off what the model has read: links that nobody knew before are text, and no links.

Whoever can write into a file or a page may ask the model for a link, or a picture, whose address holds what else is in
the conversation; a click, or a preview, would hand it over. So an address that is not known is shown in code, without
its scheme. Nothing but code passes unread, and only what every reader of Markdown takes for code.
"""

import re
from contextlib import aclosing
from dataclasses import dataclass, field

from bot.domain.reply import Citation, Done, ReplyStream, StatusChange, TextDelta
from bot.turns.code import Code
from bot.turns.known_links import KnownLinks

_LONGEST_LABEL, _LONGEST_ADDRESS = 300, 2_000
"""Characters that are held back at most until a link has ended; a longer one is none."""

_LABEL = rf"(?:[^\[\]\\]|\\.){{0,{_LONGEST_LABEL}}}"
_TARGET = (
    rf"\([ \t]*(?:<(?P<angled>[^<>]{{0,{_LONGEST_ADDRESS}}})>"
    rf"|(?P<plain>(?:[^\s()<>]|\([^\s()]*\)){{0,{_LONGEST_ADDRESS}}}))"
    r"(?:[ \t]+[^()]{0,300})?\)"
)
_NAME = r"[a-z][a-z0-9+.-]{1,31}"

_START = re.compile(r"\\|`+|!?\[|\]|<|(?<![a-z])(?:https?://|mailto:|www\.)|(?<=[a-z0-9])://", re.IGNORECASE)
_START_BEGUN = re.compile(
    r"(?:!|(?<![a-z])(?:https?|htt?|h|mailto?|mail?|ma?|ww?w?)(?::/?)?|(?<=[a-z0-9]):/?)\Z", re.IGNORECASE
)
_LINK = re.compile(rf"(?P<image>!?)\[(?P<label>{_LABEL})\]{_TARGET}")
_LINK_BEGUN = re.compile(rf"!?\[{_LABEL}\\?(?:\](?:\(.{{0,{_LONGEST_ADDRESS}}})?)?\Z")
_REST = re.compile(rf"\]{_TARGET}")
_REST_BEGUN = re.compile(rf"\](?:\(.{{0,{_LONGEST_ADDRESS}}})?\Z")
_DEFINITION = re.compile(r"\]:[ \t]*(?P<plain>\S*)")
_ANGLED = re.compile(
    rf"<(?P<plain>{_NAME}:[^\s<>|]{{0,{_LONGEST_ADDRESS}}})(?P<label>\|[^<>]{{0,300}})?>", re.IGNORECASE
)
_ANGLED_BEGUN = re.compile(
    rf"<(?:{_NAME}|[a-z])?(?:(?<=[a-z0-9+.-]):[^\s<>|]{{0,{_LONGEST_ADDRESS}}}(?:\|[^<>]{{0,300}})?)?\Z", re.IGNORECASE
)
_BARE = re.compile(rf"[^\s<]{{1,{_LONGEST_ADDRESS}}}")
_SURE = re.compile(r"[!#-'*-;=?-Z_a-z~]*")
"""The part of a bare address where every reader agrees that it goes on."""

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*)?://|^//|\b(?:mailto|tel):|\bwww\.", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_TAIL = ".,;:!?'*_~\")]}"

_NO_BRACKETS = str.maketrans("[]", "()")
_NO_MARKS = str.maketrans({"`": "'", "|": "¦", "<": "‹", ">": "›"})


@dataclass(frozen=True, slots=True)
class _Step:
    """What becomes of a piece of a line that ends at `end`: shown as `text`; `dead` for a link that was undone."""

    end: int
    text: str
    dead: bool = False


@dataclass(slots=True)
class LinkGuard:
    """Reads an answer while it grows, and lets through what can be shown: what was let through is never taken back.

    While it does not `watch`, every link is fine, and only pictures become text.
    """

    known: KnownLinks = field(default_factory=KnownLinks)
    watch: bool = True
    _line: str = ""
    _done: int = 0
    _ends_in_code: bool = False
    _code: Code = field(default_factory=Code)

    def take(self, piece: str) -> str:
        """As much of the answer as can be shown now that this piece has come.

        A link that is not known waits for the next piece: the source that it is may be named in between.
        """
        before = len(self._line)
        self._line += piece
        return self._settle(before)

    def rest(self) -> str:
        """What was held back, when nothing follows."""
        return self._settle(len(self._line), final=True)

    def _settle(self, before: int, *, final: bool = False) -> str:
        shown: list[str] = []
        while True:
            line, feed, rest = self._line.partition("\n")
            shown.append(self._read(line, before, complete=bool(feed) or final, final=final))
            if not feed or self._done < len(line):
                return "".join(shown)
            shown.append(feed)
            self._code.end_line(line)
            self._ends_in_code = False
            self._line, self._done, before = rest, 0, before - len(line) - 1

    def _read(self, line: str, before: int, *, complete: bool, final: bool) -> str:
        if not self._code.begin_line(line, complete=complete):
            return ""
        if self._code.holds_line:
            start, self._done = self._done, len(line)
            return line[start:]
        return self._read_words(line, before, complete=complete, final=final)

    def _read_words(self, line: str, before: int, *, complete: bool, final: bool) -> str:
        shown: list[str] = []
        place = self._done
        while found := _START.search(line, place):
            start = found.start()
            step = self._step(line, start, found.end(), complete=complete)
            if step is None or (step.dead and step.end > before and not final):
                shown.append(self._apart(line[self._done : start], dead=False))
                self._done = start
                return "".join(shown)
            shown.append(self._apart(line[self._done : start], dead=False))
            # Backticks that meet would be a longer run, which ends the code before it elsewhere.
            beside = step.dead and step.text[:1] == "`" and line[start - 1 : start] == "`"
            shown.append(self._apart(f" {step.text}" if beside else step.text, dead=step.dead))
            self._done = place = step.end
        begun = None if complete else _START_BEGUN.search(line, self._done)
        end = begun.start() if begun else len(line)
        shown.append(self._apart(line[self._done : end], dead=False))
        self._done = end
        return "".join(shown)

    def _apart(self, text: str, *, dead: bool) -> str:
        """The text, with a blank before it where it would lengthen the backticks of a link that was undone."""
        if not text:
            return ""
        blank = " " if self._ends_in_code and text[0] == "`" else ""
        self._ends_in_code = dead and text[-1] == "`"
        return blank + text

    def _step(self, line: str, start: int, end: int, *, complete: bool) -> _Step | None:  # noqa: PLR0911
        """What becomes of what begins at `start`; None while that cannot be told."""
        match line[start]:
            case "\\":
                if end == len(line) and not complete:
                    return None
                end += bool(_PUNCTUATION.match(line, end))
                return _Step(end, line[start:end])
            case "`":
                return self._span(line, start, end, complete=complete)
            case "!" | "[":
                begun, step = _LINK_BEGUN, self._link(line, start)
            case "]":
                if line.startswith("]:", start):
                    return self._definition(line, start, complete=complete)
                begun, step = _REST_BEGUN, self._rest_of_link(line, start)
            case "<":
                begun, step = _ANGLED_BEGUN, self._angled(line, start)
            case _:
                return self._bare(line, start, end, complete=complete)
        if step is None and not complete and begun.match(line, start):
            return None
        return step or self._loose(line, start, end)

    def _loose(self, line: str, start: int, end: int) -> _Step:
        """A mark that begins no link by itself; what might make one of it for another reader is taken apart."""
        text = line[start:end]
        return _Step(end, f"{text} " if self.watch and line.startswith("](", start) else text)

    def _span(self, line: str, start: int, end: int, *, complete: bool) -> _Step | None:
        closed = self._code.span(line, start, end, complete=complete)
        return None if closed is None else _Step(closed, line[start:closed])

    def _link(self, line: str, start: int) -> _Step | None:
        if (found := _LINK.match(line, start)) is None:
            return None
        address, label = _target(found), found["label"]
        if self._is_live(address) and not found["image"]:
            text = found[0] if not self.watch or label == address else found[0].replace(label, _told(label), 1)
            return _Step(found.end(), text)
        return _Step(found.end(), _undone(label, address), dead=True)

    def _rest_of_link(self, line: str, start: int) -> _Step | None:
        if (found := _REST.match(line, start)) is None:
            return None
        if self._is_live(_target(found)):
            return _Step(found.end(), found[0])
        return _Step(found.end(), f"] ({_in_code(_target(found))})", dead=True)

    def _definition(self, line: str, start: int, *, complete: bool) -> _Step | None:
        found = _DEFINITION.match(line, start)
        if found is None or (found.end() == len(line) and not complete and len(found[0]) <= _LONGEST_ADDRESS):
            return None
        address = found["plain"].strip("<>")
        if (address and not re.search(r"[/:\\&]", address)) or self._is_live(address):
            return _Step(start + 2, "]:")  # the address itself is read once more, as a bare one
        text = f"] {_in_code(address)}" if address else "] :"
        return _Step(found.end(), text, dead=True)

    def _angled(self, line: str, start: int) -> _Step | None:
        if (found := _ANGLED.match(line, start)) is None:
            return None
        address, label = found["plain"], (found["label"] or "").lstrip("|")
        if not self._is_live(address):
            return _Step(found.end(), _undone(label, address), dead=True)
        # Slack's own spelling of a link is another address to those who read Markdown.
        live = f"[{_told(label.translate(_NO_BRACKETS))}]({address})"
        return _Step(found.end(), live if label and self.watch else found[0])

    def _bare(self, line: str, start: int, end: int, *, complete: bool) -> _Step | None:
        found = _BARE.match(line, start)
        if found is None or (found.end() == len(line) and not complete and len(found[0]) < _LONGEST_ADDRESS):
            return None
        whole = _trimmed(found[0])
        if self._is_live(whole) or start + len(whole) <= end:
            whole = line[start : max(end, start + len(whole))]
            return _Step(start + len(whole), whole)
        sure = _trimmed((_SURE.match(whole) or found)[0])
        if sure in self.known:
            return _Step(start + len(sure), f"<{sure}>")
        return _Step(start + len(whole), _in_code(whole), dead=True)

    def _is_live(self, address: str) -> bool:
        if not self.watch:
            return True
        return address in self.known or (address[:4].lower() == "www." and f"https://{address}" in self.known)


async def guarded(stream: ReplyStream, guard: LinkGuard) -> ReplyStream:
    """The same reply, with nothing live in its text but links that are known."""
    async with aclosing(stream) as events:
        async for event in events:
            match event:
                case TextDelta(text=text):
                    if safe := guard.take(text):
                        yield TextDelta(safe)
                    continue
                case StatusChange(foreign=True):
                    guard.watch = True
                case Citation(url=url):
                    guard.watch = True
                    guard.known.add(url)
                case Done() if rest := guard.rest():
                    yield TextDelta(rest)
                case _:
                    pass
            yield event


def _target(found: re.Match[str]) -> str:
    return (found["angled"] or found["plain"] or "").strip()


def _undone(label: str, address: str) -> str:
    """A link as text."""
    told = _told(label).strip()
    return f"{told} ({_in_code(address)})" if told and told != _told(address) else _in_code(address)


def _told(label: str) -> str:
    """A label that is no address itself."""
    return _SCHEME.sub("", label)


def _in_code(address: str) -> str:
    told = _told(address).translate(_NO_MARKS)
    return f"`{told if len(told) <= 200 else told[:199] + '…'}`" if told else ""


def _trimmed(address: str) -> str:
    """A bare address without the punctuation behind it; a closing bracket belongs to it when it has opened one."""
    while address and address[-1] in _TAIL:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address
