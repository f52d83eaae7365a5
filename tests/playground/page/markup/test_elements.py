"""Block Kit's elements."""

from typing import Any

import pytest

from playground.page.markup.blocks import blocks
from playground.page.markup.elements import Setting, control
from playground.page.markup.html import Names

NAMES = Names({"U1": "Ann", "U2": "Ben"}, {"C1": "general"})
OPTION = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}


def drawn(**part: Any) -> str:
    return control({"action_id": "act", **part}, Setting("here", NAMES))


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "button", "text": plain("Go")}, 'data-block="here" data-action="act" data-type="button"'),
        ({"type": "button", "text": plain("Go"), "accessibility_label": "Go on"}, 'aria-label="Go on"'),
        ({"type": "button", "text": plain("Go"), "style": "danger"}, 'class="control danger"'),
        ({"type": "button", "text": plain("Go"), "url": "https://a.example"}, '<a href="https://a.example"'),
        ({"type": "button", "text": plain("Go"), "url": "javascript:x"}, "<button"),
        ({"type": "icon_button", "icon": "trash", "text": plain("Delete")}, 'aria-label="Delete" title="Delete"'),
        ({"type": "overflow", "options": [OPTION]}, "data-choices="),
        ({"type": "static_select", "options": [OPTION]}, '<option value="1">One</option>'),
        (
            {"type": "static_select", "options": [OPTION], "initial_option": OPTION},
            '<option value="1" selected="">One</option>',
        ),
        (
            {"type": "static_select", "option_groups": [{"label": plain("Fast"), "options": [OPTION]}]},
            '<optgroup label="Fast">',
        ),
        ({"type": "multi_static_select", "options": [OPTION]}, 'multiple=""><option value="1">'),
        ({"type": "users_select", "initial_user": "U2"}, '<option value="U2" selected="">Ben</option>'),
        ({"type": "conversations_select"}, '<option value="C1">#general</option>'),
        ({"type": "plain_text_input", "max_length": 9, "initial_value": "a"}, 'value="a"'),
        ({"type": "plain_text_input", "max_length": 9}, 'maxlength="9"'),
        ({"type": "plain_text_input", "multiline": True, "initial_value": "\na"}, ">\n\na</textarea>"),
        ({"type": "number_input"}, 'inputmode="decimal"'),
        ({"type": "radio_buttons", "options": [OPTION]}, 'type="radio"'),
        ({"type": "checkboxes", "options": [OPTION], "initial_options": [OPTION]}, 'checked=""'),
        ({"type": "datepicker"}, "does not draw elements of the type “datepicker”"),
    ],
)
def test_an_element_is_drawn(part: dict[str, Any], expected: str) -> None:
    assert expected in drawn(**part)


def test_an_overflow_menu_leads_to_safe_addresses_only() -> None:
    unsafe = OPTION | {"value": "2", "url": "javascript:x"}
    assert "javascript" not in drawn(type="overflow", options=[OPTION, unsafe])


@pytest.mark.parametrize(
    ("block", "element", "expected"),
    [
        ({}, {"type": "plain_text_input"}, "never"),
        ({"dispatch_action": True}, {"type": "plain_text_input"}, "enter"),
        (
            {"dispatch_action": True},
            {
                "type": "plain_text_input",
                "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
            },
            "character",
        ),
        ({"dispatch_action": True}, {"type": "static_select", "options": [OPTION]}, "change"),
        ({"dispatch_action": True}, {"type": "radio_buttons", "options": [OPTION]}, "change"),
    ],
)
def test_an_input_tells_the_app_at_once_only_when_it_asks_for_that(
    block: dict[str, Any], element: dict[str, Any], expected: str
) -> None:
    given = {"type": "input", "block_id": "b", "label": plain("L"), "element": {"action_id": "a", **element}, **block}
    assert f'data-dispatch="{expected}"' in blocks([given], NAMES)


def test_a_label_names_its_input_and_help_and_error_describe_it() -> None:
    given = {"type": "input", "block_id": "b", "label": plain("Name"), "hint": plain("Any name"), "optional": True}
    html = blocks([given | {"element": {"type": "plain_text_input", "action_id": "a"}}], NAMES)
    name = html.partition('<label for="')[2].partition('"')[0]
    assert f'id="{name}"' in html
    assert f'aria-describedby="{name}-help {name}-error"' in html
    assert f'id="{name}-help">Any name' in html
    assert "(optional)" in html
