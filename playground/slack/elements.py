"""The rules for texts and interactive elements inside blocks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playground.slack.directory import Json

ACTION_ID_LIMIT = BLOCK_ID_LIMIT = 255
Problems = Iterator[str]


def too_long(value: Any, most: int, at: str) -> Problems:
    """A problem when this string has more characters than allowed."""
    if isinstance(value, str) and len(value) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}]"


def check_text(value: Any, most: int, at: str, *, plain_only: bool = False, minimum: int = 0) -> Problems:
    """Problems of a text object: plain_text or mrkdwn."""
    kinds = {"plain_text"} if plain_only else {"plain_text", "mrkdwn"}
    if not isinstance(value, dict):
        yield f"missing required field: {at.rpartition('/')[2]} [json-pointer:{at}]"
    elif value.get("type") not in kinds:
        yield f"unsupported type: {value.get('type')} [json-pointer:{at}/type]"
    elif not isinstance(value.get("text"), str):
        yield f"missing required field: text [json-pointer:{at}/text]"
    elif len(value["text"]) < minimum:
        yield f"must be more than {minimum - 1} characters [json-pointer:{at}/text]"
    else:
        yield from too_long(value["text"], most, f"{at}/text")


def check_element(element: Any, at: str) -> Problems:
    """Problems of a button, menu, input or image."""
    if not isinstance(element, dict) or element.get("type") not in CHECKS:
        kind = element.get("type") if isinstance(element, dict) else None
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    yield from too_long(element.get("action_id"), ACTION_ID_LIMIT, f"{at}/action_id")
    if "placeholder" in element:
        yield from check_text(element["placeholder"], 150, f"{at}/placeholder", plain_only=True)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{at}/confirm")
    yield from CHECKS[element["type"]](element, at)


def _button(element: Json, at: str) -> Problems:
    yield from check_text(element.get("text"), 75, f"{at}/text", plain_only=True, minimum=1)
    yield from too_long(element.get("value"), 2000, f"{at}/value")
    yield from too_long(element.get("url"), 3000, f"{at}/url")
    if element.get("style", "primary") not in {"primary", "danger"}:
        yield f"invalid style [json-pointer:{at}/style]"


def _icon_button(element: Json, at: str) -> Problems:
    if element.get("icon") != "trash":
        yield f"invalid icon [json-pointer:{at}/icon]"
    yield from check_text(element.get("text"), 75, f"{at}/text", plain_only=True, minimum=1)


def _feedback_buttons(element: Json, at: str) -> Problems:
    for name in ("positive_button", "negative_button"):
        button = element.get(name)
        if not isinstance(button, dict):
            yield f"missing required field: {name} [json-pointer:{at}/{name}]"
            continue
        yield from check_text(button.get("text"), 75, f"{at}/{name}/text", plain_only=True, minimum=1)
        yield from too_long(button.get("value"), 2000, f"{at}/{name}/value")
        if not button.get("value"):
            yield f"missing required field: value [json-pointer:{at}/{name}/value]"


def _static_select(element: Json, at: str) -> Problems:
    if not element.get("options") and not element.get("option_groups"):
        yield f"missing required field: options [json-pointer:{at}/options]"
    yield from _options(element.get("options", []), 100, f"{at}/options")
    groups = element.get("option_groups", [])
    if len(groups) > 100:
        yield f"no more than 100 items allowed [json-pointer:{at}/option_groups]"
    for index, group in enumerate(groups):
        where = f"{at}/option_groups/{index}"
        yield from check_text(group.get("label"), 75, f"{where}/label", plain_only=True)
        yield from _options(group.get("options", []), 100, f"{where}/options")
    initial = element.get("initial_option")
    offered = element.get("options", []) + [option for group in groups for option in group.get("options", [])]
    if initial and initial not in offered:
        yield f"initial_option must be one of the options [json-pointer:{at}/initial_option]"


def _overflow(element: Json, at: str) -> Problems:
    options = element.get("options", [])
    if not 1 <= len(options) <= 5:
        yield f"must have 1 to 5 items [json-pointer:{at}/options]"
    yield from _options(options, 5, f"{at}/options")


def _choices(element: Json, at: str) -> Problems:
    if not element.get("options"):
        yield f"missing required field: options [json-pointer:{at}/options]"
    yield from _options(element.get("options", []), 10, f"{at}/options")


def _options(options: list[Json], most: int, at: str) -> Problems:
    if len(options) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"
    for index, option in enumerate(options):
        yield from check_text(option.get("text"), 75, f"{at}/{index}/text", minimum=1)
        if not option.get("value"):
            yield f"missing required field: value [json-pointer:{at}/{index}/value]"
        yield from too_long(option.get("value"), 150, f"{at}/{index}/value")
        if "description" in option:
            yield from check_text(option["description"], 75, f"{at}/{index}/description")


def _plain_text_input(element: Json, at: str) -> Problems:
    if not 0 <= element.get("max_length", 3000) <= 3000:
        yield f"must be at most 3000 [json-pointer:{at}/max_length]"
    yield from too_long(element.get("initial_value"), element.get("max_length", 3000), f"{at}/initial_value")


def _number_input(element: Json, at: str) -> Problems:
    if "is_decimal_allowed" not in element:
        yield f"missing required field: is_decimal_allowed [json-pointer:{at}/is_decimal_allowed]"


def _image(element: Json, at: str) -> Problems:
    if not element.get("image_url") and not element.get("slack_file"):
        yield f"missing required field: image_url or slack_file [json-pointer:{at}]"
    if not element.get("alt_text"):
        yield f"missing required field: alt_text [json-pointer:{at}/alt_text]"


def _confirm(value: Json, at: str) -> Problems:
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from check_text(value.get(name), most, f"{at}/{name}", plain_only=name != "text", minimum=1)


def _anything(_element: Json, _at: str) -> Problems:
    return iter(())


CHECKS: Mapping[str, Callable[[Json, str], Problems]] = {
    "button": _button,
    "channels_select": _anything,
    "checkboxes": _choices,
    "conversations_select": _anything,
    "datepicker": _anything,
    "datetimepicker": _anything,
    "email_text_input": _anything,
    "external_select": _anything,
    "feedback_buttons": _feedback_buttons,
    "file_input": _anything,
    "icon_button": _icon_button,
    "image": _image,
    "multi_channels_select": _anything,
    "multi_conversations_select": _anything,
    "multi_external_select": _anything,
    "multi_static_select": _static_select,
    "multi_users_select": _anything,
    "number_input": _number_input,
    "overflow": _overflow,
    "plain_text_input": _plain_text_input,
    "radio_buttons": _choices,
    "rich_text_input": _anything,
    "static_select": _static_select,
    "timepicker": _anything,
    "url_text_input": _anything,
    "users_select": _anything,
}
