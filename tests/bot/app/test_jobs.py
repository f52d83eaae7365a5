"""The jobs of a configuration, each run once against a local Slack."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.jobs import REPORTS, build_jobs, models_of
from bot.app.parts import Slack, Store, open_slack
from bot.domain.errors import PlatformError
from bot.domain.language import SpeakingTo, as_spoken
from bot.domain.records import Expense
from bot.domain.report import month_before
from bot.domain.settings import Language
from bot.domain.usage import Usage
from bot.ports import NO_METER
from bot.schedule.crontab import cron
from bot.schedule.scheduler import Job
from bot.store.database import open_database
from config.catalog import load_catalog
from config.environment import examine
from config.texts import load_texts
from playground.slack.directory import Channel
from playground.slack.faults import Error, HttpError
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.voices import speaking_german

KEY = {"OPENAI_API_KEY": "sk-1"}


@dataclass
class Place:
    server: SlackServer
    slack: Slack
    store: Store
    folder: Path
    ann: str
    channel: Channel

    def jobs(self, speaking_to: SpeakingTo = as_spoken, **variables: str) -> dict[str, Job]:
        config = examine({**KEY, **self.server.variables, "DATA_DIR": str(self.folder), **variables})[0]
        return {job.name: job for job in build_jobs(config, load_catalog(), self.store, self.slack, speaking_to)}

    def said_in(self, channel: str) -> list[dict[str, object]]:
        return list(self.server.workspace.messages(channel))


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    workspace = Workspace(seed=1)
    ann = workspace.add_user("ann").id
    channel = workspace.add_channel("money", [ann, workspace.bot.user_id])
    async with serve_slack(workspace) as server, AsyncExitStack() as opened:
        config = examine({**KEY, **server.variables, "DATA_DIR": str(tmp_path)})[0]
        slack = await open_slack(config, opened, NO_METER)
        store = Store(await opened.enter_async_context(open_database(tmp_path, time.time)))
        yield Place(server, slack, store, tmp_path, ann, channel)


def test_each_model_is_known_with_the_variables_that_choose_it() -> None:
    needed = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", **KEY}
    models = models_of(examine({**needed, "GPT_MODEL": "one", "UTILITY_MODEL": "one", "TRANSCRIPTION_MODEL": "off"})[0])
    assert models["one"] == ("GPT_MODEL", "UTILITY_MODEL")
    assert len(models) == 3


async def test_there_are_the_jobs_that_were_asked_for(place: Place) -> None:
    assert set(place.jobs()) == {"housekeeping", "backup", "shutdown warnings"}
    assert "backup" not in place.jobs(BACKUP_KEEP="0")
    assert "usage report" in place.jobs(USAGE_REPORT_CHANNEL=place.channel.id)


async def test_admins_are_told_in_a_direct_message_of_a_model_that_goes_away(place: Place) -> None:
    job = place.jobs(ADMINS=place.ann, GPT_MODEL="gpt-4.1-mini-2025-04-14")["shutdown warnings"]
    for _ in range(2):
        await job.run()
    (told,) = place.said_in(place.server.workspace.open_dm(place.ann).id)
    assert "The model gpt-4.1-mini-2025-04-14" in str(told["text"])
    assert "It is chosen in GPT_MODEL" in str(told["text"])
    assert "recommends gpt-6-luna" in str(told["text"])


async def test_what_it_writes_of_its_own_accord_is_in_the_language_of_who_reads_it(place: Place) -> None:
    german = speaking_german(load_texts("")[Language.DE])
    jobs = place.jobs(
        german, ADMINS=place.ann, GPT_MODEL="gpt-4.1-mini-2025-04-14", USAGE_REPORT_CHANNEL=place.channel.id
    )
    await jobs["shutdown warnings"].run()
    await jobs["usage report"].run()
    (told,) = place.said_in(place.server.workspace.open_dm(place.ann).id)
    (posted,) = place.said_in(place.channel.id)
    assert "Bitte wähl ein anderes. Der Anbieter empfiehlt gpt-6-luna." in str(told["text"])
    assert "Es wurde nichts verbraucht." in str(posted["blocks"])


async def test_the_month_that_has_ended_is_reported_without_any_person(place: Place) -> None:
    workspace, last = place.server.workspace.team_id, month_before(time.time())
    spent = Expense(workspace, place.channel.id, place.ann, "thinker", Usage(1_000, 0, 200), 0, 0.25, last.since + 1)
    earlier = Expense(workspace, "C1", place.ann, "deep", Usage(10, 0, 2), 3, 4.0, month_before(last.since).since + 1)
    await place.store.usage.note(spent)
    await place.store.usage.note(earlier)

    for _ in range(2):
        await place.jobs(USAGE_REPORT_CHANNEL=place.channel.id)["usage report"].run()

    (posted,) = place.said_in(place.channel.id)
    shown = str(posted["blocks"])
    assert f"Usage of {last.name}" in shown
    assert f"<#{place.channel.id}>: 1 answer, 0 pictures, 1,200 tokens, about $0.25" in shown
    assert "3 pictures, 12 tokens, about $4.00" in shown
    assert "deep" not in shown
    assert place.ann not in shown


@pytest.mark.parametrize(
    ("fault", "first"), [(Error("is_archived"), 0), (HttpError(502, carried_out=True), 1), (HttpError(502), 0)]
)
async def test_a_report_that_slack_may_have_read_is_not_posted_again_and_any_other_is(
    place: Place, fault: Error | HttpError, first: int
) -> None:
    report = place.jobs(USAGE_REPORT_CHANNEL=place.channel.id)["usage report"]
    place.server.faults.add("chat.postMessage", fault)
    with suppress(PlatformError):
        await report.run()
    assert len(place.said_in(place.channel.id)) == first
    is_uncertain = isinstance(fault, HttpError)
    await report.run()
    assert len(place.said_in(place.channel.id)) == (first if is_uncertain else 1)


@pytest.mark.parametrize(("schedule", "days"), [("monthly", {1, 2, 3}), ("weekly", {2, 3, 4, 9, 10, 11})])
def test_reports_come_when_a_span_has_ended_and_may_be_made_up_for_on_two_days(schedule: str, days: set[int]) -> None:
    trigger, at, found = cron(REPORTS[schedule][0]), datetime(2026, 11, 1, tzinfo=UTC), set[int]()
    while (at := trigger.get_next_fire_time(None, at + timedelta(seconds=1))) < datetime(2026, 11, 13, tzinfo=UTC):
        found.add(at.day)
    assert found == days
