"""Whose settings hold where, and how people change them."""

import asyncio

import pytest

from bot.slack.desks.settings_command import RESET_DONE, help_on
from bot.slack.desks.settings_form import NO_VALUE
from playground.openai import scripts
from playground.slack.directory import Channel, Json, User
from tests.stories.forms import COMMAND, SHORTCUT, open_settings, open_thread_settings, rows, told
from tests.stories.stage import Stage


async def asked(stage: Stage, text: str) -> Json:
    """What the model is asked when Ann writes this to the bot directly."""
    return await request_for(stage, await stage.ask(text), stage.dm)


async def mentioned(stage: Stage, who: User | None = None, thread: str = "", answers: int = 1) -> Json:
    """The same for a mention in the channel, after which its thread has so many answers."""
    question = await stage.ask(f"{stage.mention} hi", who=who, where=stage.channel, thread=thread)
    return await request_for(stage, question, stage.channel, answers)


async def request_for(stage: Stage, question: Json, where: Channel, answers: int = 1) -> Json:
    """The body of the newest request, once this question is answered."""
    await stage.answered(question, where=where, count=answers)
    body: Json = stage.model.requests[-1].body
    return body


def length(body: Json) -> str | None:
    """How long an answer is asked for."""
    verbosity: str | None = body.get("text", {}).get("verbosity")
    return verbosity


def searches(body: Json) -> bool:
    """Whether the model may search the web."""
    return "web_search" in {tool["type"] for tool in body.get("tools", ())}


async def test_the_model_that_i_choose_answers_me_and_nobody_else_even_after_kill_9(stage: Stage) -> None:
    daemon = await stage.start()
    before = await asked(stage, "Hi")
    form, other_form = await open_settings(stage), await open_settings(stage)
    await form.choose("model", "gpt-6-luna")
    assert await form.save() == {}
    await daemon.kill()
    await stage.start()
    mine, bens = await asked(stage, "And now?"), await mentioned(stage, stage.ben)
    assert [body["model"] for body in (before, mine, bens)] == ["gpt-6.1-terra", "gpt-6-luna", "gpt-6.1-terra"]
    assert await other_form.save(verbosity="high") == {}
    mine = await asked(stage, "And the form that was open meanwhile?")
    assert (mine["model"], length(mine)) == ("gpt-6-luna", "high")


async def test_the_settings_of_a_channel_hold_for_everybody_in_it_and_nowhere_else(stage: Stage) -> None:
    await stage.start()
    form = await open_settings(stage, where=stage.channel, words="channel")
    assert await form.save(verbosity="low", web_search="off") == {}
    for person in (stage.ann, stage.ben):
        body = await mentioned(stage, person)
        assert (length(body), searches(body)) == ("low", False)
    body = await asked(stage, "Hi")
    assert (length(body), searches(body)) == (None, True)


async def test_a_direct_message_has_settings_of_its_own(stage: Stage) -> None:
    await stage.start()
    form = await open_settings(stage, words="channel")
    assert await form.save(verbosity="high") == {}
    assert length(await asked(stage, "Hi")) == "high"
    assert length(await mentioned(stage)) is None


@pytest.mark.parametrize(
    ("editors", "refused"),
    [
        ("members", {"eve": "Only members of this channel"}),
        ("anyone", {}),
        ("{ann}", {"ben": "Only certain people", "eve": "Only certain people"}),
    ],
)
async def test_who_may_not_change_a_channel_is_told_so_in_the_form(
    stage: Stage, editors: str, refused: dict[str, str]
) -> None:
    eve = stage.workspace.add_user("eve")
    await stage.start(CHANNEL_SETTINGS_EDITORS=editors.format(ann=stage.ann.id))
    for person in (stage.ann, stage.ben, eve):
        form = await open_settings(stage, person, stage.channel, "channel")
        errors = await form.save(instructions=f"As {person.name} likes it.")
        objection = refused.get(person.name)
        assert errors.keys() == ({"scope"} if objection else set())
        assert errors.get("scope", "").startswith(objection or "")
        kept = rows(stage.folder, "SELECT value FROM settings WHERE changed_by = ?", person.id)
        assert bool(kept) is not bool(objection)
    assert stage.workspace.messages(stage.channel.id) == []


async def test_a_shortcut_opens_the_settings_of_a_thread(stage: Stage) -> None:
    await stage.start()
    root = await stage.ask(f"{stage.mention} hi", where=stage.channel)
    await stage.answered(root, where=stage.channel)
    (answer,) = stage.replies(root, stage.channel)
    form = await open_thread_settings(stage, answer, stage.channel)
    assert form.shows("scope") == "thread"
    assert await form.save(verbosity="high") == {}
    assert length(await mentioned(stage, stage.ben, thread=root["ts"], answers=2)) == "high"
    assert length(await mentioned(stage)) is None


async def test_the_nearest_setting_wins_and_the_form_says_where_each_comes_from(stage: Stage) -> None:
    await stage.start(DEFAULT_MAX_TOKENS="900")
    root = await stage.ask(f"{stage.mention} hi", where=stage.channel)
    await stage.answered(root, where=stage.channel)
    channel = await open_settings(stage, where=stage.channel, words="channel")
    assert await channel.save(verbosity="low") == {}
    mine = await open_settings(stage, where=stage.channel)
    assert "As before: low (from this channel)" in mine.explains("verbosity")
    assert "As before: 900 (the default)" in mine.explains("max_output_tokens")
    assert await mine.save(verbosity="medium") == {}
    assert "For you, medium holds here (from your settings)." in (
        await open_settings(stage, where=stage.channel, words="channel")
    ).explains("verbosity")
    thread = await open_thread_settings(stage, root, stage.channel)
    assert "As before: medium (from your settings)" in thread.explains("verbosity")
    assert await thread.save(verbosity="high") == {}
    in_thread = await mentioned(stage, thread=root["ts"], answers=2)
    mine_elsewhere, bens_elsewhere = await mentioned(stage), await mentioned(stage, stage.ben)
    assert [length(body) for body in (in_thread, mine_elsewhere, bens_elsewhere)] == ["high", "medium", "low"]


