"""Block Kit's elements: buttons, menus and inputs. What they do is the page's script's; here they are only drawn.

The shapes are those of https://docs.slack.dev/reference/block-kit/block-elements.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from playground.page.markup.html import Html, Names, element, icon, is_safe_url, join, lone, prose, text
from playground.page.markup.mrkdwn import mrkdwn, mrkdwn_line

Element = dict[str, Any]

_PICTURES = {
    "trash": "M4 6h12M8 6V4h4v2M6 6l1 10.5h6L14 6",
    "positive_button": "M6.5 9v7.5h-3V9zM6.5 9l3.5-6.5c1.5 0 2 1 1.7 2.3L11 8h4.5c1 0 1.6.9 1.4 1.8l-1.3 5.4"
    "c-.2.8-.8 1.3-1.6 1.3H6.5",
    "negative_button": "M6.5 11V3.5h-3V11zM6.5 11l3.5 6.5c1.5 0 2-1 1.7-2.3L11 12h4.5c1 0 1.6-.9 1.4-1.8l-1.3-5.4"
    "c-.2-.8-.8-1.3-1.6-1.3H6.5",
    "overflow": "M5 10h.01M10 10h.01M15 10h.01",
}
GROUPS = frozenset({"checkboxes", "radio_buttons"})
"""The elements that are several inputs."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an element stands. `dispatch` says when it tells the app at once: change, enter, character or never.

    `id` names the control of an input block, whose label, help and error refer to it; `label` is for all others.
    """

    block: str
    names: Names
    dispatch: str = "change"
    id: str = ""
    label: str = ""

    def marks(self, part: Element, **more: str) -> dict[str, str]:
        """The attributes by which the page's script knows the element."""
        marks = {"data_block": self.block, "data_action": part.get("action_id", ""), "data_type": part["type"]}
        if "confirm" in part:
            marks["data_confirm"] = json.dumps(_confirmation(part["confirm"], self.names))
        return marks | more

    def naming(self, part: Element) -> dict[str, str]:
        """The attributes from which a screen reader knows an input."""
        if self.id:
            return {
                "id": self.id,
                "aria_describedby": f"{self.id}-help {self.id}-error",
                "data_dispatch": self.dispatch,
            }
        return {"aria_label": self.label or _placeholder(part) or "Choose", "data_dispatch": self.dispatch}


def control(part: Element, setting: Setting) -> Html:
    """The element; a kind that the page does not draw is named in a note."""
    return _DRAW.get(part["type"], _unknown)(part, setting)


def control_id(block: str, part: Element) -> str:
    """An id that stays the same as long as block_id and action_id do."""
    return f"input-{crc32(json.dumps([block, part.get('action_id')]).encode()):08x}"


def _button(part: Element, setting: Setting) -> Html:
    marks = setting.marks(part, class_=f"control {part.get('style', '')}".strip())
    if label := part.get("accessibility_label"):
        marks["aria_label"] = label
    if is_safe_url(url := part.get("url", "")):
        return element("a", prose(part["text"]["text"]), href=url, target="_blank", rel="noopener noreferrer", **marks)
    return element("button", prose(part["text"]["text"]), type="button", **marks)


def _icon_button(part: Element, setting: Setting) -> Html:
    return _picture_button(part["icon"], part, setting.marks(part))


def _feedback_buttons(part: Element, setting: Setting) -> Html:
    thumbs = (
        _picture_button(name, part[name], setting.marks(part, data_value=part[name]["value"], aria_pressed="false"))
        for name in ("positive_button", "negative_button")
    )
    return element("span", *thumbs, role="group", aria_label="Feedback", class_="feedback")


def _overflow(part: Element, setting: Setting) -> Html:
    choices = [
        {"name": option["text"]["text"], "value": option["value"], "url": option.get("url", "")}
        for option in part["options"]
        if is_safe_url(option.get("url", "https://none"))
    ]
    marks = setting.marks(part, data_choices=json.dumps(choices), aria_haspopup="menu")
    return _picture_button("overflow", {"text": {"text": "More options"}}, marks)


def _picture_button(picture: str, part: Element, marks: Mapping[str, str]) -> Html:
    label = part["text"]["text"]
    marks = {"aria_label": part.get("accessibility_label", label), "title": label, **marks}
    return element("button", icon(_PICTURES.get(picture, "")), type="button", class_="control picture-button", **marks)


def _static_select(part: Element, setting: Setting) -> Html:
    chosen = {option["value"] for option in _initial_options(part)}
    groups = [
        element("optgroup", _options(group["options"], chosen), label=group["label"]["text"])
        for group in part.get("option_groups", ())
    ]
    return _select(part, setting, join([_options(part.get("options", ()), chosen), *groups]))


