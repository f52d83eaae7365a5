"""The README is true: what it lists is what there is."""

import re
from pathlib import Path

from bot.domain.settings import declared, print_setting
from config.environment import variables

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def rows(*heading: str) -> list[list[str]]:
    """The cells of the table with this heading."""
    _, _, below = README.partition(f"| {' | '.join(heading)} |\n")
    lines = below.splitlines()[1:]
    table = lines[: next(number for number, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]


def test_every_setting_stands_in_the_table_with_its_variable_and_default() -> None:
    listed = {
        label: (variable.strip("`"), default)
        for label, variable, default in rows("setting", "variable of the organisation's value", "default")
    }
    assert list(listed) == [setting.metadata["label"] for setting in declared()]
    for setting in declared():
        variable, default = listed[setting.metadata["label"]]
        printed = print_setting(setting.default)
        assert variable == setting.metadata["variable"]
        assert default == (f"`{printed}`" if printed else default)
        assert printed or default in ("none", "the model's own")


def test_variables_that_are_named_exist_with_the_defaults_that_are_named() -> None:
    known = variables()
    for name, default, _ in rows("variable", "default", "meaning"):
        assert default.strip("`") in (known[name.strip("`")], "OpenAI")
    for name in re.findall(r"`([A-Z]+_[A-Z_]+)`", README):
        assert name in known, name


def test_the_map_names_folders_and_files_that_exist() -> None:
    root = Path(__file__).parents[1]
    for path in re.findall(r"`((?:bot|config|tests|playground)/[\w/.]*)`", README):
        assert (root / path).exists(), path
