"""A small office with two people, a bot, and the local Slack around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack.directory import Channel, Json, User
from playground.slack.installation import BOT_TOKEN
from playground.slack.server import SlackServer, serve_slack
from playground.slack.socket_mode import Options
from playground.slack.workspace import Workspace


@dataclass(slots=True)
class Scene:
    """`general` has everybody in it; `private` and `lounge` have no bot; `dm` is between Ann and the bot."""

    workspace: Workspace
    slack: SlackServer
    client: AsyncWebClient
    http: aiohttp.ClientSession
    ann: User
    ben: User
    general: Channel
    lounge: Channel
    private: Channel
    dm: Channel

    @property
    def bot(self) -> str:
        return self.workspace.bot.user_id

    async def ask(self, text: str = "Hello", channel: Channel | None = None) -> str:
        """Ann writes; returns the message's timestamp."""
        message = await self.workspace.post_as(self.ann.id, (channel or self.dm).id, text)
        return str(message["ts"])

    async def call(self, method: str, **arguments: Any) -> Json:
        """Send a call as JSON, as it is; returns what came back, errors too."""
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with self.http.post(self.slack.api_url + method, json=arguments, headers=headers) as response:
            answer: Json = await response.json()
            return answer

    async def start_stream(self, text: str = "Hello", channel: Channel | None = None) -> tuple[str, str]:
        """Stream an answer to a message of Ann; returns the timestamps of the thread and of the stream."""
        place = channel or self.dm
        root = await self.ask("Question", place)
        answer = await self.client.chat_startStream(
            channel=place.id,
            thread_ts=root,
            markdown_text=text,
            recipient_user_id=self.ann.id,
            recipient_team_id=self.workspace.team_id,
        )
        return root, answer["ts"]

    def stored(self, ts: str, channel: Channel | None = None) -> Json:
        """The message with this timestamp as people see it."""
        message = self.workspace.message((channel or self.dm).id, ts)
        assert message is not None
        return message


@asynccontextmanager
async def open_scene(
    *,
    rate_limit_scale: float | None = None,
    stream_lifetime: float = 300.0,
    socket_options: Options | None = None,
    sharing_delay: float | None = None,
) -> AsyncIterator[Scene]:
    """The office, with Slack's rate limits lifted unless a test wants them."""
    workspace = Workspace("Office", seed=1)
    ann, ben = workspace.add_user("ann", "Ann Archer"), workspace.add_user("ben", "Ben Baker")
    async with (
        serve_slack(
            workspace,
            rate_limit_scale=rate_limit_scale,
            stream_lifetime=stream_lifetime,
            socket_options=socket_options,
            sharing_delay=sharing_delay,
        ) as slack,
        aiohttp.ClientSession() as http,
    ):
        client = AsyncWebClient(BOT_TOKEN, slack.api_url, session=http, retry_handlers=[])
        yield Scene(
            workspace,
            slack,
            client,
            http,
            ann,
            ben,
            workspace.add_channel("general", [ann, ben, workspace.bot.user_id]),
            workspace.add_channel("lounge", [ann, ben]),
            workspace.add_channel("private", [ann, ben], "group"),
            workspace.open_dm(ann.id),
        )


def error_of(failure: SlackApiError) -> str:
    """The error that Slack named."""
    return str(failure.response["error"])
