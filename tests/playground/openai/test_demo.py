"""The friendly responder of the demo."""

import json
from typing import Any

import pytest
from openai import AsyncOpenAI

from playground.openai.answering import works_of
from playground.openai.catalog import MODELS
from playground.openai.demo import demo_model, friendly
from playground.openai.demo_tools import LIBRARY
from playground.openai.drawings import Commission, carry_out
from playground.openai.hosted import CodeUse, FileUse
from playground.openai.image_options import ImageOptions
from playground.openai.model import API_KEY
from playground.openai.requests import parse_request
from playground.openai.server import serve_openai
from playground.openai.uses import FunctionUse, ServerUse, Use
from tests.playground.openai.samples import PNG, data_url

TOOL: dict[str, Any] = {"type": "image_generation", "output_format": "png"}


def ask(*said: str, **changes: Any) -> str:
    """The answer to the last of these; people and the assistant speak in turn."""
    roles = ("user", "assistant")
    items = [{"role": roles[number % 2], "content": text} for number, text in enumerate(said)]
    return friendly(parse_request({"model": "gpt-6.1-terra", "input": items, **changes}, MODELS)).text


def test_says_at_once_that_it_is_no_model() -> None:
    for question in ("hello", "show me a table", "anything else", ""):
        assert "scripted stand-in" in ask(f"Ann: {question}")
    assert "scripted stand-in" not in ask("Ann: hello", "Hello", "Ann: show me a table")


@pytest.mark.parametrize(
    ("question", "marks"),
    [
        ("show me a table", ["|---|", "| Saturn |"]),
        ("Please write code", ["```python", "](https://docs.python.org"]),
        ("make a list", ["1. **Prepare**", "    - ", "        - ", "> "]),
        ("long answer", ["# A long answer", "```python", "|---|"]),
        ("what can you do?", ["- **show me a table**"]),
        ("hello!", ["Hello, Ann"]),
        ("thank you", ["welcome, Ann"]),
    ],
)
def test_shows_what_is_asked_for(question: str, marks: list[str]) -> None:
    answer = ask(f"Ann: {question}")
    assert all(mark in answer for mark in marks)


def test_a_long_answer_is_longer_than_one_message() -> None:
    assert len(ask("Ann: long answer")) > 12_000


def test_remembers_what_was_said_in_the_thread() -> None:
    answer = ask("Ann: I like tea", "Noted", "Ann: and cake", "Noted", "Ann: what did I say before?")
    assert "1. “I like tea”\n2. “and cake”" in answer
    assert "first thing" in ask("Ann: what did I say before?")


def test_knows_people_by_the_name_they_give_and_else_by_the_one_they_have() -> None:
    assert "**Zoë**" in ask("Ann: my name is Zoë", "Hello", "Ann: what is my name?")
    assert "**Ann Lee**" in ask("Ann Lee: what is my name?")
    assert "not told me" in ask("what is my name?")


def test_anything_else_is_quoted_and_looked_at() -> None:
    answer = ask("Ann: Why are harbours quiet at night?")
    assert "> Why are harbours quiet at night?" in answer
    assert "*harbours*" in answer
    assert "asked as a question: **yes**" in answer


def test_answers_in_json_when_a_schema_is_given() -> None:
    schema = {
        "type": "object",
        "properties": {
            "intent": {"type": "string", "enum": ["text", "image"]},
            "sure": {"type": "boolean"},
            "words": {"type": "array", "items": {"type": "string"}},
            "title": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        },
        "required": ["intent", "sure", "words", "title"],
        "additionalProperties": False,
    }
    text = {"format": {"type": "json_schema", "name": "intent", "strict": True, "schema": schema}}
    assert json.loads(ask("hello", text=text)) == {"intent": "text", "sure": False, "words": [], "title": ""}


