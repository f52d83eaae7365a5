"""Those who may see it see what everybody uses, and get it as a table."""

from bot.slack.desks.usage import DOWNLOAD, NOT_YOURS
from playground.openai import scripts
from tests.doubles.until import until
from tests.stories.forms import rows
from tests.stories.stage import PATIENCE, Stage

COMMAND = "/chatgpt-settings"


async def test_an_admin_sees_the_usage_of_the_month_and_gets_it_as_a_file(stage: Stage) -> None:
    stage.model.script = scripts.say("Four.")
    await stage.start(ADMINS=stage.ann.id)
    question = await stage.ask(f"{stage.mention} What is two and two?", who=stage.ben, where=stage.channel)
    await stage.answered(question, where=stage.channel)
    # An answer is there before its price is written down.
    await until(lambda: bool(rows(stage.folder, "SELECT 1 FROM usage")), PATIENCE)

    await stage.slack.interactions.slash_command(stage.ben.id, stage.channel.id, COMMAND, "usage")
    await stage.workspace.wait_for(lambda: stage.private(stage.ben), PATIENCE)
    assert [told["text"] for told in stage.private(stage.ben)] == [NOT_YOURS]

    await stage.slack.interactions.slash_command(stage.ann.id, stage.channel.id, COMMAND, "usage")
    await stage.workspace.wait_for(lambda: stage.private(stage.ann), PATIENCE)
    (told,) = stage.private(stage.ann)
    assert f"<@{stage.ben.id}>: 1 answer" in str(told["blocks"])

    await stage.slack.interactions.press(stage.ann.id, stage.channel.id, str(told["ts"]), DOWNLOAD)
    team = stage.workspace.team_id
    await stage.workspace.wait_for(
        lambda: any(file.shares_as_json(team) for file in stage.workspace.files.values()), PATIENCE
    )
    (file,) = stage.workspace.files.values()
    assert list(file.shares_as_json(team)["private"]) == [stage.dm.id]
    assert f"ben,{stage.ben.id},general,{stage.channel.id},gpt-6.1-terra,1," in file.content.decode("utf-8-sig")
