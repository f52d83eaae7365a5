"""What Slack makes of Markdown: the blocks that it expands to, and the plain text beside them."""

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from playground.slack.directory import Json

PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
HEADER_LIMIT = 150


def expand(markdown: str) -> list[Json]:
    """One block for each paragraph, heading, list, quote, table, code block and divider.

    Slack says that one markdown block may become several and that images become links (reference of the markdown
    block); how it groups them is not documented, so this double counts each part as a block, which is the strictest.
    """
    return [block for node in _tree(markdown).children for block in _blocks(node)]


def plain(markdown: str) -> str:
    """The text without Markdown's marks, as Slack puts it into `text` for notifications."""
    return "\n".join(text for node in _tree(markdown).children if (text := _plain(node)))


def _tree(markdown: str) -> SyntaxTreeNode:
    return SyntaxTreeNode(PARSER.parse(markdown))


def _blocks(node: SyntaxTreeNode) -> list[Json]:
    match node.type:
        case "hr":
            return [{"type": "divider"}]
        case "table":
            return [{"type": "table", "rows": _rows(node)}]
        case "heading":
            return _heading(node)
        case _:
            return [{"type": "rich_text", "elements": _elements(node)}]


def _heading(node: SyntaxTreeNode) -> list[Json]:
    title = _plain(node).strip()
    if len(title) > HEADER_LIMIT:
        return [{"type": "rich_text", "elements": _elements(node)}]
    return [{"type": "header", "text": {"type": "plain_text", "text": title, "emoji": True}}] if title else []


def _rows(table: SyntaxTreeNode) -> list[list[Json]]:
    rows = [row for part in table.children for row in part.children]
    return [[_cell(cell) for cell in row.children] for row in rows]


def _cell(cell: SyntaxTreeNode) -> Json:
    elements = _inline(cell) or [{"type": "text", "text": " "}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _elements(node: SyntaxTreeNode, indent: int = 0) -> list[Json]:
    match node.type:
        case "bullet_list" | "ordered_list":
            return _list(node, indent)
        case "fence" | "code_block":
            code: Json = {
                "type": "rich_text_preformatted",
                "elements": [{"type": "text", "text": node.content.removesuffix("\n")}],
                "border": 0,
            }
            language = node.info.strip().split(" ")[0] if node.info else ""
            return [code | ({"language": language} if language else {})]
        case "blockquote":
            quoted = [element for child in node.children for element in [*_inline(child), _text("\n")]]
            return [{"type": "rich_text_quote", "elements": quoted[:-1]}]
        case "heading":
            return [{"type": "rich_text_section", "elements": _inline(node, ("bold",))}]
        case _:
            return [{"type": "rich_text_section", "elements": _inline(node)}]


def _list(node: SyntaxTreeNode, indent: int) -> list[Json]:
    style = "ordered" if node.type == "ordered_list" else "bullet"
    elements: list[Json] = []
    for number, item in enumerate(node.children, int(node.attrs.get("start", 1))):
        own = [child for child in item.children if child.type not in {"bullet_list", "ordered_list"}]
        nested = [child for child in item.children if child.type in {"bullet_list", "ordered_list"}]
        inline = [element for child in own for element in [*_inline(child), _text("\n")]][:-1]
        section = {"type": "rich_text_section", "elements": inline}
        last = elements[-1] if elements else {}
        if last.get("indent") == indent and last.get("style") == style:
            last["elements"].append(section)
        else:
            offset = {"offset": number - 1} if style == "ordered" and number > 1 else {}
            elements.append(
                {"type": "rich_text_list", "style": style, "indent": indent, "border": 0, "elements": [section]}
                | offset
            )
        for child in nested:
            elements += _list(child, indent + 1)
    return elements


def _text(text: str, styles: tuple[str, ...] = ()) -> Json:
    element: Json = {"type": "text", "text": text}
    return element | ({"style": dict.fromkeys(styles, True)} if styles else {})


STYLES = {"strong": "bold", "em": "italic", "s": "strike"}


def _inline(node: SyntaxTreeNode, styles: tuple[str, ...] = ()) -> list[Json]:
    match node.type:
        case "text":
            return [_text(node.content, styles)] if node.content else []
        case "code_inline" | "fence" | "code_block":
            return [_text(node.content.removesuffix("\n"), (*styles, "code"))]
        case "softbreak" | "hardbreak":
            return [_text("\n", styles)]
        case "link" | "image":
            address = str(node.attrs.get("href") or node.attrs.get("src") or "")
            link: Json = {"type": "link", "url": address, "text": _plain(node) or node.content or address}
            return [link | ({"style": dict.fromkeys(styles, True)} if styles else {})]
        case _:
            style = STYLES.get(node.type)
            return _children(node, (*styles, style) if style else styles)


def _children(node: SyntaxTreeNode, styles: tuple[str, ...]) -> list[Json]:
    return [element for child in node.children for element in _inline(child, styles)]


def _plain(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline" | "image":
            shown = node.content
        case "fence" | "code_block":
            shown = f"```\n{node.content}```"
        case "softbreak" | "hardbreak":
            shown = "\n"
        case "hr":
            shown = "---"
        case "tr":
            shown = " | ".join(_plain(cell) for cell in node.children)
        case "list_item":
            shown = "• " + _plain_lines(node).replace("\n", "\n    ")
        case "bullet_list" | "ordered_list" | "blockquote" | "table" | "thead" | "tbody":
            shown = _plain_lines(node)
        case _:
            shown = "".join(_plain(child) for child in node.children)
    return shown


def _plain_lines(node: SyntaxTreeNode) -> str:
    return "\n".join(_plain(child) for child in node.children)
