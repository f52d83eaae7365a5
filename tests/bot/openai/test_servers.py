"""The words for what a server of tools does."""

import pytest

from bot.domain.reply import StatusChange
from bot.openai.servers import server_status


@pytest.mark.parametrize(
    ("item", "status", "foreign"),
    [
        ({"type": "mcp_call", "server_label": "wiki"}, StatusChange("asking wiki"), True),
        ({"type": "mcp_list_tools", "server_label": "wiki"}, StatusChange("looking at the tools of wiki"), True),
        ({"type": "mcp_call", "server_label": " <!here>\n"}, StatusChange("asking !here"), True),
        ({"type": "mcp_call", "server_label": "x" * 999}, StatusChange("asking " + "x" * 80), True),
    ],
)
def test_people_see_who_is_asked(item: object, status: StatusChange, foreign: bool) -> None:
    shown = server_status(item)
    assert shown == status
    assert shown.foreign is foreign


@pytest.mark.parametrize(
    "item", [None, {}, {"type": "mcp_call"}, {"type": "mcp_approval_request", "server_label": "x"}]
)
def test_other_items_tell_nothing(item: object) -> None:
    assert server_status(item) is None
