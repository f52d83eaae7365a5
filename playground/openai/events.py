"""The events of one answer, in the order in which the API sends them (pure).

Order and fields: the streaming reference of the Responses API and `openai.types.responses`. `sequence_number` is added
when an event is sent, as a fault may put others between.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.openai.drawing_events import drawing_events
from playground.openai.drawings import Work, usage_of
from playground.openai.hosted_events import code_events, file_search_events, hosted_annotations
from playground.openai.requests import Request, rough_tokens
from playground.openai.scripts import Answer, reasoning_tokens
from playground.openai.search_events import ANNOTATION, annotations_of, search_events
from playground.openai.use_events import approval_events, call_events, function_events, listing_events
from playground.openai.uses import NO_STEPS, Steps

Event = dict[str, Any]

TEXT_DELTA = "response.output_text.delta"
REFUSAL_DELTA = "response.refusal.delta"
TERMINAL = frozenset({"response.completed", "response.incomplete", "response.failed"})


@dataclass(frozen=True, slots=True)
class Identity:
    """The ids of one response and its items, when it began, and what of its prompt the cache held, in tokens."""

    created_at: float
    cached_tokens: int = 0
    response: str = field(default_factory=lambda: f"resp_{secrets.token_hex(24)}")
    reasoning: str = field(default_factory=lambda: f"rs_{secrets.token_hex(24)}")
    message: str = field(default_factory=lambda: f"msg_{secrets.token_hex(24)}")
    search: str = field(default_factory=lambda: f"ws_{secrets.token_hex(24)}")
    drawing: str = field(default_factory=lambda: f"ig_{secrets.token_hex(24)}")
    closing: str = field(default_factory=lambda: f"msg_{secrets.token_hex(24)}")


def answer_events(
    request: Request, answer: Answer, identity: Identity, works: tuple[Work, ...] = (), steps: Steps = NO_STEPS
) -> Iterator[Event]:
    """All events of the answer, the terminal one last; `works` are its drawings, `steps` its uses, carried out."""
    begun = response_object(request, identity, "in_progress")
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    output: list[Event] = []
    for listed in steps.listed:
        yield from listing_events(listed, output)
    for called in steps.called:
        yield from call_events(called, output)
    if request.effort != "none":
        yield from _reasoning_events(request, answer, identity, output)
    for use in steps.searched:
        yield from file_search_events(use, output)
    for ran in steps.ran:
        yield from code_events(ran, output)
    for number, query in enumerate(answer.searches):
        yield from search_events(query, f"{identity.search}{number:02}", output)
    if answer.pieces:
        phase = "commentary" if steps.wait else "final_answer"
        yield from _message_events(answer, answer.pieces, identity.message, output, phase=phase, steps=steps)
    for function in steps.functions:
        yield from function_events(function, output)
    for asked in steps.asked:
        yield from approval_events(asked, output)
    for number, work in enumerate(works):
        yield from drawing_events(work, f"{identity.drawing}{number:02}", output)
    if answer.closing:
        yield from _message_events(answer, answer.closing, identity.closing, output)
    status = "incomplete" if answer.cut else "completed"
    response = response_object(
        request,
        identity,
        status,
        output=output,
        usage=usage_object(request, answer, identity),
        incomplete_details={"reason": answer.cut} if answer.cut else None,
        **({"tool_usage": tool_usage_object(works, len(answer.searches))} if works or answer.searches else {}),
    )
    yield {"type": f"response.{status}", "response": response}


def response_object(request: Request, identity: Identity, status: str, **fields: Any) -> Event:
    """The response object; `fields` replace those that are empty while the answer is being written."""
    body = request.body
    reasoning = body.get("reasoning") or {}
    text: Mapping[str, Any] = body.get("text") or {}
    return {
        "id": identity.response,
        "object": "response",
        "created_at": int(identity.created_at),
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": body.get("max_tool_calls"),
        "model": request.model.id,
        "output": [],
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "previous_response_id": None,
        "prompt_cache_key": body.get("prompt_cache_key"),
        "reasoning": {
            "effort": request.effort if request.model.efforts else None,
            "summary": reasoning.get("summary"),
        },
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": "default",
        "temperature": body.get("temperature", 1.0),
        "text": {"format": text.get("format") or {"type": "text"}, "verbosity": text.get("verbosity") or "medium"},
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": body.get("tools", []),
        "top_logprobs": body.get("top_logprobs", 0),
        "top_p": body.get("top_p", 1.0),
        "truncation": body.get("truncation", "disabled"),
        "usage": None,
        "user": None,
        "metadata": body.get("metadata") or {},
        **fields,
    }


def usage_object(request: Request, answer: Answer, identity: Identity) -> Event:
    """What the answer cost, in rough tokens."""
    thinking = reasoning_tokens(request.effort)
    limit = request.body.get("max_output_tokens")
    written = sum(rough_tokens(piece) for piece in (*answer.pieces, *answer.closing))
    output = thinking + written if limit is None else min(thinking + written, limit)
    return {
        "input_tokens": request.input_tokens,
        "input_tokens_details": {
            "cached_tokens": identity.cached_tokens,
            "cache_write_tokens": request.input_tokens - identity.cached_tokens,
        },
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": min(thinking, output)},
        "total_tokens": request.input_tokens + output,
    }


def tool_usage_object(works: tuple[Work, ...], searches: int = 0) -> Event:
    """What the tools cost, apart from the model that used them."""
    prompts = sum(rough_tokens(work.commission.prompt) for work in works)
    return {"image_gen": usage_of(works, prompts), "web_search": {"num_requests": searches}}


def _reasoning_events(request: Request, answer: Answer, identity: Identity, output: list[Event]) -> Iterator[Event]:
    index = len(output)
    item: Event = {"id": identity.reasoning, "type": "reasoning", "summary": [], "status": "in_progress"}
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    where = {"item_id": identity.reasoning, "output_index": index}
    summary: list[Event] = []
    for number, thought in enumerate(answer.thoughts if request.summarises_reasoning else ()):
        at = {**where, "summary_index": number}
        part = {"type": "summary_text", "text": thought}
        yield {"type": "response.reasoning_summary_part.added", **at, "part": {**part, "text": ""}}
        yield {"type": "response.reasoning_summary_text.delta", **at, "delta": thought}
        yield {"type": "response.reasoning_summary_text.done", **at, "text": thought}
        yield {"type": "response.reasoning_summary_part.done", **at, "part": part}
        summary.append(part)
    done = {**item, "summary": summary, "status": "completed", "encrypted_content": f"gAAAAA{identity.reasoning}"}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}
    output.append(done)


def _message_events(
    answer: Answer,
    pieces: tuple[str, ...],
    item_id: str,
    output: list[Event],
    *,
    phase: str = "final_answer",
    steps: Steps = NO_STEPS,
) -> Iterator[Event]:
    index, text = len(output), "".join(pieces)
    item: Event = {
        "id": item_id,
        "type": "message",
        "role": "assistant",
        "status": "in_progress",
        "phase": phase,
        "content": [],
    }
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    where = {"item_id": item_id, "output_index": index, "content_index": 0}
    yield {"type": "response.content_part.added", **where, "part": _part(answer, "")}
    for piece in pieces:
        if answer.refused:
            yield {"type": REFUSAL_DELTA, **where, "delta": piece}
        else:
            yield {"type": TEXT_DELTA, **where, "delta": piece, "logprobs": []}
    part = _part(answer, text, steps)
    for number, annotation in enumerate(part.get("annotations", ())):
        yield {"type": ANNOTATION, **where, "annotation_index": number, "annotation": annotation}
    if answer.refused:
        yield {"type": "response.refusal.done", **where, "refusal": text}
    else:
        yield {"type": "response.output_text.done", **where, "text": text, "logprobs": []}
    yield {"type": "response.content_part.done", **where, "part": part}
    done = {**item, "status": "incomplete" if answer.cut else "completed", "content": [part]}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}
    output.append(done)


def _part(answer: Answer, text: str, steps: Steps = NO_STEPS) -> Event:
    if answer.refused:
        return {"type": "refusal", "refusal": text}
    cited = [*annotations_of(answer.pages, text), *hosted_annotations(steps.ran, steps.searched, text)]
    annotations = cited if text else []
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}
