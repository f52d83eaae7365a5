"""What of an output goes into the next request."""

from typing import Any

import pytest

from bot.domain.tools import ToolCall
from bot.openai.replay import ApprovalRequest, FunctionCall, replayed, wanted_in

CALL = {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"}
THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"}


@pytest.mark.parametrize(
    ("item", "kept"),
    [
        (CALL, CALL),
        ({**CALL, "status": None}, CALL),
        ({"type": "function_call", "id": "fc_1", "name": "f"}, {**CALL, "call_id": "fc_1"} | {"arguments": None}),
        ({"type": "function_call", "name": "f"}, {"type": "function_call", "call_id": "call_0", "name": "f"}),
        (THOUGHT, THOUGHT),
        ({**THOUGHT, "encrypted_content": None}, None),
        ({"type": "image_generation_call", "id": "ig_1", "status": "failed", "result": None}, None),
        ({"type": "message", "content": [{"text": "a\ud800", "x": None}]},) * 2,
        ({"id": "what"}, None),
        (5, None),
    ],
)
def test_an_item_is_repeated_as_far_as_it_means_something(item: object, kept: dict[str, Any] | None) -> None:
    whole = {name: value for name, value in (kept or {}).items() if value is not None}
    told = [{**whole, "content": [{"text": "a?", "x": None}]}] if "content" in whole else [whole] if kept else []
    assert replayed([item]) == told


def test_what_is_wanted_is_found_in_its_order() -> None:
    request = {"type": "mcp_approval_request", "id": "r1", "server_label": "s", "name": "t", "arguments": "[]"}
    assert wanted_in(replayed([THOUGHT, request, CALL])) == [
        ApprovalRequest("r1", ToolCall("s", "t", "[]")),
        FunctionCall("c1", "f", "{}"),
    ]
