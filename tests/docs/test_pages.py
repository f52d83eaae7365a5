"""The documents fit together, and name what there is."""

import re
from pathlib import Path

import pytest

from config.environment import variables
from tests.docs.pages import (
    PAGES,
    ROOT,
    Block,
    anchors_in,
    blocks_in,
    commands_in,
    links_in,
    prose_of,
    rows_in,
    text_of,
)

LONGEST_README = 250
"""Lines that a newcomer reads."""

NO_VARIABLES = {"DEBIAN_FRONTEND", "PYTHON", "SEEDS", "ARGUMENTS", "OPENAI_KEY"}


def test_a_page_is_read_with_its_commands_tables_links_and_anchors() -> None:
    page = """# What it *does*, and how

1. Do `this`:

   ```sh
   make demo  # to see it
   # nothing
   ```

| a | b |
| --- | --- |
| `x` | [y](z.md#w) |

```text
make nothing
```
"""
    assert commands_in(page) == ["make demo"]
    assert blocks_in(page)[1] == Block("text", ("make nothing",))
    assert rows_in(page, "a", "b") == [["`x`", "[y](z.md#w)"]]
    assert links_in(page) == ["z.md#w"]
    assert anchors_in(page) == {"what-it-does-and-how"}
    assert "demo" not in prose_of(page)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in links_in(text_of(page)):
        if not link.startswith("https://"):
            path, _, anchor = link.partition("#")
            target = (ROOT / page).parent / path if path else ROOT / page
            assert target.is_file(), link
            assert not anchor or anchor in anchors_in(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", PAGES)
def test_every_variable_and_file_that_is_named_exists(page: str) -> None:
    text = text_of(page)
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`", text))
    assert named - set(variables()) - NO_VARIABLES == set()
    for path in re.findall(r"`((?:bot|config|tests|playground|benchmarks|deploy|docs)/[\w/.-]*)`", text):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES)
def test_what_is_to_be_typed_is_in_blocks_that_say_what_they_hold(page: str) -> None:
    text = text_of(page)
    assert {block.language for block in blocks_in(text)} <= {"sh", "text", "yaml", "python"}
    assert text.count("```") == 2 * len(blocks_in(text))
    assert re.findall(r"\n\n {4}\S.*", prose_of(text)) == []


def test_the_readme_is_short_and_leads_to_every_other_page() -> None:
    readme = text_of("README.md")
    assert len(readme.splitlines()) <= LONGEST_README
    assert {Path(link).name for link in links_in(readme)} >= {Path(page).name for page in PAGES if page != "README.md"}
