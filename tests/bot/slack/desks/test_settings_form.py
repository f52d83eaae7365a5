"""The settings as a modal."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View as SdkView

from bot.domain.settings import Effort, Scope, Settings, Sheet, declared, resolve
from bot.slack.desks.settings_entry import read_entry
from bot.slack.desks.settings_form import NO_VALUE, RESET, Form, Offer, draw
from bot.slack.desks.settings_memo import Place
from playground.slack.entries import entered
from playground.slack.views import checked
from tests.bot.slack.desks.settings_scene import DEFAULTS, OFFER, choices, element_of, names_in, texts_in

THREAD = Place("C1", "1732147200.000200")
ALL = [setting.name for setting in declared()]
Own = dict[Scope, dict[str, Any]]

SAMPLING = {"temperature", "top_p"}


def sheet(own: Own, *problems: str) -> Sheet:
    origins = {name: scope for scope in Scope for name in own.get(scope, {})}
    return Sheet(resolve(DEFAULTS, own), origins, own, problems)


def form(own: Own | None = None, scope: Scope = Scope.USER, **more: Any) -> Form:
    return Form(THREAD, scope, sheet(own or {}), **more)


def hint(view: dict[str, Any], name: str) -> str:
    return str(
        next(block for block in view["blocks"] if block.get("block_id", "").startswith(f"{name}."))["hint"]["text"]
    )


def test_every_declared_setting_is_in_the_form_of_a_model_that_takes_them_all() -> None:
    view = draw(form({Scope.USER: {"reasoning_effort": Effort.NONE}}), OFFER)
    assert names_in(view) == ["scope", *ALL]


def test_each_control_says_what_it_is_and_what_it_does() -> None:
    blocks = [block for block in draw(form(), OFFER)["blocks"] if block["type"] == "input"][1:]
    labels = {setting.metadata["label"]: setting.metadata["meaning"] for setting in declared()}
    for block in blocks:
        meaning = labels[block["label"]["text"]]
        assert block["hint"]["text"].lower().startswith(meaning.lower())


@pytest.mark.parametrize(
    ("place", "offered"),
    [
        (Place(), ["user"]),
        (Place("C1"), ["user", "channel"]),
        (THREAD, ["user", "channel", "thread"]),
    ],
)
def test_the_scopes_are_those_of_the_place(place: Place, offered: list[str]) -> None:
    view = draw(Form(place, Scope.USER, sheet({})), OFFER)
    assert choices(view, "scope") == offered
    assert element_of(view, "scope")["initial_option"]["value"] == "user"


def test_a_setting_without_a_value_of_its_own_says_what_holds_and_where_it_was_made() -> None:
    own: Own = {Scope.CHANNEL: {"verbosity": "high", "web_search": False, "max_output_tokens": 500}}
    view = draw(form(own), OFFER)
    assert element_of(view, "verbosity")["initial_option"]["text"]["text"] == "As before: high (from this channel)"
    assert element_of(view, "web_search")["initial_option"]["text"]["text"] == "As before: off (from this channel)"
    assert element_of(view, "max_output_tokens")["placeholder"]["text"] == "As before: 500 (from this channel)"
    assert element_of(view, "streaming")["initial_option"]["text"]["text"] == "As before: on (the default)"
    assert element_of(view, "vision_detail")["initial_option"]["value"] == NO_VALUE


def test_what_is_inherited_leaves_out_what_lies_nearer_than_the_scope() -> None:
    own = {Scope.CHANNEL: {"verbosity": "low"}, Scope.USER: {"verbosity": "high"}}
    view = draw(form(own, Scope.CHANNEL), OFFER)
    assert element_of(view, "verbosity")["initial_option"]["value"] == "low"
    assert element_of(view, "verbosity")["options"][0]["text"]["text"] == "As before: left to the model (the default)"
    assert hint(view, "verbosity").endswith("For you, high holds here (from your settings).")
    assert "For you" not in hint(draw(form(own), OFFER), "verbosity")


def test_efforts_are_those_of_the_chosen_model() -> None:
    assert choices(draw(form(edits={"model": "deep"}), OFFER), "reasoning_effort") == [NO_VALUE, "high", "max"]
    assert "reasoning_effort" not in names_in(draw(form(edits={"model": "talker"}), OFFER))


@pytest.mark.parametrize(
    ("edits", "shown"),
    [
        ({}, False),
        ({"reasoning_effort": "none"}, True),
        ({"model": "deep", "reasoning_effort": "none"}, False),
        ({"model": "talker"}, True),
    ],
)
def test_temperature_is_there_only_when_the_model_takes_it(edits: dict[str, str | None], shown: bool) -> None:
    assert (set(names_in(draw(form(edits=edits), OFFER))) >= SAMPLING) is shown


def test_an_effort_that_the_model_does_not_offer_is_shown_as_the_nearest_and_stays_as_it_is_stored() -> None:
    view = draw(form({Scope.USER: {"model": "deep", "reasoning_effort": Effort.LOW}}), OFFER)
    assert element_of(view, "reasoning_effort")["initial_option"]["value"] == "high"
    assert read_entry(view).changes == {}


def test_a_model_that_is_not_in_the_catalogue_is_offered_to_the_person_who_has_it() -> None:
    view = draw(form({Scope.USER: {"model": "ft:talker:us::1"}}), OFFER)
    assert element_of(view, "model")["initial_option"]["value"] == "ft:talker:us::1"
    assert "ft:talker:us::1" not in choices(draw(form(), OFFER), "model")


def test_a_name_too_long_for_a_menu_stays_as_it_is() -> None:
    view = draw(form({Scope.USER: {"model": "m" * 200}}), OFFER)
    checked(view, "modal")
    assert read_entry(view).changes == {}


def test_the_last_of_more_models_than_a_menu_holds_is_there_when_it_is_chosen() -> None:
    names = tuple(f"model-{number}" for number in range(300))
    offer = replace(OFFER, models=names)
    view = draw(form({Scope.USER: {"model": names[-1]}}), offer)
    checked(view, "modal")
    assert element_of(view, "model")["initial_option"]["value"] == names[-1]
    assert len(choices(view, "model")) == 100


def test_what_could_not_be_kept_to_stands_above_the_form_as_plain_text() -> None:
    view = draw(Form(Place(), Scope.USER, sheet({}, "The model <!channel> was shut down.")), OFFER)
    assert texts_in(view) == "The model &lt;!channel&gt; was shut down."


def test_each_drawing_has_block_ids_of_its_own() -> None:
    first, second = (draw(form(generation=number), OFFER) for number in (0, 1))
    ids = [{block["block_id"] for block in view["blocks"] if block["type"] == "input"} for view in (first, second)]
    assert not ids[0] & ids[1]


def test_reset_names_the_scope_and_asks_first() -> None:
    (button,) = draw(form(scope=Scope.THREAD), OFFER)["blocks"][-1]["elements"]
    assert (button["action_id"], button["text"]["text"]) == (RESET, "Reset this thread")
    assert button["confirm"]["title"]["text"] == "Reset this thread?"


def words(limit: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=limit)


def texts_of(name: str) -> st.SearchStrategy[str]:
    """What a person may enter for this setting, empty for no value of their own."""
    free = {
        "model": st.sampled_from(["thinker", "deep", "talker"]),
        "image_model": words(200),
        "image_edit_model": words(200),
        "instructions": st.text(max_size=3_000).map(str.strip),
        "temperature": st.floats(0, 2).map(repr),
        "top_p": st.floats(0, 1).map(repr),
        "max_output_tokens": st.integers(16, 999_999_999).map(str),
        "image_size": st.sampled_from(["auto", "1024x1536", "512x512"]),
    }
    menu = draw(form(), OFFER)
    return free[name] if name in free else st.sampled_from([v for v in choices(menu, name) if v != NO_VALUE])


def combinations() -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={name: st.just("") | texts_of(name) for name in ALL})


def filled_in(view: dict[str, Any], wanted: dict[str, str]) -> dict[str, Any]:
    """The view as Slack returns it when a person has entered these texts, as far as there are controls."""
    values = {}
    for block in view["blocks"]:
        name = block.get("block_id", "").rpartition(".")[0]
        if name in wanted:
            element, text = block["element"], wanted[name]
            value = text or (NO_VALUE if element["type"] == "static_select" else "")
            values[block["block_id"]] = {element["action_id"]: entered(element, value)}
    return {**view, "state": {"values": values}}


def parsed(texts: dict[str, str]) -> dict[str, Any]:
    return {s.name: s.metadata["parse"](texts[s.name]) for s in declared() if texts.get(s.name)}


@settings(max_examples=1_000)
@example(stored={"reasoning_effort": "none", "model": "deep"}, wanted={"reasoning_effort": "high"}, scope=Scope.USER)
@given(stored=combinations(), wanted=combinations(), scope=st.sampled_from([Scope.USER, Scope.CHANNEL, Scope.THREAD]))
def test_what_is_entered_is_what_is_saved_and_what_is_shown_again(
    stored: dict[str, str], wanted: dict[str, str], scope: Scope
) -> None:
    kept = {name: text for name, text in stored.items() if text}
    view = draw(Form(THREAD, scope, sheet({scope: parsed(kept)})), OFFER)
    checked(view, "modal")
    assert read_entry(view).changes == {}, "nothing was entered"

    there = {name: text for name, text in wanted.items() if name in names_in(view)}
    if effort := there.get("reasoning_effort"):
        # One that the model does not offer is shown as the nearest, and leaving that stores nothing new.
        is_shown = effort == element_of(view, "reasoning_effort")["initial_option"]["value"]
        if is_shown or effort not in choices(view, "reasoning_effort"):
            del there["reasoning_effort"]
    entry = read_entry(filled_in(view, there))
    for name, text in entry.changes.items():
        kept[name] = text or ""
    own = parsed(kept)
    assert {name: own[name] for name in there if name in own} == parsed(there)

    redrawn = draw(Form(THREAD, scope, sheet({scope: parsed(stored)}), entry.changes, 1), OFFER)
    checked(redrawn, "modal")
    again = read_entry(redrawn)
    visible = set(names_in(redrawn)) - {"reasoning_effort"}  # which becomes the nearest that the new model offers
    assert {n: t for n, t in again.changes.items() if n in visible} == {
        n: t for n, t in entry.changes.items() if n in visible
    }


@settings(max_examples=200)
@given(stored=combinations(), problems=st.lists(st.text(min_size=1, max_size=5_000).filter(str.strip), max_size=9))
def test_slack_takes_every_form(stored: dict[str, str], problems: list[str]) -> None:
    own = parsed(stored)
    everywhere = dict.fromkeys(Scope, own)
    view = draw(Form(THREAD, Scope.THREAD, sheet(everywhere, *problems), generation=10**9), OFFER)
    checked(view, "modal")
    SdkView(**view).to_dict()


def test_the_offer_may_be_empty() -> None:
    offer = Offer((), OFFER.describe, Settings(model="unknown"))
    view = draw(form(), offer)
    checked(view, "modal")
    assert element_of(view, "model")["type"] == "plain_text_input"
