"""The provider's own tools: what it takes, what comes of them, and who may fetch what code has made."""

from typing import Any

import pytest
from openai import AsyncOpenAI, AuthenticationError, NotFoundError

from playground.openai.catalog import MODELS
from playground.openai.errors import ApiError
from playground.openai.events import Event, Identity, answer_events
from playground.openai.hosted import CodeUse, Container, FileUse
from playground.openai.model import API_KEY, ScriptedModel
from playground.openai.requests import parse_request
from playground.openai.scripts import Answer
from playground.openai.server import serve_openai
from playground.openai.tools import check_tools
from playground.openai.uses import Use, World, steps_of

CODE: dict[str, Any] = {"type": "code_interpreter", "container": {"type": "auto"}}
FILES: dict[str, Any] = {"type": "file_search", "vector_store_ids": ["vs_1"]}
BODY: dict[str, Any] = {"model": "gpt-6.1-terra", "input": "Hello", "reasoning": {"effort": "none"}}


def container(**fields: Any) -> dict[str, Any]:
    return {"type": "code_interpreter", "container": {"type": "auto", **fields}}


@pytest.mark.parametrize(
    "tool",
    [
        CODE,
        FILES,
        container(memory_limit="4g", network_policy={"type": "disabled"}),
        container(network_policy={"type": "allowlist", "allowed_domains": ["a.example"]}, file_ids=[]),
        {**FILES, "max_num_results": 50},
    ],
)
def test_what_is_documented_is_taken(tool: dict[str, Any]) -> None:
    check_tools([tool], "tools")


@pytest.mark.parametrize(
    ("tool", "param"),
    [
        ({"type": "code_interpreter"}, "tools[0].container"),
        (container(type="new"), "tools[0].container.type"),
        (container(memory_limit="2g"), "tools[0].container.memory_limit"),
        (container(network_policy={"type": "open"}), "tools[0].container.network_policy.type"),
        (container(network_policy={"type": "allowlist"}), "tools[0].container.network_policy.allowed_domains"),
        (container(cpu=4), "tools[0].container.cpu"),
        (container(file_ids=["file-1"]), "tools[0].container.file_ids[0]"),
        ({**CODE, "container": "cntr_1"}, "tools[0].container"),
        ({**CODE, "timeout": 5}, "tools[0].timeout"),
        ({"type": "file_search"}, "tools[0].vector_store_ids"),
        ({**FILES, "vector_store_ids": "vs_1"}, "tools[0].vector_store_ids"),
        ({**FILES, "vector_store_ids": [1]}, "tools[0].vector_store_ids[0]"),
        ({**FILES, "max_num_results": 51}, "tools[0].max_num_results"),
        ({**FILES, "limit": 5}, "tools[0].limit"),
    ],
)
def test_what_is_not_is_refused(tool: dict[str, Any], param: str) -> None:
    with pytest.raises(ApiError) as refusal:
        check_tools([tool], "tools")
    assert refusal.value.param == param


def events(*uses: Use, world: World | None = None) -> list[Event]:
    request = parse_request({**BODY, "tools": [CODE, FILES]}, MODELS)
    answer = Answer(("Here",), uses=uses)
    return list(answer_events(request, answer, Identity(1.0), (), steps_of(request, uses, world or World())))


def kinds(sequence: list[Event]) -> list[str]:
    return [event["type"] for event in sequence]


def test_code_is_written_and_run_before_the_text_that_cites_its_files() -> None:
    world = World()
    sequence = events(CodeUse("print(1 + 1)  # two", {"a.csv": b"1", "b.tmp": b"2"}, uncited=("b.tmp",)), world=world)
    code = "response.code_interpreter_call"
    steps = [f"{code}.in_progress", f"{code}_code.delta", f"{code}_code.delta", f"{code}_code.done"]
    ends = [f"{code}.interpreting", f"{code}.completed", "response.output_item.done"]
    assert kinds(sequence)[2:10] == ["response.output_item.added", *steps, *ends]
    ran, message = sequence[-1]["response"]["output"]
    (only,) = world.containers.values()
    assert (ran["type"], ran["status"], ran["outputs"]) == ("code_interpreter_call", "completed", None)
    assert ran["container_id"] == only.id
    (cited,) = message["content"][0]["annotations"]
    assert (cited["type"], cited["container_id"], cited["filename"]) == ("container_file_citation", only.id, "a.csv")
    assert only.files[cited["file_id"]].content == b"1"
    assert [file.name for file in only.files.values()] == ["a.csv", "b.tmp"]


def test_files_are_searched_before_the_text_that_cites_them() -> None:
    sequence = events(FileUse("tea", ("handbook.pdf",)))
    steps = [f"response.file_search_call.{step}" for step in ("in_progress", "searching", "completed")]
    assert kinds(sequence)[2:7] == ["response.output_item.added", *steps, "response.output_item.done"]
    searched, message = sequence[-1]["response"]["output"]
    assert (searched["queries"], searched["results"]) == (["tea"], None)
    (cited,) = message["content"][0]["annotations"]
    assert (cited["type"], cited["filename"]) == ("file_citation", "handbook.pdf")


@pytest.mark.parametrize("use", [CodeUse(""), FileUse("")])
def test_no_model_uses_what_it_is_not_offered(use: Use) -> None:
    with pytest.raises(ValueError, match="does not offer"):
        steps_of(parse_request(BODY, MODELS), (use,), World())


def test_a_store_that_is_not_there_is_named() -> None:
    with pytest.raises(ApiError, match="vs_1") as refusal:
        events(world=World(stores=("vs_2",)))
    assert refusal.value.status == 404


def test_a_run_of_code_comes_back_whole_or_not_at_all() -> None:
    item = {"id": "ci_1", "type": "code_interpreter_call", "status": "completed", "code": None, "container_id": "c"}
    question = {"role": "user", "content": "Hello"}
    parse_request({**BODY, "input": [question, {**item, "outputs": None}]}, MODELS)
    wrongs: list[dict[str, Any]] = [item, {**item, "outputs": "2"}, {**item, "outputs": None, "results": []}]
    for wrong in wrongs:
        with pytest.raises(ApiError):
            parse_request({**BODY, "input": [question, wrong]}, MODELS)


async def test_a_file_is_fetched_with_the_key_until_its_container_expires() -> None:
    model, made = ScriptedModel(), Container()
    model.containers[made.id] = made
    file = made.write("a.csv", b"1,2")
    async with serve_openai(model) as server, AsyncOpenAI(api_key=API_KEY, base_url=server.base_url) as client:
        files = client.containers.files
        listed = await files.list(made.id)
        assert [(each.id, each.path, each.bytes) for each in listed.data] == [(file.id, "/mnt/data/a.csv", 3)]
        newer = made.write("b.csv", b"3")
        for order, expected in (("asc", [file.id, newer.id]), ("desc", [newer.id, file.id])):
            page = await files.list(made.id, order=order)  # type: ignore[arg-type]
            assert [each.id for each in page.data] == expected
        assert (await files.retrieve(file.id, container_id=made.id)).container_id == made.id
        content = await files.content.retrieve(file.id, container_id=made.id)
        assert content.content == b"1,2"
        with pytest.raises(NotFoundError):
            await files.content.retrieve("cfile_0", container_id=made.id)
        with pytest.raises(AuthenticationError):
            await client.with_options(api_key="sk-other").containers.files.list(made.id)
        model.containers.clear()
        with pytest.raises(NotFoundError):
            await files.content.retrieve(file.id, container_id=made.id)
    assert model.fetched == ["a.csv"]
