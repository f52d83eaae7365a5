"""What docs/deployment.md tells an operator to do."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")


def commands(program: str = "") -> list[str]:
    """The commands in the indented blocks of the page, or those of one program; `sudo` is left out."""
    lines = [line.strip().removeprefix("sudo ") for line in re.findall(r"^ {4}(?! )(.+)$", PAGE, re.MULTILINE)]
    return [line for line in lines if not program or line.split()[0] == program]
