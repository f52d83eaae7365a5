"""Which tools there are for whom, and where."""

import pytest

from bot.domain.conversation import Message, Turn
from bot.domain.reply import StatusChange
from bot.domain.tools import Function, Offer, RemoteServer, ToolCall
from bot.tools.toolbox import Tools
from tests.bot.tools.turns import turn_of
from tests.doubles.messages import person_writes

A, B = RemoteServer("a", "https://a.example"), RemoteServer("b", "https://b.example")
ANN_ASKS = person_writes(1, "Hello")


async def run(_arguments: object) -> str:
    return ""


def function_for(turn: Turn) -> Function:
    return Function(turn.message.author.name, "", {}, StatusChange("looking"), run)


async def allow_ann(message: Message, call: ToolCall) -> bool:
    return message is ANN_ASKS and call.tool == "x"


@pytest.mark.parametrize(
    ("channels", "people", "reaches"),
    [
        ((), (), True),
        (("C1", "C2"), (), True),
        (("C2",), (), False),
        ((), ("A",), True),
        ((), ("B",), False),
        (("C1",), ("A",), True),
        (("C1",), ("B",), False),
        (("C2",), ("A",), False),
    ],
)
def test_an_offer_is_for_its_channels_and_people(
    channels: tuple[str, ...], people: tuple[str, ...], reaches: bool
) -> None:
    offer = Offer(frozenset(channels), frozenset(people), servers=(A,), stores=("vs",), code=True)
    toolbox = Tools((), (offer,), allow_ann)(turn_of(ANN_ASKS))
    assert (toolbox.servers, toolbox.stores, toolbox.code) == (((A,), ("vs",), True) if reaches else ((), (), False))


async def test_offers_add_up_in_their_order_and_who_asks_is_asked() -> None:
    offers = (Offer(servers=(B,)), Offer(servers=(A,)), Offer(stores=("v", "w")), Offer(stores=("w",)))
    toolbox = Tools((function_for,), offers, allow_ann)(turn_of(ANN_ASKS))
    assert [each.name for each in toolbox.functions] == ["Ann"]
    assert toolbox.servers == (B, A)
    assert toolbox.stores == ("v", "w")
    assert not toolbox.code
    assert await toolbox.approve(ToolCall("a", "x", ""))
    assert not await toolbox.approve(ToolCall("a", "y", ""))
