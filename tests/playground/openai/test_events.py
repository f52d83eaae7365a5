"""The events of an answer, as the SDK's own types understand them."""

from collections.abc import Sequence
from typing import Any

import pytest
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from playground.openai.answering import works_of
from playground.openai.catalog import MODELS
from playground.openai.drawings import Drawing
from playground.openai.events import Event, Identity, answer_events
from playground.openai.requests import parse_request
from playground.openai.scripts import Answer
from playground.openai.search_events import Page
from playground.openai.tool_servers import RemoteTool, ToolFailed, ToolServer
from playground.openai.uses import FunctionUse, ServerUse, World, steps_of

SDK_EVENT: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)

TEXT = [
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
]
TOOL = {"type": "image_generation", "partial_images": 2, "output_format": "webp"}
BEGIN = ["response.created", "response.in_progress"]
THINKING = ["response.output_item.added", "response.output_item.done"]


FUNCTION = {"type": "function", "name": "f", "parameters": {}, "strict": False}
SERVER = {
    "type": "mcp",
    "server_label": "s",
    "server_url": "https://s.example",
    "require_approval": {"never": {"read_only": True}},
}


def run(arguments: str) -> str:
    if arguments == "{}":
        raise ToolFailed("No book is named.")
    return "On shelf 7."


LIBRARY = ToolServer((RemoteTool("find", run, read_only=True), RemoteTool("order", run)))


def events(answer: Answer, **changes: Any) -> list[Event]:
    body = {"model": "gpt-6.1-terra", "input": "Hello", "reasoning": {"effort": "none"}, **changes}
    request = parse_request(body, MODELS)
    steps = steps_of(request, answer.uses, World({"https://s.example": LIBRARY}))
    return list(answer_events(request, answer, Identity(created_at=1.0), works_of(request, answer), steps))


def kinds(sequence: Sequence[Event]) -> list[str]:
    return [event["type"] for event in sequence]


def test_text_comes_in_the_order_of_the_api() -> None:
    assert kinds(events(Answer(("He", "llo")))) == [*BEGIN, *TEXT, "response.completed"]


def test_a_model_that_thinks_sends_a_reasoning_item_first() -> None:
    sequence = events(Answer(("He", "llo")), reasoning={"effort": "low"})
    assert kinds(sequence) == [*BEGIN, *THINKING, *TEXT, "response.completed"]
    assert [item["type"] for item in sequence[-1]["response"]["output"]] == ["reasoning", "message"]


def test_summaries_of_thoughts_come_when_asked_for() -> None:
    sequence = events(Answer(("Hi",), thoughts=("One", "Two")), reasoning={"effort": "low", "summary": "auto"})
    assert kinds(sequence).count("response.reasoning_summary_text.delta") == 2
    assert [part["text"] for part in sequence[-1]["response"]["output"][0]["summary"]] == ["One", "Two"]


def test_a_refusal_has_its_own_events_and_part() -> None:
    sequence = events(Answer(("No",), refused=True))
    assert {"response.refusal.delta", "response.refusal.done"} < set(kinds(sequence))
    assert sequence[-1]["response"]["output"][0]["content"] == [{"type": "refusal", "refusal": "No"}]


def test_a_cut_answer_ends_incomplete() -> None:
    last = events(Answer(("Hi",), cut="content_filter"))[-1]
    assert last["type"] == "response.incomplete"
    assert last["response"]["incomplete_details"] == {"reason": "content_filter"}
    assert last["response"]["output"][0]["status"] == "incomplete"


def test_a_search_comes_before_the_text_that_cites_its_pages() -> None:
    answer = Answer(("Wet",), searches=("rain",), pages=(Page("https://rain.example", "Rain"),))
    sequence = events(answer, tools=[{"type": "web_search"}])
    steps = [f"response.web_search_call.{step}" for step in ("in_progress", "searching", "completed")]
    searched = ["response.output_item.added", *steps, "response.output_item.done"]
    assert kinds(sequence)[2:7] == searched
    [told] = [event["annotation"] for event in sequence if event["type"] == "response.output_text.annotation.added"]
    whole = sequence[-1]["response"]
    assert [item["type"] for item in whole["output"]] == ["web_search_call", "message"]
    assert whole["output"][0]["action"]["query"] == "rain"
    assert whole["output"][1]["content"][0]["annotations"] == [told]
    assert (told["url"], told["title"], told["end_index"]) == ("https://rain.example", "Rain", 3)
    assert whole["tool_usage"]["web_search"] == {"num_requests": 1}


