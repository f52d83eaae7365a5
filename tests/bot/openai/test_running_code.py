"""Code that runs at the provider's, and the search of files, with the real library against a scripted server."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

import pytest
from openai import AsyncOpenAI

from bot.domain.errors import ModelError
from bot.domain.models import Prompt
from bot.domain.reply import Citation, Done, FileReady, ReplyEvent, StatusChange, TextDelta
from bot.domain.tools import Function, Toolbox
from bot.openai.containers import MOST, Containers
from bot.openai.made import RUNNING_CODE, MadeFiles
from bot.openai.model import OpenAIModel
from bot.openai.searches import SEARCHING_FILES
from playground.openai import faults
from playground.openai.errors import ApiError
from playground.openai.hosted import CodeUse, Container
from playground.openai.hosted_events import INTERPRETING
from playground.openai.model import ScriptedModel
from playground.openai.requests import Request
from playground.openai.scripts import Answer, call, in_turn, look_up, run_code, say, use
from tests.playground.openai.samples import PNG

Connect = Callable[..., OpenAIModel]

TEXT = "Here: [the figures](sandbox:/mnt/data/figures.csv)."
CSV = b"month,visits\nMay,31\n"


@pytest.fixture
def asking(prompt: Prompt) -> Prompt:
    return replace(prompt, tools=Toolbox(code=True, stores=("vs_1",)))


async def read(model: OpenAIModel, prompt: Prompt) -> list[ReplyEvent]:
    async with asyncio.timeout(60), aclosing(model.stream(prompt)) as events:
        return [event async for event in events]


def text_of(reply: list[ReplyEvent]) -> str:
    return "".join(event.text for event in reply if isinstance(event, TextDelta))


def files_in(reply: list[ReplyEvent]) -> list[FileReady]:
    return [event for event in reply if isinstance(event, FileReady)]


async def test_a_chart_and_its_figures_come_behind_the_text_and_links_are_names(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = run_code(TEXT, {"chart.png": PNG, "figures.csv": CSV})
    reply = await read(connect(), asking)
    assert text_of(reply) == "Here: the figures (`figures.csv`)."
    assert RUNNING_CODE in reply
    chart, figures = files_in(reply)
    assert (chart.name, chart.data, chart.media_type) == ("chart.png", PNG, "image/png")
    assert (figures.name, figures.data, figures.media_type) == ("figures.csv", CSV, "text/csv")
    assert [type(event) for event in reply[-3:]] == [FileReady, FileReady, Done]


async def test_a_name_does_not_decide_what_is_a_picture(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = run_code("Here.", {"chart": PNG, "notes": b"tea"})
    types = [file.media_type for file in files_in(await read(connect(), asking))]
    assert types == ["image/png", "application/octet-stream"]


async def test_a_file_that_has_expired_is_named_and_the_answer_stands(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = run_code("Here it is.", {"chart.png": PNG})
    hold = scripted.hold()
    reading = asyncio.create_task(read(connect(), asking))
    await hold.reached.wait()
    scripted.containers.clear()
    hold.release()
    reply = await reading
    assert text_of(reply) == "Here it is.\n\n> ⚠️ I could not bring you `chart.png`: it has been deleted.\n"
    assert files_in(reply) == []
    assert isinstance(reply[-1], Done)


async def test_no_more_files_are_brought_than_people_can_use(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = run_code("Many.", {f"{number}.csv": CSV for number in range(MOST + 2)})
    reply = await read(connect(), asking)
    assert len(files_in(reply)) == len(scripted.fetched) == MOST
    assert f"`{MOST}.csv`: I bring no more than {MOST} files at once." in text_of(reply)


@pytest.mark.parametrize(
    ("sizes", "limits", "reasons"),
    [
        ([100, 101], {"largest": 100}, ["", "it is too large for me"]),
        ([100, 100, 1], {"together": 150}, ["", "it is too large for me", ""]),
        ([0, 1], {}, ["it is empty", ""]),
        ([1], {"seconds": 0.0}, ["it could not be downloaded"]),
    ],
)
async def test_sizes_and_time_are_limited(
    client: AsyncOpenAI,
    scripted: ScriptedModel,
    sizes: list[int],
    limits: dict[str, float],
    reasons: list[str],
) -> None:
    container = Container()
    scripted.containers[container.id] = container
    files = [container.write(f"{number}.bin", b"x" * size) for number, size in enumerate(sizes)]
    made = MadeFiles()
    cited = {"type": "container_file_citation", "container_id": container.id}
    made.by({**cited, "file_id": file.id, "filename": file.name} for file in files)
    fetched = await Containers(client, **limits).fetch(made)  # type: ignore[arg-type]
    told = text_of(list(fetched))
    for file, reason in zip(files, reasons, strict=True):
        assert (f"`{file.name}`: {reason}." in told) is bool(reason)
    assert [file.name for file in files_in(list(fetched))] == [
        file.name for file, reason in zip(files, reasons, strict=True) if not reason
    ]


async def test_a_file_that_is_linked_and_not_cited_is_found_in_its_container(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    files = {"chart.png": PNG, "figures.csv": CSV, "notes.tmp": b"1"}
    scripted.script = use(CodeUse("make()", files, uncited=("figures.csv", "notes.tmp")), before=TEXT)
    reply = await read(connect(), asking)
    assert [(file.name, file.data) for file in files_in(reply)] == [("chart.png", PNG), ("figures.csv", CSV)]
    assert "⚠️" not in text_of(reply)


async def test_code_that_was_begun_is_not_run_again(connect: Connect, asking: Prompt, scripted: ScriptedModel) -> None:
    scripted.script = run_code("Here.", {"figures.csv": CSV})
    scripted.fail(faults.at(INTERPRETING, faults.reset()))
    with pytest.raises(ModelError):
        await read(connect(), asking)
    assert len(scripted.requests) == 1


async def test_a_function_may_follow_code_and_the_files_come_at_the_end(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    async def now(_arguments: object) -> str:
        return "noon"

    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    function = Function("now", "The time.", schema, StatusChange("looking at the clock"), now)
    with_function = replace(asking, tools=replace(asking.tools, functions=(function,)))
    scripted.script = in_turn(both_rounds, say("[figures.csv](sandbox:/mnt/data/figures.csv)"))
    reply = await read(connect(), with_function)
    assert text_of(reply) == "Let me see.\n\nfigures.csv"
    assert [file.name for file in files_in(reply)] == ["figures.csv"]
    assert isinstance(reply[-2], FileReady)
    (replayed,) = [item for item in scripted.requests[1].body["input"] if item.get("type") == "code_interpreter_call"]
    assert replayed["outputs"] is None


def both_rounds(request: Request) -> Answer:
    called = call("now", before="Let me see.")(request)
    return replace(called, uses=(CodeUse("make()", {"figures.csv": CSV}), *called.uses))


async def test_files_that_were_searched_are_cited_by_their_names_and_count_as_foreign(
    connect: Connect, asking: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = look_up("At four【4:0†handbook.pdf】.", "handbook.pdf", "rules.md", "handbook.pdf")
    reply = await read(connect(), asking)
    assert text_of(reply) == "At four."
    assert [event for event in reply if isinstance(event, Citation)] == [
        Citation("", "handbook.pdf"),
        Citation("", "rules.md"),
    ]
    (status,) = [event for event in reply if event == SEARCHING_FILES]
    assert isinstance(status, StatusChange)
    assert status.foreign


@pytest.mark.parametrize("refused", ["code_interpreter", "file_search"])
async def test_a_server_without_the_tool_answers_all_the_same(
    connect: Connect, asking: Prompt, scripted: ScriptedModel, refused: str
) -> None:
    place = 0 if refused == "file_search" else 1
    refusal = ApiError(400, f"Tool '{refused}' is not supported.", "unsupported_value", f"tools[{place}]")
    scripted.fail(faults.refused(refusal))
    model = connect()
    assert text_of(await read(model, asking)) == "One two three four five."
    assert text_of(await read(model, asking)) == "One two three four five."
    offered = [{tool["type"] for tool in request.body["tools"]} for request in scripted.requests]
    both = {"file_search", "code_interpreter"}
    assert offered == [both, both - {refused}, both - {refused}]


async def test_a_store_that_is_not_there_is_left_out(connect: Connect, asking: Prompt, scripted: ScriptedModel) -> None:
    scripted.stores = ()
    reply = await read(connect(), asking)
    assert text_of(reply) == "One two three four five."
    assert [tool["type"] for tool in scripted.requests[-1].body["tools"]] == ["code_interpreter"]


async def test_nothing_is_offered_that_nobody_asked_for(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    await read(connect(), prompt)
    assert "tools" not in scripted.requests[-1].body
    scripted.script = use(CodeUse("make()"))
    with pytest.raises(ModelError):
        await read(connect(), prompt)
