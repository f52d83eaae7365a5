"""Where the bot answers, and how."""

import json

import pytest

from playground.openai import scripts
from playground.openai.scripts import Pace
from tests.stories.stage import PATIENCE, Stage
from tests.stories.texts import long_answer, rejoined

MOST_OF_OURS = 4_000
"""Characters of a request for a message of a few words: about a thousand tokens, paid for with each answer."""


async def test_a_direct_message_is_answered_in_a_thread_on_it(stage: Stage) -> None:
    stage.model.script = scripts.say("Hello **Ann**, 1 < 2 & 3 > 2.")
    await stage.start()
    question = await stage.ask("Hi there")
    assert await stage.answered(question) == ["Hello **Ann**, 1 < 2 & 3 > 2."]
    assert stage.replies(question)[0]["thread_ts"] == question["ts"]
    (request,) = stage.model.requests
    assert len(json.dumps(request.body)) < MOST_OF_OURS


async def test_a_status_shows_before_the_first_word(stage: Stage) -> None:
    await stage.start()
    hold = stage.model.hold()
    question = await stage.ask("Think hard")
    await stage.workspace.wait_for(lambda: stage.workspace.statuses.get((stage.dm.id, question["ts"])), PATIENCE)
    hold.release()
    await stage.answered(question)


