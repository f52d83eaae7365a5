"""Tools that the provider runs: code, whose files come into the thread, and the search of the organisation's files."""

import pytest

from playground.openai import scripts
from playground.openai.hosted import CodeUse
from playground.openai.hosted_events import INTERPRETING
from playground.openai.model import ScriptedModel
from playground.openai.requests import Request
from playground.openai.scripts import Answer
from playground.slack.faults import Silence
from tests.doubles.until import until
from tests.stories.albums import album, painted, shown, words
from tests.stories.stage import PATIENCE, Stage

FILES = {"chart.png": painted("chart"), "figures.csv": b"month,visits\nMay,31\n"}
TEXT = "Here are [the figures](sandbox:/mnt/data/figures.csv).\n\n![The chart](sandbox:/mnt/data/chart.png)"
COMPLETE = "files.completeUploadExternal"
HOSTED = {"file_search", "code_interpreter"}


@pytest.fixture
def equipped(stage: Stage) -> Stage:
    """A stage whose daemon may use all of them."""
    (stage.folder / "tools.toml").write_text('[[files]]\nstores = ["vs_handbook"]\n[code]\n', encoding="utf-8")
    (stage.folder / ".env").write_text("TOOLS_FILE=tools.toml\n", encoding="utf-8")
    return stage


def offered(model: ScriptedModel) -> set[str]:
    """The hosted tools of the newest request for an answer."""
    return {tool["type"] for tool in model.requests[-1].body.get("tools", ())} & HOSTED


async def test_a_chart_and_its_figures_come_below_the_text_under_their_names(equipped: Stage) -> None:
    await equipped.start()
    equipped.model.script = scripts.run_code(TEXT, FILES)
    hold = equipped.model.hold(event=INTERPRETING)
    question = await equipped.ask("Make a chart of the visits")
    place = (equipped.dm.id, question["ts"])
    await equipped.workspace.wait_for(
        lambda: place in equipped.workspace.statuses and "running code" in equipped.workspace.statuses[place].text,
        PATIENCE,
    )
    hold.release()
    chart, figures = await shown(equipped, question, 2)
    assert words(equipped, question) == ["Here are the figures (`figures.csv`).\n\nThe chart (`chart.png`)"]
    assert {chart.name: chart.content, figures.name: figures.content} == FILES
    assert chart.alt_text == "chart.png"
    assert equipped.notes(question) == []


@pytest.mark.parametrize("arrived", [False, True], ids=["before the first is shown", "when the first is shown"])
async def test_kill_9_neither_loses_nor_doubles_a_file_and_runs_no_code_again(equipped: Stage, arrived: bool) -> None:
    daemon = await equipped.start()
    equipped.model.script = run_once
    equipped.slack.faults.add(COMPLETE, Silence(carried_out=arrived))
    question = await equipped.ask("Make a chart of the visits")
    await until(lambda: equipped.slack.calls.count(COMPLETE) > 0, PATIENCE)
    if arrived:
        await equipped.workspace.wait_for(lambda: album(equipped, question), PATIENCE)
    await daemon.kill()
    equipped.slack.faults.clear()
    await equipped.start()
    await equipped.workspace.wait_for(lambda: "It is above." in words(equipped, question), PATIENCE)
    files = await shown(equipped, question, 2)
    assert sorted(file.name for file in files) == sorted(FILES)
    assert words(equipped, question) == ["It is above."]
    assert len(equipped.model.containers) == 1


def run_once(request: Request) -> Answer:
    """The chart, where code may run."""
    if any(tool["type"] == "code_interpreter" for tool in request.tools):
        return scripts.use(CodeUse("make()", FILES), before=TEXT)(request)
    return scripts.say("It is above.")(request)


async def test_a_file_that_cannot_be_fetched_is_named_below_the_answer(equipped: Stage) -> None:
    await equipped.start()
    equipped.model.script = scripts.run_code("Here it is.", FILES)
    hold = equipped.model.hold()
    question = await equipped.ask("Make a chart of the visits")
    await hold.reached.wait()
    (container,) = equipped.model.containers.values()
    for file in [file for file in container.files.values() if file.name == "chart.png"]:
        del container.files[file.id]
    hold.release()
    (figures,) = await shown(equipped, question)
    assert figures.name == "figures.csv"
    (text,) = words(equipped, question)
    assert text.startswith("Here it is.\n\n> ⚠️ I could not bring you `chart.png`: it has been deleted.")


async def test_the_files_on_which_an_answer_rests_are_named_below_it(equipped: Stage) -> None:
    await equipped.start()
    link = "[more](https://elsewhere.example/?q=secret)"
    equipped.model.script = scripts.look_up(
        f"Tea is at four【4:0†handbook.pdf】. {link}", "handbook.pdf", "tea rules.md"
    )
    question = await equipped.ask("When is tea?")
    (text,) = await equipped.answered(question)
    assert text.startswith("Tea is at four. ")
    assert "](https://elsewhere.example" not in text, "files may have been written by anybody"
    assert equipped.notes(question) == ["1. `handbook.pdf`\n2. `tea rules.md`"]


async def test_a_server_that_lacks_them_answers_all_the_same(equipped: Stage) -> None:
    await equipped.start()
    equipped.model.stores = ()
    assert await equipped.answered(await equipped.ask("When is tea?")) == ["ann: When is tea?"]
    assert offered(equipped.model) == {"code_interpreter"}


async def test_nobody_has_them_without_the_operators_will(stage: Stage) -> None:
    await stage.start()
    await stage.answered(await stage.ask("Make a chart of the visits"))
    assert offered(stage.model) == set()
