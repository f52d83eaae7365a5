"""Pieces of views stay within Slack's limits."""

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.markup import views
from playground.slack.blocks import problems

long_text = st.text(min_size=1, max_size=300) | st.integers(1, 40).map(lambda times: "word & <b> " * 100 * times)


@given(long_text.filter(str.strip))
def test_texts_of_any_length_fit(text: str) -> None:
    sure = views.confirmation(text, text, text, text)
    menu = views.menu("menu", ((f"{number}", text) for number in range(200)), "0")
    blocks = [
        views.heading(text),
        views.said_plainly(text),
        views.row(views.button("press", text), views.button("sure", text, sure)),
        views.labelled("a", text, menu, hint=text, tells=True),
        views.labelled("b", text, views.field("write", text, longest=30, placeholder=text)),
    ]
    assert problems(blocks) == []


def test_a_short_text_stays_and_a_long_one_ends_in_an_ellipsis() -> None:
    assert views.clipped("four", 4) == "four"
    assert views.clipped("fives", 4) == "fiv…"


def test_plain_words_cannot_become_a_mention() -> None:
    assert views.said_plainly("<!channel>")["text"]["text"] == "&lt;!channel&gt;"


def test_only_a_place_to_write_may_be_left_empty() -> None:
    menu, field = views.menu("menu", [("1", "one")], "1"), views.field("write", "", longest=10)
    assert [views.labelled("a", "Label", element)["optional"] for element in (menu, field)] == [False, True]
    assert "initial_value" not in field


def test_a_value_that_is_offered_twice_stands_where_it_came_first() -> None:
    menu = views.menu("menu", [("1", "one"), ("2", "two"), ("1", "again")], "1")
    assert [option["value"] for option in menu["options"]] == ["1", "2"]