def test_speaks_at_the_pace_of_a_person_reading() -> None:
    request = parse_request({"model": "gpt-6.1-terra", "input": "hello"}, MODELS)
    assert 0 < friendly(request).pace.first < 2
    assert friendly(request).pace.per_second > 20


def draw(*said: Any, **changes: Any) -> bytes | None:
    """The picture that the responder draws, if it draws one; what is said may be a list of parts."""
    items = [{"role": "user", "content": content} for content in said]
    request = parse_request({"model": "gpt-6.1-terra", "input": items, "tools": [TOOL], **changes}, MODELS)
    works = works_of(request, friendly(request))
    return works[0].image if works else None


def text(words: str) -> dict[str, Any]:
    return {"type": "input_text", "text": words}


LIGHTHOUSE = [
    text("[What you have put into the thread there:]"),
    {"type": "input_image", "detail": "low", "image_url": data_url(PNG)},
]


def test_draws_what_is_asked_for_where_it_can() -> None:
    lighthouse = draw("Ann: draw a lighthouse")
    assert lighthouse
    assert lighthouse == draw("Ann: draw a lighthouse")
    assert lighthouse != draw("Ann: draw a house")
    assert draw("Ann: how tall is a lighthouse?") is None
    assert "A model would answer it now" in ask("Ann: draw a lighthouse")


def test_draws_whatever_is_said_when_it_must() -> None:
    assert draw("Ann: hm", tool_choice={"type": "image_generation"})


def test_an_edit_keeps_what_was_drawn_and_a_new_picture_does_not() -> None:
    night = draw("Ann: draw a lighthouse", LIGHTHOUSE, "Ann: now make it night")
    assert night
    assert night != draw("Ann: draw a lighthouse", LIGHTHOUSE, "Ann: now make it a sunset")
    assert night != draw("Ann: draw a boat", LIGHTHOUSE, "Ann: now make it night")
    assert draw("Ann: draw a lighthouse", LIGHTHOUSE, "Ann: draw a house") == draw("Ann: draw a house")


def test_a_picture_is_called_by_what_was_asked_for() -> None:
    request = parse_request({"model": "gpt-6-luna", "input": "Ann: draw a boat", "tools": [TOOL]}, MODELS)
    assert works_of(request, friendly(request))[0].revised_prompt == "draw a boat"


def test_the_menu_offers_to_draw_only_where_that_can_be_done() -> None:
    assert "draw a lighthouse" in ask("Ann: help", tools=[TOOL])
    assert "draw a lighthouse" not in ask("Ann: help")


def test_the_menu_offers_to_order_books_only_where_the_library_is_at_hand() -> None:
    library = {"type": "mcp", "server_label": "library", "server_url": LIBRARY}
    assert "use library order_book" in ask("Ann: help", tools=[library])
    assert "use library order_book" not in ask("Ann: help", tools=[TOOL])


def test_tells_what_it_sees_and_hears() -> None:
    parts = [
        text("Ann: What is this?"),
        text('[picture "kite.png"]'),
        {"type": "input_image", "detail": "high", "image_url": data_url(PNG)},
        text('<file name="plan.pdf" kind="PDF document" content="2 pages">\n--- page 1 ---\nSpring comes\n</file>'),
        text('[recording "clip.m4a", in which is said:]\nBring the ladder'),
    ]
    asked = [{"role": "user", "content": parts}]
    answer = friendly(parse_request({"model": "gpt-6-luna", "input": asked}, MODELS)).text
    assert f"the picture **kite.png**, image/png, {len(PNG):,} bytes" in answer
    assert "the file **plan.pdf** of 12 characters, which begins:\n    > Spring comes" in answer
    assert "the recording **clip.m4a**, in which I hear:\n    > Bring the ladder" in answer
    later = [*asked, {"role": "assistant", "content": "I see"}, {"role": "user", "content": "Ann: which file was it?"}]
    assert "plan.pdf" in friendly(parse_request({"model": "gpt-6-luna", "input": later}, MODELS)).text


