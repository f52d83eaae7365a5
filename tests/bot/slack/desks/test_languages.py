"""Everything that people open or press: in all languages, within Slack's limits."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest

from bot.domain.conversation import ThreadKey
from bot.domain.language import Texts, Voice, speaking
from bot.domain.records import Totals, Use
from bot.domain.report import Report, month_at, month_before
from bot.domain.settings import Language, Scope
from bot.domain.tools import ToolCall
from bot.slack.desks.acts import Act
from bot.slack.desks.feedback import _modal
from bot.slack.desks.home import home_view
from bot.slack.desks.regenerating import _view
from bot.slack.desks.settings_command import help_on
from bot.slack.desks.settings_form import Form, draw
from bot.slack.desks.settings_memo import Place
from bot.slack.desks.summaries import _private
from bot.slack.desks.usage_text import MOST_ROWS, report_blocks
from bot.slack.markup.approval import question
from bot.slack.writing.footer import Footer
from bot.slack.writing.thumbs import thumbs
from bot.turns.preferences import laid_over
from playground.slack.blocks import problems
from playground.slack.views import checked
from tests.bot.slack.desks.settings_scene import (
    COMMAND,
    DEFAULTS,
    MODELS,
    NOW,
    OFFER,
    TEXTS,
    Scene,
    choices,
    element_of,
    settings_scene,
    texts_in,
)

ACT = Act(ThreadKey("T1", "C1", "1.5"), "2.5", "U1")
CALL = ToolCall("tickets", "close", "{}")
SHEET = laid_over(
    DEFAULTS,
    {
        Scope.CHANNEL: {"verbosity": "low", "streaming": "off", "temperature": "9"},
        Scope.USER: {"language": "de", "image_quality": "xhigh", "web_search": "on", "nonsense": "1"},
        Scope.THREAD: {"verbosity": "high", "vision_detail": "original", "image_size": "8x8"},
    },
)
USED = Totals(2, 1, 1_200, 1.5, 3)
USES = tuple(Use(f"U{number}", channel, "thinker", USED) for number in range(MOST_ROWS + 2) for channel in ("C1", "D1"))


def views() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every modal and tab, with its kind."""
    for place in (Place(), Place("C1"), Place("C1", "1.5")):
        for scope in place.scopes:
            for model in MODELS:
                yield "modal", draw(Form(place, scope, SHEET, {"model": model}), OFFER)
    yield "modal", _view("again", ACT, tuple(MODELS))
    yield "modal", _modal(ACT)
    for totals in (Totals(), Totals(1, 1, 1, 1.0, 1), USED):
        yield "home", home_view(SHEET, totals, COMMAND, "slack://there")


def messages() -> Iterator[list[dict[str, Any]]]:
    """The blocks of messages that are not made by the model."""
    this_month, before = Report(month_at(NOW), USES), Report(month_before(NOW), ())
    yield report_blocks(this_month)
    yield report_blocks(before, this_month, people=False)
    yield question(CALL, "U1", "name", 10)["blocks"]
    yield _private("So be it.", "name")["blocks"]
    yield [*Footer(COMMAND, "slack://there").blocks("thinker"), *thumbs()]


def texts_of(shown: Any) -> Iterator[str]:
    """Whatever people read in these blocks."""
    match shown:
        case {"type": "plain_text" | "mrkdwn" | "text", "text": str(text)}:
            yield text
        case {"type": "markdown"}:
            return  # the model's words
        case Mapping():
            for part in shown.values():
                yield from texts_of(part)
        case list():
            for part in shown:
                yield from texts_of(part)
        case _:
            return


@pytest.mark.parametrize("language", Language)
def test_slack_takes_all_of_it_uncut(language: Language) -> None:
    with speaking(Voice(TEXTS, language)):
        for kind, view in views():
            checked(view, kind)
            assert [text for text in texts_of(view) if text.endswith("…")] == []
        for blocks in messages():
            assert problems(blocks) == []


class Marked(dict[str, str]):
    """A language in which every sentence is there, between brackets."""

    def __contains__(self, _english: object) -> bool:
        return True

    def get(self, english: str, _default: Any = None) -> Any:
        return f"⟦{english}⟧"


NO_WORDS = re.compile(r"(<[@#][A-Z0-9]+>|[\d\W_])*")
NAMES = {
    *MODELS,
    "English",
    "Deutsch",
    "Français",
    "Español",
    "jpeg",
    "png",
    "webp",
    "tickets",
    "close",
    "slack://there",
}


def untranslated(text: str) -> str:
    """What is left of a text without its sentences, numbers, marks, and names of things."""
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧|⟦[^⟦⟧]*…$", "", text)) != text:
        text = shorter
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace(name, "")
    return "" if NO_WORDS.fullmatch(text) else text


def test_nothing_is_shown_that_cannot_be_translated() -> None:
    marked: Mapping[Language, Texts] = {Language.DE: Marked()}
    with speaking(Voice(marked, Language.DE)):
        shown = [*(view for _, view in views()), *messages()]
        help_lines = help_on("").splitlines()
    assert {left for each in shown for text in texts_of(each) if (left := untranslated(text))} == set()
    assert [line for line in help_lines if "⟦" not in line] == []


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with settings_scene() as scene:
        scene.slack.workspace.users[scene.ann].locale = "de-DE"
        yield scene


async def test_whoever_has_slack_in_german_gets_the_form_and_what_is_wrong_with_it_in_german(scene: Scene) -> None:
    view = await scene.open()
    assert view.body["title"]["text"] == "Einstellungen"
    chosen = element_of(view.body, "verbosity")["initial_option"]["text"]["text"]
    assert chosen == "Wie bisher: dem Modell überlassen (Voreinstellung)"
    assert "low" in choices(view.body, "verbosity")
    scene.enter(view, "image_size", "8x8")
    ((_, problem),) = (await scene.slack.interactions.submit(view)).errors.items()
    assert problem.startswith("Das muss auto sein, oder Breite und Höhe in Schritten von 16")


async def test_a_chosen_language_holds_at_once_everywhere(scene: Scene) -> None:
    view = await scene.open()
    scene.enter(view, "language", "es")
    assert (await scene.slack.interactions.submit(view)).errors == {}
    homes = scene.slack.views.homes
    await scene.until(lambda: scene.ann in homes)
    assert "*Idioma de los avisos*: Español (de tus ajustes)" in texts_in(homes[scene.ann].body)
    await scene.slack.interactions.slash_command(scene.ann, scene.channel.id, COMMAND, "usage 13")
    assert await scene.whispered() == "Escribe el mes como 2026-11, u omítelo para el mes actual."


async def test_help_is_told_in_the_language_of_who_asks_for_it(scene: Scene) -> None:
    told = [
        (await scene.slack.interactions.slash_command(user, scene.channel.id, COMMAND, "help") or {})["text"]
        for user in (scene.ann, scene.ben)
    ]
    assert f"{COMMAND} reset: deine eigenen Einstellungen zurücksetzen" in told[0]
    assert f"{COMMAND} reset: take your own settings away" in told[1]


def test_a_word_that_is_only_english_is_found() -> None:
    assert untranslated("⟦Length of answers⟧: high (⟦from ⟦this channel⟧⟧)") != ""
    assert untranslated("⟦Length of answers⟧: ⟦high⟧ (⟦from ⟦this channel⟧⟧) 1,200 <@U1>") == ""