def test_a_call_of_a_function_ends_the_answer_behind_its_preface() -> None:
    sequence = events(Answer(("Let me", " look."), uses=(FunctionUse("f", '{"city": "Oslo"}'),)), tools=[FUNCTION])
    arguments = [f"response.function_call_arguments.{step}" for step in ("delta", "delta", "done")]
    called = ["response.output_item.added", *arguments, "response.output_item.done"]
    assert kinds(sequence) == [*BEGIN, *TEXT, *called, "response.completed"]
    preface, call = sequence[-1]["response"]["output"]
    assert preface["phase"] == "commentary"
    assert (call["name"], call["arguments"], call["status"]) == ("f", '{"city": "Oslo"}', "completed")


def test_a_server_is_asked_what_it_offers_and_then_called() -> None:
    sequence = events(Answer(("There",), uses=(ServerUse("s", "find", '"emma"'),)), tools=[SERVER])
    steps = [event["type"].removeprefix("response.") for event in sequence]
    assert steps[2:6] == [
        "output_item.added",
        "mcp_list_tools.in_progress",
        "mcp_list_tools.completed",
        "output_item.done",
    ]
    arguments = [f"mcp_call_arguments.{step}" for step in ("delta", "done")]
    called = ["output_item.added", "mcp_call.in_progress", *arguments, "mcp_call.completed", "output_item.done"]
    assert steps[6:12] == called
    listed, call, _ = sequence[-1]["response"]["output"]
    assert [tool["name"] for tool in listed["tools"]] == ["find", "order"]
    assert (call["output"], call["error"]) == ("On shelf 7.", None)


def test_a_call_that_needs_an_approval_waits_for_it() -> None:
    first = events(Answer((), uses=(ServerUse("s", "order", '"emma"'),)), tools=[SERVER])[-1]["response"]["output"]
    assert [item["type"] for item in first] == ["mcp_list_tools", "mcp_approval_request"]
    for approve, expected in ((True, ["mcp_call", "message"]), (False, ["message"])):
        answer = {"type": "mcp_approval_response", "approval_request_id": first[1]["id"], "approve": approve}
        items = [{"role": "user", "content": "Emma"}, *first, answer]
        second = events(Answer(("Done",)), tools=[SERVER], input=items)[-1]["response"]["output"]
        assert [item["type"] for item in second] == expected
        assert all(item.get("approval_request_id", first[1]["id"]) == first[1]["id"] for item in second)


def test_a_tool_that_fails_says_why() -> None:
    sequence = events(Answer(("Sorry",), uses=(ServerUse("s", "find"),)), tools=[SERVER])
    assert "response.mcp_call.failed" in kinds(sequence)
    call = sequence[-1]["response"]["output"][1]
    assert call["error"]["content"] == [{"type": "text", "text": "No book is named."}]


@pytest.mark.parametrize("use", [FunctionUse("g"), ServerUse("s", "burn"), ServerUse("t", "find")])
def test_nobody_uses_what_is_not_offered(use: FunctionUse | ServerUse) -> None:
    with pytest.raises(ValueError, match="does not offer"):
        events(Answer((), uses=(use,)), tools=[FUNCTION, SERVER])
    with pytest.raises(ValueError, match="forbids"):
        events(Answer((), uses=(use,)), tools=[FUNCTION, SERVER], tool_choice="none")


def test_usage_counts_thinking_apart() -> None:
    usage = events(Answer(("Hello",)), reasoning={"effort": "low"})[-1]["response"]["usage"]
    assert usage["output_tokens"] == usage["output_tokens_details"]["reasoning_tokens"] + 2
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(("Hello ", "world")),
        Answer(()),
        Answer(("No",), refused=True),
        Answer(("Hi",), cut="max_output_tokens"),
        Answer(("Hi",), thoughts=("One", "Two")),
        Answer(("Wet",), searches=("rain", "snow"), pages=(Page("https://rain.example", "Rain"),)),
        Answer(("Here:",), drawings=(Drawing(), Drawing(blocked=("violence",))), closing=("Done",)),
        Answer(("Look",), uses=(FunctionUse("f"), ServerUse("s", "order"), ServerUse("s", "find", "1"))),
        Answer(("Sorry",), uses=(ServerUse("s", "find"),)),
    ],
)
def test_the_sdk_finds_every_field_that_its_types_require(answer: Answer) -> None:
    tools = [TOOL, FUNCTION, SERVER]
    for number, event in enumerate(events(answer, reasoning={"effort": "high", "summary": "auto"}, tools=tools)):
        parsed = SDK_EVENT.validate_python({**event, "sequence_number": number})
        assert parsed.type == event["type"]
        assert not (parsed.model_extra or {}).keys() - {"obfuscation"}
        if "response" in event:
            assert Response.model_validate(event["response"]).model_extra == {}
