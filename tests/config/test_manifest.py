"""An operator's own names come into the manifest, and nothing else changes."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from config.manifest import LONGEST_NAME, PACKAGED, NameInvalid, app_name, fitted

MANIFEST = PACKAGED.read_text(encoding="utf-8")
SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data/manifest.schema.2.0.0.json").read_text())
USUAL = {"slash_command": "/chatgpt-settings", "suffix": ""}


def test_the_usual_names_leave_it_as_it_is() -> None:
    assert fitted(MANIFEST, **USUAL) == MANIFEST


def test_each_name_comes_where_it_belongs_and_the_comments_stay() -> None:
    text = fitted(MANIFEST, name="Ask IT", slash_command="/ask-settings", suffix="_dev")
    manifest, before = yaml.safe_load(text), yaml.safe_load(MANIFEST)
    assert manifest["display_information"]["name"] == "Ask IT"
    assert manifest["features"]["bot_user"]["display_name"] == "Ask IT"
    assert manifest["features"]["slash_commands"][0]["command"] == "/ask-settings"
    callbacks = [shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]]
    assert callbacks == [f"{shortcut['callback_id']}_dev" for shortcut in before["features"]["shortcuts"]]
    assert text.count("#") == MANIFEST.count("#")
    assert manifest["oauth_config"] == before["oauth_config"]
    assert manifest["settings"] == before["settings"]


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=LONGEST_NAME)


@given(NAMES)
def test_slack_takes_it_with_any_name_that_is_let_through(text: str) -> None:
    try:
        name = app_name(text)
    except NameInvalid:
        return
    manifest = yaml.safe_load(fitted(MANIFEST, name=name, **USUAL))
    jsonschema.Draft7Validator(SCHEMA).validate(manifest)
    assert manifest["display_information"]["name"] == name


@pytest.mark.parametrize("text", ["", "   ", "x" * (LONGEST_NAME + 1), "two\nlines", "a\0b"])
def test_a_name_that_slack_would_not_take_is_refused(text: str) -> None:
    with pytest.raises(NameInvalid, match="1 to 35"):
        app_name(text)
