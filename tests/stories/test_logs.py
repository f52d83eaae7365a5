"""What a program reads in the log of a daemon that has good and bad hours."""

import json

from playground.openai import faults
from tests.stories.files import long_pdf
from tests.stories.stage import PATIENCE, Stage


async def test_every_line_is_an_object_without_text_ids_or_secrets(stage: Stage) -> None:
    daemon = await stage.start(LOG_FORMAT="json", LOG_PRIVATE_IDS="true", LOG_LEVEL="debug")
    await stage.answered(await stage.ask("What is in the mackerel?", ("haddock.pdf", long_pdf(3))))
    stage.model.fail(faults.quota_exhausted(), times=10)
    question = await stage.ask("And in the herring?")
    await stage.workspace.wait_for(lambda: stage.notes(question), PATIENCE)
    assert await daemon.terminate() == 0

    lines = [json.loads(line) for line in daemon.lines.splitlines()]
    assert all({"time", "level", "logger", "turn", "message"} <= set(line) for line in lines)
    assert {"bot.documents.reader", "bot.app"} <= {line["logger"] for line in lines}
    turns = {line["turn"] for line in lines if line["logger"].startswith("bot.openai")}
    assert len(turns - {"-"}) == 2
    secrets = (stage.environ()[name] for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY"))
    for hidden in ("mackerel", "haddock", "herring", stage.dm.id, stage.ann.id, question["ts"], *secrets):
        assert hidden not in daemon.lines
