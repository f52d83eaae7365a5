"""A seeded chaos story: people write while everything breaks, and in the end the books must balance.

The seed fixes what happens and when it is begun; how it meets the daemon's own timing differs from run to run.
"""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from playground.openai.requests import Request
from playground.openai.scripts import Answer, Pace, pieces_of
from playground.slack.directory import User
from playground.slack.faults import Error
from playground.slack.socket_faults import RefusedHandshake
from tests.stories.books import RESTARTING, Attempt, Question, audit, nonces_asked, replies_of, tally
from tests.stories.plan import (
    DISCONNECTS,
    LENGTH,
    MODEL_FAULTS,
    Act,
    Breakage,
    DeliverAgain,
    End,
    Ending,
    EventTrouble,
    Freeze,
    HoldModel,
    ModelTrouble,
    Plan,
    SlackTrouble,
    SocketTrouble,
    Start,
    Write,
    Writing,
    make_plan,
)
from tests.stories.stage import PATIENCE, Stage, open_stage

Thing = TypeVar("Thing")

QUIET_WITHIN = 60.0
"""Seconds in which every answer must stand after the last fault."""

VARIABLES = {"OPENAI_STREAMING_CHUNK_TIMEOUT": "8", "SHUTDOWN_GRACE_SECONDS": "1"}
ASKED_SECRET, ANSWERED_SECRET = "mackerel", "halibut"

REFUSED = 2
"""The exit code of a daemon that cannot run."""

STATUSES = ("assistant.threads.setStatus", "agents.sessions.setStatus")


def command(seed: int, length: int) -> str:
    """What plays the story of this seed once more."""
    return f".venv/bin/python -m tests.stories.chaos --seeds {seed} --length {length}"


