"""What settings hold, why, and what may be chosen."""

import logging
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BotError
from bot.domain.models import ModelInfo
from bot.domain.settings import Effort, Holder, Scope, Settings, Verbosity, declared, print_setting
from bot.turns.preferences import Preferences, holders, laid_over
from tests.doubles.records import MemorySettings

CHANNEL = Holder(Scope.CHANNEL, "T1", "C1")
USER = Holder(Scope.USER, "T1", "U1")
THREAD = Holder(Scope.THREAD, "T1", "C1/1.5")

LAST_DAYS = {"gpt-old": date(2027, 1, 14), "gpt-older": date(2026, 3, 1)}


def describe(name: str) -> ModelInfo:
    return ModelInfo(name, shutdown=LAST_DAYS.get(name))


def preferences(
    store: MemorySettings, day: date = date(2027, 1, 14), model: str = "gpt-new", instructions: str = ""
) -> Preferences:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    return Preferences(store, Settings(model=model, instructions=instructions), describe, lambda: now)


async def test_the_thread_comes_before_the_person_and_the_person_before_the_channel() -> None:
    store = MemorySettings(
        {
            CHANNEL: {"model": "channels", "verbosity": "low", "reasoning_effort": "low"},
            USER: {"model": "anns", "verbosity": "high"},
            THREAD: {"model": "threads"},
        }
    )
    sheet = await preferences(store).sheet("T1", "C1", "U1", "1.5")

    assert (sheet.settings.model, sheet.settings.verbosity) == ("threads", Verbosity.HIGH)
    assert sheet.settings.reasoning_effort is Effort.LOW
    assert sheet.origins["model"] is Scope.THREAD
    assert sheet.origins["verbosity"] is Scope.USER
    assert sheet.origins["reasoning_effort"] is Scope.CHANNEL
    assert sheet.origins["temperature"] is Scope.DEFAULT
    assert sheet.own[Scope.USER] == {"model": "anns", "verbosity": Verbosity.HIGH}
    assert sheet.problems == ()


async def test_where_nobody_has_chosen_the_defaults_hold() -> None:
    desk = preferences(MemorySettings())
    sheet = await desk.sheet("T1", "C1", "U1")

    assert sheet.settings == desk.defaults == desk.untouched().settings
    assert set(sheet.origins.values()) == {Scope.DEFAULT}
    assert sheet.origins.keys() == {declaration.name for declaration in declared()}


@pytest.mark.parametrize("place", [("T2", "C1", "U1", "1.5"), ("T1", "C2", "U2", "1.5"), ("T1", "", "", "1.5")])
async def test_settings_do_not_hold_elsewhere(place: tuple[str, str, str, str]) -> None:
    store = MemorySettings({holder: {"model": "other"} for holder in (CHANNEL, USER, THREAD)})
    assert (await preferences(store).sheet(*place)).settings.model == "gpt-new"


def test_only_what_is_known_of_the_place_has_settings() -> None:
    assert holders("T1", "C1", "U1", "1.5") == (CHANNEL, USER, THREAD)
    assert holders("T1", "", "U1") == (USER,)


async def test_the_model_is_told_whose_instructions_they_are() -> None:
    store = MemorySettings(
        {
            CHANNEL: {"instructions": "You are the help desk."},
            USER: {"instructions": "Call me Ann."},
            THREAD: {"instructions": "In French."},
        }
    )
    sheet = await preferences(store, instructions="Be polite.").sheet("T1", "C1", "U1", "1.5")

    assert sheet.settings.instructions.split("\n\n") == [
        "For everybody here: Be polite.",
        "In this channel: You are the help desk.",
        "The person who asks wishes: Call me Ann.",
        "In this thread: In French.",
    ]
    assert sheet.own[Scope.USER] == {"instructions": "Call me Ann."}


async def test_what_this_version_does_not_know_is_ignored_and_said_without_its_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = MemorySettings({USER: {"temperature": "ninety", "colour": "violet", "verbosity": "low"}})
    with caplog.at_level(logging.INFO):
        sheet = await preferences(store).sheet("T1", "C1", "U1")

    assert sheet.settings == Settings(model="gpt-new", verbosity=Verbosity.LOW)
    assert sheet.origins["temperature"] is Scope.DEFAULT
    assert sheet.problems == (
        'I cannot keep to your setting "Temperature": it must be a number from 0 to 2.',
        'I cannot keep to your setting "colour": it is not known here.',
    )
    assert "temperature" in caplog.text
    assert "ninety" not in caplog.text
    assert "violet" not in caplog.text


