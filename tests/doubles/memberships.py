"""The one method that the playground's Slack lacks: users.conversations, the conversations that somebody is in."""

import pytest

from playground.slack.arguments import Method, flag, number, text
from playground.slack.directory import Json
from playground.slack.installation import SCOPE_PREFIX, Installation
from playground.slack.methods.conversations import TYPES
from playground.slack.pages import page, read_limit
from playground.slack.rate_limits import CALLS_A_MINUTE, TIERS
from playground.slack.web_api import METHODS


async def conversations_of(slack: Installation, given: Json) -> Json:
    """users.conversations: what the app is a member of, of the given types."""
    kinds = {TYPES[name] for name in given.get("types", "public_channel").split(",")}
    for kind in kinds:
        slack.need(f"{SCOPE_PREFIX[kind]}:read")
    channels = slack.workspace.channels.values()
    found = [channel for channel in channels if channel.kind in kinds and slack.bot.id in channel.members]
    shown, metadata = page(found, given, read_limit(given))
    return {"channels": [channel.as_json(slack.bot.id) for channel in shown], "response_metadata": metadata}


ARGUMENTS = (
    text("cursor"),
    number("limit", invalid="invalid_limit"),
    text("types"),
    text("user"),
    text("team_id"),
    flag("exclude_archived"),
)


def teach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the playground's Slack know the method for the length of a test."""
    method = Method("users.conversations", conversations_of, ARGUMENTS, takes_json=False)
    monkeypatch.setitem(METHODS, method.name, method)
    monkeypatch.setitem(CALLS_A_MINUTE, method.name, TIERS[3])
