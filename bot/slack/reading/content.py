"""What a Slack message says, as Markdown: its blocks or its text, and the messages that it shares."""

import json
import re
from collections.abc import Callable, Mapping

from bot.slack.markup import mrkdwn, rich_text
from bot.slack.markup.blocks import is_aside
from bot.slack.markup.mrkdwn import NameOf
from bot.slack.payload import Json, list_at, object_at, objects_at, text_at
from bot.slack.wire.identity import Identity

_OURSELVES = "\ufdd0"  # stands for our name until we know where it stands; Unicode keeps this character out of texts
_ADDRESSED = re.compile(rf"^\s*(?:@{_OURSELVES}[\s,:]*)+")
_REFERENCE = re.compile(
    r"<(?:[@#]|!subteam\^)([A-Z][A-Z0-9]{1,30})[|>]"
    r'|"(?:user|channel|usergroup|author)_id": "([A-Z][A-Z0-9]{1,30})"'
)


def to_markdown(message: Json, names: Mapping[str, str], identity: Identity) -> str:
    """The message with names instead of ids, as far as `names` has them.

    A mention of the bot at the beginning only addresses it, and is left out; elsewhere it reads like any other. Of the
    bot's own messages only the answer is left: a message that holds nothing but a note or a status says nothing.
    """
    known = {**names, identity.user_id: _OURSELVES}
    return _ADDRESSED.sub("", _whole(message, known.get)).replace(_OURSELVES, identity.name).strip()


def ids_in(message: Json) -> frozenset[str]:
    """The ids of all people, channels and groups to which the message refers, and perhaps a few more."""
    content = json.dumps([message.get(part) for part in ("text", "blocks", "attachments")])
    return frozenset(in_text or in_block for in_text, in_block in _REFERENCE.findall(content))


def mentions(message: Json, user_id: str) -> bool:
    """True when the author mentions this person or bot; not when only a message that is shared along does."""
    in_text = re.search(rf"<@{user_id}[|>]", text_at(message, "text"))
    return bool(in_text) or f'"user_id": "{user_id}"' in json.dumps(message.get("blocks"))


def files_in(message: Json) -> list[Json]:
    """The files that hang on the message, then those of messages that it shares; each once, by its id."""
    shared = filter(_is_shared_message, objects_at(message, "attachments"))
    files: dict[str, Json] = {}
    for file in (file for said in (message, *shared) for file in objects_at(said, "files")):
        files.setdefault(text_at(file, "id"), file)
    return [file for file_id, file in files.items() if file_id]


def _whole(message: Json, name_of: NameOf) -> str:
    attachments = objects_at(message, "attachments")
    shared = [_shared(attachment, name_of) for attachment in attachments if _is_shared_message(attachment)]
    body = _body(message, name_of)
    if not body and "bot_id" in message:
        # Apps that raise alarms often put all they say into attachments of the old kind.
        shared += [_card(attachment, name_of) for attachment in attachments if not _is_shared_message(attachment)]
    return "\n\n".join(part for part in (body, *shared) if part.strip())


def _body(message: Json, name_of: NameOf) -> str:
    blocks = objects_at(message, "blocks")
    parts = [part for block in blocks if (part := _block(block, name_of)).strip()]
    if parts or any(map(is_aside, blocks)):
        return "\n\n".join(parts)
    return mrkdwn.to_markdown(text_at(message, "text"), name_of)


def _block(block: Json, name_of: NameOf) -> str:
    read = _BLOCKS.get(text_at(block, "type"))
    return read(block, name_of) if read else ""


def _header(block: Json, name_of: NameOf) -> str:
    title = _text_object(object_at(block, "text"), name_of)
    return f"## {title}" if title else ""


def _section(block: Json, name_of: NameOf) -> str:
    texts = (object_at(block, "text"), *objects_at(block, "fields"))
    return "\n".join(text for each in texts if (text := _text_object(each, name_of)))


def _context(block: Json, name_of: NameOf) -> str:
    if is_aside(block):
        return ""
    return " ".join(_text_object(element, name_of) for element in objects_at(block, "elements"))


def _text_object(text: Json, name_of: NameOf) -> str:
    said = text_at(text, "text")
    return mrkdwn.to_markdown(said, name_of) if text.get("type") == "mrkdwn" else mrkdwn.unescaped(said)


def _table(block: Json, name_of: NameOf) -> str:
    rows = [
        [_cell(cell, name_of) for cell in row if isinstance(cell, dict)]
        for row in list_at(block, "rows")
        if isinstance(row, list)
    ]
    if rows:
        rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


_BLOCKS: dict[str, Callable[[Json, NameOf], str]] = {
    "markdown": lambda block, _: text_at(block, "text"),
    "rich_text": rich_text.to_markdown,
    "header": _header,
    "section": _section,
    "context": _context,
    "table": _table,
    "divider": lambda *_: "---",
}


def _cell(cell: Json, name_of: NameOf) -> str:
    said = rich_text.to_markdown(cell, name_of) or text_at(cell, "text")
    return " ".join(said.split()).replace("|", "\\|")


def _is_shared_message(attachment: Json) -> bool:
    return attachment.get("is_share") is True or attachment.get("is_msg_unfurl") is True


def _shared(attachment: Json, name_of: NameOf) -> str:
    author = name_of(text_at(attachment, "author_id")) or text_at(attachment, "author_name") or "somebody"
    messages = [object_at(part, "message") for part in objects_at(attachment, "message_blocks")]
    said = "\n\n".join(part for message in messages if (part := _body(message, name_of)))
    said = said or mrkdwn.to_markdown(text_at(attachment, "text") or text_at(attachment, "fallback"), name_of)
    return rich_text.quoted(f"{author} wrote:\n\n{said}") if said.strip() else ""


def _card(attachment: Json, name_of: NameOf) -> str:
    parts = [text_at(attachment, key) for key in ("pretext", "title", "text")]
    said = "\n".join(part for part in parts if part) or text_at(attachment, "fallback")
    return mrkdwn.to_markdown(said, name_of)
