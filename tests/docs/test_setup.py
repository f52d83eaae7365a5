"""docs/setup.md explains every permission and every command, and no others."""

import re

import pytest
import yaml

from slackbot import main
from tests.docs.pages import ROOT, rows_in, text_of

PAGE = text_of("docs/setup.md")


def test_it_says_of_every_scope_of_the_manifest_why_it_is_needed() -> None:
    scopes = yaml.safe_load((ROOT / "slack_app_manifest.yml").read_text())["oauth_config"]["scopes"]
    listed = {scope.strip("`"): why for scope, why in rows_in(PAGE, "scope", "why it is needed")}
    assert list(listed) == scopes["bot"] + scopes["bot_optional"]
    assert all(len(why) > 10 for why in listed.values())
    assert {scope for scope, why in listed.items() if "Optional" in why} == set(scopes["bot_optional"])


def test_it_explains_every_command_line_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    options = set(re.findall(r"--[a-z][\w-]+", capsys.readouterr().out)) - {"--help"}
    assert {command.strip("`").split()[0] for command, _ in rows_in(PAGE, "command", "does")} == options - {
        "--env-file"
    }
    assert "`--env-file`" in PAGE
