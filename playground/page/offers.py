"""What the app's manifest offers people: slash commands, shortcuts in the menus of messages, and a home."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from playground.slack.directory import Json

MANIFEST = Path(__file__).parents[2] / "slack_app_manifest.yml"


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `name` begins with the slash, and `hint` says what may follow."""

    name: str
    description: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry in the menu of every message."""

    callback_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything that an app adds to Slack's own menus."""

    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    has_home: bool = False


def read_offers(manifest: Path = MANIFEST) -> Offers:
    """What this manifest promises; an operator who has renamed a command sees the old name here."""
    content: Json = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    features = content.get("features", {})
    return Offers(
        tuple(
            Command(each["command"], each.get("description", ""), each.get("usage_hint", ""))
            for each in features.get("slash_commands", ())
        ),
        tuple(
            Shortcut(each["callback_id"], each["name"])
            for each in features.get("shortcuts", ())
            if each["type"] == "message"
        ),
        features.get("app_home", {}).get("home_tab_enabled", False),
    )
