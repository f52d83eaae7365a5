"""What an operator reads after a migration."""

from pathlib import Path

import pytest

from bot.app.migrating import outcome

PATH = Path("/data/bot.db")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (None, 4, "was made, with schema 4."),
        (4, 4, "nothing was to be done."),
        (2, 4, "was brought from schema 2 to schema 4."),
    ],
)
def test_the_way_from_schema_to_schema_is_told(before: int | None, after: int, says: str) -> None:
    assert outcome(PATH, before, after, []).endswith(says)


def test_where_the_copy_lies_is_told() -> None:
    assert outcome(PATH, 2, 4, [Path("/data/backups/copy")]).endswith("before: /data/backups/copy.")
