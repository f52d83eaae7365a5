"""What people enter into the elements of blocks, in the shape in which Slack tells the app."""

from collections.abc import Iterator, Mapping, Sequence

from playground.slack.directory import Json

Entries = dict[str, dict[str, Json]]
"""What is entered in each input, by block_id and action_id."""

REQUIRED = "Please complete this required field."

_FIELDS: Mapping[str, tuple[str, str]] = {
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "email_text_input": ("value", "initial_value"),
    "multi_static_select": ("selected_options", "initial_options"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "radio_buttons": ("selected_option", "initial_option"),
    "static_select": ("selected_option", "initial_option"),
    "url_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
}
"""The field of an entry, and the field of the element from which it begins."""


def elements_of(block: Json) -> Iterator[Json]:
    """The elements of a block with which people do something."""
    for element in (*block.get("elements", ()), block.get("accessory"), block.get("element")):
        if isinstance(element, dict) and "action_id" in element:
            yield element


def find_element(blocks: Sequence[Json], action_id: str, block_id: str = "") -> tuple[Json, Json]:
    """The first element with this action_id, in this block if one is named, and its block. Raises KeyError."""
    for block in blocks:
        if block_id in ("", block.get("block_id")):
            for element in elements_of(block):
                if element["action_id"] == action_id:
                    return block, element
    raise KeyError(f"no element {action_id}")


def keeps_entry(element: Json) -> bool:
    """True for inputs; buttons keep nothing."""
    return element["type"] in _FIELDS


def entered(element: Json, value: str | Sequence[str]) -> Json:
    """The entry of this text, or of the options with this value, several parted by commas or as a list.

    Raises KeyError for an option that is not offered.
    """
    kind = element["type"]
    if kind == "overflow":
        return {"type": kind, "selected_option": _option(element, str(value))}
    name, _ = _FIELDS.get(kind, ("value", ""))
    if name == "selected_options":
        chosen = value.split(",") if isinstance(value, str) else value
        return {"type": kind, name: [_option(element, part) for part in chosen if part]}
    if name == "selected_option":
        return {"type": kind, name: _option(element, str(value)) if value else None}
    return {"type": kind, name: value or None}


def initial_entries(blocks: Sequence[Json]) -> Entries:
    """What is entered in these blocks before anybody has touched them; Slack tells of empty inputs, too."""
    return {
        block.get("block_id", ""): {element["action_id"]: _initial(element) for element in inputs}
        for block in blocks
        if (inputs := [element for element in elements_of(block) if keeps_entry(element)])
    }


def carried_entries(blocks: Sequence[Json], before: Entries) -> Entries:
    """What is entered after a change to these blocks: inputs that keep both of their ids keep their entries."""
    entries = initial_entries(blocks)
    for block in blocks:
        kept = before.get(block.get("block_id", ""), {})
        for element in elements_of(block):
            entry = kept.get(element["action_id"])
            if entry and entry["type"] == element["type"] and _is_possible(element, entry):
                entries[block.get("block_id", "")][element["action_id"]] = entry
    return entries


def filled(block: Json, entries: Entries) -> Json:
    """The block with what is entered in the place of what its inputs began with."""
    kept = entries.get(block.get("block_id", ""), {})

    def fill(element: Json) -> Json:
        entry = kept.get(element.get("action_id", ""))
        if entry is None or not keeps_entry(element):
            return element
        name, initial = _FIELDS[element["type"]]
        return {key: value for key, value in element.items() if key != initial} | (
            {initial: entry[name]} if entry[name] else {}
        )

    changed: Json = {name: fill(block[name]) for name in ("accessory", "element") if isinstance(block.get(name), dict)}
    if block["type"] == "actions":
        changed["elements"] = [fill(element) for element in block["elements"]]
    return block | changed


def complaints(blocks: Sequence[Json], entries: Entries) -> dict[str, str]:
    """What a person must mend before Slack's own client submits a modal, by block_id."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input" or not keeps_entry(element := block["element"]):
            continue
        entry = entries.get(block.get("block_id", ""), {}).get(element["action_id"], {})
        given = entry.get(_FIELDS[element["type"]][0])
        if not given and not block.get("optional"):
            found[block.get("block_id", "")] = REQUIRED
        elif isinstance(given, str) and len(given) < (least := element.get("min_length", 0)):
            found[block.get("block_id", "")] = f"Please write at least {least} characters."
    return found


def _initial(element: Json) -> Json:
    name, initial = _FIELDS[element["type"]]
    return {"type": element["type"], name: element.get(initial, [] if name == "selected_options" else None)}


def _is_possible(element: Json, entry: Json) -> bool:
    chosen = entry.get("selected_options") or [entry.get("selected_option")]
    return all(option is None or option["value"] in _offered(element) for option in chosen)


def _option(element: Json, value: str) -> Json:
    offered = _offered(element)
    if value not in offered:
        raise KeyError(f"no option {value}")
    return dict(offered[value])


def _offered(element: Json) -> dict[str, Json]:
    groups = element.get("option_groups", [])
    options = element.get("options", []) + [option for group in groups for option in group["options"]]
    return {option["value"]: option for option in options}
