"""The files that code of the model's makes: where they lie, and what people see in the place of links to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.reply import StatusChange
from bot.openai.citations import Unmarked
from bot.openai.fields import text_of

CODE = "code_interpreter_call"
"""How the names of events, and the type of the item, begin that tell of a run of code."""

RUNNING_CODE = StatusChange("running code")

_MOST = 100

_LONGEST_NAME = 100
_LONGEST_ENDING = 12
_ID = re.compile(r"[\w-]{1,200}")
_UNFIT = re.compile(r"[<>:\"|?*`\\/]")

_PATH = r"(?:[^()<>\n]|\([^()<>\n]{0,100}\)){1,300}"
_LINK = re.compile(
    rf"!?\[(?P<label>[^\[\]\n]{{0,200}})\]\(<?(?:sandbox:|/mnt/data/)(?P<linked>{_PATH})>?\)"
    r"|sandbox:(?P<bare>/[\w./+@~%-]{0,300}\w)"
)
"""Addresses within the container, as models write them; nobody can follow them."""

_LINK_BEGUN = re.compile(
    r"(?:!|!?\[[^\[\]\n]{0,200}(?:\](?:\((?:[^()\n]|\([^()\n]{0,100}\)?){0,300})?)?"
    r"|s|sa|san|sand|sandb|sandbo|sandbox|sandbox:[\w./+@~%-]{0,300})\Z"
)


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that lies in a container."""

    container: str
    id: str
    name: str


@dataclass(slots=True)
class MadeFiles:
    """The files of an answer that its text cites, in the order in which it does.

    `ran` says that code was begun, `container` names where it ran last; `linked` are the names of files to which the
    text has links, which models do not always cite.
    """

    ran: bool = False
    container: str = ""
    linked: dict[str, None] = field(default_factory=dict)
    _cited: dict[str, MadeFile] = field(default_factory=dict)
    _ran_in: set[str] = field(default_factory=set)

    @property
    def containers(self) -> int:
        """In how many containers code has run."""
        return len(self._ran_in)

    @property
    def cited(self) -> tuple[MadeFile, ...]:
        """Each file once."""
        return tuple(self._cited.values())

    @property
    def uncited(self) -> tuple[str, ...]:
        """The names in links that no citation tells where to find."""
        named = {file.name for file in self._cited.values()}
        return tuple(name for name in self.linked if name not in named)

    def run(self, item: object) -> None:
        """Code runs, or has run: `item` is what is known of it, if anything."""
        self.ran = True
        container = text_of(item, "container_id")
        if _ID.fullmatch(container) and len(self._ran_in) < _MOST:
            self.container = container
            self._ran_in.add(container)

    def by(self, annotations: Iterable[object]) -> None:
        """Take in what these annotations cite. Other kinds of annotations mean nothing here."""
        for annotation in annotations:
            container, file_id = text_of(annotation, "container_id"), text_of(annotation, "file_id")
            cites = text_of(annotation, "type") == "container_file_citation"
            if cites and _ID.fullmatch(container) and _ID.fullmatch(file_id) and len(self._cited) < _MOST:
                self._cited.setdefault(
                    file_id, MadeFile(container, file_id, safe_name(text_of(annotation, "filename")))
                )

    def unlinked(self) -> Unmarked:
        """Shows a text that comes in pieces with names in the place of links into a container, and notes the names."""
        return Unmarked(_LINK, _LINK_BEGUN, self._named)

    def _named(self, link: re.Match[str]) -> str:
        name = safe_name(link["bare"] or link["linked"])
        if len(self.linked) < _MOST:
            self.linked[name] = None
        if link["bare"]:
            return name
        label = link["label"].strip()
        if not label or label.startswith("sandbox:"):
            return f"`{name}`"
        return label if name in label else f"{label} (`{name}`)"


def safe_name(path: str) -> str:
    """The name of the file at this path, on one line, and fit for any system of files."""
    last = " ".join(re.split(r"[/\\]", path)[-1].split())
    clean = _UNFIT.sub("_", "".join(character for character in last if character.isprintable())).strip(". ")
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return clean[:_LONGEST_NAME] or "file"
    return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
