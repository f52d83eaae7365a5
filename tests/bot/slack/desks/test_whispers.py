"""What one person alone is told."""

import logging
from dataclasses import replace

import pytest

from bot.slack.desks.acts import Act, act_of
from bot.slack.wire.identity import Identity
from playground.slack.directory import Json
from tests.doubles.desks import DeskScene, desk_scene


def act(scene: DeskScene, response_url: str, message: str = "1.000001") -> Act:
    return Act(scene.thread, message, scene.ann.id, response_url, is_in_thread=True)


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:1/response/x", "https://evil.example/response/x"])
async def test_no_address_but_slacks_is_called_and_the_person_is_told_all_the_same(address: str) -> None:
    async with desk_scene() as scene:
        await scene.desk.tell(act(scene, address), "Only <you>")
        assert scene.told(scene.ann) == ["Only &lt;you&gt;"]
        assert scene.slack.calls.count("chat.postEphemeral") == 1


async def test_an_address_that_is_used_up_is_no_reason_for_silence() -> None:
    async with desk_scene() as scene:
        await scene.desk.tell(act(scene, f"{scene.slack.site}/response/unknown"), "Only you")
        assert scene.told(scene.ann) == ["Only you"]


async def test_trouble_is_logged_without_the_secret_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with desk_scene() as scene:
        stranger = replace(act(scene, f"{scene.slack.site}/response/secret"), user="U404")
        await scene.desk.tell(stranger, "Only you")
        assert "user_not_in_channel" in caplog.text
        assert "secret" not in caplog.text + repr(stranger)


@pytest.mark.parametrize(
    "body", [{}, {"channel": "C1"}, {"channel": {"id": "C1"}, "user": {"id": "U1"}, "message": []}, {"actions": [1]}]
)
def test_an_odd_payload_reads_as_empty(body: Json) -> None:
    act = act_of(body, Identity("T1", "UBOT", "BBOT", "bot"))
    assert (act.message, act.value, act.is_in_thread) == ("", "", False)