async def test_the_text_grows_while_the_model_writes(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.say("One two three four five six seven eight nine ten.")
    hold = stage.model.hold(after=5)
    question = await stage.ask("Count")
    shown = await stage.workspace.wait_for(lambda: stage.texts(question), PATIENCE)
    assert shown[0].startswith("One")
    hold.release()
    assert await stage.answered(question) == ["One two three four five six seven eight nine ten."]


async def test_a_mention_in_a_channel_that_the_bot_has_not_joined_gets_no_second_thoughts(stage: Stage) -> None:
    await stage.start()
    foreign = stage.workspace.add_channel("foreign", members=[stage.ann])
    await stage.ask(f"{stage.mention} hello", where=foreign)
    question = await stage.ask("Still alive?")
    assert await stage.answered(question)


async def test_channel_talk_without_a_mention_is_left_alone(stage: Stage) -> None:
    await stage.start()
    lunch = await stage.ask("Lunch?", where=stage.channel)
    await stage.ask("Yes!", who=stage.ben, where=stage.channel, thread=lunch["ts"])
    await stage.answered(await stage.ask("Hi"))
    assert stage.replies(lunch, stage.channel) == []
    assert len(stage.model.requests) == 1


async def test_a_follow_up_in_a_thread_needs_no_mention_even_after_a_restart(stage: Stage) -> None:
    daemon = await stage.start()
    question = await stage.ask(f"{stage.mention} hi", where=stage.channel)
    await stage.answered(question, where=stage.channel)
    await stage.ask("And you?", who=stage.ben, where=stage.channel, thread=question["ts"])
    await stage.answered(question, where=stage.channel, count=2)
    assert await daemon.terminate() == 0
    await stage.start()
    await stage.ask("Still there?", where=stage.channel, thread=question["ts"])
    texts = await stage.answered(question, where=stage.channel, count=3)
    assert "Still there?" in texts[-1]


async def test_the_model_knows_who_said_what(stage: Stage) -> None:
    await stage.start()
    question = await stage.ask(f"{stage.mention} what does <@{stage.ben.id}> want?", where=stage.channel)
    await stage.answered(question, where=stage.channel)
    await stage.ask("A &lt;b&gt; tag & a <#C1|x>", who=stage.ben, where=stage.channel, thread=question["ts"])
    await stage.answered(question, where=stage.channel, count=2)
    asked = stage.model.requests[-1].body["input"]
    assert [item["role"] for item in asked] == ["user", "assistant", "user"]
    assert str(asked[0]["content"]).count("ann: what does @ben want?") == 1
    assert "ben: " in str(asked[2]["content"])


async def test_edits_deletions_joins_and_topics_are_not_answered(stage: Stage) -> None:
    await stage.start()
    question = await stage.ask(f"{stage.mention} one", where=stage.channel)
    await stage.answered(question, where=stage.channel)
    await stage.workspace.edit_as(stage.ann.id, stage.channel.id, question["ts"], f"{stage.mention} two")
    carl = stage.workspace.add_user("carl")
    await stage.workspace.join(carl.id, stage.channel.id)
    await stage.workspace.set_topic(stage.ann.id, stage.channel.id, f"ask {stage.mention}")
    gone = await stage.ask("Never mind", where=stage.channel)
    await stage.workspace.delete_as(stage.ann.id, stage.channel.id, gone["ts"])
    await stage.answered(await stage.ask("Hi"))
    assert len(stage.model.requests) == 2


async def test_other_bots_are_ignored_unless_they_are_allowed(stage: Stage) -> None:
    robot = stage.workspace.add_user("robot", is_bot=True)
    friend = stage.workspace.add_user("friend", is_bot=True)
    stage.channel.members += [robot.id, friend.id]
    await stage.start(ALLOWED_BOTS=friend.bot_id)
    ignored = await stage.ask(f"{stage.mention} I am a robot", who=robot, where=stage.channel)
    heard = await stage.ask(f"{stage.mention} I am a friend", who=friend, where=stage.channel)
    await stage.answered(heard, where=stage.channel)
    assert stage.replies(ignored, stage.channel) == []


async def test_a_message_with_a_file_is_answered(stage: Stage) -> None:
    await stage.start()
    question = await stage.ask("What is this?", ("plan.txt", b"A plan"))
    await stage.answered(question)
    assert "plan.txt" in str(stage.model.requests[-1].body["input"])


async def test_a_reply_that_is_also_sent_to_the_channel_is_answered(stage: Stage) -> None:
    await stage.start()
    question = await stage.ask(f"{stage.mention} hi", where=stage.channel)
    await stage.answered(question, where=stage.channel)
    await stage.workspace.post_as(stage.ben.id, stage.channel.id, "And me?", thread_ts=question["ts"], broadcast=True)
    await stage.answered(question, where=stage.channel, count=2)


async def test_a_mention_with_no_text_gets_an_introduction(stage: Stage) -> None:
    await stage.start()
    question = await stage.ask(stage.mention, where=stage.channel)
    (introduction,) = await stage.answered(question, where=stage.channel)
    assert "Mention me" in introduction
    assert stage.model.requests == []


async def test_messages_that_wait_are_answered_together_in_order(stage: Stage) -> None:
    await stage.start()
    hold = stage.model.hold()
    first = await stage.ask("First")
    await stage.model.wait_for(lambda requests: len(requests) == 1, PATIENCE)
    await stage.ask("Second", thread=first["ts"])
    await stage.ask("Third", thread=first["ts"])
    hold.release()
    texts = await stage.answered(first, count=2)
    assert "First" in texts[0]
    assert "Third" in texts[1]
    assert len(stage.model.requests) == 2
    asked = str(stage.model.requests[-1].body["input"])
    assert asked.index("Second") < asked.index("Third")


async def test_threads_are_answered_side_by_side(stage: Stage) -> None:
    await stage.start()
    hold = stage.model.hold()
    slow = await stage.ask("Slow")
    await stage.model.wait_for(lambda requests: len(requests) == 1, PATIENCE)
    quick = await stage.ask("Quick")
    await stage.answered(quick)
    assert stage.texts(slow) == []
    hold.release()
    await stage.answered(slow)


@pytest.mark.parametrize("streaming", ["auto", "edits"])
async def test_a_long_answer_goes_on_in_further_messages_and_loses_nothing(stage: Stage, streaming: str) -> None:
    text = long_answer(30_000)
    stage.model.script = scripts.say(text, Pace(per_second=4_000))
    await stage.start(SLACK_STREAMING=streaming)
    question = await stage.ask("Tell me everything")
    await stage.workspace.wait_for(lambda: rejoined(stage.texts(question)) == rejoined([text]), PATIENCE)
    texts = await stage.answered(question, count=3)
    assert all(shown.count("```") % 2 == 0 for shown in texts)
    assert all(len(shown) <= 12_000 for shown in texts)


async def test_an_answer_of_600_characters_costs_at_most_8_calls(stage: Stage) -> None:
    await stage.start()
    await stage.answered(await stage.ask("Warm up"))
    stage.slack.calls.clear()
    stage.model.script = scripts.say("word " * 120, Pace(first=0.3, per_second=40))
    await stage.answered(await stage.ask("600 characters, please"))
    assert len(stage.slack.calls) <= 8


async def test_slacks_stop_button_stops_the_answer_and_hangs_up(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.say("One two three four five")
    stage.model.hold(after=3)
    question = await stage.ask("Count")
    await stage.workspace.wait_for(lambda: stage.texts(question), PATIENCE)
    await stage.slack.interactions.stop_session(stage.ann.id, stage.dm.id, question["ts"])
    await stage.workspace.wait_for(lambda: stage.notes(question) and stage.is_calm(question), PATIENCE)
    assert stage.texts(question)[0].startswith("One")
    assert "topped" in stage.notes(question)[0]
    await stage.model.wait_for(lambda requests: requests[0].disconnected_at is not None, PATIENCE)
    stage.model.recover()
    await stage.ask("Go on", thread=question["ts"])
    await stage.answered(question, count=2)