async def test_the_default_answers_from_the_day_on_which_a_model_is_shut_down() -> None:
    store = MemorySettings({CHANNEL: {"model": "gpt-old"}})
    before = await preferences(store, date(2027, 1, 13)).sheet("T1", "C1", "U1")
    after = await preferences(store, date(2027, 1, 14)).sheet("T1", "C1", "U1")

    assert (before.settings.model, before.problems) == ("gpt-old", ())
    assert after.settings.model == "gpt-new"
    assert after.origins["model"] is Scope.DEFAULT
    assert after.own[Scope.CHANNEL] == {"model": "gpt-old"}
    assert after.problems == ("The model gpt-old was shut down on 14 January 2027, so gpt-new answers instead.",)


async def test_a_model_is_kept_when_the_default_is_shut_down_too() -> None:
    store = MemorySettings({CHANNEL: {"model": "gpt-old"}})
    sheet = await preferences(store, model="gpt-older").sheet("T1", "C1", "U1")
    assert (sheet.settings.model, sheet.origins["model"], sheet.problems) == ("gpt-old", Scope.CHANNEL, ())


async def test_what_is_saved_holds_and_can_be_taken_away() -> None:
    store = MemorySettings()
    desk = preferences(store)
    assert await desk.save(USER, {"model": " gpt-5 ", "temperature": "1.5e0", "verbosity": ""}, by="U1") == {}
    assert store.values[USER] == {"model": "gpt-5", "temperature": "1.5", "verbosity": ""}
    assert (await desk.sheet("T1", "C1", "U1")).settings.temperature == 1.5

    assert await desk.save(USER, {"temperature": None}, by="U1") == {}
    assert store.values[USER] == {"model": "gpt-5", "verbosity": ""}

    await desk.reset(USER, by="U1")
    assert (await desk.sheet("T1", "C1", "U1")).own[Scope.USER] == {}


async def test_nothing_is_saved_when_anything_is_wrong() -> None:
    store = MemorySettings({USER: {"model": "gpt-5"}})
    changes = {
        "model": "gpt-old",
        "web_search": "maybe",
        "colour": "violet",
        "instructions": "x" * 3_001,
        "verbosity": "low",
    }
    assert await preferences(store).save(USER, changes, by="U1") == {
        "model": "was shut down on 14 January 2027",
        "web_search": "must be on or off",
        "colour": "is not known here",
        "instructions": "must be at most 3,000 characters long",
    }
    assert store.values == {USER: {"model": "gpt-5"}}


async def test_empty_instructions_are_none() -> None:
    store = MemorySettings({USER: {"instructions": "Be brief."}})
    await preferences(store).save(USER, {"instructions": "  "}, by="U1")
    assert store.values[USER] == {}


async def test_the_log_names_settings_and_never_their_values(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await preferences(MemorySettings()).save(THREAD, {"instructions": "A secret."}, by="U1")
    assert "U1 changed settings of thread C1/1.5: instructions" in caplog.text
    assert "secret" not in caplog.text


async def test_trouble_of_the_store_is_not_hidden_from_the_form() -> None:
    desk = preferences(MemorySettings(broken=BotError("the disk is full")))
    with pytest.raises(BotError, match="full"):
        await desk.save(USER, {"model": "gpt-5"}, by="U1")


TEXTS = st.dictionaries(st.sampled_from([*(each.name for each in declared()), "colour"]), st.text(max_size=30))


@given(st.dictionaries(st.sampled_from([Scope.CHANNEL, Scope.USER, Scope.THREAD]), TEXTS))
def test_whatever_is_stored_makes_a_sheet(stored: dict[Scope, dict[str, str]]) -> None:
    sheet = laid_over(Settings(), stored)

    read = sum(len(values) for values in sheet.own.values())
    assert read + len(sheet.problems) == sum(len(texts) for texts in stored.values())
    for name, scope in sheet.origins.items():
        if scope is not Scope.DEFAULT and name != "instructions":
            assert getattr(sheet.settings, name) == sheet.own[scope][name]


@given(TEXTS)
async def test_what_is_saved_is_read_back_as_it_was_meant(changes: dict[str, str]) -> None:
    store = MemorySettings()
    desk = preferences(store)
    if not await desk.save(USER, changes, by="U1"):
        own = (await desk.sheet("T1", "C1", "U1")).own.get(Scope.USER, {})
        assert {name: print_setting(value) for name, value in own.items()} == store.values.get(USER, {})
