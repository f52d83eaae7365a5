"""Where operators watch the bot, if they want to."""

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot.app.parts import Lines, Slack
from bot.engine.embedded import EmbeddedEngine
from bot.monitor.endpoint import endpoint
from bot.monitor.health import Checkup
from bot.monitor.metrics import Metrics
from bot.monitor.pulse import beating
from bot.monitor.readings import Exposition, Readings
from bot.openai.model import OpenAIModel
from bot.ports import Meter
from bot.slack.wire.connections import Connections
from bot.store.database import Database
from bot.store.journal import SqliteJournal
from bot.turns.expenses import dollars
from config.catalog import Catalog
from config.environment import Config

if TYPE_CHECKING:
    from bot.monitor.traces import Traces


def build_metrics(catalog: Catalog) -> Metrics:
    """What counts everywhere, whether anybody listens or not: that costs next to nothing."""
    return Metrics(lambda model, usage: dollars(catalog.describe(model).price, usage))


class TelemetryMissing(Exception):
    """Traces are wanted, but their packages are not there; the message says what to do."""


async def open_traces(config: Config, meter: Meter, opened: AsyncExitStack) -> "Traces | None":
    """Draw traces, where the operator wants them. Raises TelemetryMissing."""
    if config.traces_to is None:
        return None
    try:
        from bot.monitor.traces import traces
    except ImportError as missing:
        raise TelemetryMissing(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but what traces need is not installed: "
            "run .venv/bin/pip install -r requirements-telemetry.txt, or leave the variable empty"
        ) from missing
    return await opened.enter_async_context(traces(config.traces_to, meter))


async def open_watch(
    config: Config,
    metrics: Metrics,
    opened: AsyncExitStack,
    *,
    database: Database,
    journal: SqliteJournal,
    slack: Slack,
    engine: EmbeddedEngine,
    lines: Lines,
    model: OpenAIModel,
    connections: Connections,
) -> None:
    """Listen at the operator's address, if there is one. Raises AddressUnusable."""
    if config.monitor_address is None:
        return
    pulse = await opened.enter_async_context(beating())
    checkup = Checkup(pulse, lambda: connections.greeted, database.touch, lambda: model.is_up)
    readings = Readings(
        checkup=checkup,
        slack_calls_waiting=lambda: slack.calls.pacer.queued,
        lanes=lambda: engine.lanes,
        lines={"turns": lines.turns, "files": lines.files, "answers": lines.answers, "drawings": lines.drawings},
        backlog=journal.backlog,
        now=slack.clock,
    )
    await opened.enter_async_context(endpoint(config.monitor_address, checkup, Exposition(metrics.registry, readings)))
