"""Block Kit's blocks, turned into HTML one after the other.

The shapes are those of https://docs.slack.dev/reference/block-kit/blocks.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.page.markup.elements import GROUPS, Setting, control, control_id
from playground.page.markup.html import Html, Names, element, join, link, prose, table, text
from playground.page.markup.markdown import markdown
from playground.page.markup.mrkdwn import mrkdwn, mrkdwn_line
from playground.page.markup.rich_text import rich_text

Block = dict[str, Any]

_TASK_SIGNS = {"pending": "○", "in_progress": "◔", "complete": "✓", "error": "✗"}


def blocks(content: Iterable[Block], names: Names) -> Html:
    """All blocks of a message; a kind that the page does not draw is named in a note."""
    return join(_DRAW.get(block["type"], _unknown)(block, names) for block in content)


def _markdown(block: Block, names: Names) -> Html:
    return markdown(block["text"], names)


def _header(block: Block, names: Names) -> Html:
    return element("h3", _line(block["text"], names))


def _section(block: Block, names: Names) -> Html:
    texts = [block["text"]] if block.get("text") else []
    fields = [element("div", _paragraphs(part, names)) for part in block.get("fields") or ()]
    columns = [element("div", *fields, class_="fields")] if fields else []
    words = join([*(_paragraphs(part, names) for part in texts), *columns])
    if "accessory" not in block:
        return words
    setting = Setting(block.get("block_id", ""), names, label=texts[0]["text"] if texts else "")
    return element("div", element("div", words), control(block["accessory"], setting), class_="section")


def _context(block: Block, names: Names) -> Html:
    return element("p", join((_line(part, names) for part in block["elements"]), Html(" ")), class_="note")


def _alert(block: Block, names: Names) -> Html:
    return element("p", _line(block["text"], names), class_="note")


def _divider(_block: Block, _names: Names) -> Html:
    return Html("<hr>")


def _image(block: Block, _names: Names) -> Html:
    match block.get("slack_file"):
        case {"id": str(file_id)} if file_id.isalnum():
            picture = Html(f'<img src="/files/{file_id}" alt="{text(block["alt_text"])}" loading="lazy">')
            return element("p", picture, class_="picture")
        case _:
            pass
    return element("p", link(block.get("image_url", ""), text(block.get("alt_text") or "Picture")))


def _table(block: Block, names: Names) -> Html:
    settings = block.get("column_settings") or ()
    alignments = {column: (setting or {}).get("align", "left") for column, setting in enumerate(settings)}

    def cell(row: int, column: int, content: Block) -> Html:
        tag = "th" if row == 0 else "td"
        return element(tag, _line(content, names), class_=alignments.get(column, "left"))

    return table(
        [cell(row, column, content) for column, content in enumerate(cells)] for row, cells in enumerate(block["rows"])
    )


def _task_card(block: Block, _names: Names) -> Html:
    sign = _TASK_SIGNS.get(block.get("status", ""), "○")
    return element("p", text(f"{sign} {block['title']}"), class_="task")


def _plan(block: Block, names: Names) -> Html:
    title = element("p", element("strong", text(block.get("title", ""))))
    return join([title, blocks(block.get("tasks") or (), names)])


def _actions(block: Block, names: Names) -> Html:
    setting = Setting(block.get("block_id", ""), names)
    return element("div", *(control(part, setting) for part in block["elements"]), class_="actions")


def _input(block: Block, names: Names) -> Html:
    part, block_id = block["element"], block.get("block_id", "")
    setting = Setting(block_id, names, _dispatch(block), control_id(block_id, part))
    optional = element("span", text(" (optional)"), class_="optional") if block.get("optional") else Html("")
    label = join([prose(block["label"]["text"]), optional])
    notes = (
        element(
            "p", prose(block["hint"]["text"]) if "hint" in block else Html(""), class_="help", id=f"{setting.id}-help"
        ),
        element("p", class_="error", id=f"{setting.id}-error", hidden=""),
    )
    if part["type"] in GROUPS:
        described = f"{setting.id}-help {setting.id}-error"
        drawn = (element("legend", label), control(part, setting), *notes)
        return element("fieldset", *drawn, class_="field", data_field=block_id, aria_describedby=described)
    drawn = (element("label", label, for_=setting.id), control(part, setting), *notes)
    return element("div", *drawn, class_="field", data_field=block_id)


def _dispatch(block: Block) -> str:
    """When the input of this block tells the app at once, which text inputs do on Enter unless they say otherwise."""
    if not block.get("dispatch_action"):
        return "never"
    if not block["element"]["type"].endswith("_input"):
        return "change"
    wanted = block["element"].get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
    return "character" if "on_character_entered" in wanted else "enter"


def _unknown(block: Block, _names: Names) -> Html:
    return element("p", text(f"This page does not draw blocks of the type “{block['type']}”."), class_="note")


_DRAW: Mapping[str, Callable[[Block, Names], Html]] = {
    "actions": _actions,
    "alert": _alert,
    "context": _context,
    "context_actions": _actions,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "plan": _plan,
    "rich_text": rich_text,
    "section": _section,
    "table": _table,
    "task_card": _task_card,
}


def _paragraphs(composed: Block, names: Names) -> Html:
    if composed["type"] == "mrkdwn":
        return mrkdwn(composed["text"], names)
    return element("p", prose(composed["text"]))


def _line(composed: Block, names: Names) -> Html:
    """What fits on a line: a text object, the rich_text of a table's cell, or the description of a picture."""
    match composed:
        case {"type": "mrkdwn", "text": str(source)}:
            return mrkdwn_line(source, names)
        case {"type": "rich_text"}:
            return rich_text(composed, names)
        case {"type": "image", "alt_text": str(description)}:
            return text(description)
        case _:
            return prose(str(composed.get("text", "")))
