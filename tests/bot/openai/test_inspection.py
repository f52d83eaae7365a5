"""What an operator reads of the configured models before a start."""

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta

import pytest

from bot.domain.findings import Finding, Verdict
from bot.domain.settings import Settings
from bot.openai.client import connect
from bot.openai.images import ToolBackend
from bot.openai.inspection import Inspection, day_in
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from bot.openai.transcription import Transcriber
from config.catalog import load_catalog
from playground.openai import faults
from playground.openai.calls import Kind
from playground.openai.model import API_KEY, ScriptedModel
from playground.openai.server import serve_openai

DESCRIBE = load_catalog().describe
TODAY = date(2026, 11, 1)


class Scene:
    """A server, and an inspection of it; `settings` and the like may be changed before it runs."""

    def __init__(self, scripted: ScriptedModel, base_url: str) -> None:
        self.scripted = scripted
        self.base_url = base_url
        self.settings = Settings()
        self.key = API_KEY
        self.utility_model = "gpt-6-luna"
        self.transcription_model = "gpt-transcribe"
        self.draw = False

    async def findings(self) -> list[Finding]:
        async with connect(self.key, self.base_url, Patience()) as client:
            model = OpenAIModel(client, DESCRIBE, Patience(), RetryPolicy(tries=1))
            return await Inspection(
                model=model,
                describe=DESCRIBE,
                settings=self.settings,
                utility_model=self.utility_model,
                transcribe=Transcriber(client, self.transcription_model, retries=RetryPolicy(tries=1)),
                images=ToolBackend(model) if self.draw else None,
                offers_tool=True,
                today=TODAY,
                notice=timedelta(days=60),
            ).run()

    async def told(self, verdict: Verdict) -> str:
        return " ".join(str(finding) for finding in await self.findings() if finding.verdict is verdict)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scripted = ScriptedModel()
    async with serve_openai(scripted) as server:
        yield Scene(scripted, server.base_url)


async def test_models_that_do_what_is_asked_are_ok_and_nothing_is_drawn(scene: Scene) -> None:
    findings = await scene.findings()
    assert {finding.verdict for finding in findings} == {Verdict.OK, Verdict.NOTE}
    said = " ".join(map(str, findings))
    for ability in ("streams an answer", "takes the image tool", "looks at a picture", "JSON schema", "listens"):
        assert ability in said
    assert {call.kind for call in scene.scripted.calls} == {Kind.ANSWER, Kind.DECISION, Kind.TRANSCRIPTION}
    assert not any("tool_choice" in call.body for call in scene.scripted.calls)


async def test_questions_are_short_and_kept_by_nobody(scene: Scene) -> None:
    await scene.findings()
    answers = scene.scripted.requests
    assert {call.body["max_output_tokens"] for call in answers} == {16}
    assert {call.body["store"] for call in answers} == {False}
    assert len(scene.scripted.calls) == 5


async def test_a_picture_is_drawn_when_it_is_wanted(scene: Scene) -> None:
    scene.draw = True
    assert "gpt-image-2.5-flare has drawn a picture" in await scene.told(Verdict.OK)


async def test_a_wrong_key_is_told_once_and_nothing_else_is_tried(scene: Scene) -> None:
    scene.key = "sk-secret"
    (finding,) = await scene.findings()
    assert finding.verdict is Verdict.PROBLEM
    assert "OPENAI_API_KEY" in finding.found
    assert "secret" not in str(finding)
    assert scene.scripted.calls == []


async def test_a_server_out_of_reach_is_told_once(scene: Scene) -> None:
    scene.base_url = "http://127.0.0.1:1/v1"
    (finding,) = await scene.findings()
    assert finding.verdict is Verdict.PROBLEM
    assert "OPENAI_BASE_URL" in finding.found


async def test_a_model_that_is_not_there_is_named_by_its_variable_and_not_asked(scene: Scene) -> None:
    scene.utility_model = "gpt-nix"
    problems = await scene.told(Verdict.PROBLEM)
    assert problems.count("UTILITY_MODEL: there is no gpt-nix") == 1
    assert "gpt-nix" not in {call.body["model"] for call in scene.scripted.calls}


async def test_a_model_whose_end_is_near_or_past_is_told(scene: Scene) -> None:
    scene.settings = Settings(model="gpt-5")
    assert "gpt-5 is shut down on 2026-12-11" in await scene.told(Verdict.WARNING)


@pytest.mark.parametrize(
    ("refused", "says", "is_missing"),
    [
        ("text.format", "is asked without text.format", "chooses by a JSON schema"),
        ("tools", "is asked without tools", "takes the image tool"),
        ("safety_identifier", "without safety_identifier, which its server refuses", ""),
        ("store", "whether answers are kept is up to the server", ""),
    ],
)
async def test_what_a_server_refuses_and_answers_can_do_without_is_a_warning(
    scene: Scene, refused: str, says: str, is_missing: str
) -> None:
    scene.scripted.refused = (refused,)
    findings = await scene.findings()
    assert Verdict.PROBLEM not in {finding.verdict for finding in findings}
    assert any(finding.verdict is Verdict.WARNING and says in finding.found for finding in findings)
    assert not is_missing or all(is_missing not in finding.found for finding in findings)


@pytest.mark.parametrize(
    ("fault", "verdict", "says"),
    [
        (faults.quota_exhausted, Verdict.PROBLEM, "has no credit"),
        (faults.rate_limited, Verdict.WARNING, "GPT_MODEL: gpt-6.1-terra could not be tried"),
        (faults.server_error, Verdict.WARNING, "could not be tried"),
        (faults.forbidden, Verdict.PROBLEM, "GPT_MODEL"),
        (faults.html_page, Verdict.PROBLEM, "OPENAI_BASE_URL came to nothing"),
    ],
)
async def test_what_goes_wrong_with_one_question_is_told_and_the_others_are_put(
    scene: Scene, fault: Callable[[], faults.Fault], verdict: Verdict, says: str
) -> None:
    scene.scripted.fail(fault())
    findings = await scene.findings()
    assert any(finding.verdict is verdict and says in finding.found for finding in findings)
    assert any("looks at a picture" in finding.found for finding in findings)


async def test_a_server_that_hears_nothing_is_told(scene: Scene) -> None:
    scene.scripted.fail(faults.bad_request("invalid_value", "file"), kind=Kind.TRANSCRIPTION)
    assert "gpt-transcribe takes no recordings" in await scene.told(Verdict.PROBLEM)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-12-11", date(2026, 12, 11)), ("2026-12-11T00:00:00Z", date(2026, 12, 11)), ("", None), ("soon", None)],
)
def test_the_last_day_of_a_listing_is_read(text: str, day: date | None) -> None:
    assert day_in(text) == day
