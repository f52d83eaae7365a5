"""docs/deployment.md: its commands can be typed as they stand; what they name has tests of its own."""

import re
import subprocess

from config.environment import variables
from tests.deploy.page import PAGE, ROOT, commands

UNIT = "chatgpt-for-slack"
KNOWN = {
    "cp": r"-r [\w. ]+ /opt/chatgpt-for-slack|deploy/\S+ /etc/systemd/system/",
    "docker": r"compose -f deploy/compose.yml (?:up --build --detach|logs --follow|stop)",
    "install": r"-m 600 .env /etc/\S+",
    "journalctl": rf"-u {UNIT} -f",
    "make": r"-C /opt/\S+ install",
    "mkdir": r"-p /\S+ /\S+",
    "pm2": r".+",
    "systemctl": rf"daemon-reload|enable --now {UNIT}|status {UNIT}",
}


def test_every_command_is_one_that_is_tested_or_plain() -> None:
    for command in commands():
        program, _, arguments = command.partition(" ")
        assert re.fullmatch(KNOWN[program], arguments), command


def test_the_shell_understands_the_commands() -> None:
    assert len(commands()) > 10
    subprocess.run(["bash", "-n"], input="\n".join(commands()), text=True, check=True)


def test_the_files_and_variables_that_it_names_exist() -> None:
    assert all((ROOT / path).exists() for path in re.findall(r"\bdeploy/[\w.-]+", PAGE))
    assert set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)(?:=\w+)?`", PAGE)) <= set(variables())
