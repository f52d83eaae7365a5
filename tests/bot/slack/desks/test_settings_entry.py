"""What was entered, read from views of any shape."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.settings import Scope, Settings, Sheet
from bot.slack.desks.settings_entry import read_entry
from bot.slack.desks.settings_form import NO_VALUE, Form, draw
from bot.slack.desks.settings_memo import Place
from tests.bot.slack.desks.settings_scene import OFFER, block_of

SHEET = Sheet(Settings(), {}, {Scope.USER: {"verbosity": "high"}})
VIEW = draw(Form(Place("C1"), Scope.USER, SHEET), OFFER)


def entered(**texts: Any) -> dict[str, Any]:
    values = {block_of(VIEW, name): {f"setting_{name}": entry} for name, entry in texts.items()}
    return {**VIEW, "state": {"values": values}}


def option(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": value}}


def test_a_menu_that_was_emptied_has_no_value_of_its_own() -> None:
    emptied = {"type": "static_select", "selected_option": None}
    assert read_entry(entered(verbosity=emptied)).changes == {"verbosity": None}
    assert read_entry(entered(verbosity=option(NO_VALUE))).changes == {"verbosity": None}


def test_what_the_state_leaves_out_stands_as_it_was_drawn() -> None:
    assert read_entry(VIEW).changes == {}
    assert read_entry(entered(streaming=option("off"))).changes == {"streaming": "off"}


def test_an_instruction_may_be_worded_like_an_option() -> None:
    wish = {"type": "plain_text_input", "value": f" {NO_VALUE} "}
    assert read_entry(entered(instructions=wish)).changes == {"instructions": NO_VALUE}


@pytest.mark.parametrize(("value", "scope"), [("channel", Scope.CHANNEL), ("thread", Scope.USER), ("org", Scope.USER)])
def test_a_scope_counts_only_where_it_was_offered(value: str, scope: Scope) -> None:
    assert read_entry(entered(scope=option(value))).scope is scope


def test_problems_of_settings_that_are_not_in_the_form_stand_at_the_scope() -> None:
    errors = read_entry(VIEW).errors({"temperature": "must be a number", "verbosity": "must be loud"})
    assert errors == {
        block_of(VIEW, "verbosity"): "It must be loud.",
        block_of(VIEW, "scope"): 'The setting "Temperature" must be a number.',
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(entry=JSON, state=JSON, blocks=JSON)
def test_any_view_can_be_read(entry: Any, state: Any, blocks: Any) -> None:
    assert read_entry({"private_metadata": "", "blocks": blocks, "state": state}).changes == {}
    for view in (entered(verbosity=entry), {**VIEW, "state": {"values": state}}):
        assert read_entry(view).scope is Scope.USER
