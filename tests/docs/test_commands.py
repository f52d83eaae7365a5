"""Every command in the documents is claimed: by a test that runs it, or by a tool that understands it and a reason.

A command that nobody claims fails here. Say below who runs it, or why nobody can.
"""

import re
import subprocess
from collections.abc import Iterator

import pytest

from slackbot import main
from tests.docs.pages import PAGES, ROOT, commands_in, spans_in, text_of

RUN = {
    r"make (demo|help|check|run)": "tests/docs/test_running.py",
    r"(cat slack_app_manifest\.yml|cp \.env\.example \.env|chmod 600 \.env)": "tests/docs/test_running.py",
    r'\.venv/bin/python slackbot\.py --print-manifest "Ask IT"': "tests/docs/test_running.py",
    r"(\.venv/bin/)?python slackbot\.py( --migrate-only)?": "tests/stories/test_commands.py",
    r"(\.venv/bin/)?python slackbot\.py --check": "tests/stories/test_checking.py",
    r"cp tools\.example\.toml tools\.toml": "tests/docs/test_running.py",
    r"(ls -l|cp|mv|rm -f|mkdir|chmod 600) data/.+": "tests/docs/test_running.py",
    r"curl --silent --show-error http://127\.0\.0\.1:9464/(healthz|readyz|metrics)": "tests/docs/test_running.py",
    r"sudo (mkdir|cp|install) .+": "tests/docs/test_running.py",
    r"pm2 (start|logs|restart|stop|delete) .+": "tests/deploy/test_pm2.py",
    r"\.venv/bin/python -m playground --no-bot --port 8123": "tests/playground/test_main.py",
}
"""By a pattern of commands, the tests that run them."""

INSTALLS = "needs the registry of Python's packages"
LONG = "takes minutes to hours, or runs these tests themselves"
MACHINE = "changes the machine"

NOT_RUN = {
    r"make install|sudo make -C /opt/chatgpt-for-slack install": INSTALLS,
    r"make audit": INSTALLS,
    r"\.venv/bin/pip install -r [\w-]+\.txt": INSTALLS,
    r"make (test|lint|format|bench|soak|age)( .+)?": LONG,
    r"\.venv/bin/pytest tests/\S+": LONG,
    r"make eval-intents": "needs a key, and costs money",
    r"(sudo )?systemctl .+": MACHINE,
    r"journalctl -u chatgpt-for-slack -f": "needs a machine that systemd runs",
    r"pm2 (save|startup)": MACHINE,
    r"docker compose -f deploy/compose\.yml .+": "needs Docker and a registry of images",
    r"docker compose … down --volumes": "is named as what not to do",
    r"apt-get install .+": MACHINE,
    r"systemd-analyze security chatgpt-for-slack": "tests/deploy/test_systemd.py asks it about the file instead",
    r"git (pull|checkout)": "needs the place where the source came from",
}
"""By a pattern of commands, why no test runs them; what can be known of them without is tested below."""

PROGRAMS = (
    *("apt-get", "cat", "chmod", "chown", "cp", "curl", "docker", "git", "journalctl", "kill", "ls", "make", "mkdir"),
    *("mv", "npm", "pip", "pip3", "pm2", "pytest", "python", "python3", "rm", "ruff", "sqlite3", "systemctl"),
    *("systemd-analyze", "uv"),
)
PROGRAM = re.compile(rf"(?:sudo |\.venv/bin/)?(?:{'|'.join(PROGRAMS)}) [^=]")
"""How a command begins that stands in a sentence."""


def all_commands() -> Iterator[str]:
    """The commands in the blocks of all pages, and those in their sentences."""
    for page in PAGES:
        yield from commands_in(text_of(page))
        yield from (span for span in spans_in(text_of(page)) if PROGRAM.match(span))


COMMANDS = sorted(set(all_commands()))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_claimed_once(command: str) -> None:
    claims = [pattern for pattern in (*RUN, *NOT_RUN) if re.fullmatch(pattern, command)]
    assert len(claims) == 1, f"{command} is claimed by {claims or 'nobody'}: see {__name__}"


def test_nothing_is_claimed_that_no_page_says_and_no_test_is_named_that_is_not_there() -> None:
    for pattern in (*RUN, *NOT_RUN):
        assert any(re.fullmatch(pattern, command) for command in COMMANDS), pattern
    assert all((ROOT / test).is_file() for test in RUN.values())


@pytest.mark.parametrize("page", PAGES)
def test_the_shell_understands_the_commands(page: str) -> None:
    subprocess.run(["sh", "-n"], input="\n".join(commands_in(text_of(page))), text=True, check=True)


@pytest.mark.parametrize("command", [each for each in COMMANDS if re.match(r"(sudo )?make\b", each)])
def test_make_knows_what_it_is_told_to_make(command: str) -> None:
    plain = re.sub(r"^sudo |-C /\S+ ", "", command)
    done = subprocess.run(["sh", "-c", f"{plain} --dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [each for each in COMMANDS if re.search(r"\bpytest\b|\bpip install -r\b", each)])
def test_the_files_that_a_command_names_exist(command: str) -> None:
    assert (ROOT / command.rsplit(maxsplit=1)[-1]).exists()


@pytest.mark.parametrize("page", PAGES)
def test_the_options_of_the_program_exist(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    known = set(re.findall(r"--[a-z][\w-]+", capsys.readouterr().out))
    assert set(re.findall(r"slackbot\.py (--[\w-]+)", text_of(page))) <= known
