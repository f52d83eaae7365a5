"""What is remembered of files."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.files import Document, Picture, Section, Transcript, Unit, Unusable
from bot.turns.memory import Memory, size_of


def picture(size: int) -> Picture:
    return Picture("a.png", "image/png", b"x" * size, 1, 1)


def test_what_was_not_asked_for_the_longest_is_forgotten_first() -> None:
    memory = Memory(room=100)
    memory.keep("F1", picture(40))
    memory.keep("F2", picture(40))
    assert memory.recall("F1")
    memory.keep("F3", picture(40))
    assert [name for name in ("F1", "F2", "F3") if memory.recall(name)] == ["F1", "F3"]


def test_what_is_larger_than_the_room_is_not_kept() -> None:
    memory = Memory(room=100)
    memory.keep("F1", picture(101))
    assert memory.recall("F1") is None


def test_text_and_scans_count_by_what_they_take() -> None:
    document = Document("a.pdf", "PDF", Unit.PAGE, 2, (Section(1, "abcd"), Section(2, "", scan=b"xyz")))
    assert size_of(document) == 19
    assert size_of(Transcript("a.m4a", "abcd")) == 16
    assert size_of(Unusable("a", "it is empty")) == 0


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 60))))
def test_memory_never_holds_more_than_its_room(kept: list[tuple[str, int]]) -> None:
    memory = Memory(room=100)
    for name, size in kept:
        memory.keep(name, picture(size))
        held = [content for each in "abcde" if (content := memory.recall(each))]
        assert sum(map(size_of, held)) <= 100
