"""Answers that rest on pages of the web."""

import pytest

from playground.openai import scripts
from tests.stories.forms import open_settings
from tests.stories.stage import PATIENCE, Stage

KESTRELS, RIVERS = ("https://example.com/kestrels?q=1&r=2", "Kestrels & <co>"), ("https://example.org/rivers", "")


async def test_the_search_is_shown_while_it_lasts_and_its_pages_are_numbered_below_the_answer(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.search("Kestrels hover.", "how kestrels hunt", pages=[KESTRELS, RIVERS, KESTRELS])
    hold = stage.model.hold()
    question = await stage.ask("How do kestrels hunt?")
    place = (stage.dm.id, question["ts"])
    await stage.workspace.wait_for(
        lambda: place in stage.workspace.statuses and "how kestrels hunt" in stage.workspace.statuses[place].text,
        PATIENCE,
    )
    hold.release()
    await stage.shows(question, "Kestrels hover.")
    assert stage.notes(question) == [
        "1. <https://example.com/kestrels?q=1&amp;r=2|Kestrels &amp; &lt;co&gt;>\n2. <https://example.org/rivers>"
    ]


@pytest.mark.parametrize("streaming", ["auto", "edits"])
async def test_sources_and_footer_are_no_part_of_what_the_model_reads_next(stage: Stage, streaming: str) -> None:
    await stage.start(SLACK_STREAMING=streaming, FOOTER="on", FEEDBACK_BUTTONS="on")
    stage.model.script = scripts.search("Kestrels hover.", pages=[KESTRELS])
    question = await stage.ask("How do kestrels hunt?")
    await stage.answered(question)
    stage.model.script = scripts.say("At dusk.")
    await stage.ask("And when?", thread=question["ts"])
    await stage.answered(question, count=2)
    said = [item["content"] for item in stage.model.requests[-1].body["input"] if item["role"] == "assistant"]
    assert said == ["Kestrels hover."]


async def test_marks_that_models_write_for_programs_are_never_seen(stage: Stage) -> None:
    await stage.start()
    mark = "\ue200cite\ue202turn0search0\ue201"
    stage.model.script = scripts.search(f"Kestrels hover{mark}. They eat voles 【4†source】.", pages=[KESTRELS])
    question = await stage.ask("How do kestrels hunt?")
    (text,) = await stage.answered(question)
    assert "\ue200" not in text
    assert "turn0search0" not in text
    assert "†" not in text
    assert text.startswith("Kestrels hover")


async def test_whoever_switches_it_off_sends_nobodys_question_to_the_web(stage: Stage) -> None:
    await stage.start()
    tools = []
    for choice in ("off", "on"):
        form = await open_settings(stage)
        assert await form.save(web_search=choice) == {}
        await stage.answered(await stage.ask("What is new?"))
        tools.append({tool["type"] for tool in stage.model.requests[-1].body["tools"]})
    assert tools == [{"image_generation"}, {"image_generation", "web_search"}]


async def test_the_operator_can_switch_it_off_and_a_person_on_again(stage: Stage) -> None:
    await stage.start(DEFAULT_WEB_SEARCH="off")
    await stage.answered(await stage.ask("What is new?"))
    form = await open_settings(stage, stage.ben, stage.channel)
    assert await form.save(web_search="on") == {}
    await stage.answered(
        await stage.ask(f"{stage.mention} hi", who=stage.ben, where=stage.channel), where=stage.channel
    )
    offered = ["web_search" in str(request.body["tools"]) for request in stage.model.requests]
    assert offered == [False, True]


async def test_the_operator_says_where_people_are_and_on_which_sites_to_search(stage: Stage) -> None:
    await stage.start(WEB_SEARCH_LOCATION="DE, Berlin, Europe/Berlin", WEB_SEARCH_DOMAINS="example.com")
    await stage.answered(await stage.ask("What is new?"))
    (tool,) = [tool for tool in stage.model.requests[-1].body["tools"] if tool["type"] == "web_search"]
    assert tool["filters"] == {"allowed_domains": ["example.com"]}
    assert tool["user_location"] == {
        "type": "approximate",
        "country": "DE",
        "city": "Berlin",
        "timezone": "Europe/Berlin",
    }
