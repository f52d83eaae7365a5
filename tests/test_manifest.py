"""The Slack app that people install asks for what the bot uses: no less, and no more."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.slack.desks import deleting, home, regenerating, settings_modal, stopping, summaries
from bot.slack.reading import listeners
from bot.slack.wire import identity
from config.environment import variables

ROOT = Path(__file__).parent.parent
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "slack_app_manifest.yml").read_text())
SCHEMA: dict[str, Any] = json.loads((ROOT / "tests/data/manifest.schema.2.0.0.json").read_text())

EVENTS = {
    "app_mention": ["app_mention"],
    "message": ["message.channels", "message.groups", "message.im", "message.mpim"],
    "agent_session_stopped": ["agent_session_stopped"],
    "app_home_opened": ["app_home_opened"],
}
"""The subscriptions that bring each event that the listeners take."""

EVENT_SCOPES: dict[str, set[str]] = {
    "agent_session_stopped": set(),
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
}

METHOD_SCOPES: dict[str, set[str]] = {
    "agents.sessions.setStatus": {"chat:write"},
    "assistant.threads.setStatus": {"assistant:write"},
    "bots.info": {"users:read"},
    "chat.appendStream": {"chat:write"},
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.startStream": {"chat:write"},
    "chat.stopStream": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
    "usergroups.list": {"usergroups:read"},
    "users.conversations": {"channels:read", "groups:read", "im:read", "mpim:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
"""Scopes of the methods, from their pages at docs.slack.dev/reference/methods; auth.test needs none."""

SHORTCUTS = {
    settings_modal.THREAD_SHORTCUT,
    stopping.STOP,
    deleting.DELETE,
    regenerating.REGENERATE,
    summaries.SUMMARIZE,
}
"""What the desks add to the menu of messages."""

COMMANDS = {"commands"}

METHOD = re.compile(
    r'"((?:agents|assistant|bots|chat|conversations|files|reactions|team|usergroups|users|views)\.[A-Za-z.]+)"'
)


def used_methods() -> set[str]:
    sources = (path.read_text() for path in (ROOT / "bot/slack").rglob("*.py"))
    return {method for source in sources for method in METHOD.findall(source)}


def scopes(kind: str) -> set[str]:
    return set(MANIFEST["oauth_config"]["scopes"][kind])


def test_slack_takes_the_manifest() -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(MANIFEST)


def test_a_feature_that_slack_does_not_know_would_be_noticed() -> None:
    wrong = MANIFEST | {"features": MANIFEST["features"] | {"agent_vue": {}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate(wrong)


def test_it_subscribes_to_what_the_listeners_hear() -> None:
    heard = [subscription for event in (*listeners.EVENTS, home.OPENED) for subscription in EVENTS[event]]
    assert sorted(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == sorted(heard)


def test_it_asks_for_the_scopes_that_the_code_needs_and_no_others() -> None:
    subscriptions = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    needed = COMMANDS.union(
        *(EVENT_SCOPES[subscription] for subscription in subscriptions),
        *(METHOD_SCOPES[method] for method in used_methods()),
    )
    assert scopes("bot") | scopes("bot_optional") == needed


def test_every_method_in_the_table_is_used() -> None:
    assert used_methods() == METHOD_SCOPES.keys()


def test_the_start_looks_for_the_same_scopes() -> None:
    assert scopes("bot") == identity.SCOPES.keys()
    assert scopes("bot_optional") == identity.OPTIONAL_SCOPES.keys()


def test_it_offers_what_the_desks_listen_to_and_nothing_else() -> None:
    features = MANIFEST["features"]
    assert {(each["type"], each["callback_id"]) for each in features["shortcuts"]} == {
        ("message", name) for name in SHORTCUTS
    }
    assert [each["command"] for each in features["slash_commands"]] == [variables()["SETTINGS_SLASH_COMMAND"]]
    assert features["app_home"]["home_tab_enabled"] is True


def test_people_may_press_and_submit_what_they_are_shown() -> None:
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}


def test_it_needs_no_public_address() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in str(MANIFEST)
