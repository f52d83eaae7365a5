"""Standard Markdown, as Slack takes it in `markdown` blocks and streams, turned into HTML."""

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from playground.page.markup.html import TABLE_CLOSE, TABLE_OPEN, Html, Names, code_block, is_safe_url, link, prose, text
from playground.page.markup.mrkdwn import entity

_ENTITY = re.compile(r"<([@#!][A-Za-z][^<>\n]*)>")
_BARE_URL = re.compile(r"https?://[^\s<>\"`]*[^\s<>\"`.,;:!?'*_~)\]]")


def markdown(source: str, names: Names) -> Html:
    """Rendered Markdown; raw HTML in it is shown as text, and pictures become links, as in Slack."""
    return Html(_parser().render(source, {"names": names, "in_link": False}))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    options = {"html": False, "breaks": True, "tasklists": True, "xhtmlOut": False}
    parser = MarkdownIt("commonmark", options, renderer_cls=_Renderer).enable(["table", "strikethrough"])
    # A line of dashes under a paragraph would make it a heading: half a list does so while an answer grows.
    parser.disable("lheading")
    parser.inline.ruler.before("autolink", "slack_entity", _slack_entity)
    return parser


def _slack_entity(state: StateInline, silent: bool) -> bool:
    match = _ENTITY.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("slack_entity", "", 0).content = match[1]
    state.pos = match.end()
    return True


class _Renderer(RendererHTML):
    """Draws what this page draws otherwise than HTML would; the methods are named after markdown-it's tokens."""

    def text(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType) -> str:
        content = tokens[idx].content
        return text(content) if env["in_link"] else _with_links(content)

    def slack_entity(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType) -> str:
        content = tokens[idx].content
        return entity(content, env["names"]) or text(f"<{content}>")

    def link_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType) -> str:
        env["in_link"] = True
        url = str(tokens[idx].attrGet("href"))
        return link(url, Html("")).removesuffix("</a>") if is_safe_url(url) else "<a>"

    def link_close(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, env: EnvType) -> str:
        env["in_link"] = False
        return "</a>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        url = str(tokens[idx].attrGet("src"))
        label = text(self.renderInlineAsText(tokens[idx].children, options, env) or url)
        return label if env["in_link"] else link(url, label)

    def fence(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        language, *_ = tokens[idx].info.split() or [""]
        return code_block(tokens[idx].content, language)

    def code_block(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return code_block(tokens[idx].content)

    def softbreak(self, *_: object) -> str:
        return "<br>"

    def hardbreak(self, *_: object) -> str:
        return "<br>"

    def heading_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return f"<{_heading(tokens[idx])}>"

    def heading_close(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return f"</{_heading(tokens[idx])}>"

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # A box without a name is a riddle to those who hear the page.
        label = "done" if tokens[idx].meta.get("checked") else "to do"
        return super().list_item_open(tokens, idx, options, env).replace("<input ", f'<input aria-label="{label}" ')

    def table_open(self, *_: object) -> str:
        return TABLE_OPEN

    def table_close(self, *_: object) -> str:
        return TABLE_CLOSE

    def th_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return _cell(tokens[idx])

    def td_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return _cell(tokens[idx])


def _heading(token: Token) -> str:
    # The page's own headings are of the levels 1 and 2.
    return f"h{min(6, int(token.tag[1]) + 2)}"


def _cell(token: Token) -> str:
    # The page's content security policy forbids the style attribute that markdown-it writes.
    alignment = str(token.attrGet("style") or "").removeprefix("text-align:")
    return f'<{token.tag} class="{alignment}">' if alignment in ("left", "center", "right") else f"<{token.tag}>"


def _with_links(plain: str) -> str:
    pieces: list[str] = []
    end = 0
    for match in _BARE_URL.finditer(plain):
        pieces += [prose(plain[end : match.start()]), link(match[0], text(match[0]))]
        end = match.end()
    return "".join([*pieces, prose(plain[end:])])
