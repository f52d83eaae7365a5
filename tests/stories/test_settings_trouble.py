"""What goes wrong with settings, and that no answer suffers from it."""

import shutil
import sys
from pathlib import Path

import pytest

from bot.slack.desks.settings_modal import TOO_LATE
from playground.slack.faults import Error, HttpError
from tests.stories.forms import COMMAND, open_settings, rows, told
from tests.stories.stage import ROOT, Stage

KEEP = "INSERT INTO settings VALUES (?, ?, ?, ?, ?, 'somebody', 0)"


def keep(stage: Stage, scope: str, holder: str, name: str, value: str) -> None:
    """Put a setting into the database, as another version of the bot may have done."""
    rows(stage.folder, KEEP, stage.workspace.team_id, scope, holder, name, value)


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved_until_it_is_mended(stage: Stage) -> None:
    await stage.start()
    form = await open_settings(stage)
    errors = await form.save(verbosity="high", max_output_tokens="many", image_size="1x1")
    assert errors.keys() == {"max_output_tokens", "image_size"}
    assert errors["max_output_tokens"] == "It must be a whole number of at least 16."
    assert rows(stage.folder, "SELECT * FROM settings") == []
    assert await form.save(max_output_tokens="500", image_size="1024x1536") == {}
    assert form.view.id not in stage.slack.views.open
    await stage.answered(await stage.ask("Hi"))
    body = stage.model.requests[-1].body
    assert (body["max_output_tokens"], body["text"]["verbosity"]) == (500, "high")


async def test_a_trigger_that_expires_is_told_in_private_and_the_next_command_works(stage: Stage) -> None:
    await stage.start()
    stage.slack.views.trigger_lifetime = -1.0
    await stage.slack.interactions.slash_command(stage.ann.id, stage.channel.id, COMMAND)
    assert await told(stage, stage.ann) == [TOO_LATE]
    assert stage.workspace.messages(stage.channel.id) == []
    stage.slack.views.trigger_lifetime = 3.0
    await open_settings(stage)


async def test_a_form_that_was_redrawn_meanwhile_takes_the_later_choice_and_keeps_what_was_entered(
    stage: Stage,
) -> None:
    await stage.start()
    form = await open_settings(stage)
    form.enter("instructions", "Be brief.")
    stage.slack.faults.add("views.update", Error("hash_conflict"))
    await form.choose("model", "gpt-4.1")
    assert (form.shows("model"), form.shows("instructions")) == ("gpt-4.1", "Be brief.")
    assert await form.save(temperature="0.5") == {}
    kept = dict(rows(stage.folder, "SELECT name, value FROM settings"))
    assert kept == {"model": "gpt-4.1", "instructions": "Be brief.", "temperature": "0.5"}


async def test_members_who_cannot_be_looked_up_change_nothing_and_the_form_says_so(stage: Stage) -> None:
    await stage.start()
    stage.slack.faults.always("conversations.members", HttpError(503))
    form = await open_settings(stage, where=stage.channel, words="channel")
    assert (await form.save(verbosity="low")).keys() == {"scope"}
    assert rows(stage.folder, "SELECT * FROM settings") == []


async def test_rows_that_nobody_understands_break_no_answer_and_are_told_once_in_private(stage: Stage) -> None:
    daemon = await stage.start()
    keep(stage, "user", stage.ann.id, "telepathy", "strong")
    keep(stage, "user", stage.ann.id, "verbosity", "low")
    keep(stage, "channel", stage.channel.id, "temperature", "hot")
    for _ in range(2):
        question = await stage.ask(f"{stage.mention} hi", where=stage.channel)
        await stage.answered(question, where=stage.channel)
    assert stage.model.requests[-1].body["text"]["verbosity"] == "low"
    expected = {
        'I cannot keep to your setting "telepathy": it is not known here.',
        'I cannot keep to this channel\'s setting "Temperature": it must be a number from 0 to 2.',
    }
    assert set(await told(stage, stage.ann, 2)) == expected
    assert await daemon.terminate() == 0
    await stage.start()
    await stage.answered(await stage.ask(f"{stage.mention} hi", where=stage.channel), where=stage.channel)
    form = await open_settings(stage, where=stage.channel)
    assert expected <= {block["text"]["text"] for block in form.view.body["blocks"] if block["type"] == "section"}
    assert len(await told(stage, stage.ann)) == 2


@pytest.fixture
def old_bot(stage: Stage, tmp_path: Path) -> None:
    """A bot whose catalogue says that gpt-5.1 is served no longer."""
    program = tmp_path / "program"
    program.mkdir()
    shutil.copy(ROOT / "slackbot.py", program)
    (program / "bot").symlink_to(ROOT / "bot")
    shutil.copytree(ROOT / "config", program / "config", ignore=shutil.ignore_patterns("__pycache__"))
    catalog = program / "config" / "catalog.toml"
    before, family, after = catalog.read_text(encoding="utf-8").partition('match = ["gpt-5.1"]\n')
    catalog.write_text(f"{before}{family}{after.replace('2027-04-01', '2026-01-31', 1)}", encoding="utf-8")
    stage.command = (sys.executable, str(program / "slackbot.py"))


@pytest.mark.usefixtures("old_bot")
async def test_a_model_that_was_shut_down_is_replaced_which_is_told_once_and_is_not_offered(stage: Stage) -> None:
    await stage.start()
    keep(stage, "user", stage.ann.id, "model", "gpt-5.1")
    for _ in range(2):
        await stage.answered(await stage.ask("Hi"))
    assert {request.body["model"] for request in stage.model.requests} == {"gpt-6.1-terra"}
    gone = "The model gpt-5.1 was shut down on 31 January 2026, so gpt-6.1-terra answers instead."
    texts = await told(stage, stage.ann, 2)
    assert [text for text in texts if "shut down" in text] == [gone]
    bens = await open_settings(stage, stage.ben, stage.channel)
    with pytest.raises(KeyError, match=r"no option gpt-5\.1"):
        await bens.choose("model", "gpt-5.1")
    assert await bens.save(model="gpt-5.2") == {}


async def test_the_bot_keeps_the_wishes_of_people_and_nothing_else_that_they_write(stage: Stage) -> None:
    daemon = await stage.start(LOG_LEVEL="debug", FOOTER="on", FEEDBACK_BUTTONS="on")
    form = await open_settings(stage)
    assert await form.save(instructions="Like a pirate.") == {}
    await stage.answered(await stage.ask("My password is mackerel"))
    await told(stage, stage.ann)
    assert await daemon.terminate() == 0
    log = daemon.lines.encode()
    kept = b"".join(path.read_bytes() for path in (stage.folder / "data").rglob("*") if path.is_file())
    assert b"Like a pirate." in kept
    assert b"pirate" not in log
    for secret in (b"mackerel", b"Archer", b"xoxb-", b"xapp-", b"sk-playground", b"/response/"):
        assert secret not in log + kept
