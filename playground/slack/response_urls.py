"""Where the app answers an act: to the person alone, to all, or in the place of the message that was pressed."""

import secrets
from dataclasses import dataclass

from aiohttp import web

from playground.slack.arguments import Refusal
from playground.slack.content import POST_CHARACTERS, read_content
from playground.slack.directory import Json
from playground.slack.ephemerals import dismiss_ephemeral, find_ephemeral, show_ephemeral
from playground.slack.installation import Installation

RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 1800.0


@dataclass(slots=True)
class ResponseUrl:
    """Where the app may answer an act: up to five times, for half an hour."""

    user: str
    channel: str
    expires: float
    message_ts: str = ""
    uses: int = 0


class ResponseUrls:
    """All that were handed out."""

    def __init__(self, slack: Installation) -> None:
        self._slack = slack
        self._given: dict[str, ResponseUrl] = {}

    def new(self, user_id: str, channel_id: str, message_ts: str = "") -> str:
        """An address for answers to an act of this person, made at this message if at one."""
        key, workspace = secrets.token_urlsafe(12), self._slack.workspace
        expires = workspace.now() + RESPONSE_URL_SECONDS
        self._given[key] = ResponseUrl(user_id, channel_id, expires, message_ts)
        return f"{workspace.site}/response/{key}"

    async def respond(self, request: web.Request) -> web.Response:
        """Takes an answer of the app."""
        answer: Json = await request.json()
        target = self._given.get(request.match_info["key"])
        if target is None or target.uses >= RESPONSE_URL_USES or self._slack.workspace.now() > target.expires:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        target.uses += 1
        try:
            if answer.get("delete_original"):
                await self._delete(target)
            elif answer.get("replace_original") and target.message_ts:
                await self._replace(target, answer)
            else:
                await self.show(target.user, target.channel, answer)
        except Refusal as refusal:
            return web.json_response({"ok": False, "error": refusal.error}, status=400)
        return web.Response(text="ok")

    async def show(self, user_id: str, channel_id: str, answer: Json) -> None:
        """Show an answer to the person alone, or to all where it says in_channel. Raises Refusal."""
        slack, workspace = self._slack, self._slack.workspace
        content = read_content(answer, POST_CHARACTERS)
        message: Json = {"type": "message", "user": slack.bot.id, "ts": workspace.next_ts(), "team": workspace.team_id}
        message |= workspace.authorship(slack.bot) | content.as_fields()
        if answer.get("thread_ts"):
            message["thread_ts"] = answer["thread_ts"]
        if answer.get("response_type") == "in_channel":
            await workspace.add_message(channel_id, message, content.markdown)
        else:
            show_ephemeral(workspace, channel_id, user_id, message)

    async def _replace(self, target: ResponseUrl, answer: Json) -> None:
        workspace, content = self._slack.workspace, read_content(answer, POST_CHARACTERS)
        if private := find_ephemeral(workspace, target.channel, target.message_ts, target.user):
            show_ephemeral(workspace, target.channel, target.user, _with_content(private, content.as_fields()))
        else:
            message = self._slack.message(target.channel, target.message_ts)
            await workspace.change_message(
                target.channel, _with_content(message, content.as_fields()), content.markdown
            )

    async def _delete(self, target: ResponseUrl) -> None:
        workspace = self._slack.workspace
        if private := find_ephemeral(workspace, target.channel, target.message_ts, target.user):
            dismiss_ephemeral(workspace, private)
        elif target.message_ts and workspace.message(target.channel, target.message_ts):
            await workspace.remove_message(target.channel, target.message_ts)


def _with_content(message: Json, content: Json) -> Json:
    """The message with other content: an answer without blocks takes the old ones away."""
    return {name: value for name, value in message.items() if name not in {"blocks", "attachments"}} | content