async def test_what_was_chosen_is_taken_away_by_the_button_or_by_a_word(stage: Stage) -> None:
    await stage.start()
    form = await open_settings(stage, where=stage.channel, words="channel")
    assert await form.save(verbosity="low") == {}
    form = await open_settings(stage)
    assert await form.save(verbosity="high") == {}
    ack = await stage.slack.interactions.slash_command(stage.ann.id, stage.channel.id, COMMAND, "reset")
    assert (ack, await told(stage, stage.ann)) == ({}, [RESET_DONE])
    assert length(await mentioned(stage)) == "low"
    form = await open_settings(stage, where=stage.channel, words="channel")
    assert form.shows("verbosity") == "low"
    await form.reset()
    assert form.shows("verbosity") == NO_VALUE
    assert length(await mentioned(stage)) is None
    assert rows(stage.folder, "SELECT name FROM settings") == []


async def test_help_is_for_the_person_who_asks(stage: Stage) -> None:
    await stage.start()
    await stage.slack.interactions.slash_command(stage.ben.id, stage.channel.id, COMMAND, "help")
    assert await told(stage, stage.ben) == [help_on(COMMAND)]
    assert stage.workspace.messages(stage.channel.id) == []


async def test_a_development_app_has_names_of_its_own(stage: Stage) -> None:
    await stage.start(SETTINGS_SLASH_COMMAND="/dev-settings", CALLBACK_SUFFIX="_dev")
    root = await stage.ask("Hi")
    await stage.answered(root)
    form = await open_settings(stage, command="/dev-settings")
    assert await form.save(verbosity="high") == {}
    form = await open_thread_settings(stage, root, stage.dm, shortcut=f"{SHORTCUT}_dev")
    assert form.shows("scope") == "thread"
    assert "/dev-settings" in (await told(stage, stage.ann))[0]
    stage.slack.sockets.options.ack_seconds = 0.3
    assert await stage.slack.interactions.slash_command(stage.ann.id, stage.dm.id, COMMAND) is None
    assert await stage.slack.interactions.message_shortcut(stage.ann.id, stage.dm.id, root["ts"], SHORTCUT) is None


async def test_two_people_who_save_different_things_at_once_lose_nothing(stage: Stage) -> None:
    await stage.start()
    anns = await open_settings(stage, where=stage.channel, words="channel")
    bens = await open_settings(stage, stage.ben, stage.channel, "channel")
    errors = await asyncio.gather(anns.save(verbosity="high"), bens.save(max_output_tokens="700"))
    assert not any(errors)
    body = await mentioned(stage)
    assert (length(body), body["max_output_tokens"]) == ("high", 700)


async def test_instructions_add_up_from_the_organisation_to_the_thread_each_with_its_label(stage: Stage) -> None:
    context = stage.folder / "acme.md"
    context.write_text("We are *Acme*; everybody has a ThinkPad.", encoding="utf-8")
    await stage.start(ORG_CONTEXT_FILE=str(context), CUSTOM_INSTRUCTIONS="Be polite.")
    root = await stage.ask(f"{stage.mention} hi", where=stage.channel)
    await stage.answered(root, where=stage.channel)
    for form, wish in (
        (await open_thread_settings(stage, root, stage.channel), "Rhyme."),
        (await open_settings(stage, where=stage.channel), "Call me Annie."),
        (await open_settings(stage, where=stage.channel, words="channel"), "Speak of ships."),
    ):
        assert await form.save(instructions=wish) == {}
    said = (await mentioned(stage, thread=root["ts"], answers=2))["instructions"]
    parts = (
        "We are *Acme*; everybody has a ThinkPad.",
        "For everybody here: Be polite.",
        "In this channel: Speak of ships.",
        "The person who asks wishes: Call me Annie.",
        "In this thread: Rhyme.",
    )
    assert [said.count(part) for part in parts] == [1] * len(parts)
    assert sorted(parts, key=said.index) == [*parts]
    bens = (await mentioned(stage, stage.ben))["instructions"]
    assert [part in bens for part in parts] == [True, True, True, False, False]


async def test_without_streaming_nothing_is_shown_before_the_end(stage: Stage) -> None:
    await stage.start()
    form = await open_settings(stage)
    assert await form.save(streaming="off") == {}
    stage.model.script = scripts.say("One two three four five six.")
    hold = stage.model.hold(after=4)
    slow = await stage.ask("Count")
    await hold.reached.wait()
    # While somebody else gets a whole answer, there would be time to show a half one.
    await mentioned(stage, stage.ben)
    assert stage.texts(slow) == []
    assert (stage.dm.id, slow["ts"]) in stage.workspace.statuses
    hold.release()
    await stage.shows(slow, "One two three four five six.")


async def test_the_bots_own_words_are_in_the_language_that_was_chosen(stage: Stage) -> None:
    await stage.start(DEFAULT_LANGUAGE="de")
    question = await stage.ask("Was steht darin?", ("leer.txt", b" "))
    (text,) = await stage.answered(question)
    assert text.startswith("> ⚠️ Ich konnte `leer.txt` nicht verwenden: ")
