"""The unit file: systemd's own tools find it right, and it agrees with the bot and with the page."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.monitor.systemd import USUAL_INTERVAL
from config.environment import variables
from slackbot import MISCONFIGURED
from tests.deploy.page import PAGE, ROOT, commands

UNIT = ROOT / "deploy/chatgpt-for-slack.service"


def service() -> dict[str, str]:
    """The section [Service], in which no name stands twice."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT.read_text())
    return dict(parser["Service"])


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit as it looks where the bot is installed: here."""
    installed = tmp_path / UNIT.name
    text = UNIT.read_text().replace("/opt/chatgpt-for-slack/.venv/bin/python", sys.executable)
    installed.write_text(text.replace("/opt/chatgpt-for-slack", str(ROOT)))
    return installed


def analyze(*arguments: str) -> str:
    """What systemd-analyze prints; it has to find nothing wrong."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_systemd_finds_nothing_wrong_with_it(unit: Path) -> None:
    assert analyze("verify", "--man=no", str(unit)) == ""


def test_the_page_names_the_exposure_that_systemd_finds(unit: Path) -> None:
    (told,) = re.findall(r"exposure at ([\d.]+) of 10", PAGE)
    analyze("security", "--offline=true", "--no-pager", f"--threshold={round(10 * float(told))}", str(unit))


def test_it_waits_for_answers_that_are_being_finished() -> None:
    assert int(service()["TimeoutStopSec"]) >= int(variables()["SHUTDOWN_GRACE_SECONDS"] or 0) + 60


def test_the_bot_reports_twice_before_the_watchdog_bites() -> None:
    assert service()["Type"] == "notify"
    assert int(service()["WatchdogSec"]) >= 2 * USUAL_INTERVAL


def test_what_an_operator_has_to_mend_is_not_started_again() -> None:
    assert str(MISCONFIGURED) in service()["RestartPreventExitStatus"].split()


def test_the_workers_may_cut_themselves_off_from_the_network() -> None:
    assert set(service()["RestrictNamespaces"].split()) == {"user", "net"}


def test_the_page_installs_to_where_the_service_looks() -> None:
    (copied,) = [command.split()[2:] for command in commands("cp") if command.startswith("cp -r")]
    *names, folder = copied
    assert folder == service()["WorkingDirectory"]
    assert all((ROOT / name).exists() for name in names)
    assert f"make -C {folder} install" in commands("make")
    assert "install -m 600 .env " + service()["LoadCredential"].partition(":")[2] in commands("install")
    assert f"cp deploy/{UNIT.name} /etc/systemd/system/" in commands("cp")
