"""Their events, our events: in any order, with anything missing."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import (
    AnswerCutOff,
    AnswerRefused,
    ConversationTooLong,
    ModelBusy,
    ModelError,
    QuotaExhausted,
)
from bot.domain.reply import DRAWING, THINKING, Citation, CutReason, Done, ReplyEvent, StatusChange, TextDelta
from bot.domain.usage import Usage
from bot.openai.errors import PictureFailed, ProviderTrouble
from bot.openai.pictures import Drawn
from bot.openai.searches import SEARCHING
from bot.openai.stream import Answer, is_keepalive

Event = dict[str, Any]


def read(events: Iterable[object], answer: Answer | None = None) -> list[ReplyEvent | Drawn]:
    answer = answer or Answer()
    reply = [reply_event for event in events for reply_event in answer.take(event)]
    answer.end()
    return reply


def text_of(reply: Iterable[ReplyEvent | Drawn]) -> str:
    return "".join(event.text for event in reply if isinstance(event, TextDelta))


def delta(text: str, item: int = 0) -> Event:
    return {"type": "response.output_text.delta", "output_index": item, "content_index": 0, "delta": text}


def done_part(text: str, item: int = 0) -> Event:
    return {"type": "response.output_text.done", "output_index": item, "content_index": 0, "text": text}


def whole_part(text: str) -> Event:
    part = {"type": "output_text", "text": text}
    return {"type": "response.content_part.done", "output_index": 0, "content_index": 0, "part": part}


def message(*texts: str) -> Event:
    return {"type": "message", "content": [{"type": "output_text", "text": text} for text in texts]}


def ended(how: str = "completed", *items: Event, **fields: Any) -> Event:
    return {"type": f"response.{how}", "response": {"status": how, "output": list(items), **fields}}


def test_deltas_are_the_answer() -> None:
    events = [{"type": "response.created"}, delta("Hello"), delta(" world"), ended()]
    assert read(events) == [TextDelta("Hello"), TextDelta(" world"), Done()]


def test_what_the_cache_had_and_what_was_written_into_it_are_told_apart() -> None:
    details = {"cached_tokens": 64, "cache_write_tokens": 20}
    usage = {"input_tokens": 90, "input_tokens_details": details, "output_tokens": 7}
    read([delta("Hello"), ended(usage=usage)], answer := Answer())
    assert answer.usage == Usage(90, 64, 7, written_tokens=20)


TOOLS = {"image_gen": {"input_tokens": 60, "output_tokens": 440}, "web_search": {"num_requests": 2}}
SEARCH = {"type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "rain"}}
PAGE = {
    "type": "web_search_call",
    "status": "completed",
    "action": {"type": "open_page", "url": "https://rain.example"},
}


FILES = {"type": "file_search_call", "status": "completed", "queries": ["rain"]}
CODE = {"type": "code_interpreter_call", "status": "completed", "code": "1", "container_id": "cntr_1"}


@pytest.mark.parametrize(
    ("items", "fields", "usage"),
    [
        ([SEARCH], {"tool_usage": TOOLS}, Usage(searches=2)),
        ([SEARCH, PAGE, SEARCH], {}, Usage(searches=2)),
        ([SEARCH], {"tool_usage": {"web_search": {"num_requests": 0}}}, Usage()),
        ([PAGE], {"tool_usage": None}, Usage()),
        ([FILES, FILES], {"tool_usage": TOOLS}, Usage(searches=2, file_searches=2)),
        ([CODE, CODE, {**CODE, "container_id": "cntr_2"}], {}, Usage(containers=2)),
        ([{**CODE, "container_id": None}], {}, Usage()),
    ],
)
def test_tools_that_are_paid_for_are_counted(items: list[Event], fields: Event, usage: Usage) -> None:
    read([delta("Hi"), ended("completed", *items, **fields)], answer := Answer())
    assert answer.usage == usage
    assert answer.drawn_usage == (Usage(60, 0, 440) if "image_gen" in (fields.get("tool_usage") or {}) else Usage())


def test_a_container_is_paid_for_by_the_round_that_has_opened_it() -> None:
    read([delta("Hi"), ended("completed", CODE)], first := Answer())
    read([delta("Hi"), ended("completed", CODE)], second := Answer(made=first.made))
    assert (first.usage, second.usage) == (Usage(containers=1), Usage())


def test_what_tools_have_cost_is_known_before_the_end() -> None:
    answer = Answer()
    for place, item in enumerate([SEARCH, FILES, CODE]):
        answer.take({"type": "response.output_item.done", "output_index": place, "item": item})
    assert answer.so_far == Usage(searches=1, file_searches=1, containers=1)


def test_events_are_read_by_attributes_too() -> None:
    events = [SimpleNamespace(**delta("Hi")), SimpleNamespace(type="response.completed", response=SimpleNamespace())]
    assert read(events) == [TextDelta("Hi"), Done()]


@pytest.mark.parametrize(
    "events",
    [
        [delta("Hel"), delta("lo"), done_part("Hello"), ended("completed", message("Hello"))],
        [done_part("Hello"), ended("completed", message("Hello"))],
        [done_part("Hello"), done_part("Hello"), ended()],
        [ended("completed", message("Hello"))],
        [whole_part("Hello"), ended()],
        [{"type": "response.output_item.done", "output_index": 0, "item": message("Hel", "lo")}, ended()],
        [delta("Hel"), whole_part("Hello"), ended()],
        [delta("Hel"), ended("completed", message("Hello"))],
        [delta("Hel"), done_part("Hello"), ended()],
        [done_part("Hello"), delta("Hello"), ended("completed", message("Hello"))],
        [ended("completed", message("Hello")), delta("Hello"), ended("completed", message("Hello"))],
        [ended("completed", {"type": "reasoning", "content": [{"type": "text", "text": "?"}]}, message("Hel", "lo"))],
    ],
)
def test_text_is_delivered_once_however_it_arrives(events: list[Event]) -> None:
    reply = read(events)
    assert text_of(reply) == "Hello"
    assert reply[-1] == Done()


def test_what_was_shown_stays_when_the_end_tells_another_story() -> None:
    assert text_of(read([delta("Good morning"), ended("completed", message("Hello"))])) == "Good morning"


def test_two_messages_of_one_answer_are_two_paragraphs() -> None:
    finished = ended("completed", message("First."), message("Second."))
    assert text_of(read([delta("First.", 0), delta("Second.", 2), finished])) == "First.\n\nSecond."
    assert text_of(read([finished])) == "First.\n\nSecond."


def test_a_refusal_in_words_is_the_answer() -> None:
    refusal = {"type": "response.refusal.delta", "output_index": 0, "delta": "I can't help with that."}
    whole = {"type": "response.refusal.done", "output_index": 0, "refusal": "I can't help with that."}
    item = {"type": "message", "content": [{"type": "refusal", "refusal": "I can't help with that."}]}
    assert read([refusal, whole, ended("completed", item)]) == [TextDelta("I can't help with that."), Done()]
    assert read([ended("completed", item)]) == [TextDelta("I can't help with that."), Done()]


def test_a_refusal_without_words_is_an_error() -> None:
    with pytest.raises(AnswerRefused):
        read([{"type": "response.refusal.done"}, ended()])


def test_an_answer_without_words_is_an_error() -> None:
    with pytest.raises(ModelError):
        read([ended()])


@pytest.mark.parametrize(
    ("reason", "cut"),
    [
        ("max_output_tokens", CutReason.LENGTH),
        ("max_messages", CutReason.LENGTH),
        (None, CutReason.LENGTH),
        ("content_filter", CutReason.FILTER),
    ],
)
@pytest.mark.parametrize("kind", ["response.incomplete", "response.completed"])
def test_a_shortened_answer_says_why(kind: str, reason: str | None, cut: CutReason) -> None:
    end = {"type": kind, "response": {"status": "incomplete", "incomplete_details": {"reason": reason}}}
    assert read([delta("Hel"), end]) == [TextDelta("Hel"), Done(cut=cut)]


def test_an_answer_that_only_thought_is_cut_by_length() -> None:
    end = ended("incomplete", incomplete_details={"reason": "max_output_tokens"})
    assert read([end]) == [Done(cut=CutReason.LENGTH)]


def test_an_answer_that_was_filtered_as_a_whole_is_a_refusal() -> None:
    with pytest.raises(AnswerRefused):
        read([ended("incomplete", incomplete_details={"reason": "content_filter"})])


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({"type": "error", "code": "rate_limit_exceeded", "message": "m"}, ModelBusy),
        ({"type": "error", "error": {"code": "insufficient_quota", "message": "m"}}, QuotaExhausted),
        ({"type": "error", "error": {"type": "server_error"}}, ProviderTrouble),
        ({"type": "error"}, ModelError),
        (ended("failed", error={"code": "server_error", "message": "m"}), ProviderTrouble),
        (ended("failed", error={"code": "bio_policy", "message": "m"}), AnswerRefused),
        (ended("failed", error={"code": "context_length_exceeded"}), ConversationTooLong),
        (ended("failed"), ModelError),
        ({"type": "response.completed", "response": {"status": "failed"}}, ModelError),
        ({"type": "response.completed", "response": {"status": "cancelled"}}, AnswerCutOff),
    ],
)
def test_a_reported_error_is_raised(event: Event, error: type[ModelError]) -> None:
    with pytest.raises(ModelError) as raised:
        read([delta("Hel"), event])
    assert type(raised.value) is error


def test_a_stream_that_just_ends_is_cut_off() -> None:
    with pytest.raises(AnswerCutOff):
        read([delta("Hello"), done_part("Hello")])


def test_thinking_and_searching_show_once_and_only_before_the_text() -> None:
    events: list[Event] = [
        {"type": "response.output_item.added", "item": {"type": "reasoning"}},
        {"type": "response.reasoning_summary_text.delta", "delta": "hmm"},
        {"type": "response.web_search_call.in_progress"},
        {"type": "response.web_search_call.searching"},
        {"type": "response.output_item.added", "item": {"type": "message"}},
        delta("Hi"),
        {"type": "response.reasoning_summary_text.delta", "delta": "hmm"},
        ended(),
    ]
    assert read(events) == [THINKING, SEARCHING, TextDelta("Hi"), Done()]


def picture(name: str = "ig_1", **fields: Any) -> Event:
    item = {"type": "image_generation_call", "id": name, "status": "completed", "result": "iVBORw=="}
    return {**item, "revised_prompt": "a lighthouse", "output_format": "png", **fields}


def drawn(item: Event, place: int = 0) -> Event:
    return {"type": "response.output_item.done", "output_index": place, "item": item}


BLOCKED = picture(status="failed", result=None, error={"type": "t", "code": "moderation_blocked", "message": "m"})
PICTURE = Drawn("iVBORw==", "a lighthouse")


@pytest.mark.parametrize(
    "events",
    [
        [drawn(picture()), ended("completed", picture())],
        [drawn(picture()), drawn(picture()), ended()],
        [ended("completed", picture())],
        [drawn(picture(id=None)), ended("completed", picture(id=None))],
    ],
)
def test_a_picture_is_delivered_once_however_it_arrives(events: list[Event]) -> None:
    assert [event for event in read(events) if not isinstance(event, StatusChange)] == [PICTURE, Done()]


def test_a_picture_comes_with_the_words_around_it() -> None:
    events = [delta("Here it is:", 0), drawn(picture(), 1), delta("Nice?", 2), ended("completed")]
    assert read(events) == [TextDelta("Here it is:"), PICTURE, TextDelta("\n\nNice?"), Done()]


def test_two_pictures_are_two() -> None:
    items = picture("ig_1"), picture("ig_2")
    reply = read([drawn(items[0], 0), drawn(items[1], 1), ended("completed", *items)])
    assert [event for event in reply if isinstance(event, Drawn)] == [PICTURE, PICTURE]


def test_the_drawing_is_told_until_there_is_text_and_previews_are_ignored() -> None:
    events: list[Event] = [
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning"}},
        {"type": "response.output_item.added", "output_index": 1, "item": picture(status="in_progress", result=None)},
        {"type": "response.image_generation_call.in_progress"},
        {"type": "response.image_generation_call.partial_image", "partial_image_b64": "AAAA"},
        drawn(picture(), 1),
        ended("completed", picture()),
    ]
    assert read(events) == [THINKING, DRAWING, PICTURE, Done()]


def test_whether_a_picture_is_under_way_or_was_begun_is_known() -> None:
    answer = Answer()
    answer.take(delta("I will draw."))
    assert (answer.drawing, answer.drew) == (False, False)
    answer.take({"type": "response.image_generation_call.generating"})
    assert (answer.drawing, answer.drew) == (True, True)
    answer.take(drawn(picture()))
    assert (answer.drawing, answer.drew) == (False, True)


def test_a_forbidden_picture_is_a_refusal() -> None:
    with pytest.raises(AnswerRefused) as raised:
        read([drawn(BLOCKED), ended("completed", BLOCKED)])
    assert "picture" in raised.value.explanation


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("server_error", PictureFailed),
        ("model_not_found", PictureFailed),
        ("odd", PictureFailed),
        (None, PictureFailed),
        ("rate_limit_exceeded", ModelBusy),
        ("insufficient_quota", QuotaExhausted),
    ],
)
def test_a_picture_that_failed_otherwise_is_an_error(code: str | None, error: type[ModelError]) -> None:
    with pytest.raises(ModelError) as raised:
        read([ended("completed", picture(status="failed", result=None, error={"code": code}))])
    assert type(raised.value) is error


def test_an_order_that_brought_nothing_is_a_picture_that_failed() -> None:
    with pytest.raises(PictureFailed):
        Answer(ordered=True).take(ended())


@pytest.mark.parametrize("events", [[delta("I may not.")], [drawn(picture("ig_2"), 1)]])
def test_an_answer_goes_on_without_a_forbidden_picture(events: list[Event]) -> None:
    assert read([drawn(BLOCKED), *events, ended("completed", BLOCKED)])[-1] == Done()


@pytest.mark.parametrize("strange", [picture(result=""), picture(result=7), picture(result=None)])
def test_no_picture_is_no_answer(strange: Event) -> None:
    with pytest.raises(PictureFailed):
        read([drawn(strange), ended("completed", strange)])


@pytest.mark.parametrize("kind", ["keepalive", "response.dream.delta", "", None, 7])
def test_what_is_not_known_is_ignored(kind: object) -> None:
    assert read([{"type": kind, "delta": "zzz"}, delta("Hi"), ended()]) == [TextDelta("Hi"), Done()]


@pytest.mark.parametrize(
    "strange", [None, 7, "text", {"type": "message"}, [None, 7, {"type": "message", "content": 7}]]
)
def test_a_strange_output_is_no_text(strange: object) -> None:
    assert read([delta("Hi"), ended(output=strange)]) == [TextDelta("Hi"), Done()]


def test_only_a_keepalive_is_no_progress() -> None:
    assert is_keepalive({"type": "keepalive"})
    assert not is_keepalive(delta("x"))
    assert not is_keepalive(None)


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert text_of(read([delta("a\ud83d"), ended()])).encode()


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(("message", "image_generation_call")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("type", "status", "output", "content", "text", "code", "error", "usage", "result", "id")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)
KINDS = st.sampled_from(
    (
        "error",
        "keepalive",
        "response.completed",
        "response.created",
        "response.failed",
        "response.image_generation_call.in_progress",
        "response.incomplete",
        "response.output_item.added",
        "response.output_item.done",
        "response.output_text.delta",
        "response.output_text.done",
        "response.refusal.delta",
        "response.refusal.done",
        "response.web_search_call.searching",
    )
)
FIELDS = ("code", "content_index", "delta", "error", "item", "output_index", "refusal", "response", "text")
BROKEN_EVENTS = st.fixed_dictionaries(
    {"type": KINDS},
    optional=dict.fromkeys(FIELDS, ANYTHING),
)


@given(st.lists(BROKEN_EVENTS | ANYTHING, max_size=12))
def test_anything_ends_in_one_done_or_one_of_our_errors(events: list[object]) -> None:
    try:
        reply = read(events)
    except ModelError:
        return
    assert [isinstance(event, Done) for event in reply] == [False] * (len(reply) - 1) + [True]


GOOD_EVENTS: list[Event] = [
    {"type": "response.created", "response": {"status": "in_progress"}},
    {"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning"}},
    delta("one ", 1),
    delta("two ", 1),
    delta("three", 1),
    done_part("one two three", 1),
    {"type": "keepalive"},
    ended("completed", {"type": "reasoning"}, message("one two three")),
]


@given(st.lists(st.sampled_from(GOOD_EVENTS), max_size=12))
def test_any_order_of_events_shows_only_what_was_sent(events: list[Event]) -> None:
    try:
        reply = read(events)
    except AnswerCutOff:
        assert all(event["type"] != "response.completed" for event in events)
        return
    assert reply[-1] == Done()
    assert all(isinstance(event, StatusChange | TextDelta) for event in reply[:-1])
    before_the_end = events[: events.index(GOOD_EVENTS[-1])]
    shown = "".join(event["delta"] for event in before_the_end if "delta" in event)
    assert text_of(reply) == ("one two three" if "one two three".startswith(shown) else shown)


def search(status: str, query: str = "") -> Event:
    action = {"action": {"type": "search", "query": query}} if query else {}
    return {"type": f"response.output_item.{status}", "output_index": 1, "item": {"type": "web_search_call", **action}}


def test_a_search_shows_what_is_searched_for_as_soon_as_it_is_known() -> None:
    events = [search("added"), {"type": "response.web_search_call.searching"}, search("done", "rain")]
    events += [search("added"), {"type": "response.web_search_call.completed"}, search("done", "snow")]
    statuses = [event for event in read([*events, delta("Hi"), ended()]) if isinstance(event, StatusChange)]
    words = ["searching the web", "searching the web: rain", "searching the web: snow"]
    assert statuses == [StatusChange(text) for text in words]


RAIN = {"type": "url_citation", "url": "https://rain.example", "title": "Rain", "start_index": 0, "end_index": 2}
SNOW = {**RAIN, "url": "https://snow.example", "title": "Snow"}


def test_a_page_is_cited_once_however_it_is_told() -> None:
    told = {"type": "response.output_text.annotation.added", "annotation": RAIN}
    item = {"type": "message", "content": [{"type": "output_text", "text": "Hi", "annotations": [RAIN, SNOW]}]}
    done = {"type": "response.output_item.done", "output_index": 0, "item": item}
    pages = [Citation("https://rain.example", "Rain"), Citation("https://snow.example", "Snow")]
    expected = [TextDelta("Hi"), *pages, Done()]
    assert read([delta("Hi"), told, done, ended("completed", item)]) == expected
    assert read([delta("Hi"), ended("completed", item)]) == expected
    assert read([ended("completed", item)]) == expected


def test_marks_of_citations_are_taken_out_although_the_end_repeats_them() -> None:
    text = "It rains \ue200cite\ue202turn0search0\ue201. 【"
    pieces = [delta(character) for character in text]
    assert text_of(read([*pieces, done_part(text), ended("completed", message(text))])) == "It rains . 【"
    assert text_of(read([*pieces[:12], ended("completed", message(text))])) == "It rains . 【"


def test_the_end_names_the_model_that_was_asked() -> None:
    answer = Answer("gpt-6.1-terra")
    assert answer.take(ended("completed", message("Hi")))[-1] == Done(model="gpt-6.1-terra")
