"""A message that asks whether a tool may be used: what the model wants stands in it as inert text."""

import json
from typing import Any

from bot.domain.language import say
from bot.domain.tools import ToolCall
from bot.slack.markup.blocks import APPROVAL_BLOCK_ID, Block, small
from bot.slack.markup.markdown import escaped
from bot.slack.markup.views import button, clipped, row, said
from bot.slack.payload import Json, objects_at, text_at

ALLOW, REFUSE = "chatgpt_approval_allow", "chatgpt_approval_refuse"
"""The action_ids of the buttons."""

LONGEST = 2_800
"""Characters of arguments that are shown."""

_LONGEST_NAME = 100
_ANSWER_BLOCK_ID = "chatgpt_approval_answer"


def question(call: ToolCall, asker: str, name: str, minutes: int) -> dict[str, Any]:
    """The message with its buttons, which carry the request's `name`; `asker` is the id of who may press them."""
    only = say("Only {person} can answer this, within {minutes} minutes.", person=f"<@{asker}>", minutes=str(minutes))
    allow = {**button(ALLOW, say("Allow")), "value": name, "style": "primary"}
    refuse = {**button(REFUSE, say("Refuse")), "value": name, "style": "danger"}
    return {"text": _wish(call), "blocks": [*_wish_blocks(call), small(_ANSWER_BLOCK_ID, only), row(allow, refuse)]}


def settled(shown: Json, answer: str) -> dict[str, Any]:
    """Such a message, as it is or as Slack shows it, with what became of it, in mrkdwn, in place of the buttons."""
    blocks = objects_at(shown, "blocks")
    kept = [each for each in blocks if each.get("type") != "actions" and each.get("block_id") != _ANSWER_BLOCK_ID]
    return {"text": f"{text_at(shown, 'text')} {answer}", "blocks": [*kept, small(_ANSWER_BLOCK_ID, answer)]}


def printed(arguments: str) -> str:
    """The arguments for eyes, with everything that cannot be seen, or turns the writing around, in escapes."""
    try:
        text = json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = arguments
    visible = "".join(each if each.isprintable() or each == "\n" else f"\\u{ord(each):04x}" for each in text)
    if len(visible) <= LONGEST:
        return visible
    left = say("[{number} more characters are not shown]", number=f"{len(visible) - LONGEST:,}")
    return f"{visible[:LONGEST]}…\n{left}"


def _wish(call: ToolCall) -> str:
    server, tool = (escaped(_in_code(name)) for name in (call.server, call.tool))
    return say("*{server}* wants to use `{tool}`.", server=server, tool=tool)


def _wish_blocks(call: ToolCall) -> list[Block]:
    # In rich text nothing is read as a mention, a link or a mark, and nothing ends the code but its element.
    code = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": printed(call.arguments) or "{}"}]}
    return [said(_wish(call)) | {"block_id": APPROVAL_BLOCK_ID}, {"type": "rich_text", "elements": [code]}]


def _in_code(name: str) -> str:
    """A name on one line, without the marks that would mean something."""
    visible = "".join(each for each in " ".join(name.split()) if each.isprintable() and each not in "`*")
    return clipped(visible, _LONGEST_NAME) or "?"
