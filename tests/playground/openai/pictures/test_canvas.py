"""Shapes on a canvas."""

from playground.openai.pictures.canvas import Canvas, mixed, pattern

RED = (255, 0, 0)


def drawn(canvas: Canvas) -> list[str]:
    """Where a canvas is red, as text."""
    return [
        "".join("#" if tuple(row[3 * x : 3 * x + 3]) == RED else "." for x in range(canvas.width))
        for row in canvas.rows
    ]


def test_shapes_may_reach_over_every_edge() -> None:
    canvas = Canvas(4, 3)
    canvas.disc(2, 1, 50, RED)
    assert drawn(canvas) == ["####"] * 3
    canvas.polygon((-9, -9), (-5, -9), (-5, -5), colour=(0, 0, 0))
    assert drawn(canvas) == ["####"] * 3


def test_a_polygon_is_filled_between_its_edges() -> None:
    canvas = Canvas(6, 3)
    canvas.polygon((1, 0), (5, 0), (5, 2), (1, 2), colour=RED)
    assert drawn(canvas) == [".####.", ".####.", "......"]


def test_a_disc_is_round() -> None:
    canvas = Canvas(7, 7)
    canvas.disc(3.5, 3.5, 2.2, RED)
    rows = drawn(canvas)
    assert rows[0] == "......."
    assert rows[3].count("#") > rows[2].count("#") or rows[3].count("#") > rows[1].count("#")


def test_a_gradient_goes_from_one_colour_to_the_other() -> None:
    canvas = Canvas(1, 3)
    canvas.gradient(0, 3, (0, 0, 0), (30, 60, 90))
    assert [tuple(row) for row in canvas.rows] == [(0, 0, 0), (10, 20, 30), (20, 40, 60)]
    assert mixed((0, 0, 0), (30, 60, 90), 1) == (30, 60, 90)


def test_patterns_are_the_same_for_the_same_seed_alone() -> None:
    assert pattern(b"a", 16, 16).pixels == pattern(b"a", 16, 16).pixels
    assert pattern(b"a", 16, 16).pixels != pattern(b"b", 16, 16).pixels


def test_a_reduced_picture_is_smaller_and_alike() -> None:
    small = pattern(b"a", 16, 9).reduced(2)
    assert (small.width, small.height) == (8, 5)
    assert small.rows[0][:3] == pattern(b"a", 16, 9).rows[0][:3]
