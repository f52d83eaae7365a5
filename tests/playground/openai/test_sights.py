"""What the demo's responder sees."""

from hypothesis import given
from hypothesis import strategies as st

from playground.openai.input_items import InputMessage
from playground.openai.input_parts import InputFile, InputPicture
from playground.openai.sights import sights
from tests.playground.openai.samples import PNG

PICTURE = InputPicture("image/png", "high", PNG)
SIZE = f"image/png, {len(PNG):,} bytes"


def test_pictures_have_the_names_that_go_before_them() -> None:
    texts = ("Look", '[picture "a.png"]', "[this page follows as a picture]", '[page 2 of "b.pdf"]')
    seen = sights(InputMessage("user", texts, (PICTURE,) * 3))
    names = (" **a.png**", ' **page 2 of "b.pdf"**', "")
    assert seen == tuple(f"the picture{name}, {SIZE}" for name in names)


def test_a_long_document_is_told_by_its_first_words() -> None:
    text = f'<file name="a.txt" kind="Text">\n--- part 1 ---\n{"word " * 100}\n</file>'
    [seen] = sights(InputMessage("user", ("", text)))
    assert seen.startswith("the file **a.txt** of 499 characters, which begins:\n    > word word")
    assert seen.endswith("…")
    assert len(seen) < 250


def test_what_people_write_themselves_is_no_sight() -> None:
    assert sights(InputMessage("user", ('[recording "a", in which is said:]\nHello',))) == ()
    assert sights(InputMessage("user", ("Look", "no mark"))) == ()


def test_files_and_addresses_are_named() -> None:
    message = InputMessage("user", ("Look",), (InputPicture("", "low"),), (InputFile("a.pdf", 5),))
    assert sights(message) == ("the picture, at an address, 0 bytes", "the file **a.pdf**")


@given(st.lists(st.text()))
def test_any_texts_can_be_looked_at(texts: list[str]) -> None:
    sights(InputMessage("user", tuple(texts), (PICTURE,)))
