"""A long life in a short time: thousands of turns in one daemon, and what it holds meanwhile must level off.

Years pass in the database alone: after each sample all its times are put back, so that housekeeping, which runs every
minute, has something to forget. Slack's limits are those of the documentation, and they set the pace.
"""

import argparse
import asyncio
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from playground.openai.drawings import Drawing
from playground.openai.requests import Request
from playground.openai.scripts import Answer, Pace, pieces_of
from playground.slack.directory import Channel, Json, User
from tests.doubles.until import until
from tests.stories.albums import painted
from tests.stories.files import KINDS
from tests.stories.forms import open_settings, rows
from tests.stories.growth import Sample, growing, table
from tests.stories.monitoring import ANY_PORT, get
from tests.stories.stage import PROGRAM, Stage, open_stage

PEOPLE, CHANNELS = 40, 8
AT_ONCE = 10
"""Threads in which something happens at the same time."""

SAMPLES = 24
OFTEN = {
    "CLEANUP_SCHEDULE": "* * * * *",
    "BACKUP_SCHEDULE": "* * * * *",
    "BACKUP_KEEP": "3",
    "FILE_CACHE_MEGABYTES": "4",
}
PATIENCE = 240.0
"""Seconds for one answer: it may have to wait for several of the minutes in which Slack counts calls."""

MONTHS = 3 * 31 * 24 * 3600
"""Seconds by which the database ages with each sample."""

AGED = {
    "messages": "finished_at",
    "deliveries": "delivered_at",
    "reply_messages": "finished_at",
    "usage": "answered_at",
}
KILOBYTE = 1024
SLOWLY = "slowly"
FILES = ("pages.pdf", "letter.docx", "table.xlsx", "talk.pptx", "page.html", "table.csv", "notes.md", "old.xls")


