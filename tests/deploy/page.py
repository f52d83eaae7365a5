"""What docs/deployment.md tells an operator to do."""

from tests.docs.pages import ROOT, commands_in, text_of

__all__ = ["PAGE", "ROOT", "commands"]

PAGE = text_of("docs/deployment.md")


def commands(program: str = "") -> list[str]:
    """The commands in the blocks of the page, or those of one program; `sudo` is left out."""
    lines = [command.removeprefix("sudo ") for command in commands_in(PAGE)]
    return [line for line in lines if not program or line.split()[0] == program]
