"""Block Kit's rules: which blocks there are, what they must hold, and how long each part may be.

Limits from Slack's Block Kit reference and the Python SDK's models of it (slack_sdk.models.blocks).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playground.slack.directory import Json
from playground.slack.elements import BLOCK_ID_LIMIT, check_element, check_text, too_long
from playground.slack.markdown import expand

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_CHARACTERS = 12_000
TABLE_ROWS, TABLE_COLUMNS = 100, 20

Problems = Iterator[str]


def problems(blocks: Any, limit: int = MESSAGE_BLOCKS) -> list[str]:
    """What is wrong with these blocks, each with a JSON pointer to the place; empty when Slack would take them."""
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    if len(blocks) > limit:
        return [f"no more than {limit} items allowed [json-pointer:/blocks]"]
    found = [problem for index, block in enumerate(blocks) for problem in _block(block, f"/blocks/{index}")]
    ids = [block.get("block_id") for block in blocks if isinstance(block, dict) and block.get("block_id")]
    if len(ids) != len(set(ids)):
        found.append("block_id must be unique [json-pointer:/blocks]")
    if sum(isinstance(block, dict) and block.get("type") == "table" for block in blocks) > 1:
        found.append("only one table allowed [json-pointer:/blocks]")
    return found


def markdown_sources(blocks: list[Json]) -> list[str]:
    """The texts of the markdown blocks among these."""
    return [block["text"] for block in blocks if block["type"] == "markdown"]


def expanded(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack stores them: each markdown block as the blocks that it becomes."""
    return [part for block in blocks for part in (expand(block["text"]) if block["type"] == "markdown" else [block])]


def _block(block: Any, at: str) -> Problems:
    if not isinstance(block, dict):
        yield f"must be an object [json-pointer:{at}]"
        return
    check = CHECKS.get(block.get("type", ""))
    if check is None:
        yield f"unsupported type: {block.get('type')} [json-pointer:{at}/type]"
        return
    yield from too_long(block.get("block_id"), BLOCK_ID_LIMIT, f"{at}/block_id")
    yield from check(block, at)


def _section(block: Json, at: str) -> Problems:
    if not block.get("text") and not block.get("fields"):
        yield f"missing required field: text or fields [json-pointer:{at}]"
    if "text" in block:
        yield from check_text(block["text"], 3000, f"{at}/text", minimum=1)
    fields = block.get("fields", [])
    yield from _count(fields, 0, 10, f"{at}/fields")
    for index, field in enumerate(fields):
        yield from check_text(field, 2000, f"{at}/fields/{index}")
    if "accessory" in block:
        yield from check_element(block["accessory"], f"{at}/accessory")


def _header(block: Json, at: str) -> Problems:
    yield from check_text(block.get("text"), 150, f"{at}/text", plain_only=True, minimum=1)


def _markdown(block: Json, at: str) -> Problems:
    if not isinstance(block.get("text"), str) or not block["text"]:
        yield f"missing required field: text [json-pointer:{at}/text]"


def _context(block: Json, at: str) -> Problems:
    elements = block.get("elements", [])
    yield from _count(elements, 1, 10, f"{at}/elements")
    for index, element in enumerate(elements):
        where = f"{at}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from check_element(element, where)
        else:
            yield from check_text(element, 3000, where, minimum=1)


def _actions(block: Json, at: str) -> Problems:
    yield from _elements(block, 25, at)


def _context_actions(block: Json, at: str) -> Problems:
    yield from _elements(block, 5, at, allowed=("feedback_buttons", "icon_button"))


def _elements(block: Json, most: int, at: str, allowed: tuple[str, ...] = ()) -> Problems:
    elements = block.get("elements", [])
    yield from _count(elements, 1, most, f"{at}/elements")
    for index, element in enumerate(elements):
        where = f"{at}/elements/{index}"
        if allowed and isinstance(element, dict) and element.get("type") not in allowed:
            yield f"unsupported type: {element.get('type')} [json-pointer:{where}/type]"
        else:
            yield from check_element(element, where)


def _input(block: Json, at: str) -> Problems:
    yield from check_text(block.get("label"), 2000, f"{at}/label", plain_only=True, minimum=1)
    if "hint" in block:
        yield from check_text(block["hint"], 2000, f"{at}/hint", plain_only=True)
    yield from check_element(block.get("element"), f"{at}/element")


def _image(block: Json, at: str) -> Problems:
    if not block.get("image_url") and not block.get("slack_file"):
        yield f"missing required field: image_url or slack_file [json-pointer:{at}]"
    if not block.get("alt_text"):
        yield f"missing required field: alt_text [json-pointer:{at}/alt_text]"
    yield from too_long(block.get("image_url"), 3000, f"{at}/image_url")
    yield from too_long(block.get("alt_text"), 2000, f"{at}/alt_text")


def _rich_text(block: Json, at: str) -> Problems:
    kinds = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    for index, element in enumerate(block.get("elements") or [None]):
        if not isinstance(element, dict) or element.get("type") not in kinds:
            yield f"invalid rich_text element [json-pointer:{at}/elements/{index}]"


def _table(block: Json, at: str) -> Problems:
    rows = block.get("rows")
    yield from _count(rows, 1, TABLE_ROWS, f"{at}/rows")
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        yield from _count(row, 1, TABLE_COLUMNS, f"{at}/rows/{index}")
        for column, cell in enumerate(row if isinstance(row, list) else []):
            if not isinstance(cell, dict) or cell.get("type") not in {"raw_text", "raw_number", "rich_text"}:
                yield f"invalid table cell [json-pointer:{at}/rows/{index}/{column}]"


def _plan(block: Json, at: str) -> Problems:
    tasks = block.get("tasks", [])
    yield from _count(tasks, 0, 50, f"{at}/tasks")
    for index, task in enumerate(tasks):
        yield from _task_card(task, f"{at}/tasks/{index}")


def _task_card(block: Json, at: str) -> Problems:
    for name in ("task_id", "title"):
        if not block.get(name):
            yield f"missing required field: {name} [json-pointer:{at}/{name}]"
    if block.get("status") not in {"pending", "in_progress", "complete", "error"}:
        yield f"invalid status [json-pointer:{at}/status]"


def _alert(block: Json, at: str) -> Problems:
    if block.get("level", "default") not in {"default", "info", "warning", "error", "success"}:
        yield f"invalid level [json-pointer:{at}/level]"
    yield from check_text(block.get("text"), 3000, f"{at}/text", minimum=1)


def _anything(_block: Json, _at: str) -> Problems:
    return iter(())


def _count(items: Any, least: int, most: int, at: str) -> Problems:
    if not isinstance(items, list):
        yield f"must be an array [json-pointer:{at}]"
    elif len(items) < least:
        yield f"must have at least {least} items [json-pointer:{at}]"
    elif len(items) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"


CHECKS: Mapping[str, Callable[[Json, str], Problems]] = {
    "actions": _actions,
    "alert": _alert,
    "call": _anything,
    "card": _anything,
    "carousel": _anything,
    "container": _anything,
    "context": _context,
    "context_actions": _context_actions,
    "data_table": _anything,
    "data_visualization": _anything,
    "divider": _anything,
    "file": _anything,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "plan": _plan,
    "rich_text": _rich_text,
    "section": _section,
    "table": _table,
    "task_card": _task_card,
    "video": _anything,
}
