"""What people are told besides their answers, and how often."""

import pytest

from bot.domain.conversation import Author, Message, ThreadKey
from bot.domain.errors import BotError
from bot.domain.models import ModelInfo
from bot.domain.settings import Holder, Scope, Settings
from bot.turns.notices import Asides
from bot.turns.preferences import Preferences
from tests.doubles.messages import person_writes
from tests.doubles.platform import MemoryPlatform
from tests.doubles.records import MemoryNotices, MemorySettings

DIRECT = ThreadKey("T1", "D1", "1700000001.000000")
HINT = "You can choose the model and more with /settings."
PROBLEM = 'I cannot keep to this channel\'s setting "Temperature": it must be a number from 0 to 2.'


def asides(
    platform: MemoryPlatform, settings: MemorySettings | None = None, notices: MemoryNotices | None = None
) -> Asides:
    return Asides(
        platform,
        notices or MemoryNotices(),
        Preferences(settings or MemorySettings(), Settings(), ModelInfo, lambda: 0.0),
        "/settings",
        is_direct=lambda thread: thread.channel.startswith("D"),
        now=lambda: 0.0,
    )


async def test_the_first_direct_answer_comes_with_a_hint() -> None:
    platform = MemoryPlatform()
    telling = asides(platform)
    for number, who in ((1, "Ann"), (2, "Ann"), (3, "Ben")):
        await telling.tell(person_writes(number, "Hi", who=who, thread=DIRECT))
    assert platform.whispers == [("A", HINT), ("B", HINT)]


async def test_there_is_no_hint_among_many_people() -> None:
    platform = MemoryPlatform()
    await asides(platform).tell(person_writes(1, "Hi"))
    assert platform.whispers == []


async def test_a_problem_is_told_to_each_asker_once() -> None:
    platform = MemoryPlatform()
    telling = asides(platform, MemorySettings({Holder(Scope.CHANNEL, "T1", "C1"): {"temperature": "hot"}}))
    for number, who in ((1, "Ann"), (2, "Ann"), (3, "Ben")):
        await telling.tell(person_writes(number, "Hi", who=who))
    assert platform.whispers == [("A", PROBLEM), ("B", PROBLEM)]


async def test_a_message_that_nobody_can_read_any_more_has_nobody_to_be_told() -> None:
    platform = MemoryPlatform()
    await asides(platform).tell(Message("1.0", DIRECT, Author("", ""), "", 1.0))
    assert platform.whispers == []


@pytest.mark.parametrize("part", ["settings", "notices"])
async def test_trouble_is_logged_and_no_more(part: str, caplog: pytest.LogCaptureFixture) -> None:
    platform, trouble = MemoryPlatform(), BotError("the disk is full")
    settings = MemorySettings(broken=trouble) if part == "settings" else None
    notices = MemoryNotices(broken=trouble) if part == "notices" else None
    await asides(platform, settings, notices).tell(person_writes(1, "Hi", thread=DIRECT))
    assert platform.whispers == []
    assert "was not told something" in caplog.text
