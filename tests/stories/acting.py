"""What people do at messages in stories, and what they alone are told."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playground.openai import scripts
from playground.openai.scripts import Pace
from playground.slack.directory import Channel, Json, User
from tests.doubles.until import until
from tests.stories.forms import rows
from tests.stories.stage import PATIENCE, Stage

NUMBERS = "One two three four five six seven"

PROMPTLY = 1.0
"""Seconds within which OpenAI is hung up on: what it writes from then on would be paid for in vain."""


async def pick(stage: Stage, shortcut: str, message: Json, *, who: User | None = None, where: Channel) -> None:
    """Somebody picks a shortcut from this message's menu: Ann, unless said otherwise."""
    ack = await stage.slack.interactions.message_shortcut((who or stage.ann).id, where.id, message["ts"], shortcut)
    assert ack == {}


async def is_told(stage: Stage, who: User, sentence: str) -> None:
    """Return once this person alone was told this sentence."""

    def texts() -> list[str]:
        return [message["text"] for message in stage.private(who)]

    try:
        await stage.workspace.wait_for(lambda: sentence in texts(), PATIENCE)
    except TimeoutError:
        assert sentence in texts()
        raise


async def shown(stage: Stage, question: Json, where: Channel | None = None) -> Json:
    """The bot's newest message below this question, once it shows something, which may be a part of it."""

    def newest() -> Json | None:
        below = [message for message in stage.replies(question, where) if message["ts"] > question["ts"]]
        return below[-1] if below and stage.workspace.markdown_of(below[-1]) else None

    message = await stage.workspace.wait_for(newest, PATIENCE)
    assert message is not None
    return message


async def settled(stage: Stage) -> None:
    """Return once the bot has nothing left to do: a turn goes on for a moment when its answer is complete."""
    query = "SELECT count(*) FROM messages WHERE finished_at IS NULL"
    await until(lambda: rows(stage.folder, query) == [(0,)], PATIENCE)


async def begun(stage: Stage, where: Channel) -> tuple[Json, Json]:
    """Ann's question and its answer, of which the bot has written a part and knows that it has; it waits for more."""
    stage.model.script = scripts.say(NUMBERS, Pace(per_second=10))
    stage.model.hold(after=5)
    question = await stage.ask(f"{stage.mention} count", where=where)
    # Slack says what it has made when people see it already; what grows is surely known.
    await stage.workspace.wait_for(lambda: "three" in " ".join(stage.texts(question, where)[-1:]), PATIENCE)
    return question, stage.replies(question, where)[-1]


@asynccontextmanager
async def hung_up_promptly(stage: Stage) -> AsyncIterator[None]:
    """What happens in here makes the bot hang up on OpenAI, where an answer is being written."""
    call, since = stage.model.requests[-1], time.monotonic()
    assert not call.over
    yield
    await stage.model.wait_for(lambda _requests: call.over, PATIENCE)
    assert call.disconnected_at is not None
    assert call.disconnected_at - since < PROMPTLY
