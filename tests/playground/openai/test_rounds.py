"""What earlier rounds left in the input."""

from typing import Any

import pytest

from playground.openai.errors import ApiError
from playground.openai.input_items import parse_input
from playground.openai.rounds import decided_in, listed_in, results_in

ASKED: dict[str, Any] = {"role": "user", "content": "Rain?"}
CALL = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "Wet"}
THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"}
REQUEST = {"type": "mcp_approval_request", "id": "r1", "server_label": "s", "name": "t", "arguments": "{}"}
APPROVAL = {"type": "mcp_approval_response", "approval_request_id": "r1", "approve": True}
CALLED = {"type": "mcp_call", "id": "m1", "server_label": "s", "name": "t", "arguments": "{}", "output": "Dry"}
LISTED = {"type": "mcp_list_tools", "id": "l1", "server_label": "s", "tools": []}


@pytest.mark.parametrize(
    "items",
    [
        [ASKED, THOUGHT, CALL, OUTPUT],
        [ASKED, CALL, {**CALL, "call_id": "c2"}, {**OUTPUT, "call_id": "c2"}, OUTPUT],
        [ASKED, LISTED, THOUGHT, REQUEST, APPROVAL],
        [ASKED, THOUGHT, {"role": "assistant", "content": "Yes"}, ASKED],
    ],
)
def test_takes_rounds_that_are_whole(items: list[dict[str, Any]]) -> None:
    parse_input(items)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([ASKED, CALL], "No tool output found for function call c1"),
        ([ASKED, OUTPUT, CALL], "No tool"),
        ([ASKED, OUTPUT], "No tool call found for function call output with call_id c1"),
        ([ASKED, CALL, OUTPUT, OUTPUT], "Duplicate"),
        ([ASKED, APPROVAL, REQUEST], "No approval request found"),
        ([ASKED, REQUEST, APPROVAL, APPROVAL], "answered before"),
        ([ASKED, THOUGHT], "without its required following item"),
        ([ASKED, THOUGHT, ASKED], "without its required following item"),
        ([ASKED, CALL, THOUGHT, OUTPUT], "without its required following item"),
        ([ASKED, {**THOUGHT, "encrypted_content": ""}, CALL, OUTPUT], "not persisted"),
        ([ASKED, {**CALL, "status": "odd"}, OUTPUT], "Invalid value"),
        ([ASKED, {**CALL, "thought": 1}, OUTPUT], "Unknown parameter"),
        ([ASKED, CALL, {**OUTPUT, "output": 5}], "Invalid type"),
        ([ASKED, REQUEST, {**APPROVAL, "approve": "yes"}], "Invalid type"),
    ],
)
def test_refuses_rounds_with_something_missing(items: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ApiError, match=words):
        parse_input(items)


def test_results_lists_and_decisions_are_found() -> None:
    items = [ASKED, LISTED, CALL, OUTPUT, REQUEST, APPROVAL]
    assert results_in([*items, CALLED]) == ("Wet", "Dry")
    assert listed_in(items) == {"s"}
    assert decided_in(items) == ((REQUEST, True),)
    assert decided_in([*items, {**CALLED, "approval_request_id": "r1"}]) == ()
