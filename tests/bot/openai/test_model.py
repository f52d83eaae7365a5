"""The real library against a scripted server: what people see, and what the server sees."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

import pytest

from bot.domain.errors import (
    AnswerCutOff,
    AnswerRefused,
    ConversationTooLong,
    KeyRejected,
    ModelBusy,
    ModelError,
    ModelStalled,
    ModelUnknown,
    ModelUnreachable,
    QuotaExhausted,
    RequestRejected,
)
from bot.domain.models import Prompt, PromptMessage, Role
from bot.domain.reply import THINKING, CutReason, Done, ReplyEvent, StatusChange, TextDelta
from bot.domain.settings import Effort
from bot.domain.usage import Unfinished, Usage
from bot.openai.errors import ProviderTrouble
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from playground.openai import faults
from playground.openai.faults import Fault
from playground.openai.model import ScriptedModel
from playground.openai.scripts import refuse, say
from playground.openai.server import serve_openai

NO_RETRY = RetryPolicy(tries=1)
ANSWER = "One two three four five."

Connect = Callable[..., OpenAIModel]


async def read(model: OpenAIModel, prompt: Prompt, into: list[ReplyEvent] | None = None) -> list[ReplyEvent]:
    """The whole reply; what came before an error stands in `into`."""
    reply: list[ReplyEvent] = [] if into is None else into
    async with asyncio.timeout(60), aclosing(model.stream(prompt)) as events:
        async for event in events:
            reply.append(event)  # noqa: PERF401 - what came before an exception is kept
    return reply


def text_of(reply: list[ReplyEvent]) -> str:
    return "".join(event.text for event in reply if isinstance(event, TextDelta))


def statuses_of(reply: list[ReplyEvent]) -> list[str]:
    return [event.text for event in reply if isinstance(event, StatusChange)]


async def test_an_answer_is_streamed_and_accounted_for(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    told: list[Usage | Unfinished] = []
    reply = await read(connect(), replace(prompt, charge=lambda _model, usage: told.append(usage)))
    assert reply[0] == THINKING
    assert reply[1:-1] == [TextDelta(piece) for piece in ("One ", "two ", "three ", "four ", "five.")]
    done = reply[-1]
    assert isinstance(done, Done)
    assert done.cut is None
    (usage,) = told
    assert isinstance(usage, Usage)
    assert usage.input_tokens == usage.written_tokens > 0
    assert usage.output_tokens > 0
    assert scripted.requests[0].body["stream"] is True


async def test_a_repeated_prefix_is_read_from_the_prompt_cache(connect: Connect, prompt: Prompt) -> None:
    told: list[Usage | Unfinished] = []
    long = replace(prompt, instructions="Be kind. " * 1_000, charge=lambda _model, usage: told.append(usage))
    model = connect()
    for _ in range(2):
        await read(model, long)
    first, second = told
    assert isinstance(first, Usage)
    assert isinstance(second, Usage)
    assert first.cached_tokens == 0
    assert second.cached_tokens > 1_000


async def test_the_next_answer_uses_the_same_connection(
    connect: Connect, prompt: Prompt, caplog: pytest.LogCaptureFixture
) -> None:
    model = connect()
    caplog.set_level(logging.DEBUG, "httpcore2.connection")
    for _ in range(3):
        await read(model, prompt)
    assert sum("connect_tcp.started" in record.getMessage() for record in caplog.records) == 1


async def test_a_refusal_is_shown_in_the_model_s_own_words(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = refuse("I would rather not.")
    reply = await read(connect(), prompt)
    assert text_of(reply) == "I would rather not."
    assert isinstance(reply[-1], Done)


async def test_an_answer_that_grows_too_long_says_so(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.script = say("word " * 200)
    settings = replace(prompt.settings, max_output_tokens=100)
    reply = await read(connect(), replace(prompt, settings=settings))
    assert isinstance(reply[-1], Done)
    assert reply[-1].cut is CutReason.LENGTH
    assert 0 < len(text_of(reply)) < 1_000


@pytest.mark.parametrize(
    ("fault", "error_and_shown"),
    [
        (faults.nested_error("insufficient_quota", after=2), (QuotaExhausted, "One two ")),
        (faults.flat_error("insufficient_quota", after=2), (QuotaExhausted, "One two ")),
        (faults.failed("server_error", after=2), (ProviderTrouble, "One two ")),
        (faults.incomplete("content_filter"), (AnswerRefused, "")),
        (faults.half_json(after=2), (AnswerCutOff, "One two ")),
        (faults.bad_utf8(after=2), (AnswerCutOff, "One two ")),
        (faults.reset(after=2), (AnswerCutOff, None)),
        (faults.truncated_chunk(after=2), (AnswerCutOff, None)),
        (faults.clean_end(after=2), (AnswerCutOff, "One two ")),
        (faults.done_marker_only(), (AnswerCutOff, "")),
        (faults.html_page(), (AnswerCutOff, "")),
        (faults.error_with_200("server_error"), (AnswerCutOff, "")),
        (faults.stall(after=2), (ModelStalled, "One two ")),
        (faults.pings(after=2), (ModelStalled, "One two ")),
        (faults.stall(), (ModelStalled, "")),
    ],
)
async def test_a_broken_stream_ends_in_our_error_and_what_was_shown_stays(
    connect: Connect,
    prompt: Prompt,
    scripted: ScriptedModel,
    fault: Fault,
    error_and_shown: tuple[type[ModelError], str | None],
) -> None:
    error, shown = error_and_shown
    scripted.fail(fault)
    # Short only where a stall is wanted, because a busy machine can be silent, too.
    model = connect(patience=Patience(idle=1.0 if error is ModelStalled else 60.0), retries=NO_RETRY)
    reply: list[ReplyEvent] = []
    with pytest.raises(ModelError) as raised:
        await read(model, prompt, into=reply)
    assert type(raised.value) is error
    # A connection that breaks may take the last pieces with it.
    assert text_of(reply) == shown or (shown is None and "One two ".startswith(text_of(reply)))
    assert text_of(await read(model, prompt)) == ANSWER


@pytest.mark.parametrize(
    "event",
    [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ],
)
async def test_a_stall_before_any_event_is_given_up(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, event: str
) -> None:
    scripted.fail(faults.at(event, faults.stall()))
    with pytest.raises(ModelStalled):
        await read(connect(patience=Patience(idle=1.0), retries=NO_RETRY), prompt)
    await scripted.wait_for(lambda requests: requests[0].disconnected_at is not None, timeout=30)


@pytest.mark.parametrize(
    "fault", [faults.unknown_event(after=2), faults.unknown_item(after=2), faults.keepalive(3, after=2)]
)
async def test_a_strange_stream_is_a_whole_answer(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, fault: Fault
) -> None:
    scripted.fail(fault)
    assert text_of(await read(connect(), prompt)) == ANSWER


async def test_a_filter_cuts_an_answer_that_has_begun(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(faults.incomplete("content_filter", after=2))
    reply = await read(connect(), prompt)
    assert text_of(reply) == "One two "
    assert isinstance(reply[-1], Done)
    assert reply[-1].cut is CutReason.FILTER


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.quota_exhausted(), QuotaExhausted),
        (faults.key_rejected(), KeyRejected),
        (faults.forbidden(), KeyRejected),
        (faults.model_gone("gpt-6.1-terra"), ModelUnknown),
        (faults.bad_request("context_length_exceeded", "input"), ConversationTooLong),
        (faults.bad_request("invalid_prompt"), AnswerRefused),
        (faults.bad_request("unsupported_parameter", "input"), RequestRejected),
    ],
)
async def test_a_lasting_trouble_is_told_at_once(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, fault: Fault, error: type[ModelError]
) -> None:
    scripted.fail(fault)
    with pytest.raises(error):
        await read(connect(), prompt)
    assert len(scripted.requests) == 1


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (faults.rate_limited(), "waiting 1 second because OpenAI is busy"),
        (faults.server_error(), "waiting 1 second because OpenAI had a problem"),
        (faults.overloaded(), "waiting 1 second because OpenAI is busy"),
        (faults.nested_error("server_error"), "waiting 1 second because OpenAI had a problem"),
        (faults.reset(), "waiting 1 second because the connection broke"),
        (faults.clean_end(), "waiting 1 second because the connection broke"),
        (faults.html_page(), "waiting 1 second because the connection broke"),
    ],
)
async def test_a_passing_trouble_is_waited_out_in_the_open(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, fault: Fault, status: str
) -> None:
    scripted.fail(fault, times=2)
    reply = await read(connect(), prompt)
    assert text_of(reply) == ANSWER
    assert sum(isinstance(event, Done) for event in reply) == 1
    assert statuses_of(reply).count(status) == 2
    assert len(scripted.requests) == 3


async def test_patience_with_a_busy_provider_ends(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.fail(faults.overloaded(), times=3)
    with pytest.raises(ModelBusy):
        await read(connect(), prompt)
    assert len(scripted.requests) == 3


async def test_the_provider_s_wish_is_honoured_and_shown(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(faults.rate_limited(retry_after=0.2))
    reply = await read(connect(retries=RetryPolicy(first_pause=5)), prompt)
    first, second = scripted.requests
    assert second.received_at - first.received_at >= 0.2
    assert "waiting 1 second because OpenAI is busy" in statuses_of(reply)


async def test_a_long_wish_is_passed_on_to_the_person(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(faults.rate_limited(retry_after=300))
    with pytest.raises(ModelBusy) as raised:
        await read(connect(), prompt)
    assert raised.value.retry_after == 300
    assert "in 5 minutes" in raised.value.explanation
    assert len(scripted.requests) == 1


async def test_no_pause_outlasts_the_total_time_limit(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(faults.rate_limited(retry_after=10))
    with pytest.raises(ModelBusy):
        await read(connect(patience=Patience(total=5)), prompt)


async def test_what_was_shown_is_never_shown_again(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.fail(faults.clean_end(after=2))
    reply: list[ReplyEvent] = []
    with pytest.raises(AnswerCutOff):
        await read(connect(), prompt, into=reply)
    assert text_of(reply) == "One two "
    assert len(scripted.requests) == 1


async def test_keepalives_do_not_pass_for_progress(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.fail(faults.keepalive(20_000, after=1))
    with pytest.raises(ModelStalled, match="progress"):
        await read(connect(patience=Patience(idle=5, progress=0.3)), prompt)


async def test_the_whole_answer_has_a_time_limit(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.hold(after=2)
    with pytest.raises(ModelStalled, match="total"):
        await read(connect(patience=Patience(idle=5, total=0.2)), prompt)


async def test_closing_the_answer_hangs_up(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.hold(after=2)
    async with aclosing(connect().stream(prompt)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    await scripted.wait_for(lambda calls: calls[0].disconnected_at is not None, timeout=30)


async def test_cancelling_hangs_up(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    hold = scripted.hold(after=2)
    reading = asyncio.create_task(read(connect(), prompt))
    await hold.reached.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await scripted.wait_for(lambda calls: calls[0].disconnected_at is not None, timeout=30)


async def test_cancelling_a_pause_makes_no_further_request(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(faults.server_error())
    async with aclosing(connect(retries=RetryPolicy(first_pause=60, longest_pause=60)).stream(prompt)) as events:
        async for event in events:
            if isinstance(event, StatusChange) and event.text.startswith("waiting"):
                break
    assert len(scripted.requests) == 1


async def test_what_the_server_refuses_is_left_out_and_remembered(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.refused = ("safety_identifier", "stream_options", "reasoning.effort", "store", "prompt_cache_key")
    model = connect()
    assert text_of(await read(model, prompt)) == ANSWER
    assert len(scripted.requests) == 6
    assert text_of(await read(model, prompt)) == ANSWER
    assert len(scripted.requests) == 7
    other = replace(prompt, settings=replace(prompt.settings, model="gpt-6-luna"))
    await read(model, other)
    assert len(scripted.requests) == 13


async def test_a_server_that_says_no_without_a_reason_is_asked_for_the_bare_answer(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(faults.bad_request("odd"))
    model = connect()
    assert text_of(await read(model, prompt)) == ANSWER
    assert scripted.requests[1].body.keys() == {"model", "input", "instructions", "store", "stream"}
    await read(model, prompt)
    assert len(scripted.requests) == 3


async def test_a_rejected_request_teaches_nothing(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.fail(faults.bad_request("odd"), times=3)
    model = connect()
    with pytest.raises(RequestRejected):
        await read(model, prompt)
    await read(model, prompt)
    assert "stream_options" in scripted.requests[-1].body
    assert "store" in scripted.requests[-1].body


async def test_every_effort_is_taken(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    model = connect()
    for effort in Effort:
        settings = replace(prompt.settings, reasoning_effort=effort, temperature=0.5)
        await read(model, replace(prompt, settings=settings))
    assert [call.status for call in scripted.requests] == [200] * len(Effort)
    assert [call.body.get("temperature") for call in scripted.requests] == [0.5] + [None] * (len(Effort) - 1)


async def test_a_server_without_keys_needs_none(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.api_keys = frozenset({"none"})
    assert text_of(await read(connect(key=""), prompt)) == ANSWER


async def test_a_server_that_is_not_there_is_told_from_a_busy_one(connect: Connect, prompt: Prompt) -> None:
    async with serve_openai(ScriptedModel()) as gone:
        pass
    reply: list[ReplyEvent] = []
    with pytest.raises(ModelUnreachable):
        await read(connect(base_url=gone.base_url), prompt, into=reply)
    assert "waiting 1 second because OpenAI cannot be reached" in statuses_of(reply)


async def test_many_answers_grow_side_by_side(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    model = connect()
    replies = await asyncio.gather(*(read(model, prompt) for _ in range(50)))
    assert {text_of(reply) for reply in replies} == {ANSWER}


async def test_the_log_tells_durations_tokens_and_ids_but_no_text(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.openai")
    secret = PromptMessage(Role.USER, "the merger with Acme")
    scripted.script = say("the merger with Acme")
    scripted.fail(faults.bad_request("invalid_prompt", message="the merger with Acme"))
    with pytest.raises(AnswerRefused):
        await read(connect(), replace(prompt, messages=(secret,)))
    await read(connect(), replace(prompt, messages=(secret,)))
    failed, answered = (record.getMessage() for record in caplog.records if record.name.startswith("bot.openai"))
    assert "gpt-6.1-terra failed after" in failed
    assert "HTTP 400, code invalid_prompt" in failed
    assert "gpt-6.1-terra answered in" in answered
    assert "request req_" in answered
    assert "merger" not in caplog.text
