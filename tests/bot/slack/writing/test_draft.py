"""How the text of a reply is divided into messages while it grows."""

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.markup.markdown import to_mrkdwn
from bot.slack.markup.segments import LIMIT, Urgency
from bot.slack.writing.draft import Draft

MARKDOWN = st.lists(
    st.sampled_from(
        ["word ", "*a* ", "\n", "\n\n", "```\n", "| a | b |\n", "|---|---|\n", "- ", "# ", "<!here> ", "&", "漢🎉"]
    ),
    max_size=400,
)


def taken_apart(draft: Draft) -> list[str]:
    """What each message shows in the end."""
    draft.complete()
    shown = []
    while piece := draft.piece():
        shown.append(piece.text)
        if piece.cut is None:
            break
        draft.advance(piece.cut)
    return shown


def test_a_draft_without_visible_text_is_empty_and_shows_nothing() -> None:
    draft = Draft()
    draft.add(" \n")
    assert draft.empty
    assert draft.piece() is None
    draft.add("x")
    assert not draft.empty


def test_only_text_whose_meaning_is_settled_counts_until_the_draft_is_complete() -> None:
    draft = Draft()
    draft.add("A [link](https://exa")
    piece = draft.piece()
    assert piece is not None
    assert "exa" not in piece.text
    draft.add("mple.com)")
    draft.complete()
    piece = draft.piece()
    assert piece is not None
    assert piece.text == "A [link](https://example.com)"


def test_an_urgent_cut_begins_a_new_message_with_what_follows() -> None:
    draft = Draft()
    draft.add("First.\n\nSecond.")
    piece = draft.piece(committed=len("First."), urgency=Urgency.PARAGRAPH)
    assert piece is not None
    assert piece.cut is not None
    assert piece.text.strip() == "First."
    draft.advance(piece.cut)
    following = draft.piece()
    assert following is not None
    assert following.text.strip() == "Second."


def test_code_goes_on_in_a_fence_of_its_own() -> None:
    draft = Draft()
    draft.add("```python\n" + "print(1)\n" * 2_000 + "```\n")
    shown = taken_apart(draft)
    assert len(shown) > 1
    assert all(text.startswith("```python\n") and text.rstrip().endswith("```") for text in shown)
    assert sum(text.count("print(1)\n") for text in shown) == 2_000


@given(MARKDOWN, st.integers(1, 60))
def test_what_is_shown_of_a_growing_message_is_only_ever_added_to(parts: list[str], step: int) -> None:
    draft, shown = Draft(), ""
    for start in range(0, len(parts), step):
        draft.add("".join(parts[start : start + step]))
        piece = draft.piece(committed=len(shown))
        if piece is None:
            continue
        assert piece.text.startswith(shown)
        shown = piece.text
        if piece.cut:
            draft.advance(piece.cut)
            shown = ""


@given(st.lists(st.sampled_from(["word ", "& ", "<b> ", "漢字🎉", "\n\n"]), max_size=3_000))
def test_without_blocks_each_message_fits_whole_into_its_text(parts: list[str]) -> None:
    draft = Draft()
    draft.add("".join(parts))
    draft.complete()
    rest = True
    while rest:
        draft.plain = True
        piece = draft.piece()
        if piece is None:
            break
        whole = to_mrkdwn(piece.text, limit=1_000_000)
        assert len(whole.encode()) <= 3_800
        assert to_mrkdwn(piece.text) == whole
        rest = piece.cut is not None
        if piece.cut:
            draft.advance(piece.cut)


def test_a_message_is_not_longer_than_slack_takes() -> None:
    draft = Draft()
    draft.add("word " * 10_000)
    shown = taken_apart(draft)
    assert all(len(text) <= LIMIT for text in shown)
    assert sum(text.count("word") for text in shown) == 10_000
