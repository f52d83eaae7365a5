"""Part of a sheet says which part it is."""

import pytest

from bot.documents.grid import Grid, letters, trimmed


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_have_their_names(column: int, name: str) -> None:
    assert letters(column) == name


@pytest.mark.parametrize(
    ("grid", "extent"),
    [
        (Grid({1: ["a"]}, 1, 1), "Row 1, column A"),
        (Grid({2: ["", "b"], 9: ["", "", "c"]}, 9, 3), "Rows 2–9, columns B–C"),
        (Grid({1: ["a"], 2: ["b"]}, 5_000, 1), "Rows 1–2 of 5,000, column A"),
        (Grid({1: ["a"]}, 5_000, 1, more=True), "Row 1 of at least 5,000, column A"),
        (Grid({1: ["a", "b"]}, 1, 200), "Row 1, columns A–B of A–GR"),
    ],
)
def test_the_extent_stands_above_the_table(grid: Grid, extent: str) -> None:
    assert grid.text().split("\n\n")[0] == extent


@pytest.mark.parametrize(
    ("grid", "part"),
    [
        (Grid({1: ["a"], 9: ["b"]}, 9, 1), ""),
        (Grid({}, 0, 0), ""),
        (Grid({1: ["a"], 2: ["b"]}, 5_000, 1), "rows 1–2 of 5,000, column A"),
        (Grid({1: ["a"]}, 1, 1, more=True), "row 1 of at least 1, column A"),
    ],
)
def test_a_sheet_that_is_not_all_there_says_which_part_is(grid: Grid, part: str) -> None:
    assert grid.part == part


def test_an_empty_sheet_says_so() -> None:
    assert Grid({}, 0, 0).text() == "(empty)"


def test_empty_cells_at_the_end_of_a_row_go() -> None:
    assert trimmed(["", "a", "", ""]) == ["", "a"]