@dataclass(slots=True)
class Chaos:
    """One story under way; Slack may take no streams, or no statuses."""

    stage: Stage
    streams: bool = True
    statuses: bool = True
    questions: list[Question] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    async def run(self, plan: Plan) -> None:
        """Everything of the plan, then quiet, then the audit, whose findings are the `problems`."""
        sockets = self.stage.slack.sockets
        sockets.options.ack_seconds = 1.5
        # For longer than a busy machine needs for a few starts.
        sockets.options.retry_delays = (0.0, *[100.0] * 600)
        self.stage.slack.rate_limits.scale = 10  # one process after the other would meet what those before it have used
        self.stage.model.script = self.answer
        for method in () if self.statuses else STATUSES:
            self.stage.slack.faults.always(method, Error("not_allowed_token_type"))
        await self.start()
        for pause, act in plan:
            await asyncio.sleep(pause)
            await self.carry_out(act)
        self.stage.slack.faults.clear()
        sockets.faults.clear()
        self.stage.model.recover()
        quiet_since = time.monotonic()
        await self.write(Writing.DM, 0.0)
        self.problems += await self.balance()
        self.problems += self.unfounded_notes()
        self.counts["seconds to quiet"] += round(time.monotonic() - quiet_since)
        self.counts.update(tally(replies_of(self.stage.workspace)))
        self.counts["redelivered by Slack"] = sockets.counts.redelivered
        await self.look_at_the_daemon()

    async def balance(self) -> list[str]:
        """What is wrong once everything is answered and nothing moves any more, or when time is up."""
        deadline, before = time.monotonic() + QUIET_WITHIN, -1
        while True:
            found, calls = self.audit(), len(self.stage.slack.calls)
            if (not found and calls == before) or time.monotonic() > deadline:
                return found
            before = calls
            await asyncio.sleep(0.5 if found else 1.5)

    def audit(self) -> list[str]:
        """What is wrong just now."""
        counts = self.stage.slack.sockets.counts
        lost = [f"an event never arrived: {each['event_id']}" for each in counts.given_up]
        taken_at: dict[str, float] = {}
        for at, payload in counts.taken:
            taken_at.setdefault(str(payload["event"].get("ts")), at)
        return lost + audit(self.stage.workspace, self.questions, self.attempts, taken_at)

    def unfounded_notes(self) -> list[str]:
        """More notes about the model than it had faults, or about a restart where nobody asked for one."""
        notes = [note for reply in replies_of(self.stage.workspace) for note in reply.notes]
        restarts = notes.count(RESTARTING)
        found = []
        if len(notes) - restarts > self.counts["model faults"]:
            found.append(
                f"{len(notes) - restarts} notes about the model, which had {self.counts['model faults']} faults"
            )
        if restarts and not (self.counts[Ending.TERMINATION] or self.counts[Ending.SWITCHED_OFF]):
            found.append("a note about a restart")
        return found

    async def look_at_the_daemon(self) -> None:
        """It runs, has written nothing private, and nothing has surprised it."""
        daemon = self.stage.daemons[-1]
        if daemon.process.returncode is not None:
            self.problems.append(f"the daemon has ended with {daemon.process.returncode}")
        elif await daemon.terminate() != 0:
            self.problems.append("the daemon did not end well")
        for each in self.stage.daemons:
            for word in ("Traceback", "unexpectedly", ASKED_SECRET, ANSWERED_SECRET):
                if word in each.lines:
                    self.problems.append(f"{each.log.name} has the word {word}")

    # The model

    def answer(self, request: Request) -> Answer:
        """A text that no other attempt has, each line of which names the question and the attempt."""
        asked, number = nonces_asked(request), len(self.attempts) + 1
        nonce = asked[-1] if asked else "nothing"
        lines = (1, 8, 1, 230, 8)[number % 5]
        text = "\n\n".join(
            f"Attempt {number} at {nonce} says in line {line}: {ANSWERED_SECRET} is a fish of the sea."
            for line in range(1, lines + 1)
        )
        self.attempts.append(Attempt(asked, text))
        return Answer(pieces_of(text), Pace(0.05, per_second=2_000 if lines > 100 else 60))

    # Acts

    async def carry_out(self, act: Act) -> None:
        """One act."""
        match act:
            case Write(kind, pick):
                await self.write(kind, pick)
            case SlackTrouble(method) if method in STATUSES and not self.statuses:
                """A fault might carry out what Slack never takes here."""
            case SlackTrouble(method, fault):
                self.counts[f"slack {type(fault).__name__}"] += 1
                self.stage.slack.faults.add(method, fault)
            case ModelTrouble(name, after):
                self.counts["model faults"] += 1
                self.stage.model.fail(MODEL_FAULTS[name](after))
            case HoldModel(after, seconds):
                self.counts["holds"] += 1
                asyncio.get_running_loop().call_later(seconds, self.stage.model.hold(after).release)
            case SocketTrouble(kind):
                self.counts[f"line {kind}"] += 1
                await self.break_lines(kind)
            case EventTrouble(fault):
                self.counts[f"event {type(fault).__name__}"] += 1
                self.stage.slack.sockets.faults.add(fault)
            case DeliverAgain(picks):
                for pick in picks:
                    self.counts["events sent again"] += 1
                    await self.stage.slack.sockets.deliver(_picked(self.stage.events, pick))
            case Freeze(seconds):
                self.counts["standstills"] += 1
                self.freeze(seconds)
            case End(kind):
                await self.end(kind)
            case Start():
                await self.start()

    async def start(self) -> None:
        """As a supervisor does it: again, when it did not work."""
        for _ in range(3):
            try:
                await self.stage.start(**VARIABLES, SLACK_STREAMING="auto" if self.streams else "edits")
            except AssertionError:
                self.counts["failed starts"] += 1
            else:
                self.counts["starts"] += 1
                return
        self.problems.append("the daemon does not start")

    def freeze(self, seconds: float) -> None:
        process = self.stage.daemons[-1].process

        def thaw() -> None:
            if process.returncode is None:
                process.send_signal(signal.SIGCONT)

        process.send_signal(signal.SIGSTOP)
        asyncio.get_running_loop().call_later(seconds, thaw)

    async def end(self, kind: Ending) -> None:
        daemon = self.stage.daemons[-1]
        self.counts[kind] += 1
        match kind:
            case Ending.KILL:
                await daemon.kill()
            case Ending.TERMINATION:
                if code := await daemon.terminate():
                    self.problems.append(f"exit code {code} after SIGTERM")
            case Ending.SWITCHED_OFF:
                await self.switch_off()
                if (code := await daemon.ended()) != REFUSED:
                    self.problems.append(f"exit code {code} after Socket Mode was switched off")
        self.stage.slack.sockets.drop()  # half-open lines would outlive the process
        await self.stage.workspace.wait_for(lambda: not self.stage.slack.sockets.connections, PATIENCE)

    async def switch_off(self) -> None:
        """Once there is a line over which the daemon can be told."""
        sockets = self.stage.slack.sockets
        await self.stage.workspace.wait_for(
            lambda: any(not (one.is_silent or one.is_leaving) for one in sockets.connections), PATIENCE
        )
        await sockets.disconnect(DISCONNECTS[Ending.SWITCHED_OFF])

    async def break_lines(self, kind: Breakage) -> None:
        sockets = self.stage.slack.sockets
        for one in sockets.connections[:1]:
            match kind:
                case Breakage.ALL_RESET:
                    sockets.drop()
                case Breakage.RESET:
                    sockets.drop(one)
                case Breakage.REFRESH | Breakage.WARNING | Breakage.CROWDED:
                    await sockets.disconnect(DISCONNECTS[kind], one)
                case Breakage.HALF_OPEN:
                    sockets.silence(one)
                case Breakage.ALL_HALF_OPEN:
                    sockets.silence()
                case Breakage.DEAD_TICKET:
                    sockets.faults.add(RefusedHandshake(403))
                    sockets.drop(one)
                case Breakage.GATEWAY:
                    sockets.faults.add(RefusedHandshake(503))
                    sockets.drop(one)

    async def write(self, kind: Writing, pick: float) -> None:
        """Somebody writes, or changes what they wrote."""
        stage, who = self.stage, (self.stage.ann, self.stage.ben)[len(self.questions) % 2]
        asked = [each for each in self.questions if each.for_bot]
        talk = [each for each in self.questions if not each.for_bot and each.ts == each.thread]
        match kind:
            case Writing.DM:
                await self.say(stage.ann, stage.dm.id, for_bot=True)
            case Writing.MENTION:
                await self.say(who, stage.channel.id, f"{stage.mention} ", for_bot=True)
            case Writing.TALK:
                await self.say(who, stage.channel.id, for_bot=False)
            case Writing.FOLLOW_UP:
                first = _picked([each for each in asked if self.involves_bot(each)], pick)
                await self.say(who if first.channel != stage.dm.id else stage.ann, first.channel, thread=first.thread)
            case Writing.REPLY_TO_TALK:
                first = _picked(talk, pick)
                if not any(each.for_bot and each.thread == first.thread for each in self.questions):
                    await self.say(who, first.channel, thread=first.thread, for_bot=False)
            case Writing.CALL_INTO_TALK:
                first = _picked(talk, pick)
                await self.say(who, first.channel, f"{stage.mention} ", thread=first.thread)
            case Writing.EDIT:
                question = _picked(asked, pick)
                text = f"{question.message['text']} Edited."
                await stage.workspace.edit_as(question.message["user"], question.channel, question.ts, text)

    def involves_bot(self, question: Question) -> bool:
        """True when a reply in the question's thread needs no mention."""
        root = next(each for each in self.questions if each.ts == question.thread)
        thread = self.stage.workspace.thread(question.channel, question.thread)
        return root.for_bot or any(message.get("user") == self.stage.workspace.bot.user_id for message in thread)

    async def say(self, who: User, channel: str, mention: str = "", *, thread: str = "", for_bot: bool = True) -> None:
        nonce = f"Q{len(self.questions)}"
        self.counts["messages for the bot" if for_bot else "talk"] += 1
        written_at = asyncio.get_running_loop().time()
        message = await self.stage.workspace.post_as(
            who.id, channel, f"{mention}My {ASKED_SECRET} is called {nonce}.", thread_ts=thread or None
        )
        self.questions.append(Question(nonce, channel, message, for_bot, written_at))


