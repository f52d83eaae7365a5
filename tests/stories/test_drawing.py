"""Pictures that the bot draws and changes: each is in the thread once, and paid for once."""

from itertools import product

import pytest

from playground.openai import decisions, faults, scripts
from playground.openai.calls import Call, Kind
from playground.openai.drawing_events import COMPLETED, GENERATING
from playground.openai.drawings import Drawing
from playground.openai.requests import Request
from playground.openai.scripts import Answer
from playground.slack.directory import Json
from playground.slack.faults import UPLOAD, Fault, HttpError, Reset, Silence
from tests.bot.documents import pdf_files
from tests.playground.openai.samples import alike
from tests.stories.albums import album, noted, painted, shown, words
from tests.stories.stage import PATIENCE, Stage

LIGHTHOUSE = "A lighthouse at dusk, with gulls & <waves>"
UPLOAD_TROUBLE: tuple[tuple[str, Fault], ...] = (
    ("files.getUploadURLExternal", HttpError(500)),
    (UPLOAD, HttpError(503)),
    ("files.completeUploadExternal", HttpError(500, carried_out=True)),
    ("files.completeUploadExternal", Reset(carried_out=True)),
)
CHANGE = decisions.always(intent="image_edit", confidence="high", picture="earlier")


def tool_of(call: Call) -> Json:
    """The image tool as the request offers it."""
    (tool,) = call.body["tools"]
    return dict(tool)


def is_forced(call: Call) -> bool:
    return bool(call.body.get("tool_choice") == {"type": "image_generation"})


@pytest.mark.parametrize(("wish", "forced"), [("Draw a lighthouse", False), ("!draw a lighthouse", True)])
async def test_a_wish_becomes_one_picture_with_its_description(stage: Stage, wish: str, forced: bool) -> None:
    await stage.start()
    stage.model.script = scripts.draw(LIGHTHOUSE)
    question = await stage.ask(wish)
    (picture,) = await shown(stage, question)
    (message,) = stage.replies(question)
    assert (picture.alt_text, picture.title) == (LIGHTHOUSE, LIGHTHOUSE)
    assert stage.workspace.markdown_of(message) == LIGHTHOUSE
    assert message["thread_ts"] == question["ts"]
    (call,) = stage.model.calls
    assert call.drawn == (picture.content,)
    assert is_forced(call) is forced


async def test_each_change_begins_with_the_picture_before_it(stage: Stage) -> None:
    await stage.start()
    stage.model.script, stage.model.decide = scripts.draw(LIGHTHOUSE), CHANGE
    question = await stage.ask("Draw a lighthouse")
    await shown(stage, question)
    for count, wish in ((2, "Make it night"), (3, "And now add a boat")):
        await stage.ask(wish, thread=question["ts"])
        await shown(stage, question, count)
    first, second, third = stage.model.requests
    assert [tool_of(call)["action"] for call in (second, third)] == ["edit", "edit"]
    assert is_forced(second)
    assert is_forced(third)
    for earlier, later in ((first, second), (second, third)):
        (source,) = later.pictures
        assert alike(source, earlier.drawn[0])
    assert not alike(first.drawn[0], second.drawn[0])


