"""What an operator sees of a daemon from outside."""

import gzip
import json
import re
import socket

import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bot.domain.reply import Outcome
from playground.openai import faults
from playground.slack.faults import RateLimited
from tests.bot.monitor.figures import Figures, counted, figures_in, names_in
from tests.doubles.until import until
from tests.stories.acting import settled
from tests.stories.monitoring import ANY_PORT, get
from tests.stories.stage import PATIENCE, ROOT, Stage


async def test_a_daemon_is_ready_while_slack_has_it_on_the_line(stage: Stage) -> None:
    daemon = await stage.start(MONITOR_ADDRESS=ANY_PORT)

    async def has_status(status: int) -> bool:
        return (await get(daemon, "readyz"))[0] == status

    await until(lambda: has_status(200), PATIENCE)
    stage.slack.sockets.refuse_tickets()
    stage.slack.sockets.drop()
    await until(lambda: has_status(503), PATIENCE)
    assert "no socket to Slack" in (await get(daemon, "readyz"))[1]
    assert (await get(daemon, "healthz"))[0] == 200

    stage.slack.sockets.refuse_tickets("")
    await until(lambda: has_status(200), PATIENCE)
    assert await daemon.terminate() == 0


async def test_an_address_that_is_taken_is_an_error_at_the_start(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        daemon = await stage.launch(MONITOR_ADDRESS=address)
        assert await daemon.ended() == 2
    assert f"MONITOR_ADDRESS {address} cannot be listened on" in daemon.lines
    assert "Traceback" not in daemon.lines


async def test_dashboard_and_alerts_speak_of_figures_that_there_are(stage: Stage) -> None:
    daemon = await stage.start(MONITOR_ADDRESS=ANY_PORT)
    there = names_in((await get(daemon, "metrics"))[1])
    dashboard = json.loads((ROOT / "deploy/grafana.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    (group,) = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text(encoding="utf-8"))["groups"]
    watched = [rule["expr"] for rule in group["rules"]]
    assert len(watched) == 6
    for expression in (*shown, *watched):
        named = set(re.findall(r"\b(?:chatgpt|process)_\w+", expression))
        assert named, expression
        assert named <= there, named - there
        assert set(re.findall(r'outcome="(\w+)"', expression)) <= set(Outcome)
    own = {name for name in there if name.startswith("chatgpt_") and not name.endswith(("_sum", "_count"))}
    assert own - set(re.findall(r"\w+", " ".join(shown))) == set()


async def test_the_figures_add_up_with_what_happened(stage: Stage) -> None:
    daemon = await stage.start(MONITOR_ADDRESS=ANY_PORT)
    hello = await stage.ask("Hello")
    await stage.answered(hello)
    await stage.answered(await stage.ask("What is in it?", ("notes.txt", b"Buy milk.")))
    stage.slack.faults.add("conversations.replies", RateLimited(1))
    await stage.answered(await stage.ask("And?", thread=hello["ts"]), count=2)
    stage.model.fail(faults.quota_exhausted())
    failed = await stage.ask("And now?")
    await stage.workspace.wait_for(lambda: stage.notes(failed) and stage.is_calm(failed), PATIENCE)

    async def figures() -> Figures:
        return figures_in((await get(daemon, "metrics"))[1])

    async def is_counted() -> bool:
        found = await figures()
        turns = sum(found.get("chatgpt_turns_total", {}).values())
        is_idle = found["chatgpt_journal_waiting"] == found["chatgpt_lanes"] == {(): 0}
        return turns == 4 and is_idle and found["chatgpt_sockets"] == {(): 2}

    await until(is_counted, PATIENCE)
    found = await figures()
    assert counted(found["chatgpt_turns_total"]) == {
        ("text", "answered"): 2,
        ("document", "answered"): 1,
        ("text", "failed"): 1,
    }
    assert sum(found["chatgpt_turn_first_text_seconds_count"].values()) == 3
    assert found["chatgpt_files_total"] == {("document", "read"): 1}

    *answered, _ = [each.request for each in stage.model.requests if each.request]
    model = answered[0].body["model"]
    assert found["chatgpt_model_calls_total"] == {(model, "answered"): 3, (model, "QuotaExhausted"): 1}
    assert found["chatgpt_tokens_total"]["input", model] == sum(each.input_tokens for each in answered)
    assert found["chatgpt_tokens_total"]["output", model] > 0
    assert found["chatgpt_dollars_total"][model,] > 0

    calls = found["chatgpt_slack_calls_total"]
    assert calls["ratelimited", "conversations.replies"] == 1
    for method in ("conversations.replies", "chat.startStream", "chat.stopStream", "chat.postMessage"):
        assert calls.get(("ok", method), 0) == stage.slack.calls.count(method, error="")
    assert found["process_open_fds"][()] > 0
    ids = (stage.ann.id, stage.channel.id, stage.dm.id, stage.workspace.team_id)
    page = (await get(daemon, "metrics"))[1]
    assert [each for each in ids if each in page] == []


async def test_a_collector_gets_a_span_for_the_turn_and_one_for_the_model_s_call_below_it(stage: Stage) -> None:
    spans: list[Span] = []

    async def collect(request: web.Request) -> web.Response:
        data = gzip.decompress(body) if (body := await request.read())[:2] == b"\x1f\x8b" else body
        sent = ExportTraceServiceRequest.FromString(data)
        spans.extend(span for one in sent.resource_spans for scope in one.scope_spans for span in scope.spans)
        return web.Response()

    collector = web.Application()
    collector.router.add_post("/v1/traces", collect)
    async with TestServer(collector) as server:
        daemon = await stage.start(OTEL_EXPORTER_OTLP_ENDPOINT=str(server.make_url("")))
        await stage.answered(await stage.ask("Say mackerel"))
        await settled(stage)
        assert await daemon.terminate() == 0

    (turn,) = [span for span in spans if span.name == "turn"]
    (call,) = [span for span in spans if span.name.startswith("chat ")]
    assert (call.parent_span_id, call.trace_id) == (turn.span_id, turn.trace_id)
    told = {each.key: each.value for each in (*turn.attributes, *call.attributes)}
    assert told["chatgpt.turn.outcome"].string_value == "answered"
    assert told["gen_ai.request.model"].string_value == stage.model.requests[0].body["model"]
    assert told["gen_ai.usage.output_tokens"].int_value > 0
    secrets = ("mackerel", stage.ann.id, stage.dm.id, stage.workspace.team_id)
    assert [each for each in secrets if each in str(spans)] == []