def _picked(things: Sequence[Thing], pick: float) -> Thing:
    return things[int(pick * len(things))]


async def play(seed: int, length: int, folder: Path) -> Chaos:
    """The whole story of one seed; the daemons' logs stay in the folder."""
    async with open_stage(folder) as stage:
        chaos = Chaos(stage, streams=seed % 3 != 0, statuses=seed % 4 != 0)
        await chaos.run(make_plan(seed, length))
    return chaos


def main(arguments: Sequence[str]) -> int:
    """Play the stories of many seeds; the exit code is 1 when the books of one did not balance."""
    parser = argparse.ArgumentParser(prog="python -m tests.stories.chaos", description=__doc__)
    parser.add_argument("--seeds", default="1-20", help="one seed, or the first and the last: 1-20")
    parser.add_argument("--length", type=int, default=LENGTH, help="acts of a story")
    options = parser.parse_args(arguments)
    first, _, last = options.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    totals, failed = Counter[str](), list[int]()
    for seed in seeds:
        folder = Path(tempfile.mkdtemp(prefix=f"chaos-{seed}-"))
        began = time.monotonic()
        chaos = asyncio.run(play(seed, options.length, folder))
        totals.update(chaos.counts)
        seconds = f"{time.monotonic() - began:.0f} s, the last {chaos.counts['seconds to quiet']} of them quiet"
        print(f"seed {seed}: {len(chaos.problems)} problems in {seconds}", flush=True)
        if chaos.problems:
            failed.append(seed)
            again = f"once more: {command(seed, options.length)}"
            print("  " + "\n  ".join([*chaos.problems, again, f"logs in {folder}"]), flush=True)
        else:
            shutil.rmtree(folder)
    print(f"{len(seeds)} seeds, failed: {failed or 'none'}")
    print("\n".join(f"{count:8} {what}" for what, count in sorted(totals.items())))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
