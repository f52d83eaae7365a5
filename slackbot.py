"""ChatGPT for Slack: read the configuration, run the bot until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from config.environment import Config, examine
from config.manifest import PACKAGED, NameInvalid, app_name, fitted
from config.version import NAME, version

MISCONFIGURED = 2
"""The exit code for an operator's mistake: a restart cannot mend it."""

_ENV_FILE = Path(".env")

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended, as shells have it."""


def main(arguments: list[str]) -> int:
    """Do what the arguments ask for; returns the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        return _carry_out(chosen)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BadEnvFile as error:
        return _complain("This file of variables cannot be read:", [str(error)])


class BadEnvFile(Exception):
    """The file with variables cannot be read; the message names it and says why."""


def _carry_out(chosen: argparse.Namespace) -> int:
    if chosen.version:
        print(NAME, version())
        return 0
    config, problems = examine(_environment(chosen.env_file))
    if chosen.print_manifest is not None:
        return _print_manifest(config, problems, chosen.print_manifest)
    if chosen.check or chosen.check_pictures:
        return _check(config, problems, draw=chosen.check_pictures)
    if chosen.migrate_only:
        return _refused(problems, "DATA_DIR") or _migrate(config)
    return _refused(problems, *problems) or _run(config)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="slackbot.py", description="Run the bot until SIGTERM or Ctrl-C, or do one of the other things below."
    )
    parser.add_argument("--env-file", type=Path, help=f"file with variables (default: {_ENV_FILE}, where there is one)")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--version", action="store_true", help="print the version")
    instead.add_argument(
        "--print-manifest",
        nargs="?",
        const="",
        metavar="NAME",
        help="print the manifest of the Slack app, with this name and the names in the variables; needs no tokens",
    )
    instead.add_argument(
        "--check", action="store_true", help="check everything that the bot needs, and tell what to do"
    )
    instead.add_argument(
        "--check-pictures", action="store_true", help="the same, and have a picture drawn, which costs some cents"
    )
    instead.add_argument("--migrate-only", action="store_true", help="bring the database to the newest schema")
    return parser


def _environment(named: Path | None) -> dict[str, str]:
    """The variables of the file and of the environment; the environment wins. Raises BadEnvFile."""
    env_file = named or _ENV_FILE
    if named and not named.exists():
        raise BadEnvFile(f"{named}: there is no such file")
    try:
        from_file = {name: value for name, value in dotenv_values(env_file).items() if value is not None}
    except OSError as error:
        raise BadEnvFile(f"{env_file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadEnvFile(f"{env_file}: it is no text in UTF-8") from None
    return from_file | {name: value for name, value in os.environ.items() if value or name not in from_file}


def _refused(problems: Mapping[str, str], *needed: str) -> int:
    """The exit code when one of the needed variables is wrong; 0 when all are right."""
    wrong = [problems[name] for name in needed if name in problems]
    return _complain("The bot cannot start:", wrong, "The file .env.example explains every variable.") if wrong else 0


def _complain(heading: str, points: Iterable[str], hint: str = "") -> int:
    lines = [heading, *(f"  - {point}" for point in points), *([hint] if hint else [])]
    print(*lines, sep="\n", file=sys.stderr)
    return MISCONFIGURED


def _print_manifest(config: Config, problems: Mapping[str, str], name: str) -> int:
    if refused := _refused(problems, "SETTINGS_SLASH_COMMAND", "CALLBACK_SUFFIX"):
        return refused
    try:
        named = app_name(name) if name else None
    except NameInvalid as error:
        return _complain("No manifest:", [f"{error}."])
    packaged, command = PACKAGED.read_text(encoding="utf-8"), config.settings_slash_command
    print(fitted(packaged, name=named, slash_command=command, suffix=config.callback_suffix), end="")
    return 0


# The libraries behind the bot take a second to load: an operator who forgot a variable need not wait for them.


def _check(config: Config, problems: Mapping[str, str], *, draw: bool) -> int:
    from bot.app.inspection import check

    return 0 if asyncio.run(check(config, problems, print, draw=draw)) else MISCONFIGURED


def _migrate(config: Config) -> int:
    from bot.app.migrating import bring_up_to_date

    return _carried_out(partial(bring_up_to_date, config.data_dir, print))


def _run(config: Config) -> int:
    # What is imported stays until the end. To look for garbage in it takes a tenth of a second each time, and is done
    # several times while it is imported, and later in the midst of answers.
    gc.disable()
    from bot.app import run

    gc.freeze()
    gc.enable()
    return _carried_out(partial(run, config))


def _carried_out(command: Callable[[], Coroutine[Any, Any, None]]) -> int:
    from bot.app import StartFailed

    try:
        asyncio.run(command())
    except StartFailed as error:
        print(f"The bot cannot run: {error}", file=sys.stderr)
        return MISCONFIGURED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
