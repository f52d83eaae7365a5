"""What a model may use, as the service wants to be told."""

from dataclasses import replace

import pytest

from bot.domain.models import Drawing, ModelInfo, Prompt
from bot.domain.reply import StatusChange
from bot.domain.tools import Function, RemoteServer, Toolbox
from bot.openai.request import request_parameters
from bot.openai.tools import hosted_parameters, tool_parameters
from playground.openai.catalog import MODELS
from playground.openai.requests import parse_request

SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


HOSTED = Toolbox(stores=("vs_1", "vs_2"), code=True)


async def run(_arguments: object) -> str:
    return ""


FUNCTION = Function("time", "The time.", SCHEMA, StatusChange("looking at the clock"), run)
SERVER = RemoteServer("library", "https://books.example/mcp")
BOX = Toolbox((FUNCTION,), (SERVER,))


def test_a_function_is_strict() -> None:
    told = {"type": "function", "name": "time", "description": "The time.", "parameters": SCHEMA, "strict": True}
    assert tool_parameters(Toolbox((FUNCTION,))) == [told]


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (SERVER, {"require_approval": {"never": {"read_only": True}}}),
        (replace(SERVER, unasked=("find",)), {"require_approval": {"never": {"tool_names": ["find"]}}}),
        (
            replace(SERVER, description="Books.", headers={"authorization": "Bearer x"}, tools=("find", "order")),
            {
                "server_description": "Books.",
                "headers": {"authorization": "Bearer x"},
                "allowed_tools": ["find", "order"],
                "require_approval": {"never": {"read_only": True}},
            },
        ),
    ],
)
def test_a_server_asks_for_approval_of_all_that_is_not_excepted(server: RemoteServer, told: dict[str, object]) -> None:
    (tool,) = tool_parameters(Toolbox(servers=(server,)))
    place = {"type": "mcp", "server_label": "library", "server_url": "https://books.example/mcp"}
    assert tool == {**place, **told}


def test_code_reaches_no_network_and_a_search_is_bounded() -> None:
    search, code = hosted_parameters(HOSTED)
    assert search == {"type": "file_search", "vector_store_ids": ["vs_1", "vs_2"], "max_num_results": 10}
    assert code == {
        "type": "code_interpreter",
        "container": {"type": "auto", "network_policy": {"type": "disabled"}},
    }
    assert hosted_parameters(Toolbox()) == hosted_parameters(BOX) == []


def test_the_order_is_always_the_same_and_a_strict_server_takes_it(prompt: Prompt, reasoner: ModelInfo) -> None:
    model = replace(reasoner, web_search=True, image_tool=True)
    everything = replace(BOX, stores=HOSTED.stores, code=True)
    request = request_parameters(replace(prompt, tools=everything, drawing=Drawing()), model)
    ours, theirs = ["function", "mcp"], ["file_search", "code_interpreter"]
    assert [tool["type"] for tool in request["tools"]] == ["image_generation", "web_search", *ours, *theirs]
    parse_request({**request, "stream": True}, MODELS)


def test_what_a_model_thought_is_asked_for_only_where_there_are_rounds(prompt: Prompt, reasoner: ModelInfo) -> None:
    assert "include" not in request_parameters(prompt, reasoner)
    assert "include" not in request_parameters(replace(prompt, tools=HOSTED), reasoner)
    with_tools = replace(prompt, tools=BOX)
    assert request_parameters(with_tools, reasoner)["include"] == ["reasoning.encrypted_content"]
    assert "include" not in request_parameters(with_tools, replace(reasoner, efforts=()))


def test_calls_of_servers_are_limited(prompt: Prompt, reasoner: ModelInfo) -> None:
    for box in (BOX, HOSTED):
        assert request_parameters(replace(prompt, tools=box), reasoner)["max_tool_calls"] == 16
    assert "max_tool_calls" not in request_parameters(replace(prompt, tools=Toolbox((FUNCTION,))), reasoner)


def test_who_must_draw_is_offered_nothing_else(prompt: Prompt, reasoner: ModelInfo) -> None:
    everything = replace(BOX, stores=HOSTED.stores, code=True)
    ordered = replace(prompt, tools=everything, drawing=Drawing(must=True))
    request = request_parameters(ordered, replace(reasoner, image_tool=True))
    assert [tool["type"] for tool in request["tools"]] == ["image_generation"]
    assert request["max_tool_calls"] == 1
    assert "include" not in request


def test_the_secrets_of_a_server_are_in_no_representation() -> None:
    assert "Bearer" not in repr(replace(SERVER, headers={"authorization": "Bearer x"}))
