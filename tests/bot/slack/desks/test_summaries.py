"""Threads that are summed up for one person, who may share the summary."""

from functools import partial

from bot.domain.errors import ThreadUnreadable
from bot.slack.desks.summaries import (
    FRESH,
    GONE,
    KEPT,
    READING,
    SHARE,
    SHARED,
    SUMMARIZE,
    KeptSummaries,
    summarizing,
)
from bot.slack.reading.listeners import Register
from playground.slack.directory import Json, User
from playground.slack.faults import Error
from tests.doubles.clock import StillClock
from tests.doubles.desks import DeskScene, desk_scene
from tests.doubles.messages import THREAD

SHORTCUT = f"{SUMMARIZE}_dev"


def desk(scene: DeskScene, kept: KeptSummaries | None = None) -> Register:
    return summarizing(scene.desk, scene.controls, kept or KeptSummaries())


def private(scene: DeskScene, user: User) -> Json:
    """The newest message that this person alone sees."""
    return next(each for each in reversed(scene.workspace.ephemerals) if each["shown_to"] == user.id)


async def shares(scene: DeskScene, user: User, summary: Json) -> None:
    await scene.slack.interactions.press(user.id, scene.general.id, summary["ts"], SHARE)
    await scene.done()


def posted(scene: DeskScene) -> list[Json]:
    thread = scene.workspace.thread(scene.general.id, scene.root)
    return [message for message in thread if message.get("bot_id") == scene.workspace.bot.bot_id]


async def test_a_summary_is_for_the_one_who_asked() -> None:
    async with desk_scene(desk) as scene:
        await scene.picks(scene.ben, await scene.asks(scene.ann), SHORTCUT)
        assert scene.told(scene.ben) == [READING, "They agreed."]
        assert scene.told(scene.ann) == []
        assert posted(scene) == []
        assert private(scene, scene.ben)["thread_ts"] == scene.root


async def test_it_is_shared_once_under_the_name_of_who_shared_it() -> None:
    async with desk_scene(desk) as scene:
        await scene.picks(scene.ben, await scene.asks(scene.ann), SHORTCUT)
        summary = private(scene, scene.ben)
        await shares(scene, scene.ben, summary)
        (shared,) = posted(scene)
        assert scene.workspace.markdown_of(shared) == "They agreed."
        assert scene.workspace.notes_of(shared) == [f"A summary that <@{scene.ben.id}> has shared"]
        assert scene.metadata_of(shared["ts"])["posted_for"] == scene.ben.id
        assert private(scene, scene.ben)["text"] == SHARED


async def test_a_second_press_shares_nothing() -> None:
    kept = KeptSummaries()
    async with desk_scene(partial(desk, kept=kept)) as scene:
        await scene.picks(scene.ben, await scene.asks(scene.ann), SHORTCUT)
        summary = private(scene, scene.ben)
        kept.take(summary["blocks"][-1]["elements"][0]["value"], scene.ben.id)
        await shares(scene, scene.ben, summary)
        assert posted(scene) == []
        assert scene.told(scene.ben)[-1] == GONE


async def test_an_old_one_is_not_shared() -> None:
    clock = StillClock()
    async with desk_scene(partial(desk, kept=KeptSummaries(clock))) as scene:
        await scene.picks(scene.ben, await scene.asks(scene.ann), SHORTCUT)
        clock.now += FRESH
        await shares(scene, scene.ben, private(scene, scene.ben))
        assert posted(scene) == []
        assert scene.told(scene.ben)[-1] == GONE


async def test_one_that_slack_did_not_take_can_be_shared_again() -> None:
    async with desk_scene(desk) as scene:
        await scene.picks(scene.ben, await scene.asks(scene.ann), SHORTCUT)
        summary = private(scene, scene.ben)
        scene.slack.faults.add("chat.postMessage", Error("restricted_action"))
        await shares(scene, scene.ben, summary)
        assert posted(scene) == []
        await shares(scene, scene.ben, summary)
        assert len(posted(scene)) == 1


async def test_where_the_bot_is_no_member_it_says_what_to_do() -> None:
    async with desk_scene(desk) as scene:
        lounge = scene.workspace.add_channel("lounge", [scene.ann, scene.ben])
        said = await scene.workspace.post_as(scene.ann.id, lounge.id, "Lunch?")
        scene.controls.summary = ThreadUnreadable()
        await scene.picks(scene.ben, said["ts"], SHORTCUT, lounge)
        assert scene.told(scene.ben) == [READING, ThreadUnreadable.explanation]
        assert "thread_ts" not in private(scene, scene.ben), "there is no thread in which it would be seen"


async def test_a_summary_calls_nobody() -> None:
    async with desk_scene(desk) as scene:
        scene.controls.summary = "They told <!channel>."
        await scene.picks(scene.ben, scene.root, SHORTCUT)
        await shares(scene, scene.ben, private(scene, scene.ben))
        (shared,) = posted(scene)
        assert "<!channel>" not in str(shared)


def test_only_the_newest_are_kept_and_only_for_whom_they_were_made() -> None:
    kept = KeptSummaries()
    names = [kept.keep(THREAD, "U1", str(number)) for number in range(KEPT + 1)]
    assert kept.take(names[0], "U1") is None
    assert kept.take(names[1], "U2") is None
    summary = kept.take(names[1], "U1")
    assert summary is not None
    assert summary.text == "1"
    assert kept.take(names[1], "U1") is None
