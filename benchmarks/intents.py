"""Asks the configured model to sort a table of messages, and prints where it errs: `make eval-intents`.

It needs OPENAI_API_KEY (and OPENAI_BASE_URL, UTILITY_MODEL, where they are not the usual ones), and costs about a cent.
"""

import asyncio
import os
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from bot.domain.conversation import AttachmentKind, Author, Message, ThreadKey
from bot.domain.intent import Intent, Route, Source
from bot.openai.client import connect
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from bot.turns.classifier import BUDGET, Choose, Classifier, fitting
from bot.turns.scene import Scene, otherwise, ruled
from config.catalog import load_catalog
from config.prompts import load_prompts

TABLE = Path(__file__).parents[1] / "tests" / "bot" / "turns" / "utterances.toml"

AT_ONCE = 8
"""Questions that are under way at the same time."""

_ASKER = Message("1.0", ThreadKey("eval", "eval", "1.0"), Author("eval", "Eval"), "", 1.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the table, and where a sensible person would send it."""

    scene: Scene
    language: str
    expected: Route


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a message went; `seconds` is None for one that a rule decided."""

    row: Row
    route: Route
    answered: bool = True
    seconds: float | None = None

    @property
    def right(self) -> bool:
        return self.route.intent is self.row.expected.intent


def read_table(path: Path = TABLE) -> tuple[Row, ...]:
    """All rows of the table."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["utterance"]
    return tuple(
        Row(
            Scene(
                row["text"], tuple(map(AttachmentKind, row["attached"])), earlier_picture=bool(row["earlier_picture"])
            ),
            row["language"],
            Route(Intent(row["intent"]), Source(row["source"])),
        )
        for row in rows
    )


async def sort(rows: Iterable[Row], choose: Choose, model: str, instructions: str, *, all_rows: bool) -> list[Outcome]:
    """Where each message goes; with `all_rows` the model is asked about those, too, that a rule decides."""
    classifier = Classifier(choose, model, instructions, lambda _settings: True)
    places = asyncio.Semaphore(AT_ONCE)

    async def outcome(row: Row) -> Outcome:
        certain = ruled(row.scene)
        if certain and not all_rows:
            return Outcome(row, certain)
        async with places:
            began = time.monotonic()
            chosen = await classifier.ask(row.scene, _ASKER)
            seconds = time.monotonic() - began
        route = fitting(chosen, row.scene) if chosen else otherwise(row.scene)
        return Outcome(row, route, chosen is not None, seconds)

    return await asyncio.gather(*map(outcome, rows))


def report(outcomes: Sequence[Outcome]) -> str:
    """A confusion matrix, the errors by language, the time that questions took, and each message that went wrong."""
    intents = [intent for intent in Intent if intent is not Intent.INTRODUCTION]
    went = Counter((each.row.expected.intent, each.route.intent) for each in outcomes)
    lines = ["wanted \\ went".ljust(16) + "".join(f"{intent:>10}" for intent in intents)]
    lines += [
        f"{wanted:<16}" + "".join(f"{went[wanted, intent] or '·':>10}" for intent in intents) for wanted in intents
    ]
    right, asked = sum(each.right for each in outcomes), [each for each in outcomes if each.seconds is not None]
    lines += [
        "",
        f"{right} of {len(outcomes)} right ({right / len(outcomes):.1%}); the model was asked {len(asked)} times",
    ]
    if asked:
        seconds = sorted(each.seconds or 0.0 for each in asked)
        unanswered = sum(not each.answered for each in asked)
        lines.append(
            f"a question took {seconds[len(seconds) // 2]:.2f} s (median), {seconds[-1]:.2f} s at most; "
            f"{unanswered} had no answer within {BUDGET:g} s"
        )
    wrong = [each for each in outcomes if not each.right]
    by_language = Counter(each.row.language for each in wrong)
    lines += [f"wrong in {language}: {count}" for language, count in by_language.most_common()]
    lines += [f"  {each.row.expected.intent} → {each.route.intent}: {each.row.scene.text}" for each in wrong]
    return "\n".join(lines)


async def _main(arguments: Sequence[str]) -> int:
    variables = {**dotenv_values(), **os.environ}
    key = variables.get("OPENAI_API_KEY") or variables.get("OPENAI_KEY")
    if not key:
        print("OPENAI_API_KEY is not set. This asks a real model; see .env.example.")
        return 2
    patience = Patience()
    client = connect(key, variables.get("OPENAI_BASE_URL") or "https://api.openai.com/v1", patience)
    async with client:
        model = OpenAIModel(client, load_catalog().describe, patience, RetryPolicy())
        name = variables.get("UTILITY_MODEL") or "gpt-6-luna"
        outcomes = await sort(
            read_table(), model.choose, name, load_prompts().classify, all_rows="--rules" not in arguments
        )
    print(f"{name}\n\n{report(outcomes)}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(sys.argv[1:])))
