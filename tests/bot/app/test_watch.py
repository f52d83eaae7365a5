"""What operators can watch the bot with, and what they are told where something for it is missing."""

import sys
from contextlib import AsyncExitStack

import pytest

from bot.app.watch import TelemetryMissing, open_traces
from bot.ports import NO_METER
from config.environment import examine

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "OPENAI_API_KEY": "key"}


async def test_without_a_collector_there_are_no_traces() -> None:
    async with AsyncExitStack() as opened:
        assert await open_traces(examine(TOKENS)[0], NO_METER, opened) is None


async def test_traces_without_their_packages_are_an_error_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "bot.monitor.traces", None)
    config = examine({**TOKENS, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})[0]
    async with AsyncExitStack() as opened:
        with pytest.raises(TelemetryMissing, match=r"requirements-telemetry\.txt"):
            await open_traces(config, NO_METER, opened)
