"""The words for a search of the web."""

import pytest

from bot.domain.reply import StatusChange
from bot.openai.searches import ANYWHERE, SEARCHING, Search, is_search, search_status
from playground.openai.tools import check_tools


@pytest.mark.parametrize(
    "action",
    [
        {"type": "search", "query": "rain in Oslo"},
        {"type": "search", "queries": ["rain in Oslo", "snow in Oslo"]},
        {"type": "search", "query": " rain\n in Oslo ", "queries": ["snow"]},
        {"type": "search", "query": "<rain in> Oslo"},
        {"type": "search", "query": None, "queries": [5, "", "rain in Oslo"]},
    ],
)
def test_people_see_what_is_searched_for(action: object) -> None:
    assert search_status({"type": "web_search_call", "action": action}) == StatusChange(
        "searching the web: rain in Oslo"
    )


@pytest.mark.parametrize("item", [None, {}, {"action": None}, {"action": {"type": "open_page", "url": "https://a"}}])
def test_an_item_may_not_tell(item: object) -> None:
    assert search_status(item) is None


def test_a_long_query_is_cut() -> None:
    status = search_status({"action": {"query": "rain " * 50}})
    assert status is not None
    assert len(status.text) <= 80
    assert is_search(status)
    assert is_search(SEARCHING)
    assert not is_search(StatusChange("thinking"))


@pytest.mark.parametrize(
    ("search", "tool"),
    [
        (ANYWHERE, {"user_location": {"type": "approximate"}}),
        (Search({"country": "DE"}), {"user_location": {"type": "approximate", "country": "DE"}}),
        (
            Search(domains={"b.example", "a.example"}),
            {
                "filters": {"allowed_domains": ["a.example", "b.example"]},
                "user_location": {"type": "approximate"},
            },
        ),
    ],
)
def test_where_it_looks_is_said_in_the_terms_of_the_tool(search: Search, tool: dict[str, object]) -> None:
    assert search.tool == {"type": "web_search", **tool}
    check_tools([search.tool], "tools")
