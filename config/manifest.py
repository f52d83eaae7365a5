"""The manifest of the Slack app, with an operator's own names in it."""

import json
import re
from pathlib import Path

LONGEST_NAME = 35
"""Characters of an app's name (Slack's schema of manifests); the bot's may be longer."""

PACKAGED = Path(__file__).parents[1] / "slack_app_manifest.yml"


class NameInvalid(ValueError):
    """Slack would not take this name; the message says what it takes."""


def app_name(text: str) -> str:
    """The name of the app and its bot. Raises NameInvalid."""
    name = text.strip()
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise NameInvalid(f"The name of the app must have 1 to {LONGEST_NAME} characters, all in one line")
    return name


def fitted(manifest: str, *, name: str | None = None, slash_command: str, suffix: str) -> str:
    """The text of a manifest with this name, where there is one, this command, and this end of each callback id.

    Everything else stays as it is, the comments included: YAML takes the quotes of JSON.
    """

    def put(pattern: str, value: str, text: str) -> str:
        return re.sub(pattern, lambda found: f"{found[1]}{value}", text, flags=re.MULTILINE)

    if name is not None:
        manifest = put(r"^(display_information:\n  name: ).+", json.dumps(name, ensure_ascii=False), manifest)
        manifest = put(r"^( +display_name: ).+", json.dumps(name, ensure_ascii=False), manifest)
    manifest = put(r"^( +- command: )\S+", slash_command, manifest)
    return put(r"^( +callback_id: \S+)", suffix, manifest)