async def test_an_attached_picture_is_changed(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.draw("A shed in blue")
    shed = painted("shed")
    question = await stage.ask("!edit paint it blue", ("shed.webp", shed))
    (picture,) = await shown(stage, question)
    (call,) = stage.model.calls
    assert len(call.pictures) == 1
    assert alike(call.pictures[0], shed)
    assert tool_of(call)["action"] == "edit"
    assert tool_of(call)["model"] == "gpt-image-2.5-sunburst"
    assert picture.alt_text == "A shed in blue"


async def test_a_change_of_nothing_is_asked_about(stage: Stage) -> None:
    await stage.start()
    (text,) = await stage.answered(await stage.ask("!edit make it blue"))
    assert "no picture in this thread" in text
    assert stage.model.calls == []


async def test_a_document_is_read_and_drawn_from_in_one_turn(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.draw("The main figure", before="It is about whales.", after="That is all.")
    question = await stage.ask(
        "Summarise it and draw its main figure",
        ("plan.pdf", pdf_files.pdf([pdf_files.words("The secret word of this page is mackerel.")])),
    )
    (picture,) = await shown(stage, question)
    await stage.workspace.wait_for(lambda: "That is all." in " ".join(words(stage, question)), PATIENCE)
    assert words(stage, question) == ["It is about whales.\n\nThat is all."]
    assert picture.alt_text == "The main figure"
    (call,) = stage.model.calls
    assert "mackerel" in str(call.body["input"])


async def test_a_picture_that_the_rules_forbid_is_told_kindly(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.refuse_to_draw("violence")
    for number, wish in enumerate(("!draw something cruel", "Draw something cruel"), start=1):
        question = await stage.ask(wish)
        assert "usage rules do not allow this picture" in await noted(stage, question)
        assert len(stage.model.calls) == number


async def test_a_drawing_that_breaks_in_the_middle_is_not_ordered_again(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.draw(LIGHTHOUSE)
    cases = product(("!draw a lighthouse", "Draw a lighthouse"), (faults.reset(), faults.nested_error()))
    for number, (wish, fault) in enumerate(cases, start=1):
        stage.model.fail(faults.at(GENERATING, fault))
        question = await stage.ask(wish)
        await noted(stage, question)
        assert album(stage, question) == []
        assert len(stage.model.calls) == number


async def test_a_refused_order_that_never_began_is_made_once_more(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.draw(LIGHTHOUSE)
    stage.model.fail(faults.rate_limited(0.05))
    question = await stage.ask("!draw a lighthouse")
    assert len(await shown(stage, question)) == 1
    assert [call.status for call in stage.model.calls] == [429, 200]
    assert stage.notes(question) == []


async def test_people_see_that_the_bot_is_drawing_and_the_stop_button_hangs_up(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.draw(LIGHTHOUSE)
    hold = stage.model.hold(event=COMPLETED)
    question = await stage.ask("!draw a lighthouse")
    root = (stage.dm.id, question["ts"])
    await stage.workspace.wait_for(
        lambda: root in stage.workspace.statuses and "drawing" in stage.workspace.statuses[root].text, PATIENCE
    )
    await hold.reached.wait()
    await stage.slack.interactions.stop_session(stage.ann.id, stage.dm.id, question["ts"])
    assert await noted(stage, question) == "Stopped."
    await stage.model.wait_for(lambda requests: requests[0].disconnected_at is not None, PATIENCE)
    assert album(stage, question) == []


@pytest.mark.parametrize(
    ("wish", "said"),
    [("!draw a lighthouse", []), ("Draw a lighthouse", ["Here it is."])],
    ids=["ordered", "wished for"],
)
async def test_a_picture_shown_just_before_kill_9_is_neither_drawn_nor_shown_again(
    stage: Stage, wish: str, said: list[str]
) -> None:
    daemon = await stage.start()
    stage.model.script = draw_once
    stage.slack.faults.add("files.completeUploadExternal", Silence(carried_out=True))
    question = await stage.ask(wish)
    await stage.workspace.wait_for(lambda: album(stage, question), PATIENCE)
    await daemon.kill()
    await stage.start()
    await thanked(stage, question)
    assert words(stage, question) == [*said, "You are welcome."]
    assert len(album(stage, question)) == 1
    assert sum(bool(call.drawn) for call in stage.model.calls) == 1
    assert stage.notes(question) == []


@pytest.mark.parametrize("moment", ["drawing", "sharing"])
async def test_a_picture_cut_off_by_kill_9_is_in_the_thread_once_after_the_restart(stage: Stage, moment: str) -> None:
    daemon = await stage.start()
    stage.model.script = draw_once
    hold = stage.model.hold(event=COMPLETED)
    stage.slack.faults.add("files.completeUploadExternal", Silence())
    question = await stage.ask("!draw a lighthouse")
    await hold.reached.wait()
    if moment == "sharing":
        hold.release()
        await stage.workspace.wait_for(lambda: stage.slack.calls.count("files.completeUploadExternal"), PATIENCE)
    assert album(stage, question) == []
    await daemon.kill()
    stage.slack.faults.clear()
    await stage.start()
    await shown(stage, question)
    await thanked(stage, question)
    assert len(album(stage, question)) == 1
    assert words(stage, question) == ["You are welcome."]


def draw_once(request: Request) -> Answer:
    """A lighthouse, where one is wished for and may be drawn."""
    if "Thank you" in request.question:
        return scripts.say("You are welcome.")(request)
    return scripts.draw(LIGHTHOUSE)(request) if request.image_tool else scripts.say("Here it is.")(request)


async def thanked(stage: Stage, question: Json) -> None:
    """Return once the bot has answered something that was said below all that it had to catch up on."""
    await stage.ask("Thank you", thread=question["ts"])
    await stage.workspace.wait_for(
        lambda: "You are welcome." in words(stage, question) and stage.is_calm(question), PATIENCE
    )


async def test_a_missing_permission_is_named(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.draw(LIGHTHOUSE)
    stage.slack.installation.scopes.remove("files:write")
    question = await stage.ask("!draw a lighthouse")
    assert "files:write" in await noted(stage, question)
    assert len(stage.model.calls) == 1


async def test_trouble_with_an_upload_costs_neither_the_picture_nor_a_second_one(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.draw(LIGHTHOUSE)
    for number, (method, fault) in enumerate(UPLOAD_TROUBLE, start=1):
        stage.slack.faults.add(method, fault)
        question = await stage.ask("!draw a lighthouse")
        (picture,) = await shown(stage, question)
        assert picture.content == stage.model.calls[-1].drawn[0]
        assert len(stage.replies(question)) == 1
        assert len(stage.model.calls) == number


async def test_the_images_api_draws_and_changes_where_the_operator_wants_it(stage: Stage) -> None:
    await stage.start(OPENAI_IMAGE_BACKEND="images")
    stage.model.draw = lambda _commission: Drawing(LIGHTHOUSE)
    stage.model.decide = decisions.always(intent="image_generate", confidence="high", picture="none")
    question = await stage.ask("I would like a lighthouse")
    (first,) = await shown(stage, question)
    stage.model.decide = CHANGE
    await stage.ask("Make it night", thread=question["ts"])
    await shown(stage, question, 2)
    stage.model.decide = decisions.always(intent="text", confidence="high", picture="none")
    await stage.ask("Thank you", thread=question["ts"])
    await stage.workspace.wait_for(lambda: words(stage, question) and stage.is_calm(question), PATIENCE)
    kinds = [call.kind for call in stage.model.calls]
    assert kinds == [Kind.DECISION, Kind.GENERATION, Kind.DECISION, Kind.EDIT, Kind.DECISION, Kind.ANSWER]
    generation, edit, answer = (stage.model.calls[number] for number in (1, 3, 5))
    assert generation.body["prompt"] == "I would like a lighthouse"
    assert len(edit.pictures) == 1
    assert alike(edit.pictures[0], first.content)
    assert [tool["type"] for tool in answer.body["tools"]] == ["web_search"]


@pytest.mark.parametrize("backend", ["tool", "images"])
async def test_the_operators_settings_reach_the_one_who_draws(stage: Stage, backend: str) -> None:
    await stage.start(
        OPENAI_IMAGE_BACKEND=backend,
        GPT_IMAGE_MODEL="gpt-image-2",
        DEFAULT_IMAGE_SIZE="1536x1024",
        DEFAULT_IMAGE_QUALITY="high",
        DEFAULT_IMAGE_BACKGROUND="opaque",
        DEFAULT_IMAGE_FORMAT="webp",
    )
    stage.model.script = scripts.draw(LIGHTHOUSE)
    question = await stage.ask("!draw a lighthouse")
    (picture,) = await shown(stage, question)
    (call,) = stage.model.calls
    told = tool_of(call) if backend == "tool" else call.body
    wanted = {"model": "gpt-image-2", "size": "1536x1024", "quality": "high", "background": "opaque"}
    assert wanted.items() <= told.items()
    assert told["output_format"] == "webp"
    assert (picture.mimetype, picture.content[8:12]) == ("image/webp", b"WEBP")
