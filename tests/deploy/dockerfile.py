"""What deploy/Dockerfile says, instruction by instruction."""

import re
from pathlib import Path

DOCKERFILE = Path(__file__).parents[2] / "deploy/Dockerfile"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with its arguments in one line."""
    text = DOCKERFILE.read_text()
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines if line)]


def last(name: str) -> str:
    """The arguments of the last instruction of this name."""
    return [arguments for each, arguments in instructions() if each == name][-1]


def copied() -> set[str]:
    """The files and folders of the repository that are in the image."""
    sources = [
        arguments.split()[:-1] for name, arguments in instructions() if name == "COPY" and "--from" not in arguments
    ]
    return {source for each in sources for source in each}
