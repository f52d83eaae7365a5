"""What people are told while nothing can be noted down."""

from dataclasses import dataclass, field

import pytest

from bot.domain.errors import BotError, PlatformUnavailable
from bot.domain.language import Voice, speaking
from bot.domain.settings import Language
from bot.ports import Acceptance, Reference
from bot.turns.policy import Policy
from bot.turns.unnoted import Unnoted
from tests.bot.turns.test_inbox import House
from tests.doubles.door import open_door
from tests.doubles.lease import AcceptingEngine
from tests.doubles.messages import person_writes
from tests.doubles.platform import MemoryPlatform

QUESTION = person_writes(1, "Hello?", to_bot=True)


@dataclass(slots=True)
class FullEngine(AcceptingEngine):
    """Cannot accept anything while it is full."""

    is_full: bool = True

    async def accept(self, reference: Reference) -> Acceptance:
        if self.is_full:
            raise BotError("the disk is full")
        return await AcceptingEngine.accept(self, reference)


@dataclass
class Scene:
    engine: FullEngine = field(default_factory=FullEngine)

    def __post_init__(self) -> None:
        self.house = House(engine=self.engine)
        self.whispers = self.house.platform.whispers


async def test_who_spoke_to_the_bot_is_told_once_that_nothing_can_be_noted() -> None:
    scene = Scene()
    again = person_writes(2, "Hello??", to_bot=True)
    for message in (QUESTION, QUESTION, again, person_writes(3, "Hi", who="Ben", to_bot=True)):
        with pytest.raises(BotError):
            await scene.house.receives(message)
    assert [who for who, _ in scene.whispers] == ["A", "B"]
    assert "no need to ask again" in scene.whispers[0][1]


async def test_who_was_heard_meanwhile_is_told_again() -> None:
    scene = Scene()
    for is_full in (True, False, True):
        scene.engine.is_full = is_full
        try:
            await scene.house.receives(QUESTION)
        except BotError:
            continue
    assert len(scene.whispers) == 2


async def test_nobody_else_is_told_anything() -> None:
    platform = MemoryPlatform()
    shut = Unnoted(platform, open_door(platform, Policy(denied_users=frozenset("A"))))
    await shut.tell(QUESTION)
    await Unnoted(platform, open_door(platform)).tell(person_writes(1, "Hello, Ben"))
    assert platform.whispers == []


async def test_it_is_told_in_the_language_that_is_spoken() -> None:
    platform = MemoryPlatform()
    await Unnoted(platform, open_door(platform)).tell(QUESTION)
    german = Voice({Language.DE: {platform.whispers[0][1]: "Die Platte ist voll."}}, Language.DE)
    with speaking(german):
        await Unnoted(platform, open_door(platform)).tell(QUESTION)
    assert platform.whispers[1][1] == "Die Platte ist voll."


async def test_trouble_with_that_is_logged_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    class Gone(MemoryPlatform):
        async def whisper(self, *_: object, **__: object) -> None:
            raise PlatformUnavailable("503")

    platform = Gone()
    await Unnoted(platform, open_door(platform)).tell(QUESTION)
    assert "was not told something" in caplog.text
