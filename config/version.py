"""Which version of the bot this is."""

import tomllib
from pathlib import Path

NAME = "ChatGPT for Slack"

_PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def version() -> str:
    """The number in `pyproject.toml`, which no other place has."""
    return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