def _options(options: Iterable[Element], chosen: set[str]) -> Html:
    return join(_choice(option["value"], option["text"]["text"], option["value"] in chosen) for option in options)


def _named_select(part: Element, setting: Setting, named: Mapping[str, str], chosen: str) -> Html:
    by_name = sorted(named.items(), key=lambda item: item[1].casefold())
    return _select(part, setting, join(_choice(id_, name, id_ == chosen) for id_, name in by_name))


def _users_select(part: Element, setting: Setting) -> Html:
    return _named_select(part, setting, setting.names.people, part.get("initial_user", ""))


def _channels_select(part: Element, setting: Setting) -> Html:
    named = {id_: f"#{name}" for id_, name in setting.names.channels.items()}
    chosen = part.get("initial_conversation") or part.get("initial_channel", "")
    return _named_select(part, setting, named, chosen)


def _select(part: Element, setting: Setting, options: Html) -> Html:
    is_multiple = part["type"].startswith("multi_")
    first = Html("") if is_multiple else _choice("", _placeholder(part) or "Choose an option", False)
    marks = setting.marks(part, class_="control", **setting.naming(part), **({"multiple": ""} if is_multiple else {}))
    return element("select", first, options, **marks)


def _choice(value: str, name: str, is_chosen: bool) -> Html:
    return element("option", prose(name), value=value, **({"selected": ""} if is_chosen else {}))


def _text_input(part: Element, setting: Setting) -> Html:
    marks = setting.marks(part, class_="control", placeholder=_placeholder(part), **setting.naming(part))
    if most := part.get("max_length"):
        marks["maxlength"] = str(most)
    if part.get("multiline"):
        # A browser drops the first line end of a text area.
        return element("textarea", Html("\n"), text(part.get("initial_value", "")), rows="4", **marks)
    kinds = {"email_text_input": "email", "url_text_input": "url"}
    if part["type"] == "number_input":
        marks["inputmode"] = "decimal"
    return lone("input", type=kinds.get(part["type"], "text"), value=part.get("initial_value", ""), **marks)


def _choices(part: Element, setting: Setting) -> Html:
    kind = "radio" if part["type"] == "radio_buttons" else "checkbox"
    chosen = {option["value"] for option in _initial_options(part)}
    marks = setting.marks(part, type=kind, name=control_id(setting.block, part), data_dispatch=setting.dispatch)
    drawn = (
        element(
            "label",
            lone("input", value=option["value"], **marks, **({"checked": ""} if option["value"] in chosen else {})),
            element("span", _composed(option["text"], setting.names), _described(option, setting.names)),
        )
        for option in part["options"]
    )
    role = {} if setting.id else {"role": "group", "aria_label": setting.label or "Choose"}
    return element("div", *drawn, class_="choices", **role)


def _described(option: Element, names: Names) -> Html:
    return element("small", _composed(option["description"], names)) if "description" in option else Html("")


def _picture(part: Element, _setting: Setting) -> Html:
    """Only pictures of the workspace's own are loaded."""
    return element("span", text(part["alt_text"]), class_="note")


def _unknown(part: Element, _setting: Setting) -> Html:
    return element("span", text(f"This page does not draw elements of the type “{part['type']}”."), class_="note")


def _initial_options(part: Element) -> list[Element]:
    first = part.get("initial_option")
    return [first] if first else list(part.get("initial_options") or ())


def _placeholder(part: Element) -> str:
    return str(part.get("placeholder", {}).get("text", ""))


def _composed(composed: Element, names: Names) -> Html:
    if composed["type"] == "mrkdwn":
        return mrkdwn_line(composed["text"], names)
    return prose(composed["text"])


def _confirmation(confirm: Element, names: Names) -> dict[str, str]:
    body = confirm["text"]
    words = {name: confirm[name]["text"] for name in ("title", "confirm", "deny")}
    html = mrkdwn(body["text"], names) if body["type"] == "mrkdwn" else element("p", prose(body["text"]))
    return words | {"html": html, "style": confirm.get("style", "")}


_DRAW: Mapping[str, Callable[[Element, Setting], Html]] = {
    "button": _button,
    "channels_select": _channels_select,
    "checkboxes": _choices,
    "conversations_select": _channels_select,
    "email_text_input": _text_input,
    "feedback_buttons": _feedback_buttons,
    "icon_button": _icon_button,
    "image": _picture,
    "multi_static_select": _static_select,
    "number_input": _text_input,
    "overflow": _overflow,
    "plain_text_input": _text_input,
    "radio_buttons": _choices,
    "static_select": _static_select,
    "url_text_input": _text_input,
    "users_select": _users_select,
}
