"""Messages that one person sees; Slack's server keeps them nowhere, so only their response_urls change them."""

from playground.slack.changes import ChangeKind
from playground.slack.directory import Json
from playground.slack.workspace import Workspace


def find_ephemeral(workspace: Workspace, channel_id: str, ts: str, user_id: str) -> Json | None:
    """The message that this person alone sees."""
    wanted = (channel_id, ts, user_id)
    return next((m for m in workspace.ephemerals if (m["channel"], m["ts"], m["shown_to"]) == wanted), None)


def show_ephemeral(workspace: Workspace, channel_id: str, user_id: str, message: Json) -> None:
    """Show a message to this person alone, in the place of the one with the same timestamp."""
    _forget(workspace, channel_id, message["ts"])
    workspace.ephemerals.append(message | {"channel": channel_id, "shown_to": user_id, "is_ephemeral": True})
    workspace.announce(ChangeKind.EPHEMERAL_POSTED, channel_id, message["ts"], user_id)


def dismiss_ephemeral(workspace: Workspace, message: Json) -> None:
    """Take the message from the screen of the person who sees it."""
    _forget(workspace, message["channel"], message["ts"])
    workspace.announce(ChangeKind.MESSAGE_DELETED, message["channel"], message["ts"], message["shown_to"])


def _forget(workspace: Workspace, channel_id: str, ts: str) -> None:
    workspace.ephemerals[:] = [m for m in workspace.ephemerals if (m["channel"], m["ts"]) != (channel_id, ts)]
