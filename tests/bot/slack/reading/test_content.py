"""What a whole Slack message says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.markup.blocks import FOOTER_BLOCK_ID, NOTE_BLOCK_ID, SOURCES_BLOCK_ID, STATUS_BLOCK_ID
from bot.slack.markup.markdown import escaped
from bot.slack.reading.content import ids_in, mentions, to_markdown
from bot.slack.wire.identity import Identity

Json = dict[str, Any]
IDENTITY = Identity("T1", "UBOT", "BBOT", "ChatGPT")
NAMES = {"U1": "Ada", "C1": "general"}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def section(*pieces: Json | str) -> Json:
    elements = [{"type": "text", "text": piece} if isinstance(piece, str) else piece for piece in pieces]
    return {"type": "rich_text_section", "elements": elements}


def user(identifier: str) -> Json:
    return {"type": "user", "user_id": identifier}


def context(text: str, block_id: str = "x") -> Json:
    return {"type": "context", "block_id": block_id, "elements": [{"type": "plain_text", "text": text}]}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def said(message: Json) -> str:
    return to_markdown(message, NAMES, IDENTITY)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("<@UBOT> what is &lt;this&gt;?", "what is <this>?"),
        ("<@UBOT>: what is this?", "what is this?"),
        ("  <@UBOT|chatgpt>,  <@UBOT> what is this?", "what is this?"),
        ("<@UBOT>", ""),
        ("I asked <@UBOT> already, <@U1>", "I asked @ChatGPT already, @Ada"),
        ("<@U1> ask <@UBOT>", "@Ada ask @ChatGPT"),
        ("@ChatGPT in plain text stays", "@ChatGPT in plain text stays"),
    ],
)
def test_the_mention_that_addresses_the_bot_is_left_out(text: str, markdown: str) -> None:
    assert said({"text": text}) == markdown


def test_blocks_win_over_the_text_because_it_lost_lists_and_code() -> None:
    message = {
        "text": "<@UBOT> fix this: print(1) • one",
        "blocks": [
            rich(
                section(user("UBOT"), " fix this:\n"),
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "print(1)"}]},
                {"type": "rich_text_list", "style": "bullet", "elements": [section("one")]},
            )
        ],
    }
    assert said(message) == "fix this:\n\n```\nprint(1)\n```\n\n- one"


def test_text_is_read_where_the_blocks_say_nothing() -> None:
    assert said({"text": "hello", "blocks": [rich(), {"type": "image", "alt_text": "a cat"}, "odd", 5]}) == "hello"


def test_the_bots_answer_is_its_markdown_word_for_word() -> None:
    answer = "# Title\n\n| a | b |\n|---|---|\n| 1 | <2> |\n\n```py\nx &amp; y\n```"
    blocks = [{"type": "markdown", "text": answer}, {"type": "markdown", "text": "the end"}]
    note = context("Stopped.", NOTE_BLOCK_ID)
    assert said({"text": "Title", "bot_id": "BBOT", "blocks": [*blocks, note]}) == f"{answer}\n\nthe end"


def test_an_answer_that_slack_has_expanded_reads_as_markdown_again() -> None:
    cell = {"type": "rich_text", "elements": [section("1 | 2")]}
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Title &amp; more"}},
        rich(section("A paragraph")),
        {"type": "divider"},
        {
            "type": "table",
            "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}], [cell, cell]],
        },
    ]
    assert said({"bot_id": "BBOT", "text": "Title", "blocks": blocks}) == (
        "## Title & more\n\nA paragraph\n\n---\n\n| a | b |\n| --- | --- |\n| 1 \\| 2 | 1 \\| 2 |"
    )


@pytest.mark.parametrize("block_id", [NOTE_BLOCK_ID, STATUS_BLOCK_ID, SOURCES_BLOCK_ID, FOOTER_BLOCK_ID])
def test_what_is_no_answer_says_nothing_by_itself(block_id: str) -> None:
    assert said({"bot_id": "BBOT", "text": "thinking…", "blocks": [context("thinking…", block_id)]}) == ""


def test_other_apps_speak_through_sections_and_context() -> None:
    blocks = [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Disk full* on <https://e.com|web1>"},
            "fields": [{"type": "mrkdwn", "text": "by <@U1>"}, {"type": "plain_text", "text": "a &lt; b"}],
        },
        context("since noon"),
        {"type": "actions", "elements": []},
    ]
    message = {"bot_id": "B2", "text": "alarm", "blocks": blocks}
    assert said(message) == "*Disk full* on [web1](https://e.com)\nby @Ada\na < b\n\nsince noon"


def test_an_alarm_in_an_attachment_of_the_old_kind_is_read() -> None:
    attachment = {"fallback": "Disk full", "title": "Disk full", "text": "on <https://e.com|web1>", "color": "danger"}
    assert said({"bot_id": "B2", "text": "", "attachments": [attachment]}) == "Disk full\non [web1](https://e.com)"
    assert said({"bot_id": "B2", "text": "", "attachments": [{"fallback": "Disk &amp; more"}]}) == "Disk & more"


def test_the_preview_of_a_link_is_no_part_of_what_somebody_said() -> None:
    preview = {"from_url": "https://e.com", "title": "A page", "text": "About things"}
    assert said({"text": "look: <https://e.com>", "attachments": [preview]}) == "look: https://e.com"


def test_a_shared_message_is_quoted() -> None:
    shared = {
        "is_msg_unfurl": True,
        "is_share": True,
        "author_id": "U1",
        "author_name": "ada",
        "text": "see *this*",
        "message_blocks": [{"team": "T1", "channel": "C1", "message": {"blocks": [rich(section("see\nthis"))]}}],
    }
    assert said({"text": "What does it mean?", "attachments": [shared]}) == (
        "What does it mean?\n\n> Ada wrote:\n>\n> see\n> this"
    )
    assert said({"text": "", "attachments": [{"is_share": True, "text": "hi <@U1>", "author_name": "Bo"}]}) == (
        "> Bo wrote:\n>\n> hi @Ada"
    )
    assert said({"text": "so?", "attachments": [{"is_share": True}]}) == "so?"


def test_all_ids_that_need_a_name_are_found() -> None:
    message = {
        "blocks": [rich(section(user("U1"), user("U2"), {"type": "channel", "channel_id": "C1"}, user("not an id")))],
        "attachments": [{"is_share": True, "author_id": "U3", "text": "<!subteam^S1> <#C2|x>"}],
    }
    assert ids_in(message) == {"U1", "U2", "C1", "U3", "S1", "C2"}


def test_only_the_authors_own_words_mention() -> None:
    assert mentions({"text": "hi <@UBOT|chatgpt>"}, "UBOT")
    assert mentions({"text": "hi", "blocks": [rich(section("hi ", user("UBOT")))]}, "UBOT")
    assert mentions({"text": "<@UBOT>", "blocks": [rich(section("nothing"))]}, "UBOT")
    assert not mentions({"text": "hi", "attachments": [{"is_share": True, "text": "<@UBOT>"}]}, "UBOT")
    assert not mentions({"text": "&lt;@UBOT&gt;"}, "UBOT")


@given(st.text().filter(lambda typed: "\ufdd0" not in typed))
def test_what_somebody_typed_is_what_the_model_reads(typed: str) -> None:
    assert said({"text": escaped(typed)}) == typed.strip()


@given(st.text(min_size=1).filter(str.strip))
def test_markdown_of_the_bot_is_never_changed(answer: str) -> None:
    assert said({"blocks": [{"type": "markdown", "text": answer}]}) == answer.strip()


# fmt: off
KEYS = [
    "type", "text", "blocks", "elements", "attachments", "message_blocks", "message", "rows", "fields", "style",
    "bold", "indent", "offset", "language", "url", "user_id", "is_share", "author_id", "block_id", "bot_id",
    "timestamp", "fallback",
]
TYPES = [
    "rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted", "text", "link",
    "user", "date", "emoji", "table", "section", "header", "context", "markdown", "divider", "mrkdwn", "plain_text",
]
# fmt: on
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(TYPES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=30,
)


@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING))
def test_no_message_is_too_strange_to_read(message: Json) -> None:
    assert isinstance(said(message), str)
    assert all(isinstance(identifier, str) for identifier in ids_in(message))
