"""Modals and messages such as an app sends."""

from typing import Any

from playground.slack.directory import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(name: str, **more: Any) -> Json:
    return {"text": plain(name), "value": name.lower(), **more}


def button(name: str, **more: Any) -> Json:
    return {"type": "button", "action_id": name.lower(), "text": plain(name), "value": "1", **more}


def select(action_id: str, *names: str, **more: Any) -> Json:
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain("Choose one"),
        "options": [option(name) for name in names],
        **more,
    }


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "text", **more}


def modal(*blocks: Json, title: str = "Settings", **more: Any) -> Json:
    view = {"type": "modal", "title": plain(title), "submit": plain("Save"), "close": plain("Cancel")}
    return view | {"callback_id": "settings", "blocks": list(blocks), **more}


CONFIRM = {"title": plain("Reset?"), "text": mrkdwn("*All* is lost."), "confirm": plain("Reset"), "deny": plain("Keep")}

FEEDBACK = {
    "type": "context_actions",
    "block_id": "feedback",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "verdict",
            "positive_button": {"text": plain("Good answer"), "value": "good"},
            "negative_button": {"text": plain("Bad answer"), "value": "bad"},
        },
        {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Delete answer"), "value": "x"},
    ],
}

SETTINGS = modal(
    {"type": "header", "text": plain("How answers are made")},
    {
        "type": "section",
        "block_id": "scope",
        "text": mrkdwn("*Whose settings?* Those of a channel hold for everybody in it."),
        "accessory": select("scope", "Mine", "Channel", initial_option=option("Mine")),
    },
    {"type": "divider"},
    field(
        "model",
        "Model",
        {
            "type": "static_select",
            "action_id": "model",
            "placeholder": plain("The usual one"),
            "option_groups": [
                {"label": plain("Fast"), "options": [option("Luna"), option("Mini")]},
                {"label": plain("Thorough"), "options": [option("Terra"), option("Sol")]},
            ],
        },
        dispatch_action=True,
        hint=plain("Larger models take longer."),
    ),
    field(
        "effort",
        "Effort",
        {
            "type": "radio_buttons",
            "action_id": "effort",
            "options": [option("Low", description=plain("Answers at once")), option("High")],
            "initial_option": option("Low", description=plain("Answers at once")),
        },
    ),
    field(
        "tools",
        "Tools",
        {"type": "checkboxes", "action_id": "tools", "options": [option("Search"), option("Pictures")]},
        optional=True,
    ),
    field(
        "text",
        "Instructions",
        text_input(multiline=True, max_length=300, placeholder=plain("Answer like a librarian")),
        optional=True,
    ),
    {"type": "actions", "block_id": "doings", "elements": [button("Reset", style="danger", confirm=CONFIRM)]},
    {"type": "context", "elements": [mrkdwn("Set by <https://example.com|nobody> yet.")]},
)
