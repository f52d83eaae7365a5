"""How an answer is divided into messages."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.slack.markup.characters import size
from bot.slack.markup.fences import closed, open_fence
from bot.slack.markup.neutral import neutral
from bot.slack.markup.segments import LIMIT, Cut, Scan, Urgency
from bot.slack.markup.unfinished import steady
from playground.slack.markdown import expand
from tests.strategies.arrival import growing, piece_lengths
from tests.strategies.markdown import answers, scraps

PARSER = MarkdownIt("commonmark").enable("table")

limits = st.sampled_from((430, 1_000, 3_800))


@dataclass(frozen=True, slots=True)
class Segment:
    """One message of a split text: what of the text it holds, and what it shows."""

    raw: str
    shown: str


def split(text: str, limit: int = LIMIT) -> list[Segment]:
    """A complete text as messages; at least one, which is empty for an empty text."""
    segments: list[Segment] = []
    opening = ""
    while cut := Scan(opening, limit).find_cut(text, complete=True):
        raw, text = text[: cut.end], text[cut.end :]
        segments.append(Segment(raw, opening + raw + cut.closing))
        opening = cut.opening
    shown = closed(opening + text)
    return [*segments, Segment(text, shown if size(shown) <= limit else opening + text)]


def rejoin(segments: Iterable[Segment]) -> str:
    """The text that was split."""
    return "".join(segment.raw for segment in segments)


def words(length: int) -> str:
    """One long line of so many characters."""
    return ("word " * (length // 5 + 1))[: length - 2].rstrip().ljust(length - 1, "x") + "."


def cuts(texts: Iterable[str], limit: int, urgency: Urgency = Urgency.CALM) -> list[Cut]:
    """All cuts of a text that grows, counted from its beginning."""
    start, scan, found = 0, Scan(limit=limit), list[Cut]()
    for text in texts:
        while cut := scan.find_cut(text[start:], urgency=urgency):
            start, scan = start + cut.end, Scan(cut.opening, limit)
            found.append(Cut(start, cut.closing, cut.opening))
    return found


def code(markdown: str) -> str:
    """All code between fences."""
    return "".join(token.content for token in PARSER.parse(markdown) if token.type == "fence")


def rows(markdown: str) -> list[str]:
    """The rows of all tables, their heads apart."""
    found, inside = list[str](), False
    for token in PARSER.parse(markdown):
        inside = token.type == "tbody_open" or (inside and token.type != "tbody_close")
        if inside and token.type == "tr_open":
            found.append("")
        elif inside and token.type == "inline":
            found[-1] += f"{token.content}|"
    return found


@given(answers | scraps, limits)
def test_nothing_is_lost_or_doubled(text: str, limit: int) -> None:
    segments = split(text, limit)
    assert rejoin(segments) == text
    assert all(segment.raw in segment.shown for segment in segments)


@given(answers | scraps, limits)
def test_every_message_is_within_the_limit(text: str, limit: int) -> None:
    assert max(size(segment.shown) for segment in split(text, limit)) <= limit


@given(answers, limits)
def test_no_message_is_empty_or_ends_in_an_open_fence(text: str, limit: int) -> None:
    for segment in split(text, limit):
        assert segment.raw.strip()
        assert open_fence(segment.shown) is None


@given(answers)
def test_no_message_becomes_more_blocks_than_slack_takes(text: str) -> None:
    assert max(len(expand(segment.shown)) for segment in split(text)) <= 45


@given(answers, st.sampled_from((1_000, 3_800)))
def test_code_and_tables_are_what_they_were(text: str, limit: int) -> None:
    segments = split(text, limit)
    assert "".join(code(segment.shown) for segment in segments) == code(text)
    assert [row for segment in segments for row in rows(segment.shown)] == rows(text)


@pytest.mark.parametrize("text", ["", "Hello.", "# Short\n\n```py\nx = 1\n```\n"])
def test_a_short_text_is_left_alone(text: str) -> None:
    assert [segment.shown for segment in split(text)] == [text]


def test_a_fence_that_the_model_left_open_is_closed() -> None:
    assert split("> ~~~py\n> x = 1")[0].shown == "> ~~~py\n> x = 1\n> ~~~"


def test_each_message_repeats_the_head_of_a_long_table() -> None:
    head = "| a | b |\n|:--|--:|\n"
    segments = split(head + "".join(f"| row {row} | {row} |\n" for row in range(500)))
    assert all(segment.shown.startswith(head) for segment in segments)
    assert [len(rows(segment.shown)) for segment in segments] == [95, 95, 95, 95, 95, 25]


@pytest.mark.parametrize(
    ("lead", "marks", "language"), [("", "```", "python"), ("", "~~~~", ""), ("  ", "````", "js"), ("> ", "```", "c++")]
)
def test_a_fence_is_reopened_as_it_was(lead: str, marks: str, language: str) -> None:
    text = f"{lead}{marks}{language}\n" + f"{lead}some line of code\n" * 900 + f"{lead}{marks}\n\nThe end."
    first, second, *_ = split(text)
    assert first.shown.endswith(f"{lead}some line of code\n{lead}{marks}")
    assert second.shown.startswith(f"{lead}{marks}{language}\n{lead}some line of code\n")


@pytest.mark.parametrize(
    "text",
    [
        *(character * 50_000 for character in "x`~[<&*|>\r\n \ud83d"),
        *("word " * 10_000, "漢字かな" * 8_000, "👩\u200d💻" * 8_000, "🇩🇪" * 8_000, "e" + "\u0301" * 30_000),
        *("[text](http://a.b/c) " * 3_000, "[text" * 8_000, "`" + "code " * 9_000, "<!channel|" + "x" * 40_000),
        *("```\n" + "x y " * 12_000, "````md\n" + "```py\nx\n```\n" * 3_000, "~" * 61 + "\n" + "x\n" * 9_000),
        *("line\r\n\r\n" * 5_000, "# heading\n" * 4_000, "---\n\n" * 4_000),
        "| " + "head " * 900 + "|\n|---|\n" + "| x |\n" * 3_000,
        "".join(" " * (line % 40) + "- item\n" for line in range(3_000)),
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_what_nobody_should_write_is_divided_as_well(text: str) -> None:
    segments = split(text)
    assert rejoin(segments) == text
    assert max(size(segment.shown) for segment in segments) <= LIMIT
    assert len(segments) <= 4 + len(text) / 150


@pytest.mark.parametrize(
    ("message", "next_message"),
    [
        (f"{words(9_100)}\n\n", "Next paragraph."),
        (f"{words(9_100)}\n", "# Heading\n\nText."),
        (f"{words(9_100)}\nSame paragraph.\n\n", "Next paragraph."),
        (f"{words(8_985)}\n\n# Heading\n\nText.\n\n", "Next paragraph."),
        (f"{words(8_980)}\n\nAs follows:\n\n- one\n- two\n\n", "Next paragraph."),
        (f"{words(10_100)}\n", "Next line."),
        (f"- {words(10_100)}\n  - nested\n", "- Next item."),
        (f"{words(11_004)} ", "word"),
        (f"{words(10_990)} [a link](http://x.y) ", "word"),
        (f"{words(10_995)} `some code` ", "word"),
        ("漢字" * 1_833 + "漢字かな。", "漢字"),
    ],
    ids=lambda text: text[-20:],
)
def test_a_message_ends_at_the_first_good_place(message: str, next_message: str) -> None:
    cut = Scan().find_cut(message + next_message)
    assert cut == Cut(len(message))


@pytest.mark.parametrize("text", [f"{words(8_900)}\n\nNext.\n\nNext.", f"{words(9_500)}\nNext line.\nNext line."])
def test_a_message_goes_on_while_no_place_is_good_enough(text: str) -> None:
    assert Scan().find_cut(text) is None


def test_the_head_of_a_table_stays_with_its_first_row() -> None:
    text = words(10_100) + "\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    assert Scan().find_cut(text) == Cut(text.index("|"))


@given(answers | scraps, piece_lengths, limits, st.sampled_from(list(Urgency)[: Urgency.NOW]))
def test_cuts_are_the_same_however_the_text_arrives(
    text: str, lengths: list[int], limit: int, urgency: Urgency
) -> None:
    assert cuts(growing(text, lengths), limit, urgency) == cuts([text], limit, urgency)


@given(answers | scraps, piece_lengths, limits)
def test_cuts_are_the_same_for_a_stream_that_takes_nothing_back(text: str, lengths: list[int], limit: int) -> None:
    scan, messages, usable, start, sent = Scan(limit=limit), list[str](), "", 0, 0
    for grown in (*growing(text, lengths), None):
        complete = grown is None
        harmless = neutral(text if grown is None else grown)
        assert harmless.startswith(usable)
        usable = harmless[: steady(harmless, complete)]
        while cut := scan.find_cut(usable[start:], sent, complete=complete):
            assert cut.end >= sent
            messages.append(usable[start : start + cut.end])
            scan, start, sent = Scan(cut.opening, limit), start + cut.end, 0
        sent = len(usable) - start
    assert [*messages, usable[start:]] == [segment.raw for segment in split(neutral(text), limit)]


@pytest.mark.parametrize(
    ("urgency", "next_message"),
    [
        (Urgency.PARAGRAPH, "Third paragraph."),
        (Urgency.LINE, "line two of it.\n\nThird paragraph."),
        (Urgency.WORD, "paragraph,\nline two of it.\n\nThird paragraph."),
        (Urgency.NOW, "paragraph."),
    ],
)
def test_a_cut_comes_the_earlier_the_more_it_is_wanted(urgency: Urgency, next_message: str) -> None:
    text = "First paragraph.\n\nSecond paragraph,\nline two of it.\n\nThird paragraph."
    cut = Scan().find_cut(text, sent=text.index("cond"), urgency=urgency)
    assert cut is not None
    assert text[cut.end :] == next_message


def test_places_that_were_passed_over_are_looked_at_again_when_urgency_rises() -> None:
    scan, text = Scan(), "First paragraph.\n\nSecond.\n\nThird."
    assert scan.find_cut(text) is None
    assert scan.find_cut(text, 20, Urgency.PARAGRAPH) == Cut(text.index("Third"))


def test_a_cut_that_was_found_stays() -> None:
    scan, text = Scan(), f"{words(9_100)}\n\nNext paragraph.\n\nAnother one."
    assert scan.find_cut(text[:9_110]) == scan.find_cut(text) == Cut(9_102)


@pytest.mark.parametrize(("text", "sent", "end"), [("half a wo", 0, 7), ("half a wo", 9, 9), ("word", 0, 4)])
def test_a_stream_that_has_no_time_left_is_cut_where_it_stands(text: str, sent: int, end: int) -> None:
    assert Scan().find_cut(text, sent, Urgency.NOW) == Cut(end)


def test_a_cut_inside_a_line_of_code_closes_the_fence_and_reopens_it() -> None:
    text = "```py\nx = 1\ny = "
    assert Scan().find_cut(text, len(text), Urgency.NOW) == Cut(len(text), "\n```", "```py\n")


def test_a_complete_text_that_fits_is_not_cut() -> None:
    assert Scan().find_cut("One.\n\nTwo.", urgency=Urgency.NOW, complete=True) is None


def test_thirty_thousand_characters_five_at_a_time_cost_little() -> None:
    part = "## Part\n\nSome **bold** prose with a [link](https://x.y) in it.\n\n```py\nx = [1, 2]\n```\n\n"
    text, start, scan = (part * 400)[:30_000], 0, Scan()
    began = time.process_time()
    for end in range(5, len(text), 5):
        usable = text[start:end]
        if cut := scan.find_cut(usable[: steady(usable)]):
            start, scan = start + cut.end, Scan(cut.opening)
    # Measured: 0.05 s; a scan that begins anew each time takes seconds.
    assert time.process_time() - began < 0.6
