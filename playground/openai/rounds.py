"""What earlier rounds of the same answer left in `input`: calls with their results, approvals, lists of tools (pure).

The order of the items and the words of the refusals are known from the guides on function calling, on reasoning and on
remote servers, and from what the service answers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from playground.openai.errors import ApiError

Item = Mapping[str, Any]

_FOLLOWS_NO_THOUGHT = ("function_call_output", "mcp_approval_response")


def check_rounds(items: Sequence[Item]) -> None:
    """Raises ApiError unless every result belongs to a call, every call has one, and every thought leads to something.

    The items themselves were checked before.
    """
    for index, item in enumerate(items):
        before, after = items[:index], items[index + 1 :]
        match item.get("type"):
            case "function_call" if not _has(after, "function_call_output", "call_id", item["call_id"]):
                raise _refusal(f"No tool output found for function call {item['call_id']}.")
            case "function_call_output" if not _has(before, "function_call", "call_id", item["call_id"]):
                raise _refusal(f"No tool call found for function call output with call_id {item['call_id']}.")
            case "function_call_output" if _has(before, "function_call_output", "call_id", item["call_id"]):
                raise _refusal(f"Duplicate function call output with call_id {item['call_id']}.")
            case "mcp_approval_response":
                name = item["approval_request_id"]
                if not _has(before, "mcp_approval_request", "id", name):
                    raise _refusal(f"No approval request found with id '{name}'.")
                if _has(before, "mcp_approval_response", "approval_request_id", name):
                    raise _refusal(f"The approval request '{name}' has been answered before.")
            case "reasoning":
                _check_thought(item, after)
            case _:
                pass


def results_in(items: Sequence[Item]) -> tuple[str, ...]:
    """What functions, and tools of servers, have told the model, oldest first."""
    told = (item.get("output") for item in items if item.get("type") in ("function_call_output", "mcp_call"))
    return tuple(text for text in told if isinstance(text, str))


def decided_in(items: Sequence[Item]) -> tuple[tuple[Item, bool], ...]:
    """The requests for an approval that have just been answered, each with the answer."""
    requests = {item["id"]: item for item in items if item.get("type") == "mcp_approval_request"}
    carried_out = {item.get("approval_request_id") for item in items if item.get("type") == "mcp_call"}
    answers = [item for item in items if item.get("type") == "mcp_approval_response"]
    return tuple(
        (requests[answer["approval_request_id"]], answer["approve"])
        for answer in answers
        if answer["approval_request_id"] not in carried_out
    )


def listed_in(items: Sequence[Item]) -> frozenset[str]:
    """The labels of the servers whose tools the model knows already; they are not asked again."""
    return frozenset(item["server_label"] for item in items if item.get("type") == "mcp_list_tools")


def _check_thought(item: Item, after: Sequence[Item]) -> None:
    if not item.get("encrypted_content"):
        # Nothing is stored here, so nothing can be looked up.
        message = f"Item with id '{item['id']}' not found. Items are not persisted when `store` is set to false."
        raise ApiError(404, message, None, "input")
    follower = after[0] if after else {"role": "user"}
    if follower.get("role", "assistant") != "assistant" or follower.get("type") in _FOLLOWS_NO_THOUGHT:
        message = f"Item '{item['id']}' of type 'reasoning' was provided without its required following item."
        raise _refusal(message)


def _has(items: Sequence[Item], kind: str, field: str, value: object) -> bool:
    return any(item.get("type") == kind and item[field] == value for item in items)


def _refusal(message: str) -> ApiError:
    return ApiError(400, message, None, "input")
