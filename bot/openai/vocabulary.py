"""Installs the vocabulary with which tokens are counted exactly: `python -m bot.openai.vocabulary [FOLDER]`.

The tokenizer's own way is a download at run time, without a time limit. Here it is a step of the installation, through
pip, which knows the operator's package index and proxy: two packages carry the file, unchanged, and its checksum proves
it. Without it the bot works, with estimates.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

FILE = "o200k_base.tiktoken"

FOLDER = Path(sys.prefix) / "share" / "tiktoken"
"""Where the bot looks for it: beside the packages, so that it lives and dies with the environment."""

SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

SOURCES = (
    ("llama-index-core==0.14.25", "llama_index/core/_static/tiktoken_cache/fb374d419588a4632f3f557e76b4b70aebbca790"),
    ("litellm==1.109.1", "litellm/litellm_core_utils/tokenizers/fb374d419588a4632f3f557e76b4b70aebbca790"),
)
"""Packages that carry the file, and where; the smaller package (12 MB) first."""

_SECONDS = 600


class NotAvailable(Exception):
    """The vocabulary could not be got; the message says why."""


def install(folder: Path) -> bool:
    """Put the vocabulary into this folder; False when it is there already. Raises NotAvailable."""
    target = folder / FILE
    try:
        if target.is_file() and is_genuine(target.read_bytes()):
            return False
        folder.mkdir(parents=True, exist_ok=True)
        content = fetch_from_any(SOURCES)
        # It appears as a whole or not at all.
        unfinished = target.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(content)
        unfinished.replace(target)
    except OSError as error:
        raise NotAvailable(str(error)) from error
    return True


def fetch_from_any(sources: Sequence[tuple[str, str]]) -> bytes:
    """The vocabulary out of the first package that has it. Raises NotAvailable."""
    problems = []
    for requirement, member in sources:
        try:
            return fetch(requirement, member)
        except NotAvailable as problem:
            problems.append(f"{requirement}: {problem}")
    raise NotAvailable("; ".join(problems))


def fetch(requirement: str, member: str) -> bytes:
    """The vocabulary out of a package that pip downloads. Raises NotAvailable."""
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    with tempfile.TemporaryDirectory() as downloads:
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", downloads, requirement]
        try:
            subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SECONDS)  # noqa: S603 (no input)
        except subprocess.CalledProcessError as error:
            raise NotAvailable(error.stderr.strip().rpartition("\n")[2] or "pip failed") from error
        except subprocess.TimeoutExpired as error:
            raise NotAvailable(f"pip took longer than {_SECONDS} seconds") from error
        return unpack(next(Path(downloads).iterdir()), member)


def unpack(wheel: Path, member: str) -> bytes:
    """The vocabulary out of a package. Raises NotAvailable."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(member)
    except (zipfile.BadZipFile, KeyError) as error:
        raise NotAvailable(f"it is not in {wheel.name}") from error
    if not is_genuine(content):
        raise NotAvailable(f"its checksum in {wheel.name} is wrong")
    return content


def is_genuine(content: bytes) -> bool:
    """True for the vocabulary as OpenAI published it."""
    return hashlib.sha256(content).hexdigest() == SHA256


def main(arguments: Sequence[str]) -> str | None:
    """Install into the folder that the arguments name, or into the usual one; returns what went wrong."""
    folder = Path(arguments[0]) if arguments else FOLDER
    try:
        fresh = install(folder)
    except NotAvailable as problem:
        return f"Tokens will be estimated, because the vocabulary for counting them could not be installed. {problem}"
    sys.stdout.write(f"The vocabulary for counting tokens {'is now' if fresh else 'was already'} in {folder}.\n")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
