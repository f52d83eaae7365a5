"""What people see while a remote server of tools is at work."""

from bot.domain.reply import StatusChange
from bot.openai.fields import text_of
from bot.openai.searches import one_line

CALL = "mcp_call"
"""How the names of events, and the type of the item, begin that tell of a call."""

_LONGEST = 80


def server_status(item: object) -> StatusChange | None:
    """What this output item tells about a server, with its name as we gave it; None for an item of another kind."""
    server = one_line(text_of(item, "server_label"))[:_LONGEST]
    match text_of(item, "type"):
        case "mcp_call" if server:
            return StatusChange(f"asking {server}", foreign=True)
        case "mcp_list_tools" if server:
            return StatusChange(f"looking at the tools of {server}")
        case _:
            return None
