"""ChatGPT for Slack: read the configuration, run the bot until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from dotenv import dotenv_values

from config.environment import Config, ConfigInvalid, read_config

MISCONFIGURED = 2
"""The exit code for an operator's mistake: a restart cannot mend it."""


def main(arguments: list[str]) -> int:
    """Run the bot; returns the exit code."""
    parser = argparse.ArgumentParser(prog="slackbot.py", description=__doc__)
    parser.add_argument("--env-file", type=Path, default=Path(".env"), help="file with variables (default: .env)")
    chosen = parser.parse_args(arguments)
    try:
        config = read_config(_environment(chosen.env_file))
    except ConfigInvalid as error:
        print("The bot cannot start:", *(f"  - {problem}" for problem in error.problems), sep="\n", file=sys.stderr)
        print("The file .env.example explains every variable.", file=sys.stderr)
        return MISCONFIGURED
    return _run(config)


def _environment(env_file: Path) -> dict[str, str]:
    """The variables of the file and of the environment; the environment wins."""
    from_file = {name: value for name, value in dotenv_values(env_file).items() if value is not None}
    return from_file | {name: value for name, value in os.environ.items() if value or name not in from_file}


def _run(config: Config) -> int:
    # The libraries behind the bot take a second to load: an operator who forgot a variable need not wait for them.
    from bot.app import StartFailed, run

    try:
        asyncio.run(run(config))
    except StartFailed as error:
        print(f"The bot cannot run: {error}", file=sys.stderr)
        return MISCONFIGURED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
