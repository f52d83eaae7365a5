"""What routing adds to the first words: nothing where a rule decides, and else what is left of a decision's time.

The small model decides in a tenth of a second, and the thread takes Slack as long. The column `minimal` shows the same
kind of message where a rule decides.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.figures import Figure, above_the_minimal, at_most
from benchmarks.stage import OURS, Stage, open_stage
from bot.turns.classifier import CHOICES
from bot.turns.scene import LONG
from playground.openai.calls import Kind
from playground.openai.pictures.canvas import pattern
from playground.openai.pictures.formats import encode
from playground.openai.requests import Request
from playground.openai.scripts import Answer, Pace, Script
from playground.slack.faults import Delay

TENTH = 0.1
"""Seconds of a decision, and of reading a thread."""

_ANSWER = "The sky is bright, and the boat is back in the harbour."
_PICTURE = encode(pattern(b"boat", 64, 48), "png")
_DECISION = {name: words[0] for name, words in CHOICES.items()}
_TARGET_BESIDE, _TARGET_AFTER = 25.0, 1_000 * TENTH + 25
"""Milliseconds; a decision whose need shows only in the thread cannot be had while the thread is read."""


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of message; the picture hangs on it, or on the message before it."""

    name: str
    is_earlier: bool
    certain: str
    open: str
    target: float


CASES = (
    Case("picture", False, "What is it?", "Brighter, please", _TARGET_BESIDE),
    Case("words after a picture", True, "Brighter, please. " * (LONG // 15), "Brighter, please", _TARGET_AFTER),
)


async def measure_routing(samples: int = 10) -> list[Figure]:
    """Two figures a case: how long people wait with a decision and without, and how many decisions rules did not save.

    With more samples the bot would wait for its turn: Slack lets threads be read fifty times a minute.
    """
    figures: list[Figure] = []
    async with open_stage(OURS, _ANSWER, Pace()) as stage:
        stage.model.decide, stage.model.script = None, deciding(stage.model.script)
        stage.slack.faults.always("conversations.replies", Delay(TENTH))
        for case in CASES:
            waits: dict[str, list[float]] = {case.certain: [], case.open: []}
            decisions = {case.certain: 0, case.open: 0}
            for _ in range(samples):
                for text, waited in waits.items():
                    before = len(stage.model.of(Kind.DECISION))
                    waited.append(await _first_words(stage, case, text))
                    decisions[text] += len(stage.model.of(Kind.DECISION)) - before
            if decisions[case.open] != samples:
                raise RuntimeError(f"{decisions[case.open]} decisions about {samples} messages")
            figures += figures_of(case, waits[case.open], waits[case.certain], decisions[case.certain])
    return figures


def deciding(script: Script) -> Script:
    """The script, but a decision in a tenth of a second where one is asked for."""

    def answer(request: Request) -> Answer:
        return script(request) if request.schema is None else Answer((json.dumps(_DECISION),), Pace(first=TENTH))

    return answer


def figures_of(case: Case, decided: Sequence[float], ruled: Sequence[float], needless: int) -> list[Figure]:
    """What the seconds until the first words show, with a decision and without."""
    with_decision, without = 1_000 * median(decided), 1_000 * median(ruled)
    return [
        Figure(
            f"first words: {case.name}, decided", "ms", with_decision, without, above_the_minimal(case.target, "ms")
        ),
        Figure(f"decisions: {case.name}, certain", "calls", needless, None, at_most(0, "calls")),
    ]


async def _first_words(stage: Stage, case: Case, text: str) -> float:
    """Somebody mentions the bot in a thread that it has to read; returns the seconds until the first words.

    Each time in a channel of its own, as the bot writes no more than one message a second to a channel.
    """
    workspace, person = stage.workspace, stage.people[0]
    file = workspace.add_file("boat.png", _PICTURE, person.id)
    channel = workspace.add_channel("harbour", [person, workspace.bot.user_id]).id
    root = await workspace.post_as(person.id, channel, "A boat", files=[file] if case.is_earlier else [])
    asked_at = asyncio.get_running_loop().time()
    sight = stage.watcher.expect(channel, root["ts"], stage.answer, asked_at)
    await workspace.post_as(
        person.id,
        channel,
        f"<@{workspace.bot.user_id}> {text}",
        thread_ts=root["ts"],
        files=[] if case.is_earlier else [file],
    )
    if not await stage.watcher.until_whole(sight, timeout=60) or sight.first_at is None:
        raise RuntimeError("an answer did not become visible")
    return sight.first_at - asked_at
