"""Who may talk to the bot, and how much, as people meet it."""

import pytest

from bot.turns.policy import Refusal
from playground.openai import scripts
from playground.slack.directory import Channel, Json, User
from tests.stories.stage import PATIENCE, Stage

ELSEWHERE = "T0ELSEWHERE"


async def whispered(stage: Stage, to: User, text: str, where: Channel) -> Json:
    """The private message, once it is there."""

    def found() -> list[Json]:
        return [
            said
            for said in stage.workspace.ephemerals
            if (said["shown_to"], said["channel"]) == (to.id, where.id) and text in said["text"]
        ]

    await stage.workspace.wait_for(lambda: bool(found()), PATIENCE)
    (said,) = found()
    return said


async def mentioned(stage: Stage, who: User, text: str = "Hello") -> Json:
    return await stage.ask(f"{stage.mention} {text}", who=who, where=stage.channel)


async def test_a_stranger_in_a_shared_channel_is_told_once_and_colleagues_are_answered(stage: Stage) -> None:
    stage.ben.team_id = ELSEWHERE
    await stage.start()
    first = await mentioned(stage, stage.ben)
    said = await whispered(stage, stage.ben, str(Refusal.STRANGER), stage.channel)
    assert "thread_ts" not in said
    second = await mentioned(stage, stage.ben, "Hello again")
    await stage.acknowledged()
    await stage.answered(await mentioned(stage, stage.ann), where=stage.channel)
    assert stage.replies(first, stage.channel) == stage.replies(second, stage.channel) == []
    assert len(stage.workspace.ephemerals) == 1
    assert len(stage.model.calls) == 1


async def test_strangers_and_partners_are_answered_where_the_operator_wants_it(stage: Stage) -> None:
    stage.ben.team_id = ELSEWHERE
    await stage.start(ALLOWED_WORKSPACES=ELSEWHERE)
    await stage.answered(await mentioned(stage, stage.ben), where=stage.channel)


@pytest.mark.parametrize("variable", ["DENIED_CHANNELS", "ALLOWED_CHANNELS"])
async def test_a_channel_without_the_bot_leaves_direct_messages_alone(stage: Stage, variable: str) -> None:
    denied = variable == "DENIED_CHANNELS"
    await stage.start(**{variable: stage.channel.id if denied else "C0OTHER"})
    question = await mentioned(stage, stage.ann)
    await whispered(stage, stage.ann, str(Refusal.CHANNEL), stage.channel)
    await stage.answered(await stage.ask("Hello"))
    assert stage.replies(question, stage.channel) == []
    assert stage.slack.calls.count("conversations.replies") == 0


async def test_a_spent_budget_is_told_in_the_thread_and_calls_no_model(stage: Stage) -> None:
    await stage.start(MONTHLY_BUDGET_DOLLARS_PERSON="0.0000001")
    await stage.answered(await stage.ask("Hello"))
    warned = await whispered(stage, stage.ann, "of your budget for this month", stage.dm)
    assert "starts afresh on the first of" in warned["text"]
    calls = len(stage.model.calls)
    question = await stage.ask("Hello again")
    await stage.workspace.wait_for(lambda: stage.notes(question), PATIENCE)
    (note,) = stage.notes(question)
    assert "You have used up your budget for this month, so I can answer again on the first of " in note
    assert stage.is_calm(question)
    assert len(stage.model.calls) == calls


async def test_too_many_turns_in_a_minute_are_told_how_long_to_wait(stage: Stage) -> None:
    await stage.start(TURNS_PER_MINUTE_PERSON="1")
    await stage.answered(await stage.ask("Hello"))
    question = await stage.ask("Hello again")
    await stage.workspace.wait_for(lambda: stage.notes(question), PATIENCE)
    assert "1 in a minute" in stage.notes(question)[0]


async def test_who_has_had_the_pictures_of_a_day_gets_words(stage: Stage) -> None:
    await stage.start(PICTURES_PER_DAY="1")
    stage.model.script = scripts.draw("A lighthouse")
    question = await stage.ask("!draw a lighthouse")
    await stage.answered(question)
    calls = len(stage.model.calls)
    # In the same thread its turn comes when the first picture is in the books.
    another = await stage.ask("!draw another one", thread=question["ts"])
    *_, text = await stage.answered(another, count=2)
    assert "as many pictures as one person may have in a day" in text
    assert len(stage.model.calls) == calls
