"""Presentations are read slide by slide, with everything that was said on and about them."""

import pytest

from bot.documents import slides
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Unit
from tests.bot.documents import office_files as made
from tests.bot.documents.office_files import shape, texts


def test_slides_come_in_the_order_of_the_presentation_with_their_titles() -> None:
    reading = slides.read(made.slides(shape("One", place="title"), shape("Two", place="ctrTitle") + shape("nonce")))
    sections = list(reading.sections)
    assert (reading.unit, reading.total) == (Unit.SLIDE, 2)
    assert [(section.number, section.title) for section in sections] == [(1, "One"), (2, "Two")]
    assert sections[1].text == "# Two\n\nnonce"


def test_a_slide_is_read_only_when_its_turn_comes() -> None:
    content = made.slides(shape("good"), shape("bad"), parts={"ppt/slides/slide1.xml": "<broken>"})
    sections = iter(slides.read(content).sections)
    assert next(sections).text == "good"
    with pytest.raises(FileUnusable):
        next(sections)


def test_shapes_in_groups_and_tables_are_read_and_page_numbers_are_not() -> None:
    cell = "<a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc>"
    rows = "".join(
        f"<a:tr>{cell.format(left)}{cell.format(right)}</a:tr>" for left, right in (("Year", "Sum"), ("1", "2"))
    )
    table = f"<p:graphicFrame><a:tbl>{rows}</a:tbl></p:graphicFrame>"
    (text,) = texts(
        slides.read(made.slides(f"<p:grpSp>{shape('grouped')}</p:grpSp>{table}{shape('7', place='sldNum')}"))
    )
    assert text == "grouped\n\n| Year | Sum |\n| --- | --- |\n| 1 | 2 |"


def test_lower_levels_are_lists() -> None:
    words = '<a:p><a:r><a:t>top</a:t></a:r></a:p><a:p><a:pPr lvl="1"/><a:r><a:t>below</a:t></a:r></a:p>'
    (text,) = texts(slides.read(made.slides(f"<p:sp><p:txBody>{words}</p:txBody></p:sp>")))
    assert text == "top\n- below"


def test_notes_comments_charts_and_pictures_are_marked() -> None:
    chart = "<c:chartSpace><c:ser><c:val><c:pt idx='0'><c:v>42</c:v></c:pt></c:val></c:ser></c:chartSpace>"
    notes = f"<p:notes><p:cSld>{shape('say this', place='body')}{shape('3', place='sldNum')}</p:cSld></p:notes>"
    tree = (
        '<p:pic><p:nvPicPr><p:cNvPr id="1" name="x" descr="a cat"/></p:nvPicPr></p:pic>'
        '<p:graphicFrame><c:chart r:id="r2"/></p:graphicFrame>'
    )
    parts = {
        "ppt/notesSlides/n.xml": notes,
        "ppt/charts/c.xml": chart,
        "ppt/comments/k.xml": "<p:cmLst><p:cm><p:text>nice</p:text></p:cm></p:cmLst>",
    }
    targets = ("notesSlide ../notesSlides/n.xml", "chart ../charts/c.xml", "comments ../comments/k.xml")
    (text,) = texts(slides.read(made.slides(tree, parts=parts, targets=targets)))
    assert text.split("\n\n") == [
        "[picture: a cat]",
        "[chart: ]",
        "|  | series 1 |\n| --- | --- |\n|  | 42 |",
        "Speaker notes:\nsay this",
        "Comment: nice",
    ]


def test_hidden_slides_are_marked() -> None:
    hidden = f'<p:sld show="0"><p:cSld><p:spTree>{shape("backup")}</p:spTree></p:cSld></p:sld>'
    (text,) = texts(slides.read(made.slides("", parts={"ppt/slides/slide1.xml": hidden})))
    assert text == "(This slide is hidden.)\n\nbackup"


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (made.slides(), Flaw.EMPTY),
        (made.ENCRYPTED, Flaw.ENCRYPTED),
        (made.slides("")[:-30], Flaw.BROKEN),
    ],
)
def test_a_presentation_that_cannot_be_read_says_why(content: bytes, flaw: Flaw) -> None:
    with pytest.raises(FileUnusable) as caught:
        slides.read(content)
    assert caught.value.flaw is flaw
