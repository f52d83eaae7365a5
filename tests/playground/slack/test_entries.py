"""What people enter into inputs."""

from typing import Any

import pytest

from playground.slack.directory import Json
from playground.slack.entries import (
    REQUIRED,
    carried_entries,
    complaints,
    entered,
    filled,
    find_element,
    initial_entries,
)

ONE = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
TWO = {"text": {"type": "plain_text", "text": "Two"}, "value": "2"}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": "b", "element": {"action_id": "a", **element}, **more}


def select(*options: Json, **more: Any) -> Json:
    return {"type": "static_select", "options": list(options), **more}


@pytest.mark.parametrize(
    ("element", "value", "entry"),
    [
        (select(ONE, TWO), "2", {"selected_option": TWO}),
        (select(ONE), "", {"selected_option": None}),
        ({"type": "static_select", "option_groups": [{"options": [TWO]}]}, "2", {"selected_option": TWO}),
        ({"type": "checkboxes", "options": [ONE, TWO]}, "1,2", {"selected_options": [ONE, TWO]}),
        ({"type": "checkboxes", "options": [ONE, TWO]}, ["2"], {"selected_options": [TWO]}),
        ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
        ({"type": "conversations_select"}, "C1", {"selected_conversation": "C1"}),
        ({"type": "plain_text_input"}, "hi", {"value": "hi"}),
        ({"type": "plain_text_input"}, "", {"value": None}),
    ],
)
def test_an_entry_is_told_in_the_shape_of_its_element(element: Json, value: Any, entry: Json) -> None:
    assert entered(element, value) == {"type": element["type"], **entry}


def test_only_what_is_offered_can_be_chosen() -> None:
    with pytest.raises(KeyError):
        entered(select(ONE), "2")


def test_the_app_is_told_of_every_input_even_of_those_that_nobody_touched() -> None:
    blocks = [
        field(select(ONE, initial_option=ONE)),
        field({"type": "plain_text_input"}, block_id="c"),
        {"type": "actions", "block_id": "d", "elements": [{"type": "button", "action_id": "x"}]},
        {"type": "section", "block_id": "e", "accessory": {"type": "checkboxes", "action_id": "y", "options": [ONE]}},
    ]
    assert initial_entries(blocks) == {
        "b": {"a": {"type": "static_select", "selected_option": ONE}},
        "c": {"a": {"type": "plain_text_input", "value": None}},
        "e": {"y": {"type": "checkboxes", "selected_options": []}},
    }


@pytest.mark.parametrize(
    ("block", "chosen"),
    [
        (field(select(ONE, TWO, initial_option=ONE)), TWO),
        (field(select(ONE, TWO, initial_option=ONE), block_id="other"), ONE),
        (field(select(ONE, TWO, initial_option=ONE, action_id="other")), ONE),
        (field(select(ONE, initial_option=ONE)), ONE),
    ],
)
def test_an_entry_stays_while_both_ids_do_and_the_option_is_offered(block: Json, chosen: Json) -> None:
    before = {"b": {"a": {"type": "static_select", "selected_option": TWO}}}
    (entries,) = carried_entries([block], before).values()
    (entry,) = entries.values()
    assert entry["selected_option"] == chosen


def test_a_block_is_filled_with_what_was_entered() -> None:
    block = field(select(ONE, TWO, initial_option=ONE))
    two = {"b": {"a": {"type": "static_select", "selected_option": TWO}}}
    assert filled(block, two)["element"]["initial_option"] == TWO
    emptied = {"b": {"a": {"type": "static_select", "selected_option": None}}}
    assert "initial_option" not in filled(block, emptied)["element"]
    assert filled(block, {}) == block


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (field({"type": "plain_text_input"}), {"b": REQUIRED}),
        (field({"type": "plain_text_input"}, optional=True), {}),
        (field({"type": "plain_text_input", "initial_value": "hi"}), {}),
        (
            field({"type": "plain_text_input", "initial_value": "hi", "min_length": 3}),
            {"b": "Please write at least 3 characters."},
        ),
        (field({"type": "checkboxes", "options": [ONE]}), {"b": REQUIRED}),
        (field(select(ONE, initial_option=ONE)), {}),
    ],
)
def test_slacks_client_asks_for_what_is_missing(block: Json, found: dict[str, str]) -> None:
    assert complaints([block], initial_entries([block])) == found


def test_an_element_is_found_in_the_block_that_is_named() -> None:
    rows = [{"type": "section", "block_id": name, "accessory": {"action_id": "go", "value": name}} for name in "xy"]
    assert find_element(rows, "go")[1]["value"] == "x"
    assert find_element(rows, "go", "y")[1]["value"] == "y"
    with pytest.raises(KeyError):
        find_element(rows, "go", "z")
