"""The catalogue of models: what it says, and what is said about a file that is wrong."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.models import Long, ModelInfo, Price, TemperatureRule
from bot.domain.settings import Effort, Settings
from config.catalog import ABILITIES, CatalogInvalid, load_catalog

CATALOG = load_catalog()

OURS = '[[family]]\nmatch = ["ours"]\n'


def test_no_pattern_is_hidden_behind_an_earlier_one() -> None:
    for family in CATALOG.families:
        for pattern in family.patterns:
            name = pattern.replace("*", "x")
            assert CATALOG.describe(name) == replace(family.description, name=name)


def test_every_name_is_offered_once() -> None:
    assert len(set(CATALOG.names)) == len(CATALOG.names)


@pytest.mark.parametrize("name", [Settings().model, "gpt-6-luna"])
def test_default_models_are_described_and_have_no_last_day(name: str) -> None:
    assert name in CATALOG.names
    assert CATALOG.describe(name).shutdown is None


def test_the_default_effort_is_one_that_the_default_model_offers() -> None:
    assert Settings().reasoning_effort in CATALOG.describe(Settings().model).efforts


@pytest.mark.parametrize("name", CATALOG.names)
def test_temperature_is_taken_by_models_that_can_do_without_thinking(name: str) -> None:
    model = CATALOG.describe(name)
    expected = {
        (False, False): TemperatureRule.ALWAYS,
        (True, False): TemperatureRule.NEVER,
        (True, True): TemperatureRule.EFFORT_NONE,
    }
    assert model.temperature is expected[bool(model.efforts), Effort.NONE in model.efforts]


@pytest.mark.parametrize("name", CATALOG.names)
def test_every_model_that_is_offered_has_the_prices_of_what_it_can_use(name: str) -> None:
    price = CATALOG.describe(name).price
    assert price is not None
    assert (price.search, price.file_search, price.container) == (0.01, 0.0025, 0.03)


@pytest.mark.parametrize("name", [name for name in CATALOG.names if name.startswith(("gpt-6", "gpt-5.6"))])
def test_models_of_today_cost_more_for_what_is_written_into_the_cache_and_for_long_requests(name: str) -> None:
    price = CATALOG.describe(name).price
    assert price is not None
    assert price.written == pytest.approx(1.25 * price.input)
    assert price.long == Long(272_000, 2.0, 1.5)


@pytest.mark.parametrize("name", ["gpt-transcribe", "whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"])
def test_models_that_hear_are_paid_by_the_minute_or_by_tokens(name: str) -> None:
    price = CATALOG.describe(name).price
    assert price is not None
    assert (price.minute > 0) != (price.input > 0)


def test_a_family_s_own_price_of_a_tool_comes_before_the_one_for_all(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    tokens = "input = 1, cached = 1, output = 1"
    file.write_text(
        f"[tools]\nsearch = 0.01\ncontainer = 0.03\n[[family]]\nmatch = ['a']\nprice = {{ {tokens} }}\n"
        f"[[family]]\nmatch = ['b']\nprice = {{ {tokens}, search = 0.5 }}\n"
    )
    catalog = load_catalog(file)
    assert catalog.describe("a").price == Price(1, 1, 1, search=0.01, container=0.03)
    assert catalog.describe("b").price == Price(1, 1, 1, search=0.5, container=0.03)


@pytest.mark.parametrize("name", ["gpt-image-2", "gpt-image-2.5-flare", "gpt-image-2.5-sunburst-2026-09-08"])
def test_models_that_draw_have_prices_and_are_not_offered_for_answers(name: str) -> None:
    assert name not in CATALOG.names
    price = CATALOG.describe(name).price
    assert price is not None
    assert 0 < price.pictures["low"] < price.pictures["medium"] < price.pictures["high"] < price.output


@pytest.mark.parametrize("name", ["gpt-4.1-mini", "whisper-1"])
def test_a_successor_is_known_and_served_for_longer(name: str) -> None:
    model = CATALOG.describe(name)
    assert model.successor
    assert CATALOG.describe(model.successor).shutdown is None
    assert model.shutdown


@pytest.mark.parametrize("name", CATALOG.names)
def test_limits_and_prices_are_plausible(name: str) -> None:
    model = CATALOG.describe(name)
    assert model.max_output < model.context_window <= 1_050_000
    assert model.price is not None
    assert 0 < model.price.cached < model.price.input < model.price.output


@pytest.mark.parametrize(
    ("name", "last_day"),
    [
        ("gpt-5", date(2026, 12, 11)),
        ("gpt-5-mini", date(2026, 12, 11)),
        ("gpt-4.1", date(2027, 1, 14)),
        ("gpt-4o", date(2027, 1, 14)),
        ("gpt-5.1", date(2027, 4, 1)),
    ],
)
def test_models_that_teams_still_name_stay_with_their_last_day(name: str, last_day: date) -> None:
    assert CATALOG.describe(name).shutdown == last_day


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("gpt-5.5-2026-04-23", "gpt-5.5"),
        ("ft:gpt-4.1-mini:acme::abc123", "gpt-4.1-mini"),
        ("ft:gpt-4o-2024-08-06:acme:support:abc123", "gpt-4o"),
        ("gpt-6.1-sol-preview", "gpt-6.1-sol"),
    ],
)
def test_a_relative_is_described_like_its_model_under_its_own_name(name: str, like: str) -> None:
    described = CATALOG.describe(name)
    assert replace(described, name=like) == CATALOG.describe(like)
    assert described.name == name


def test_a_tier_that_is_not_out_yet_is_no_stranger() -> None:
    assert CATALOG.describe("gpt-6.2-terra").efforts


@pytest.mark.parametrize("name", ["llama3.3:70b", "gpt-5.7-sol", "gpt-4", "ft:", "", "[a-"])
def test_an_unknown_name_gets_what_is_safe_to_assume(name: str) -> None:
    assert CATALOG.describe(name) == ModelInfo(name)


def test_a_model_that_nobody_described_may_be_shown_pictures_and_one_that_lists_no_vision_may_not(
    tmp_path: Path,
) -> None:
    file = tmp_path / "models.toml"
    file.write_text('[[family]]\nmatch = ["blind"]\nabilities = ["web_search"]\n\n[[family]]\nmatch = ["plain"]\n')
    catalog = load_catalog(file)
    assert catalog.describe("llama3.3:70b").vision
    assert not catalog.describe("blind").vision
    assert not catalog.describe("plain").vision


@given(st.text(max_size=60))
def test_any_name_can_be_described(name: str) -> None:
    assert CATALOG.describe(name).name == name


def test_another_file_replaces_the_packaged_one(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(
        '[[family]]\nmatch = ["ours"]\nabilities = ["vision"]\ncontext_window = 8_192\nmax_output = 1_024\n'
    )
    catalog = load_catalog(file)
    assert catalog.names == ("ours",)
    assert catalog.describe("ours") == ModelInfo("ours", vision=True, context_window=8_192, max_output=1_024)


def test_abilities_are_the_yes_and_no_questions_about_a_model() -> None:
    assert ABILITIES == ("verbosity", "vision", "web_search", "image_tool")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[family]", "is not valid TOML"),
        ("", "key 'family': must be [[family]] tables"),
        ("family = 3", "key 'family': must be [[family]] tables"),
        ("[model]\nname = 'x'", "key 'model': unknown"),
        ("[[family]]\nefforts = []", "family number 1, key 'match': must be a list of names"),
        (f"{OURS}[[family]]\nmatch = []", "family number 2, key 'match': must be a list of names"),
        (OURS + "effort = ['low']", "family ours, key 'effort': unknown; known are match, efforts,"),
        (OURS + "efforts = 'low'", "family ours, key 'efforts': must be a list, in this order, of some of none,"),
        (OURS + "efforts = ['high', 'low']", "family ours, key 'efforts': must be a list, in this order"),
        (OURS + "efforts = ['low', 'low']", "family ours, key 'efforts': must be a list, in this order"),
        (OURS + "efforts = ['lowest']", "family ours, key 'efforts': must be a list, in this order"),
        (OURS + "temperature = 'sometimes'", "family ours, key 'temperature': must be one of never,"),
        (OURS + "temperature = []", "family ours, key 'temperature': must be one of never,"),
        (OURS + "abilities = ['flying']", "family ours, key 'abilities': must be a list of some of verbosity,"),
        (OURS + "context_window = '1M'", "family ours, key 'context_window': must be a number of tokens"),
        (OURS + "max_output = true", "family ours, key 'max_output': must be a number of tokens"),
        (OURS + "price = { input = 1 }", "family ours, key 'price': must have cached, input, output"),
        (OURS + "price = { input = 1, cached = -1, output = 2 }", "family ours, key 'price': must be dollars"),
        (
            OURS + "price = { input = 1, cached = 1, output = 2, pictures = { fine = 1 } }",
            "pictures must be a table by",
        ),
        (
            OURS + "price = { input = 1, cached = 1, output = 2, search = '1' }",
            "family ours, key 'price': must be dollars",
        ),
        (
            OURS + "price = { minute = 1, per_word = 2 }",
            "must have cached, input, output, or minute; it may have container,",
        ),
        (
            OURS + "price = { input = 1, cached = 1, output = 2, long = { after = 3, input = 2 } }",
            "family ours, key 'price': long must have after,",
        ),
        (
            "[tools]\nsearching = 1\n" + OURS,
            "key 'tools': must be a table of dollars for container, file_search, search",
        ),
        ("[tools]\nsearch = true\n" + OURS, "key 'tools': must be a table of dollars"),
        (OURS + "successor = 7", "family ours, key 'successor': must be the name of a model"),
        (OURS + "shutdown = '2027-01-14'", "family ours, key 'shutdown': must be a day"),
        (OURS + "shutdown = 2027-01-14T00:00:00", "family ours, key 'shutdown': must be a day"),
    ],
)
def test_a_wrong_file_is_named_with_family_and_key(text: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(text)
    with pytest.raises(CatalogInvalid) as raised:
        load_catalog(file)
    assert str(raised.value).startswith(str(file))
    assert complaint in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogInvalid, match=r"nowhere\.toml cannot be read"):
        load_catalog(tmp_path / "nowhere.toml")


def test_a_model_that_was_shut_down_is_not_offered_any_more() -> None:
    assert "gpt-5" in CATALOG.in_service(date(2026, 12, 10))
    assert "gpt-5" not in CATALOG.in_service(date(2026, 12, 11))
