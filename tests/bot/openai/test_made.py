"""Files that code has made: which the text cites, under which names, and what stands in the place of links to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.openai.made import MadeFile, MadeFiles, safe_name


def shown(*pieces: str) -> str:
    filtered = MadeFiles().unlinked()
    return "".join(filtered.take(piece) for piece in pieces) + filtered.rest()


def cited(**changes: object) -> dict[str, object]:
    place = {"container_id": "cntr_1", "file_id": "cfile_1", "filename": "a.csv", "start_index": 0, "end_index": 9}
    return {"type": "container_file_citation", **place, **changes}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("[Download data.csv](sandbox:/mnt/data/data.csv)", "Download data.csv"),
        ("Here: [the figures](sandbox:/mnt/data/data.csv).", "Here: the figures (`data.csv`)."),
        ("![A chart](sandbox:/mnt/data/chart.png)", "A chart (`chart.png`)"),
        ("![](sandbox:/mnt/data/chart.png)", "`chart.png`"),
        ("[sandbox:/mnt/data/a.csv](sandbox:/mnt/data/a.csv)", "`a.csv`"),
        ("[it](</mnt/data/my file (1).csv>)", "it (`my file (1).csv`)"),
        ("[it](sandbox:/mnt/data/my file (1).csv)", "it (`my file (1).csv`)"),
        ("See sandbox:/mnt/data/a.csv.", "See a.csv."),
        ("See `sandbox:/mnt/data/a.csv`", "See `a.csv`"),
        ("[docs](https://a.example/mnt/data/x) [1] a[0] s! sandbox: no", None),
        ("[not closed](sandbox:/mnt/data/a.csv", "[not closed](a.csv"),
        ("- [ ] task\n- [x] task", None),
    ],
)
def test_a_link_into_the_container_becomes_a_name(text: str, plain: str | None) -> None:
    assert shown(text) == shown(*text) == (text if plain is None else plain)


@given(st.text("[]()!s`andbox:/mt.c \n"), st.integers(1, 7))
def test_how_the_text_comes_makes_no_difference(text: str, size: int) -> None:
    assert shown(*(text[start : start + size] for start in range(0, len(text), size))) == shown(text)


def test_text_that_holds_no_link_is_not_kept_waiting() -> None:
    filtered = MadeFiles().unlinked()
    assert [filtered.take(piece) for piece in ("One ", "two [x] ", "three")] == ["One ", "two [x] ", "three"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/mnt/data/a.csv", "a.csv"),
        ("a.csv", "a.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.csv", "a.csv"),
        ("<!channel>|`x`.csv", "_!channel___x_.csv"),
        ("evil\u202egnp.exe\n", "evilgnp.exe"),
        (".env", "env"),
        ("", "file"),
        ("/", "file"),
        ("..", "file"),
        ("x" * 300 + ".csv", "x" * 96 + ".csv"),
        ("x" * 300, "x" * 100),
        ("\ud800.csv", "csv"),
    ],
)
def test_a_name_is_safe(path: str, name: str) -> None:
    assert safe_name(path) == name


@given(st.text(max_size=300))
def test_any_name_is_safe(path: str) -> None:
    name = safe_name(path)
    assert 0 < len(name) <= 100
    assert name.isprintable()
    assert not set(name) & set("/\\`<>|")


def test_each_file_is_cited_once_in_the_order_of_the_text() -> None:
    made = MadeFiles()
    made.by([cited(), cited(file_id="cfile_2", filename="b.csv")])
    made.by([cited()])
    assert made.cited == (MadeFile("cntr_1", "cfile_1", "a.csv"), MadeFile("cntr_1", "cfile_2", "b.csv"))


@pytest.mark.parametrize(
    "changes", [{"type": "file_citation"}, {"container_id": "../../models"}, {"file_id": "a/b"}, {"file_id": None}]
)
def test_only_a_file_with_plain_ids_is_fetched(changes: dict[str, object]) -> None:
    made = MadeFiles()
    made.by([cited(**changes)])
    assert made.cited == ()


def test_names_in_links_are_noted_as_long_as_nothing_cites_them() -> None:
    made = MadeFiles()
    text = "[a](sandbox:/mnt/data/a.csv) [b](sandbox:/mnt/data/b.csv) sandbox:/mnt/data/b.csv"
    made.unlinked().take(text)
    assert list(made.uncited) == ["a.csv", "b.csv"]
    made.by([cited()])
    assert list(made.uncited) == ["b.csv"]
