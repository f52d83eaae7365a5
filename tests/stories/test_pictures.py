"""What the bot sees of the pictures that people send, and what it says of those that it cannot use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

from PIL import Image

from playground.openai import scripts
from playground.openai.requests import Request
from tests.bot.documents.test_picture import RED_HEIC
from tests.playground.openai.samples import alike
from tests.stories.albums import painted
from tests.stories.stage import Stage

_LONG_EDGE = 2_048


def request_of(stage: Stage, number: int = -1) -> Request:
    """A request for an answer, as the model read it."""
    request = stage.model.requests[number].request
    assert request is not None
    return request


def size_of(picture: bytes) -> tuple[int, int]:
    return Image.open(BytesIO(picture)).size


async def test_pictures_of_all_kinds_reach_the_model_scaled_down_and_with_a_detail(stage: Stage) -> None:
    await stage.start(DEFAULT_DETAIL_LEVEL="original")
    kinds = ("PNG", "JPEG", "WEBP", "GIF")
    files = [(f"a.{kind.lower()}", painted(kind, 2_600, 1_300, kind)) for kind in kinds]
    question = await stage.ask("What do you see?", *files, ("telephone.heic", RED_HEIC))
    await stage.answered(question)
    seen = request_of(stage).pictures
    assert [size_of(picture.data) for picture in seen] == [(_LONG_EDGE, 1_024)] * len(kinds) + [(64, 32)]
    assert {picture.detail for picture in seen} == {"original"}
    assert all(alike(one.data, other) for one, (_, other) in zip(seen, files, strict=False))


async def test_two_pictures_are_compared_each_under_its_name(stage: Stage) -> None:
    await stage.start()
    before, after = painted("before"), painted("after")
    question = await stage.ask("What has changed?", ("before.png", before), ("after.png", after))
    await stage.answered(question)
    request = request_of(stage)
    assert request.texts == ("ann: What has changed?", '[picture "before.png"]', '[picture "after.png"]')
    assert [alike(seen.data, sent) for seen, sent in zip(request.pictures, (before, after), strict=True)] == [True] * 2
    assert not alike(before, after)
    assert {seen.detail for seen in request.pictures} == {"high"}


async def test_an_earlier_picture_of_the_thread_is_seen_again(stage: Stage) -> None:
    await stage.start()
    chart = painted("chart")
    question = await stage.ask("What does it show?", ("chart.png", chart))
    await stage.answered(question)
    await stage.ask("And what is on the left?", thread=question["ts"])
    await stage.answered(question, count=2)
    (seen,) = request_of(stage).pictures
    assert alike(seen.data, chart)
    assert [message.role for message in request_of(stage).messages] == ["user", "assistant", "user"]
    downloads = [each for each in stage.slack.downloads if each.path.endswith("chart.png")]
    assert len(downloads) == 1


async def test_a_link_into_the_operators_network_is_refused_and_never_followed(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.say("I cannot see it.")
    async with listener("127.0.0.1") as (port, arrived), listener("::1") as (port_6, arrived_6):
        links = [
            f"https://127.0.0.1:{port}/x.png",
            "https://169.254.169.254/meta.png",
            "https://127.0.0.1/y.png",
            f"https://localhost:{port}/z.png",
        ]
        question = await stage.ask("What is this? " + " ".join(f"<{link}>" for link in links))
        (text,) = await stage.answered(question)
        await stage.answered(await stage.ask(f"And this? <https://[::1]:{port_6}/v.png>"))
        assert (arrived, arrived_6) == ([], [])
    assert text.startswith(
        "> ⚠️ I could not use `x.png`, `meta.png`, `y.png` and `z.png`: it is not at a public address."
    )
    assert text.endswith("I cannot see it.")
    assert not any(request_of(stage, number).pictures for number in (0, 1))


async def test_of_twelve_pictures_two_are_named_as_too_many(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.count_pictures
    question = await stage.ask("How many?", *((f"{number}.png", painted(str(number))) for number in range(1, 13)))
    (text,) = await stage.answered(question)
    assert "Pictures: 10" in text
    assert text.startswith("> ⚠️ I could not use `11.png` and `12.png`: I look at no more than 10 pictures at once.\n\n")


async def test_a_damaged_picture_is_named_and_costs_nothing_and_the_others_are_seen(stage: Stage) -> None:
    daemon = await stage.start(LOG_LEVEL="debug")
    whole = painted("whole", 640, 480)
    question = await stage.ask("Which is better?", ("torn-mackerel.png", whole[:200]), ("whole.png", whole))
    (text,) = await stage.answered(question)
    assert text.startswith("> ⚠️ I could not use `torn-mackerel.png`: it is damaged.")
    (seen,) = request_of(stage).pictures
    assert alike(seen.data, whole)
    assert "mackerel" not in daemon.lines
    alone = await stage.ask("", ("torn.png", whole[:200]))
    assert await stage.answered(alone) == ["> ⚠️ I could not use `torn.png`: it is damaged.\n\n"]
    assert len(stage.model.calls) == 1


@asynccontextmanager
async def listener(host: str) -> AsyncIterator[tuple[int, list[str]]]:
    """A local server: its port, and the addresses that have connected to it."""
    arrived: list[str] = []

    async def note(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.append(str(writer.get_extra_info("peername")))
        writer.close()

    async with await asyncio.start_server(note, host, 0) as server:
        yield server.sockets[0].getsockname()[1], arrived
