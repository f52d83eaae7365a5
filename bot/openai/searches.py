"""The search of the web: where it looks, and what people see meanwhile."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.reply import StatusChange
from bot.openai.fields import field_of, list_of, text_of

SEARCHING = StatusChange("searching the web", foreign=True)
SEARCHING_FILES = StatusChange("searching the files of the organisation", foreign=True)

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Search:
    """Where the web is searched.

    `location` has any of `country`, `region`, `city` and `timezone`; `domains` are the only sites, all where there are
    none.
    """

    location: Mapping[str, str] = field(default_factory=dict)
    domains: Collection[str] = ()

    @property
    def tool(self) -> dict[str, Any]:
        """The tool as it is offered.

        Without a location the service takes everybody to be in the United States (reference of the tool).
        """
        filters = {"filters": {"allowed_domains": sorted(self.domains)}} if self.domains else {}
        return {"type": "web_search", **filters, "user_location": {"type": "approximate", **self.location}}


ANYWHERE = Search()


def search_status(item: object) -> StatusChange | None:
    """What the web is searched for, in 80 characters; None where this output item does not tell.

    The action of a search has `query`, `queries` or both (reference of the web search call).
    """
    action = field_of(item, "action")
    queries = (text_of(action, "query"), *(query for query in list_of(action, "queries") if isinstance(query, str)))
    words = next((words for query in queries if (words := one_line(query))), "")
    return StatusChange(f"{SEARCHING.text}: {words}"[:_LONGEST].rstrip(), foreign=True) if words else None


def is_search(status: StatusChange | None) -> bool:
    """True for a status that `search_status` made, and for SEARCHING."""
    return status is not None and status.text.startswith(SEARCHING.text)


def one_line(text: str) -> str:
    """The text on one line, without brackets, which could be taken for those of a mention."""
    return " ".join(re.sub("[<>]", " ", text).encode(errors="replace").decode().split())
