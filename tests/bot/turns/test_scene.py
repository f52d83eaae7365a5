"""Which messages are routed by rule, and where to."""

from dataclasses import replace

import pytest

from bot.domain.conversation import Attachment, AttachmentKind, Conversation
from bot.domain.intent import Intent, Route, Source
from bot.turns.scene import LONG, Scene, otherwise, ruled
from tests.doubles.messages import bot_writes, person_writes

PICTURE, RECORDING, DOCUMENT = AttachmentKind


def test_a_scene_is_what_hangs_on_the_message_and_what_came_before() -> None:
    picture = Attachment("F1", "a.png", "image/png", 1)
    plan, drawing = Attachment("F2", "plan.pdf", "application/pdf", 1), Attachment("F3", "b.svg", "image/svg+xml", 1)
    before = Conversation((replace(bot_writes(1, ""), attachments=(picture,)),))
    scene = Scene.of(replace(person_writes(2, " Hi "), attachments=(plan, drawing)), before)
    assert scene == Scene("Hi", (DOCUMENT, DOCUMENT), earlier_picture=True, begins=False)


@pytest.mark.parametrize(
    ("scene", "route"),
    [
        (Scene(""), Route(Intent.INTRODUCTION)),
        (Scene("", begins=False), Route(Intent.TEXT)),
        (Scene("", begins=False, earlier_picture=True), Route(Intent.VISION)),
        (Scene("", begins=False, earlier_document=True), Route(Intent.DOCUMENT)),
        (Scene("What is the capital of France?"), Route(Intent.TEXT)),
        (Scene("Draw me a cat"), Route(Intent.TEXT)),
        (Scene("", (PICTURE,)), Route(Intent.VISION)),
        (Scene("What is this?", (PICTURE,)), Route(Intent.VISION)),
        (Scene("これは何ですか？", (PICTURE, PICTURE)), Route(Intent.VISION)),
        (Scene("ما هذا؟", (PICTURE,)), Route(Intent.VISION)),
        (Scene("", (DOCUMENT,)), Route(Intent.DOCUMENT)),
        (Scene("Sum it up", (DOCUMENT,)), Route(Intent.DOCUMENT)),
        (Scene("Compare them", (DOCUMENT, PICTURE)), Route(Intent.DOCUMENT)),
        (Scene("And page 3", earlier_document=True), Route(Intent.DOCUMENT)),
        (Scene("", (RECORDING,)), Route(Intent.TEXT)),
        (Scene("Answer this", (RECORDING,), earlier_picture=True), Route(Intent.TEXT)),
        (Scene("x" * (LONG + 1), earlier_picture=True), Route(Intent.TEXT)),
        (Scene("x" * (LONG + 1), draws=False), Route(Intent.TEXT)),
        (Scene("!image a lighthouse"), Route(Intent.IMAGE)),
        (Scene("!draw it", (PICTURE,)), Route(Intent.IMAGE)),
        (Scene("!EDIT more light", (PICTURE,)), Route(Intent.IMAGE, Source.ATTACHED)),
        (Scene("/edit more light", earlier_picture=True), Route(Intent.IMAGE, Source.EARLIER)),
    ],
)
def test_certain_scenes_are_routed_by_rule(scene: Scene, route: Route) -> None:
    assert ruled(scene) == route


@pytest.mark.parametrize(
    "scene",
    [
        Scene("Make the sky blue", (PICTURE,)),
        Scene("Make it bluer", earlier_picture=True),
        Scene("What is in the background?", earlier_picture=True),
        Scene("Draw me a cat", draws=False),
        Scene("Can you make the sky blue?", (PICTURE,), draws=False),
    ],
)
def test_what_may_be_a_wish_for_a_picture_is_left_to_the_model(scene: Scene) -> None:
    assert ruled(scene) is None


def test_commands_count_only_at_the_beginning_of_a_message() -> None:
    assert ruled(Scene("Write !image before it")) == Route(Intent.TEXT)
    assert ruled(Scene("!imagery is a word")) == Route(Intent.TEXT)


def test_only_a_message_with_a_picture_is_open_before_its_thread_is_known() -> None:
    assert Scene("Make the sky blue", (PICTURE,)).is_open
    assert not Scene("Make the sky blue").is_open
    assert not Scene("What is this?", (PICTURE,)).is_open


@pytest.mark.parametrize(
    ("scene", "intent"),
    [
        (Scene("Make it so", (PICTURE,)), Intent.VISION),
        (Scene("Make it so", (PICTURE,), earlier_document=True), Intent.VISION),
        (Scene("Make it so", earlier_picture=True), Intent.TEXT),
        (Scene("Make it so", earlier_picture=True, earlier_document=True), Intent.DOCUMENT),
    ],
)
def test_nobody_knows_leads_to_words(scene: Scene, intent: Intent) -> None:
    assert otherwise(scene) == Route(intent)