@dataclass(slots=True)
class Life:
    """One daemon, and the people who write to it."""

    stage: Stage
    rng: random.Random
    people: list[tuple[User, Channel]] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    threads: list[tuple[User, Channel, Json]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    settings: asyncio.Lock = field(default_factory=asyncio.Lock)
    samples: list[Sample] = field(default_factory=list)

    async def run(self, turns: int, samples: int) -> None:
        """So many turns; the `samples` are taken at equal distances, whenever nothing is under way."""
        workspace = self.stage.workspace
        for number in range(PEOPLE):
            person = workspace.add_user(f"person{number}")
            self.people.append((person, workspace.open_dm(person.id)))
        everybody = [*(person.id for person, _ in self.people), workspace.bot.user_id]
        self.channels = [workspace.add_channel(f"channel{number}", members=everybody) for number in range(CHANNELS)]
        self.stage.model.script = answer
        self.stage.slack.sockets.options.ack_seconds = 10.0  # a slow machine is not what this is about
        await self.stage.start(MONITOR_ADDRESS=ANY_PORT, **OFTEN)
        for number in range(1, samples + 1):
            await self.act(turns * number // samples - turns * (number - 1) // samples)
            self.samples.append(await self.sample())
            self.grow_older()

    async def act(self, turns: int) -> None:
        """So many turns, some of them at the same time."""
        left = iter(range(turns))

        async def one_after_the_other() -> None:
            for _ in left:
                await self.turn()

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(one_after_the_other())

    async def turn(self) -> None:
        """Somebody writes and is answered."""
        turn = self.rng.choices(tuple(TURNS), tuple(TURNS.values()))[0]
        self.counts[turn.__name__.replace("_", " ")] += 1
        await turn(self)
        if self.rng.random() < 0.01:
            await self.break_a_line()

    async def break_a_line(self) -> None:
        """A socket ends, as Slack's do every few hours."""
        sockets = self.stage.slack.sockets
        self.counts["broken lines"] += 1
        async with self.settings:  # a form goes over a line once, and is lost with it
            for connection in sockets.connections[:1]:
                if self.rng.random() < 0.5:
                    sockets.drop(connection)
                else:
                    await sockets.disconnect("refresh_requested", connection)
            await self.stage.connected()

    async def say(self, who: User, where: Channel, text: str, *files: tuple[str, bytes], thread: str = "") -> Json:
        """Somebody writes; returns the message once its reply is complete."""
        before = await self.stage.ask(text, *files, who=who, where=where, thread=thread)
        await self.stage.workspace.wait_for(lambda: self.is_answered(before, where), PATIENCE)
        return before

    def is_answered(self, message: Json, where: Channel) -> bool:
        """True when below this message stands a reply, and nothing moves any more in its thread."""
        below = [reply for reply in self.stage.replies(message, where) if reply["ts"] > message["ts"]]
        return bool(below) and self.stage.is_calm(message, where)

    async def sample(self) -> Sample:
        """What the daemon holds, once it rests."""
        daemon = self.stage.daemons[-1]
        process = psutil.Process(daemon.pid)
        page = ""

        async def rests() -> bool:
            nonlocal page
            await asyncio.sleep(0.1)  # for the daemon it is work to tell
            _, page = await get(daemon, "metrics")
            return not gauge(page, "lanes") and not gauge(page, "journal_waiting")

        await until(rests, PATIENCE)
        data = self.stage.folder / "data"
        return Sample(
            turns=len(self.stage.model.calls),
            memory=process.memory_info().rss // KILOBYTE,
            open_files=process.num_fds(),
            threads=process.num_threads(),
            children=len(process.children(recursive=True)),
            tasks=gauge(page, "tasks"),
            lanes=gauge(page, "lanes"),
            rows=sum(rows(self.stage.folder, f"SELECT count(*) FROM {each}")[0][0] for each in self.tables()),
            database=(data / "bot.db").stat().st_size // KILOBYTE,
            log=(data / "bot.db-wal").stat().st_size // KILOBYTE,
            backups=len(list((data / "backups").glob("bot-*.sqlite"))),
        )

    def tables(self) -> list[str]:
        """The tables of the database."""
        return [name for (name,) in rows(self.stage.folder, "SELECT name FROM sqlite_schema WHERE type = 'table'")]

    def grow_older(self) -> None:
        """Some months pass in the database."""
        for each, column in AGED.items():
            rows(self.stage.folder, f"UPDATE {each} SET {column} = {column} - ? WHERE {column} > 0", MONTHS)


def gauge(page: str, name: str) -> int:
    """This figure of the monitor's page."""
    (value,) = re.findall(rf"^chatgpt_{name} (\S+)$", page, re.MULTILINE)
    return int(float(value))


# What people do


async def direct_message(life: Life) -> None:
    who, where = life.rng.choice(life.people)
    life.threads.append((who, where, await life.say(who, where, f"What is {life.rng.random()}?")))


async def mention(life: Life) -> None:
    (who, _), where = life.rng.choice(life.people), life.rng.choice(life.channels)
    life.threads.append((who, where, await life.say(who, where, f"{life.stage.mention} what is {life.rng.random()}?")))


async def follow_up(life: Life) -> None:
    if not life.threads:
        return await direct_message(life)
    # Nobody else writes there meanwhile: two questions that wait in one thread may get one answer together.
    who, where, first = life.threads.pop(life.rng.randrange(len(life.threads)))
    await life.say(who, where, f"And {life.rng.random()}?", thread=first["ts"])
    life.threads.append((who, where, first))
    return None


async def picture(life: Life) -> None:
    who, where = life.rng.choice(life.people)
    await life.say(who, where, "What is this?", ("picture.png", painted(str(life.rng.random()))))


async def document(life: Life) -> None:
    who, where = life.rng.choice(life.people)
    name = life.rng.choice(FILES)
    await life.say(who, where, "Sum this up", (name, KINDS[name](f"nonce{life.rng.randrange(10**9)}")))


async def drawing(life: Life) -> None:
    who, where = life.rng.choice(life.people)
    await life.say(who, where, f"!draw the number {life.rng.random()}")


async def changed_settings(life: Life) -> None:
    who, where = life.rng.choice(life.people)
    async with life.settings:
        try:
            form = await open_settings(life.stage, who, where)
            assert await form.save(verbosity=life.rng.choice(("low", "high"))) == {}
        except TimeoutError:
            life.counts["forms for which the machine was too slow"] += 1  # Slack gives an app three seconds
    await direct_message(life)


async def stop(life: Life) -> None:
    who, where = life.rng.choice(life.people)
    question = await life.stage.ask(f"Count {SLOWLY}", who=who, where=where)
    replies = life.stage.replies
    await life.stage.workspace.wait_for(
        lambda: replies(question, where) or not life.stage.is_calm(question, where), PATIENCE
    )
    await life.stage.slack.interactions.stop_session(who.id, where.id, question["ts"])
    await life.stage.workspace.wait_for(lambda: life.is_answered(question, where), PATIENCE)


Turn = Callable[[Life], Awaitable[None]]
TURNS: dict[Turn, int] = {
    direct_message: 60,
    mention: 18,
    follow_up: 8,
    picture: 3,
    document: 4,
    drawing: 1,
    changed_settings: 2,
    stop: 2,
}


def answer(request: Request) -> Answer:
    """Some sentences, or a page of them, or a picture, as the request has it."""
    if request.must_draw:
        return Answer((), drawings=(Drawing(),))
    if SLOWLY in request.question:
        return Answer(pieces_of("One two three. " * 40), Pace(per_second=4))
    size = sum(request.question.encode()) % 10
    # Fast, because what grows longer is edited more often, and 120 turns would have to wait for Slack's next minute.
    return Answer(
        pieces_of("The tide goes out over the sand. " * (60 if size == 0 else size)), Pace(0.02, per_second=1_000)
    )


async def live(turns: int, folder: Path, seed: int = 1, samples: int = SAMPLES) -> Life:
    """A whole life; the log of its daemon stays in the folder."""
    async with open_stage(folder) as stage:
        stage.command = PROGRAM
        life = Life(stage, random.Random(seed))
        await life.run(turns, samples)
        assert await stage.daemons[-1].terminate() == 0
        assert "Traceback" not in stage.daemons[-1].lines, stage.daemons[-1].log
    return life


def main(arguments: Sequence[str]) -> int:
    """Live, and print what was held; the exit code is 1 when something has grown."""
    parser = argparse.ArgumentParser(prog="python -m tests.stories.ageing", description=__doc__)
    parser.add_argument("--turns", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    folder, began = Path(tempfile.mkdtemp(prefix="ageing-")), time.monotonic()
    life = asyncio.run(live(options.turns, folder, options.seed))
    print(table(life.samples))
    print("\n".join(f"{count:8} {what}" for what, count in sorted(life.counts.items())))
    refused = life.stage.slack.rate_limits.refused.total()
    print(f"{time.monotonic() - began:.0f} s; calls that Slack refused: {refused}")
    found = growing(life.samples)
    print("\n".join(found or ["nothing grows"]))
    shutil.rmtree(folder)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
