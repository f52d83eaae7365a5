"""What an answer tells of remote servers of tools: that they are at work, and that they cannot be reached."""

from dataclasses import dataclass, field

from bot.domain.errors import ModelError
from bot.domain.reply import StatusChange
from bot.openai.errors import ProviderTrouble, ToolServerUnreachable
from bot.openai.fields import field_of, text_of
from bot.openai.searches import one_line

CALL = "mcp_call"
"""How the names of events, and the type of the item, begin that tell of a call."""

_LISTING = "mcp_list_tools"

_LONGEST = 80


@dataclass(slots=True)
class Unlisted:
    """The servers that have not told which tools they have, by the names that we gave them."""

    names: list[str] = field(default_factory=list)
    _asked: dict[str, str] = field(default_factory=dict)

    def take(self, kind: str, event: object) -> None:
        """Note what this event, named by its `type`, tells of a server's list."""
        item = field_of(event, "item")
        if text_of(item, "type") == _LISTING:
            self._asked[text_of(item, "id")] = text_of(item, "server_label")
        elif kind == f"response.{_LISTING}.failed":
            self.names.append(self._asked.get(text_of(event, "item_id"), ""))

    def behind(self, failure: ModelError) -> ModelError:
        """The failure, as what these servers have caused where it does not say more than that something failed.

        A failed response has no code for it (`ResponseError` of the library): it calls this `server_error`.
        """
        if not self.names or type(failure) not in (ModelError, ProviderTrouble):
            return failure
        unreachable = ToolServerUnreachable(str(failure))
        unreachable.servers = tuple(self.names)
        return unreachable


def server_status(item: object) -> StatusChange | None:
    """What this output item tells about a server, with its name as we gave it; None for an item of another kind."""
    server = one_line(text_of(item, "server_label"))[:_LONGEST]
    match text_of(item, "type"):
        case "mcp_call" if server:
            return StatusChange(f"asking {server}", foreign=True)
        case kind if kind == _LISTING and server:
            # Descriptions of tools are read by the model as well, and strangers may have written them.
            return StatusChange(f"looking at the tools of {server}", foreign=True)
        case _:
            return None
