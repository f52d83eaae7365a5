"""The README's map is true: what it lists is what there is."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_map_names_folders_and_files_that_exist() -> None:
    for path in re.findall(r"`((?:bot|config|tests|playground)/[\w/.]*)`", README):
        assert (ROOT / path).exists(), path


def test_every_package_that_the_bot_needs_is_explained() -> None:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    needed = set(re.findall(r"^([\w-]+)(?:\[\w,]+)?==", pins, re.MULTILINE))
    explained = set(re.findall(r"[\w-]+", README.partition("### What it stands on")[2]))
    assert needed
    assert needed - explained == set()
