"""Traces for OpenTelemetry: a span for each turn, and below it one for each call of a model; never what was said.

Loaded only where an operator wants traces: its packages are in requirements-telemetry.txt.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, Tracer, get_current_span

from bot.domain.intent import Intent
from bot.domain.reply import Outcome
from bot.domain.usage import Spent, used_by
from bot.ports import Lease, Meter, Work

_PATIENCE: Final = 5
"""Seconds that a collector may take; what it does not take by then is dropped."""

_WELL = ("answered", "hung_up")


@dataclass(frozen=True, slots=True)
class Traces:
    """A meter that draws spans of what it is told, and tells `meter`.

    Attributes are those of the GenAI conventions, which are still in development (opentelemetry.io, semantic
    conventions for generative AI); times of a call are known once it is over, so that its span is drawn backwards.
    """

    tracer: Tracer
    meter: Meter

    def around(self, work: Work) -> Work:
        """The same work, each time within a span of its own."""

        async def traced(lease: Lease) -> None:
            with self.tracer.start_as_current_span("turn", attributes={"chatgpt.turn.attempt": lease.attempt}):
                await work(lease)

        return traced

    def turn(self, intent: Intent | None, outcome: Outcome, seconds: float, first_text: float | None) -> None:
        """Tell the turn's span how it ended."""
        span = get_current_span()
        span.set_attributes({"chatgpt.turn.intent": intent or "unknown", "chatgpt.turn.outcome": outcome})
        if first_text is not None:
            span.set_attribute("chatgpt.turn.first_text", first_text)
        self.meter.turn(intent, outcome, seconds, first_text)

    def model_call(self, model: str, outcome: str, seconds: float, first_text: float | None, spent: Spent) -> None:
        """Draw a span for the call."""
        usage = used_by(model, spent)
        end = time.time_ns()
        span = self.tracer.start_span(
            f"chat {model}",
            kind=SpanKind.CLIENT,
            start_time=end - int(seconds * 1e9),
            attributes={
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": model,
                "gen_ai.usage.input_tokens": usage.input_tokens,
                "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens,
                "gen_ai.usage.output_tokens": usage.output_tokens,
            },
        )
        if first_text is not None:
            span.set_attribute("gen_ai.response.time_to_first_chunk", first_text)
        if outcome not in _WELL:
            span.set_attribute("error.type", outcome)
            span.set_status(StatusCode.ERROR)
        span.end(end)
        self.meter.model_call(model, outcome, seconds, first_text, spent)

    def platform_call(self, method: str, code: str) -> None:
        """Not drawn: there are too many."""
        self.meter.platform_call(method, code)

    def file(self, kind: str, outcome: str) -> None:
        """Not drawn."""
        self.meter.file(kind, outcome)

    def reconnection(self, reason: str) -> None:
        """Not drawn."""
        self.meter.reconnection(reason)


@asynccontextmanager
async def traces(collector: str, meter: Meter) -> AsyncIterator[Traces]:
    """Traces that are sent to this collector (OTLP over HTTP), by a thread of their own; the rest at the end."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "chatgpt-for-slack"}))
    exporter = OTLPSpanExporter(endpoint=f"{collector}/v1/traces", timeout=_PATIENCE)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield Traces(provider.get_tracer("chatgpt"), meter)
    finally:
        await asyncio.to_thread(provider.shutdown)
