"""Settings: declared once, parsed, printed, and laid over one another."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.settings import (
    Detail,
    Effort,
    ImageBackground,
    ImageFormat,
    ImageQuality,
    Language,
    Scope,
    SettingInvalid,
    Settings,
    Verbosity,
    choices_of,
    declared,
    parse_setting,
    print_setting,
    resolve,
)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "model": st.from_regex(r"[a-z0-9.:_-]{1,40}", fullmatch=True),
    "reasoning_effort": st.none() | st.sampled_from(Effort),
    "verbosity": st.none() | st.sampled_from(Verbosity),
    "temperature": st.none() | st.floats(0, 2),
    "top_p": st.none() | st.floats(0, 1),
    "max_output_tokens": st.none() | st.integers(16, 999_999_999),
    "web_search": st.booleans(),
    "streaming": st.booleans(),
    "instructions": st.text(max_size=3_000).map(str.strip),
    "language": st.sampled_from(Language),
    "vision_detail": st.sampled_from(Detail),
    "image_model": st.from_regex(r"[a-z0-9.:_-]{1,40}", fullmatch=True),
    "image_edit_model": st.from_regex(r"[a-z0-9.:_-]{1,40}", fullmatch=True),
    "image_size": st.sampled_from(("auto", "1024x1024", "3840x2160", "480x1440")),
    "image_quality": st.sampled_from(ImageQuality),
    "image_background": st.sampled_from(ImageBackground),
    "image_format": st.sampled_from(ImageFormat),
}


def test_these_tests_know_every_setting() -> None:
    assert {setting.name for setting in declared()} == set(VALUES)


@given(st.data())
def test_what_is_printed_is_parsed_back(data: st.DataObject) -> None:
    for name, values in VALUES.items():
        value = data.draw(values, label=name)
        assert parse_setting(name, print_setting(value)) == value


@given(st.sampled_from(sorted(VALUES)), st.text())
def test_any_text_is_a_value_or_a_clear_refusal(name: str, text: str) -> None:
    try:
        value = parse_setting(name, text)
    except SettingInvalid as refusal:
        assert str(refusal).startswith("must be ")
    else:
        assert parse_setting(name, print_setting(value)) == value


@pytest.mark.parametrize("text", ["1.5e0", " 1.5 "])
def test_numbers_may_be_written_in_other_ways(text: str) -> None:
    assert parse_setting("temperature", text) == 1.5


def test_the_nearest_scope_wins() -> None:
    overrides: dict[Scope, dict[str, Any]] = {
        Scope.THREAD: {"model": "thread"},
        Scope.CHANNEL: {"model": "channel", "verbosity": Verbosity.LOW},
        Scope.USER: {"temperature": 0.5},
    }
    settings = resolve(Settings(), overrides)
    assert (settings.model, settings.verbosity, settings.temperature) == ("thread", Verbosity.LOW, 0.5)
    assert settings.reasoning_effort is Settings().reasoning_effort


def test_instructions_add_up_from_the_widest_scope_to_the_nearest() -> None:
    overrides: dict[Scope, dict[str, Any]] = {
        Scope.THREAD: {"instructions": "In French."},
        Scope.CHANNEL: {"instructions": "You are the help desk."},
    }
    settings = resolve(Settings(instructions="We make bicycles."), overrides)
    assert settings.instructions == "We make bicycles.\n\nYou are the help desk.\n\nIn French."


def test_choices_are_known_where_there_are_few() -> None:
    assert choices_of("web_search") == ("on", "off")
    assert choices_of("verbosity") == ("low", "medium", "high")
    assert choices_of("model") == choices_of("temperature") == choices_of("instructions") == ()


def test_every_setting_has_a_label_and_a_meaning_that_fit_a_form() -> None:
    for setting in declared():
        assert 0 < len(setting.metadata["label"]) <= 40
        assert 0 < len(setting.metadata["meaning"]) <= 60


def test_a_scope_can_leave_the_choice_to_the_model_again() -> None:
    assert resolve(Settings(temperature=1.0), {Scope.USER: {"temperature": None}}).temperature is None


@pytest.mark.parametrize("size", ["1000x1000", "1024", "4096x4096", "256x1024", "0x0", "1024 x 1024", "3840x3840"])
def test_a_size_that_nobody_draws_is_refused(size: str) -> None:
    with pytest.raises(SettingInvalid, match="must be auto"):
        parse_setting("image_size", size)
