"""Whatever a model wants, and however often, an answer ends."""

import asyncio
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BotError, ModelError
from bot.domain.reply import StatusChange, TextDelta
from bot.domain.tools import Function, RemoteServer, Toolbox, ToolCall
from bot.openai.errors import ToolServerUnreachable
from bot.openai.rounds import APPROVAL, MOST_ROUNDS, Rounds
from bot.openai.stream import Answer
from bot.openai.tools import MOST_CALLS
from playground.openai.rounds import check_rounds

FIRST: dict[str, Any] = {"input": [{"role": "user", "content": "Hi"}], "tools": [{"type": "function"}]}
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}

CALLS = st.builds(
    lambda name, arguments: {"type": "function_call", "name": name, "arguments": arguments},
    st.sampled_from(("good", "bad", "unknown")),
    st.sampled_from(("{}", "{", "[]")),
)
APPROVALS = st.just({"type": "mcp_approval_request", "server_label": "s", "name": "t", "arguments": "{}"})
MESSAGES = st.just({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Well."}]})
OUTPUTS = st.lists(st.lists(st.one_of(CALLS, APPROVALS, MESSAGES), max_size=9), min_size=1, max_size=12)


class Bench:
    """Functions and approvals that count how often they were wanted."""

    def __init__(self) -> None:
        self.runs = 0

    async def run(self, _arguments: Mapping[str, object]) -> str:
        self.runs += 1
        return "Rain."

    async def fail(self, _arguments: Mapping[str, object]) -> str:
        self.runs += 1
        raise BotError("no")

    async def approve(self, _call: ToolCall) -> bool:
        self.runs += 1
        return self.runs % 2 == 0

    @property
    def toolbox(self) -> Toolbox:
        good = Function("good", "", SCHEMA, StatusChange("trying"), self.run)
        bad = Function("bad", "", SCHEMA, StatusChange("failing", foreign=True), self.fail)
        return Toolbox((good, bad), (RemoteServer("s", "https://s.example"),), approve=self.approve)


def ended(number: int, items: list[dict[str, Any]]) -> Answer:
    """A round that has brought this output, in which every item has a name of its own."""
    named = [{**item, "id": f"i{number}_{place}"} for place, item in enumerate(items)]
    answer = Answer()
    response = {"status": "completed", "output": named or [{"type": "refusal"}]}
    answer.take({"type": "response.output_text.delta", "delta": "Well."})
    answer.take({"type": "response.completed", "response": response})
    assert answer.done
    return answer


@given(OUTPUTS)
def test_any_sequence_of_rounds_ends_within_bounds_and_every_request_is_whole(
    outputs: list[list[dict[str, Any]]],
) -> None:
    bench = Bench()

    async def follow() -> int:
        rounds = Rounds(bench.toolbox)
        for number in range(MOST_ROUNDS + 1):
            request = rounds.request(FIRST)
            check_rounds(request["input"])
            rounds.end(ended(number, outputs[number % len(outputs)]))
            if not rounds.wanted:
                return number + 1
            assert request.get("tool_choice") != "none"
            assert all(isinstance(status, StatusChange) for status in rounds.statuses)
            await rounds.do()
        raise AssertionError("the answer does not end")

    assert asyncio.run(follow()) <= MOST_ROUNDS
    assert bench.runs <= MOST_CALLS


def test_text_of_a_later_round_is_a_paragraph_of_its_own() -> None:
    rounds = Rounds(Toolbox())
    assert rounds.joined(TextDelta("One")) == TextDelta("One")
    rounds.end(ended(0, []))
    assert [rounds.joined(TextDelta(text)).text for text in ("Two", " three")] == ["\n\nTwo", " three"]


def test_people_see_what_is_done_for_them() -> None:
    rounds = Rounds(Bench().toolbox)
    calls = [{"type": "function_call", "name": name, "arguments": "{}"} for name in ("bad", "unknown")]
    request = {"type": "mcp_approval_request", "server_label": "s", "name": "t", "arguments": "{}"}
    rounds.end(ended(0, [request, *calls]))
    assert rounds.statuses == [StatusChange("failing"), APPROVAL]
    assert rounds.statuses[0].foreign


def test_only_a_first_round_goes_on_without_a_server() -> None:
    rounds, failure = Rounds(Bench().toolbox), ToolServerUnreachable("HTTP 424")
    assert rounds.without(ModelError("HTTP 500")) is None
    assert rounds.without(failure) is not None
    assert rounds.toolbox.servers == ()
    assert rounds.without(failure) is None
    later = Rounds(Bench().toolbox)
    later.end(ended(0, []))
    assert later.without(failure) is None
