"""reactions.*: emoji that the app puts on messages."""

import re

from playground.slack.arguments import Method, Refusal, text
from playground.slack.directory import Json
from playground.slack.installation import Installation

NAME = re.compile(r"[a-z0-9_+'-]+(?:::skin-tone-[2-6])?")


async def add(slack: Installation, given: Json) -> Json:
    """reactions.add."""
    channel, ts, name = _item(slack, given)
    if not slack.workspace.add_reaction(slack.bot.id, channel, ts, name):
        raise Refusal("already_reacted")
    return {}


async def remove(slack: Installation, given: Json) -> Json:
    """reactions.remove."""
    channel, ts, name = _item(slack, given)
    if not slack.workspace.remove_reaction(slack.bot.id, channel, ts, name):
        raise Refusal("no_reaction")
    return {}


def _item(slack: Installation, given: Json) -> tuple[str, str, str]:
    if not NAME.fullmatch(given["name"]):
        raise Refusal("invalid_name")
    if not given.get("channel") or not given.get("timestamp"):
        raise Refusal("no_item_specified")
    channel = slack.channel(given["channel"], member=True)
    return channel.id, slack.message(channel.id, given["timestamp"])["ts"], given["name"]


ARGUMENTS = (text("channel"), text("timestamp"), text("name", required=True, missing="invalid_name"))

METHODS = (
    Method("reactions.add", add, ARGUMENTS, scope="reactions:write"),
    Method("reactions.remove", remove, (*ARGUMENTS, text("file"), text("file_comment")), scope="reactions:write"),
)
