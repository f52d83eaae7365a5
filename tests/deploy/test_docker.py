"""The image and the container, as far as they can be judged unbuilt: what is copied, what runs, what it may."""

import json
from fnmatch import fnmatch
from typing import Any

import jsonschema
import pytest
import yaml

from config.environment import variables
from tests.deploy.dockerfile import copied, instructions, last
from tests.deploy.page import PAGE, ROOT, commands

INSTRUCTIONS = {"FROM", "WORKDIR", "RUN", "COPY", "ENV", "VOLUME", "USER", "HEALTHCHECK", "ENTRYPOINT"}
COMPOSE = ROOT / "deploy/compose.yml"
BOT: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]["bot"]


def reaches_the_build(path: str) -> bool:
    """What .dockerignore lets through: the last line that fits decides."""
    let_through = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!").rstrip("/").removeprefix("**/")
        if pattern and not line.startswith("#"):
            parts = path.split("/")
            fits = fnmatch(path, pattern) or (fnmatch(parts[0], pattern) if "**/" not in line else pattern in parts)
            let_through = line.startswith("!") if fits else let_through
    return let_through


def test_only_instructions_that_docker_knows_stand_in_the_dockerfile() -> None:
    assert instructions()[0][0] == "FROM"
    assert {name for name, _ in instructions()} == INSTRUCTIONS


def test_everything_that_is_copied_exists_and_reaches_the_build() -> None:
    for source in copied():
        assert (ROOT / source).exists()
        assert reaches_the_build(source)


@pytest.mark.parametrize(
    "path", [".env", "data/bot.db", ".git/config", ".venv/bin/python", "tests/conftest.py", "bot/__pycache__/x.pyc"]
)
def test_nothing_else_reaches_the_build(path: str) -> None:
    assert not reaches_the_build(path)


def test_the_page_has_the_same_files_copied_for_systemd() -> None:
    (names,) = [command.split()[2:-1] for command in commands("cp") if command.startswith("cp -r")]
    assert set(names) == copied() | {"Makefile", "docs"}


def test_both_stages_have_the_same_python_so_that_the_environment_fits() -> None:
    first, second = [arguments.split()[0] for name, arguments in instructions() if name == "FROM"]
    assert first == second
    assert "slim" in second


def test_it_runs_as_nobody_special_and_can_write_its_data() -> None:
    user, _, group = last("USER").partition(":")
    assert user == group != "0"
    creation = next(arguments for name, arguments in instructions() if name == "RUN" and "useradd" in arguments)
    assert f"--uid {user}" in creation
    assert f"install -d -o bot -g bot -m 0700 {last('VOLUME')}" in creation
    assert f"DATA_DIR={last('VOLUME')}" in last("ENV")
    assert f"(uid {user})" in PAGE


def test_the_program_is_signalled_itself_and_not_a_shell() -> None:
    assert json.loads(last("ENTRYPOINT")) == [".venv/bin/python", "slackbot.py"]


def test_the_compose_file_follows_the_specification() -> None:
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(COMPOSE.read_text()))


def test_the_container_has_no_rights_and_ends_in_its_own_time() -> None:
    assert BOT["read_only"]
    assert BOT["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in BOT["security_opt"]
    assert int(BOT["stop_grace_period"].removesuffix("s")) >= int(variables()["SHUTDOWN_GRACE_SECONDS"] or 0) + 60
    assert {"max-size", "max-file"} <= set(BOT["logging"]["options"])


def test_what_has_to_be_written_lies_outside_of_the_image() -> None:
    assert BOT["volumes"] == [f"data:{last('VOLUME')}"]
    assert [mount.partition(":")[0] for mount in BOT["tmpfs"]] == ["/tmp"]


def test_the_health_check_asks_where_the_monitor_listens() -> None:
    address = BOT["environment"]["MONITOR_ADDRESS"]
    assert f"MONITOR_ADDRESS={address}" in last("ENV")
    assert f"http://{address}/healthz" in last("HEALTHCHECK")
    assert BOT["environment"]["DATA_DIR"] == last("VOLUME")
    assert set(BOT["environment"]) <= set(variables())


def test_the_paths_of_the_compose_file_exist() -> None:
    build = BOT["build"]
    context = (COMPOSE.parent / build["context"]).resolve()
    assert context == ROOT
    assert (context / build["dockerfile"]).is_file()
    assert (COMPOSE.parent / BOT["env_file"]).resolve() == ROOT / ".env"
