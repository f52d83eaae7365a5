"""The home tab, and what people are told of settings before they ask."""

from bot.slack.desks.settings_modal import OPEN
from playground.slack.directory import User
from tests.stories.forms import open_from_home, rows, told
from tests.stories.stage import PATIENCE, Stage

HINT = "You can choose the model and more with /chatgpt-settings."


def home_of(stage: Stage, who: User) -> str:
    """The texts of this person's home tab, from top to bottom."""
    home = stage.slack.views.homes.get(who.id)
    return "\n".join(block["text"]["text"] for block in home.body["blocks"] if "text" in block) if home else ""


async def says(stage: Stage, who: User, expected: str) -> None:
    """Return once the home tab of this person says this."""
    try:
        await stage.workspace.wait_for(lambda: expected in home_of(stage, who), PATIENCE)
    except TimeoutError:
        assert expected in home_of(stage, who)
        raise


async def test_it_shows_ones_own_settings_and_is_drawn_anew_when_they_are_saved(stage: Stage) -> None:
    await stage.start()
    await stage.workspace.open_app_home(stage.ann.id, "home")
    await says(stage, stage.ann, "Whatever the organisation has chosen.")
    form = await open_from_home(stage, stage.ann, OPEN)
    assert await form.save(verbosity="high", instructions="Use *stars* & <b>tags</b>.") == {}
    await says(stage, stage.ann, "*Length of answers*: high (from your settings)")
    assert "Use *stars* &amp; &lt;b&gt;tags&lt;/b&gt;." in home_of(stage, stage.ann)
    form = await open_from_home(stage, stage.ann, OPEN)
    await form.reset()
    await says(stage, stage.ann, "Whatever the organisation has chosen.")
    assert home_of(stage, stage.ben) == ""


async def test_it_speaks_the_language_in_which_a_person_has_slack(stage: Stage) -> None:
    stage.ann.locale = "de-DE"
    await stage.start()
    await stage.workspace.open_app_home(stage.ann.id, "home")
    await stage.workspace.open_app_home(stage.ben.id, "home")
    await says(stage, stage.ann, "Es gilt, was die Organisation gewählt hat.")
    await says(stage, stage.ben, "Whatever the organisation has chosen.")


async def test_it_counts_what_one_has_used_since_the_month_began(stage: Stage) -> None:
    await stage.start()
    await stage.workspace.open_app_home(stage.ann.id, "home")
    await says(stage, stage.ann, "Nothing yet.")
    long_ago = "INSERT INTO usage VALUES (NULL, ?, 'C1', ?, 'gpt-6-luna', 9000, 0, 9000, 5, 99.0, 1000.0, 1, 0)"
    rows(stage.folder, long_ago, stage.workspace.team_id, stage.ann.id)
    await stage.answered(await stage.ask("Hi"))
    await stage.answered(
        await stage.ask(f"{stage.mention} hi", who=stage.ben, where=stage.channel), where=stage.channel
    )
    await told(stage, stage.ann)
    ((tokens, dollars),) = rows(
        stage.folder,
        "SELECT input_tokens + output_tokens, dollars FROM usage WHERE answered_at > 1000 AND person = ?",
        stage.ann.id,
    )
    await stage.workspace.open_app_home(stage.ann.id, "home")
    await says(stage, stage.ann, f"1 answer, 0 pictures, {tokens:,} tokens, about ${dollars:,.2f}")
    assert tokens


async def test_a_first_message_is_answered_at_once_with_one_hint_that_comes_once(stage: Stage) -> None:
    daemon = await stage.start()
    first = await stage.ask("Hello")
    await stage.answered(first)
    assert await told(stage, stage.ann) == [HINT]
    assert len(stage.replies(first)) == 1
    (hint,) = stage.workspace.ephemerals
    assert (hint["channel"], hint["thread_ts"]) == (stage.dm.id, first["ts"])
    await stage.answered(await stage.ask("Hello again"))
    assert await daemon.terminate() == 0
    await stage.start()
    await stage.answered(await stage.ask("And again"))
    await stage.answered(await stage.ask(f"{stage.mention} hi", where=stage.channel), where=stage.channel)
    assert await told(stage, stage.ann) == [HINT]
