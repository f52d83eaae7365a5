"""What people must know of their files before they read the answer: said by us, because a model may forget it."""

from collections.abc import Iterator, Mapping

from bot.domain.conversation import Turn
from bot.domain.files import Transcript, Unusable
from bot.domain.language import say
from bot.handlers.excerpt import Excerpt

LONGEST_QUOTE = 280
"""Characters that are quoted of a recording."""

MOST_NAMES = 5
"""Files that are named in one line."""

_MARKDOWN = str.maketrans(dict.fromkeys("*_`[]<>~|\\", " "))


def preface(turn: Turn, excerpts: Mapping[str, Excerpt]) -> str:
    """What was heard, what could not be used and why, what was read in part; empty when all is as people expect.

    It speaks of the files of the messages that are answered; of earlier ones this was said before. Files that share a
    reason share a line.
    """
    shared = [attachment.id for message in turn.asked for attachment in message.attachments]
    lines = [line for file_id in shared for line in _line(turn, excerpts, file_id)]
    unusable: dict[str, list[str]] = {}
    for file_id in shared:
        if isinstance(content := turn.files.get(file_id), Unusable):
            unusable.setdefault(content.reason, []).append(content.name)
    lines += [
        say("⚠️ I could not use {names}: {reason}.", names=_listed(names), reason=say(reason))
        for reason, names in unusable.items()
    ]
    return "".join(f"> {line}\n" for line in lines) + "\n" if lines else ""


def nothing_left(turn: Turn) -> bool:
    """True when people wrote nothing, and none of the files that they sent can be used."""
    contents = [turn.files.get(each.id) for message in turn.asked for each in message.attachments]
    return (
        bool(contents)
        and all(isinstance(content, Unusable) for content in contents)
        and not any(message.text.strip() for message in turn.asked)
    )


def _line(turn: Turn, excerpts: Mapping[str, Excerpt], file_id: str) -> Iterator[str]:
    match turn.files.get(file_id):
        case Transcript(text=text):
            yield f"🎙 {_quote(text)}"
        case _ if file_id in excerpts and not excerpts[file_id].complete:
            yield _partly_read(excerpts[file_id])


def _partly_read(excerpt: Excerpt) -> str:
    document, name, extent = excerpt.document, named(excerpt.document.name), say(excerpt.extent)
    if document.cut:
        line = say("📄 Of {name} I have read {extent}, because {cut}.", name=name, extent=extent, cut=say(document.cut))
    else:
        line = say("📄 Of {name} I have read {extent}.", name=name, extent=extent)
    if len(excerpt.sections) < len(document.sections):
        line += " " + say(f"Ask me for other {document.unit}s by their numbers.")
    return line


def _listed(names: list[str]) -> str:
    first = [named(name) for name in names[:MOST_NAMES]]
    if more := len(names) - len(first):
        return say("{names} and {number} more", names=", ".join(first), number=str(more))
    return say("{names} and {name}", names=", ".join(first[:-1]), name=first[-1]) if len(first) > 1 else first[0]


def _quote(text: str) -> str:
    line = plain(text)
    return f"“{line}”" if len(line) <= LONGEST_QUOTE else f"“{line[:LONGEST_QUOTE].rstrip()}…”"


def named(name: str) -> str:
    """A file's name as it is, on one line, formatting nothing."""
    clean = "".join(character for character in " ".join(name.split()) if character.isprintable())
    return f"`{clean.replace('`', chr(39))[:120]}`"


def plain(text: str) -> str:
    """One line of text that formats nothing."""
    clean = "".join(character for character in text.translate(_MARKDOWN) if character.isprintable() or character == " ")
    return " ".join(clean.split())
