"""Functions of ours and tools of servers, with the real library against a scripted server."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.errors import BotError, ModelError
from bot.domain.models import Drawing, Prompt
from bot.domain.reply import Done, ReplyEvent, StatusChange, TextDelta
from bot.domain.tools import Function, RemoteServer, Toolbox, ToolCall
from bot.domain.usage import Unfinished, Usage
from bot.openai.model import OpenAIModel
from bot.openai.rounds import APPROVAL, MOST_ROUNDS
from bot.turns.links import LinkGuard, guarded
from playground.openai import faults
from playground.openai.calls import Call
from playground.openai.errors import ApiError
from playground.openai.faults import StreamFault, refused
from playground.openai.model import ScriptedModel
from playground.openai.requests import Request
from playground.openai.scripts import Answer, ask, call, in_turn, say, tell_results, use
from playground.openai.tool_servers import RemoteTool, ToolFailed, ToolServer, unreachable
from playground.openai.use_events import ARGUMENTS_DONE, CALLING
from playground.openai.uses import FunctionUse

Connect = Callable[..., OpenAIModel]

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
LOOKING = StatusChange("looking at the sky", foreign=True)


@dataclass
class Weather:
    """A function of ours that tells the weather."""

    asked: list[str] = field(default_factory=list)
    trouble: Exception | None = None

    async def run(self, arguments: Mapping[str, object]) -> str:
        self.asked.append(str(arguments["city"]))
        if self.trouble:
            raise self.trouble
        return f"It rains in {arguments['city']}."

    @property
    def function(self) -> Function:
        return Function("weather", "The weather in a city.", SCHEMA, LOOKING, self.run)


@pytest.fixture
def weather() -> Weather:
    return Weather()


@pytest.fixture
def asking(prompt: Prompt, weather: Weather) -> Prompt:
    return replace(prompt, tools=Toolbox((weather.function,)))


async def read(model: OpenAIModel, prompt: Prompt, into: list[ReplyEvent] | None = None) -> list[ReplyEvent]:
    reply: list[ReplyEvent] = [] if into is None else into
    async with asyncio.timeout(60), aclosing(model.stream(prompt)) as events:
        async for event in events:
            reply.append(event)  # noqa: PERF401 - what came before an exception is kept
    return reply


def text_of(reply: list[ReplyEvent]) -> str:
    return "".join(event.text for event in reply if isinstance(event, TextDelta))


def kinds_in(request: Call) -> list[str]:
    return [item.get("type", "message") for item in request.body["input"]]


async def test_what_a_function_tells_comes_into_the_answer(
    connect: Connect, asking: Prompt, scripted: ScriptedModel, weather: Weather
) -> None:
    scripted.script = in_turn(call("weather", {"city": "Oslo"}), tell_results)
    reply = await read(connect(), asking)
    assert text_of(reply) == "It rains in Oslo."
    assert weather.asked == ["Oslo"]
    assert LOOKING in reply
    assert [type(event) for event in reply].count(Done) == 1
    first, second = scripted.requests
    assert second.body["input"][: len(first.body["input"])] == first.body["input"]
    assert kinds_in(second)[len(first.body["input"]) :] == ["reasoning", "function_call", "function_call_output"]
    assert second.body["tools"] == first.body["tools"]


async def test_each_round_is_charged_by_itself(connect: Connect, asking: Prompt, scripted: ScriptedModel) -> None:
    scripted.script = in_turn(call("weather", {"city": "Oslo"}), say("Rain."))
    told: list[Usage | Unfinished] = []
    await read(connect(), replace(asking, charge=lambda _model, usage: told.append(usage)))
    tokens = [request.request.input_tokens for request in scripted.requests if request.request]
    assert [usage.input_tokens for usage in told if isinstance(usage, Usage)] == tokens
    assert len(tokens) == 2


async def test_a_round_that_is_hung_up_costs_what_it_was_asked_besides_the_ones_before(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = in_turn(call("weather", {"city": "Oslo"}), say("Rain is what there is."))
    told: list[Usage | Unfinished] = []
    paying = replace(asking, charge=lambda _model, usage: told.append(usage))
    async with aclosing(connect().stream(paying)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    first, second = told
    assert isinstance(first, Usage)
    assert isinstance(second, Unfinished)
    assert "It rains in Oslo." in second.asked
    assert second.written


async def test_what_was_said_before_a_call_stays_as_a_paragraph_of_its_own(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = in_turn(
        call("weather", {"city": "Oslo"}, before="Let me look."),
        call("weather", {"city": "Rome"}),
        call("weather", {"city": "Lima"}, before="And there?"),
        say("Rain everywhere."),
    )
    assert text_of(await read(connect(), asking)) == "Let me look.\n\nAnd there?\n\nRain everywhere."


async def test_several_calls_of_one_round_run_side_by_side_and_each_gets_its_result(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    both = asyncio.Barrier(2)

    async def wait(arguments: Mapping[str, object]) -> str:
        await both.wait()
        return str(arguments["city"])

    function = Function("weather", "The weather.", SCHEMA, LOOKING, wait)
    uses = [FunctionUse("weather", f'{{"city": "{city}"}}') for city in ("Oslo", "Rome")]
    scripted.script = in_turn(use(*uses), tell_results)
    reply = await read(connect(), replace(prompt, tools=Toolbox((function,))))
    assert text_of(reply) == "Oslo\n\nRome"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("{", "no valid JSON"),
        ("[]", "no JSON object"),
        ("{}", "missing: city"),
        ('{"city": 5}', "wrong type: city"),
    ],
)
async def test_what_is_wrong_with_a_call_is_told_to_the_model(
    connect: Connect, asking: Prompt, scripted: ScriptedModel, arguments: str, told: str
) -> None:
    scripted.script = in_turn(call("weather", arguments), tell_results)
    assert told in text_of(await read(connect(), asking))


async def test_a_function_that_fails_is_no_failed_answer(
    connect: Connect, asking: Prompt, scripted: ScriptedModel, weather: Weather
) -> None:
    weather.trouble = BotError("the secret of the house")
    scripted.script = in_turn(call("weather", {"city": "Oslo"}), tell_results)
    assert text_of(await read(connect(), asking)) == f"Error: {BotError.explanation}"


async def test_a_model_that_never_stops_calling_is_asked_for_words_at_last(
    connect: Connect, asking: Prompt, scripted: ScriptedModel, weather: Weather
) -> None:
    def insatiable(request: Request) -> Answer:
        return call("weather", {"city": "Oslo"})(request) if request.may_use_tools else say("Enough.")(request)

    scripted.script = insatiable
    assert text_of(await read(connect(), asking)) == "Enough."
    assert len(scripted.requests) == MOST_ROUNDS
    assert scripted.requests[-1].body["tools"]
    assert len(weather.asked) == MOST_ROUNDS - 1


async def test_no_more_than_so_many_calls_are_made(
    connect: Connect, asking: Prompt, scripted: ScriptedModel, weather: Weather
) -> None:
    scripted.script = in_turn(use(*[FunctionUse("weather", '{"city": "Oslo"}')] * 20), tell_results)
    reply = await read(connect(), asking)
    assert len(weather.asked) == 16
    assert text_of(reply).count("Error: There were too many calls.") == 4
    assert scripted.requests[1].body["tool_choice"] == "none"


@pytest.mark.parametrize("fault", [faults.server_error(), faults.clean_end(), faults.nested_error("server_error")])
async def test_a_later_round_is_asked_for_again_without_another_call(
    connect: Connect, asking: Prompt, scripted: ScriptedModel, weather: Weather, fault: faults.Fault
) -> None:
    def script(request: Request) -> Answer:
        if request.results:
            return tell_results(request)
        scripted.fail(fault)
        return call("weather", {"city": "Oslo"}, before="Let me look.")(request)

    scripted.script = script
    assert text_of(await read(connect(), asking)) == "Let me look.\n\nIt rains in Oslo."
    assert weather.asked == ["Oslo"]
    assert len(scripted.requests) == 3


async def test_a_call_that_breaks_off_is_asked_for_again_and_made_once(
    connect: Connect, asking: Prompt, scripted: ScriptedModel, weather: Weather
) -> None:
    scripted.fail(faults.at(ARGUMENTS_DONE, faults.clean_end()))
    scripted.script = in_turn(*[call("weather", {"city": "Oslo"})] * 2, tell_results)
    assert text_of(await read(connect(), asking)) == "It rains in Oslo."
    assert weather.asked == ["Oslo"]


async def test_what_an_answer_that_was_cut_wanted_is_not_done(
    connect: Connect, asking: Prompt, scripted: ScriptedModel, weather: Weather
) -> None:
    scripted.script = call("weather", {"city": "Oslo"}, before="word " * 200)
    settings = replace(asking.settings, max_output_tokens=100)
    done = (await read(connect(), replace(asking, settings=settings)))[-1]
    assert isinstance(done, Done)
    assert done.cut
    assert weather.asked == []


async def test_cancelling_ends_the_function(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def wait(_arguments: Mapping[str, object]) -> str:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return ""

    function = Function("weather", "The weather.", SCHEMA, LOOKING, wait)
    scripted.script = call("weather", {"city": "Oslo"})
    reading = asyncio.create_task(read(connect(), replace(prompt, tools=Toolbox((function,)))))
    await began.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert ended.is_set()


async def test_a_server_that_knows_no_functions_answers_all_the_same(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(refused(ApiError(400, "Invalid value: 'function'.", "invalid_value", "tools[0].type")))
    model = connect()
    for _ in range(2):
        assert text_of(await read(model, asking)) == "One two three four five."
    assert ["tools" in request.body for request in scripted.requests] == [True, False, False]


async def test_a_model_that_must_draw_is_offered_nothing_else(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = lambda _request: Answer((), drawings=())
    with pytest.raises(ModelError):
        await read(connect(), replace(asking, drawing=Drawing(must=True)))
    assert [tool["type"] for tool in scripted.requests[0].body["tools"]] == ["image_generation"]


ADDRESS = "https://books.example/mcp"
KEY = {"authorization": "Bearer secret-of-the-library"}
SERVER = RemoteServer("library", ADDRESS, headers=KEY)
ASKING = StatusChange("asking library", foreign=True)


@dataclass
class Library:
    """A server of tools, and the person who approves of what it does."""

    approves: bool = True
    asked: list[ToolCall] = field(default_factory=list)
    ordered: list[str] = field(default_factory=list)

    def find(self, arguments: str) -> str:
        return f"Found {arguments}."

    def order(self, arguments: str) -> str:
        if "burnt" in arguments:
            raise ToolFailed("There is none.")
        self.ordered.append(arguments)
        return f"Ordered {arguments}."

    async def approve(self, call: ToolCall) -> bool:
        self.asked.append(call)
        return self.approves

    @property
    def server(self) -> ToolServer:
        return ToolServer((RemoteTool("find", self.find, read_only=True), RemoteTool("order", self.order)), KEY)

    @property
    def toolbox(self) -> Toolbox:
        return Toolbox(servers=(SERVER,), approve=self.approve)


@pytest.fixture
def library(scripted: ScriptedModel) -> Library:
    library = Library()
    scripted.servers = {ADDRESS: library.server}
    return library


@pytest.fixture
def lending(prompt: Prompt, library: Library) -> Prompt:
    return replace(prompt, tools=library.toolbox)


def ran(scripted: ScriptedModel) -> list[str]:
    return [use.tool for request in scripted.requests for use in request.called]


async def test_what_only_reads_is_called_without_asking_anybody(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, library: Library
) -> None:
    scripted.script = ask("library", "find", '"Emma"', text="It is there.")
    reply = await read(connect(), lending)
    assert text_of(reply) == "It is there."
    statuses = [event for event in reply if isinstance(event, StatusChange)]
    assert statuses[:2] == [StatusChange("looking at the tools of library"), ASKING]
    assert all(status.foreign for status in statuses[:2])
    assert library.asked == []


async def test_descriptions_of_tools_can_have_no_link_carry_anything_off(
    connect: Connect, lending: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = say("Read [more](https://evil.example/?q=what+Ada+said).")
    async with aclosing(guarded(connect().stream(lending), LinkGuard(watch=False))) as events:
        reply = [event async for event in events]
    assert text_of(reply) == "Read more (`evil.example/?q=what+Ada+said`)."


async def test_what_changes_something_waits_for_an_approval(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, library: Library
) -> None:
    scripted.script = in_turn(ask("library", "order", '"Emma"', text="Let me order it."), say("It comes on Monday."))
    reply = await read(connect(), lending)
    assert text_of(reply) == "Let me order it.\n\nIt comes on Monday."
    assert library.asked == [ToolCall("library", "order", '"Emma"')]
    assert library.ordered == ['"Emma"']
    assert reply.index(APPROVAL) < reply.index(ASKING)
    first, second = scripted.requests
    replayed = ["mcp_list_tools", "reasoning", "message", "mcp_approval_request", "mcp_approval_response"]
    assert kinds_in(second)[len(first.body["input"]) :] == replayed


async def test_a_call_that_is_refused_is_not_made_and_the_model_goes_on(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, library: Library
) -> None:
    library.approves = False
    scripted.script = in_turn(ask("library", "order", '"Emma"'), say("Then not."))
    assert text_of(await read(connect(), lending)) == "Then not."
    assert ran(scripted) == []


async def test_who_cannot_be_asked_does_not_approve(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, library: Library
) -> None:
    async def approve(_call: ToolCall) -> bool:
        raise BotError("nobody is there")

    scripted.script = in_turn(ask("library", "order", '"Emma"'), say("Then not."))
    prompt = replace(lending, tools=replace(lending.tools, approve=approve))
    assert text_of(await read(connect(), prompt)) == "Then not."
    assert ran(scripted) == []


async def test_a_tool_that_fails_is_no_failed_answer(
    connect: Connect, lending: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = in_turn(ask("library", "order", '"burnt"'), say("There is none."))
    assert text_of(await read(connect(), lending)) == "There is none."


async def test_waiting_for_a_person_counts_against_no_time_limit(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, later = asyncio.get_running_loop(), 0.0
    time = loop.time
    monkeypatch.setattr(loop, "time", lambda: time() + later)

    async def approve(_call: ToolCall) -> bool:
        nonlocal later
        later = 3_600
        return True

    scripted.script = in_turn(ask("library", "order", '"Emma"'), say("It comes."))
    prompt = replace(lending, tools=replace(lending.tools, approve=approve))
    async with aclosing(connect().stream(prompt)) as events:
        assert text_of([event async for event in events]) == "It comes."


@pytest.mark.parametrize("fault", [faults.server_error(), faults.clean_end(), faults.nested_error("server_error")])
async def test_a_request_that_lets_a_server_act_is_not_made_twice(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, fault: faults.Fault
) -> None:
    def script(request: Request) -> Answer:
        scripted.fail(fault)
        return ask("library", "order", '"Emma"')(request)

    scripted.script = script
    with pytest.raises(ModelError):
        await read(connect(), lending)
    assert len(scripted.requests) == 2


async def test_it_is_made_again_where_it_was_turned_away(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, library: Library
) -> None:
    def script(request: Request) -> Answer:
        if request.decided:
            return say("It comes.")(request)
        scripted.fail(faults.rate_limited())
        return ask("library", "order", '"Emma"')(request)

    scripted.script = script
    assert text_of(await read(connect(), lending)) == "It comes."
    assert library.ordered == ['"Emma"']
    assert len(library.asked) == 1


async def test_a_request_in_which_a_server_was_called_is_not_made_again(
    connect: Connect, lending: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = ask("library", "find", '"Emma"', text="There.")
    scripted.fail(faults.at(CALLING, faults.clean_end()))
    with pytest.raises(ModelError):
        await read(connect(), lending)
    assert len(scripted.requests) == 1


async def test_a_server_that_cannot_be_reached_is_done_without_and_people_are_told(
    connect: Connect, lending: Prompt, scripted: ScriptedModel
) -> None:
    other = replace(SERVER, name="library-2", url="https://gone.example/mcp")
    prompt = replace(lending, tools=replace(lending.tools, servers=(SERVER, other)))
    reply = await read(connect(), prompt)
    assert text_of(reply) == (
        "> ⚠️ I cannot reach `library-2`, so this answer does without.\n\nOne two three four five."
    )
    offered = [[tool["server_label"] for tool in request.body.get("tools", ())] for request in scripted.requests]
    assert offered == [["library", "library-2"], ["library"]]


UNREACHABLE = unreachable("library", "503 (Service Unavailable)").as_json()["error"]


@pytest.mark.parametrize(
    "event", [{"type": "error", "error": UNREACHABLE}, {**UNREACHABLE, "type": "error"}], ids=["nested", "flat"]
)
async def test_so_is_one_of_which_the_stream_tells(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, event: dict[str, object]
) -> None:
    begin = faults.Point(0, "response.in_progress")
    scripted.fail(StreamFault(begin, faults.Ending.CLEAN_END, lambda _response: (event,)))
    assert "I cannot reach `library`" in text_of(await read(connect(), lending))
    assert "tools" not in scripted.requests[-1].body


@pytest.mark.parametrize("code", ["server_error", "a_new_code"])
async def test_so_is_one_whose_list_has_failed_when_the_response_says_no_more(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, code: str
) -> None:
    other = replace(SERVER, name="library-2")
    prompt = replace(lending, tools=replace(lending.tools, servers=(SERVER, other)))
    where = {"output_index": 1, "item_id": "mcpl_gone"}
    item = {"id": "mcpl_gone", "type": "mcp_list_tools", "server_label": "library-2", "tools": []}
    events = (
        {"type": "response.output_item.added", "output_index": 1, "item": item},
        {"type": "response.mcp_list_tools.in_progress", **where},
        {"type": "response.mcp_list_tools.failed", **where},
        {"type": "response.failed", "response": {"status": "failed", "error": {"code": code, "message": "It failed."}}},
    )
    begin = faults.Point(0, "response.in_progress")
    scripted.fail(StreamFault(begin, faults.Ending.CLEAN_END, lambda _response: events))
    assert "I cannot reach `library-2`, so" in text_of(await read(connect(), prompt))
    offered = [[tool["server_label"] for tool in request.body.get("tools", ())] for request in scripted.requests]
    assert offered == [["library", "library-2"], ["library"]]


async def test_a_server_that_lets_nobody_in_is_done_without(
    connect: Connect, lending: Prompt, scripted: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = replace(SERVER, headers={"authorization": "Bearer wrong-secret"})
    prompt = replace(lending, tools=replace(lending.tools, servers=(wrong,)))
    assert "One two" in text_of(await read(connect(), prompt))
    assert "library" in caplog.text
    assert "wrong-secret" not in caplog.text


async def test_a_provider_that_knows_no_servers_answers_all_the_same(
    connect: Connect, lending: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(refused(ApiError(400, "Invalid value: 'mcp'.", "invalid_value", "tools[0].type")))
    model = connect()
    for _ in range(2):
        assert text_of(await read(model, lending)) == "One two three four five."
    assert ["tools" in request.body for request in scripted.requests] == [True, False, False]


async def test_nothing_is_called_without_the_approval_that_a_provider_does_not_know(
    connect: Connect, lending: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(refused(ApiError(400, "Unknown.", "unknown_parameter", "tools[0].require_approval")))
    await read(connect(), lending)
    assert "tools" not in scripted.requests[1].body