def test_the_images_api_of_the_demo_draws_the_same_landscapes() -> None:
    commission = Commission("a lighthouse", ImageOptions(output_format="jpeg"))
    drawn = carry_out(demo_model().draw(commission), commission).image
    assert drawn
    assert drawn.startswith(b"\xff\xd8\xff")


FUNCTION: dict[str, Any] = {
    "type": "function",
    "name": "weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}},
    "strict": False,
}
SERVER: dict[str, Any] = {"type": "mcp", "server_label": "library", "server_url": LIBRARY}


def used(question: str, **changes: Any) -> tuple[Use, ...]:
    body = {"model": "gpt-6.1-terra", "input": f"Ann: {question}", "tools": [FUNCTION, SERVER], **changes}
    return friendly(parse_request(body, MODELS)).uses


@pytest.mark.parametrize(
    ("question", "uses"),
    [
        ("use weather Oslo today", (FunctionUse("weather", '{"city": "Oslo today", "days": 0}'),)),
        ("Please use `library` order_book Emma", (ServerUse("library", "order_book", '{"title": "Emma"}'),)),
        ("use library", ()),
        ("use library burn_book Emma", ()),
        ("use your head", ()),
        ("hello", ()),
    ],
)
def test_uses_what_it_is_told_to_use_by_name(question: str, uses: tuple[Use, ...]) -> None:
    assert used(question) == uses
    assert used(question, tool_choice="none") == ()


def test_says_what_came_of_it() -> None:
    item = {"type": "function_call", "call_id": "c", "name": "weather", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "c", "output": "Rain."}
    body = {"model": "gpt-6.1-terra", "input": [{"role": "user", "content": "Ann: use weather"}, item, output]}
    answer = friendly(parse_request(body, MODELS))
    assert answer.text == "I was told:\n\n> Rain."
    assert answer.uses == ()


@pytest.mark.parametrize(("approve", "words"), [(True, "“Emma” is ordered"), (False, "I was not allowed")])
async def test_a_book_is_ordered_once_and_only_with_an_approval(approve: bool, words: str) -> None:
    async with serve_openai(demo_model()) as server, AsyncOpenAI(base_url=server.base_url, api_key=API_KEY) as client:
        items: list[Any] = [{"role": "user", "content": "Ann: use library order_book Emma"}]
        first = await client.responses.create(model="gpt-6.1-terra", input=items, tools=[SERVER])  # type: ignore[list-item]
        request = first.output[-1].to_dict()
        answer = {"type": "mcp_approval_response", "approval_request_id": request["id"], "approve": approve}
        items += [*(item.to_dict() for item in first.output), answer]
        second = await client.responses.create(model="gpt-6.1-terra", input=items, tools=[SERVER])  # type: ignore[list-item]
    assert words in second.output_text
    assert [item.type for item in second.output].count("mcp_call") == approve
    assert "mcp_approval_request" not in [item.type for item in second.output]


def test_what_only_reads_is_told_at_once() -> None:
    reads = {**SERVER, "require_approval": {"never": {"read_only": True}}}
    assert "shelf 7" in ask("Ann: use library find_book Emma", tools=[reads])
    assert "shelf 7" not in ask("Ann: use library find_book Emma", tools=[SERVER])


def test_draws_a_chart_where_code_may_run_and_reads_the_handbook_where_files_may_be_searched() -> None:
    code = {"type": "code_interpreter", "container": {"type": "auto"}}
    files = {"type": "file_search", "vector_store_ids": ["vs_1"]}
    for question, tool, kind in (("Make a chart", code, CodeUse), ("What says the handbook?", files, FileUse)):
        body = {"model": "gpt-6.1-terra", "input": f"Ann: {question}", "tools": [tool]}
        (used,) = friendly(parse_request(body, MODELS)).uses
        assert isinstance(used, kind)
        assert friendly(parse_request({**body, "tools": []}, MODELS)).uses == ()
