"""Does what the model wants done before it goes on: runs functions of ours, asks people for their approval."""

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.errors import BotError
from bot.domain.tools import Approve, Function, Toolbox, ToolCall
from bot.openai.replay import ApprovalRequest, FunctionCall, Wanted

log = logging.getLogger(__name__)

SECONDS = 30.0
"""How long one function may take."""

LONGEST_RESULT = 20_000
"""Characters of a result that the model reads."""

_CUT = "\n[The result goes on; {left:,} more characters are left out.]"

_SIDE_BY_SIDE = 4

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


async def done(wanted: Sequence[Wanted], toolbox: Toolbox, most: int) -> list[dict[str, Any]]:
    """The input items that tell the model what came of each of these, in their order; only the first `most` are done.

    What goes wrong is told to the model.
    """
    functions = {function.name: function for function in toolbox.functions}
    room = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def do(each: Wanted, place: int) -> dict[str, Any]:
        match each:
            case FunctionCall():
                async with room:
                    told = await _result(each, functions) if place < most else _error("There were too many calls.")
                return {"type": "function_call_output", "call_id": each.id, "output": told}
            case ApprovalRequest():
                approves = place < most and await _approval(each.call, toolbox.approve)
                return {"type": "mcp_approval_response", "approval_request_id": each.id, "approve": approves}

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(do(each, place)) for place, each in enumerate(wanted)]
    return [task.result() for task in tasks]


def shortened(result: str) -> str:
    """As much of a result as the model is to read, and how much is missing."""
    left = len(result) - LONGEST_RESULT
    kept = result if left <= 0 else result[:LONGEST_RESULT] + _CUT.format(left=left)
    # Half a surrogate pair cannot be sent.
    return kept.encode(errors="replace").decode()


def arguments_in(text: str, schema: Mapping[str, Any]) -> Mapping[str, object] | str:
    """The arguments that the model wrote, or what is wrong with them: not every server holds a model to a schema."""
    try:
        arguments = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return "The arguments are no valid JSON."
    if not isinstance(arguments, dict):
        return "The arguments are no JSON object."
    properties = schema.get("properties", {})
    if missing := sorted(properties.keys() - arguments.keys()):
        return f"These arguments are missing: {', '.join(missing)}."
    known = {name: value for name, value in arguments.items() if name in properties}
    if wrong := sorted(name for name, value in known.items() if not _fits(value, properties[name])):
        return f"These arguments are of the wrong type: {', '.join(wrong)}."
    return known


def _fits(value: object, schema: Mapping[str, Any]) -> bool:
    if "enum" in schema and value not in schema["enum"]:
        return False
    names = schema.get("type", ())
    return not names or any(
        isinstance(value, _TYPES[name]) and (name == "boolean") == isinstance(value, bool)
        for name in ([names] if isinstance(names, str) else names)
    )


async def _result(call: FunctionCall, functions: Mapping[str, Function]) -> str:
    function = functions.get(call.name)
    if function is None:
        return _error("There is no such function.")
    arguments = arguments_in(call.arguments, function.parameters)
    if isinstance(arguments, str):
        return _error(arguments)
    began = time.monotonic()
    try:
        async with asyncio.timeout(SECONDS):
            result = shortened(await function.run(arguments))
    except TimeoutError:
        log.warning("%s took longer than %.0f s", function.name, SECONDS)
        return _error("It took too long.")
    except BotError as error:
        log.warning("%s failed: %s: %s", function.name, type(error).__name__, error)
        return _error(error.explanation)
    log.info("%s took %.2f s", function.name, time.monotonic() - began)
    return result


async def _approval(call: ToolCall, approve: Approve) -> bool:
    """Raises nothing: who cannot be asked does not approve."""
    try:
        return await approve(call)
    except BotError as error:
        log.warning("nobody could be asked for approval: %s: %s", type(error).__name__, error)
        return False


def _error(reason: str) -> str:
    return f"Error: {reason}"
