"""Why a reply ended as it did, in words."""

import pytest

from bot.domain.language import Voice, speaking
from bot.domain.reply import CutReason, Done, Failed, Stopped, StopReason
from bot.domain.settings import Language
from bot.slack.writing.notes import End, closing_note


@pytest.mark.parametrize("empty", [True, False])
@pytest.mark.parametrize(
    "end",
    [
        *(Done(cut=reason) for reason in CutReason),
        *(Stopped(reason) for reason in StopReason),
        Failed("Please try again."),
    ],
)
def test_an_answer_that_is_not_complete_says_so(end: End, empty: bool) -> None:
    note = closing_note(end, empty=empty)
    assert note is not None
    assert note.endswith(".")


def test_a_complete_answer_needs_no_note_unless_there_is_none() -> None:
    assert closing_note(Done(), empty=False) is None
    assert closing_note(Done(), empty=True)


def test_a_failure_is_explained_in_its_own_words() -> None:
    assert closing_note(Failed("The cat ate it."), empty=True) == "The cat ate it."


def test_what_could_not_be_shown_of_a_finished_answer_is_told() -> None:
    assert closing_note(Done(), empty=True, trouble="No picture.") == "No picture."
    assert closing_note(Done(cut=CutReason.LENGTH), empty=False, trouble="No picture.") == "No picture."
    assert closing_note(Stopped(StopReason.PERSON), empty=True, trouble="No picture.") == "Stopped."
    assert closing_note(Failed("The cat ate it."), empty=True, trouble="No picture.") == "The cat ate it."


def test_notes_are_in_the_language_of_the_reply() -> None:
    texts = {"Stopped.": "Angehalten.", "It is {number} feet deep.": "Es ist {number} Fuß tief."}
    with speaking(Voice({Language.DE: texts}, Language.DE)):
        assert closing_note(Stopped(StopReason.PERSON), empty=True) == "Angehalten."
        assert closing_note(Failed("It is 9 feet deep."), empty=True) == "Es ist 9 Fuß tief."
        assert closing_note(Done(), empty=False) is None
