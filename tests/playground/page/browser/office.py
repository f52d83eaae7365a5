"""An office whose page browsers look at, with a bot that does just what a test tells it."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, FilePayload, Locator, Page, expect
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from playground.demo import Clock
from playground.page.offers import Command, Offers, Shortcut
from playground.slack.directory import Channel, Json, User
from playground.slack.server import SlackServer
from playground.slack.workspace import Workspace

ANSWERS = "A script on this machine answers."

OFFERS = Offers(
    (Command("/settings", "Choose how answers are made", "[place]"), Command("/usage", "Show what was used")),
    (Shortcut("summarize", "Summarise thread"),),
    has_home=True,
)

Answer = Callable[[Json], Awaitable[Json | None]]
"""Does what an app does when it is told of an act; returns what its ack says."""

expect.set_options(timeout=20_000)


@dataclass
class Stream:
    """An answer that the bot is writing."""

    client: AsyncWebClient
    channel: str
    ts: str

    async def grow(self, text: str) -> None:
        await self.client.chat_appendStream(channel=self.channel, ts=self.ts, markdown_text=text)

    async def end(self, **content: Any) -> None:
        await self.client.chat_stopStream(channel=self.channel, ts=self.ts, **content)


@dataclass
class Bot:
    """Speaks through the Web API, as the real bot does."""

    client: AsyncWebClient
    workspace: Workspace

    async def think(self, channel: str, root: str) -> None:
        await self.client.assistant_threads_setStatus(channel_id=channel, thread_ts=root, status="is thinking…")

    async def work(self, channel: str, root: str) -> None:
        await self.client.agents_sessions_setStatus(channel_id=channel, thread_ts=root, status="processing")

    async def begin(self, channel: str, root: str, text: str, to: User) -> Stream:
        started = await self.client.chat_startStream(
            channel=channel,
            thread_ts=root,
            markdown_text=text,
            recipient_user_id=to.id,
            recipient_team_id=self.workspace.team_id,
        )
        return Stream(self.client, channel, str(started["ts"]))

    async def say(self, channel: str, markdown: str, root: str | None = None) -> str:
        posted = await self.client.chat_postMessage(channel=channel, markdown_text=markdown, thread_ts=root)
        return str(posted["ts"])


@dataclass
class App:
    """The app behind the bot: hears of everything that people press, and does what a test has put into `answers`.

    Acts go by their command, or by their type; what has no answer is acked all the same.
    """

    client: AsyncWebClient
    workspace: Workspace
    heard: list[Json] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)

    async def take(self, line: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Take one envelope off the socket."""
        payload: Json = dict(request.payload)
        self.heard.append(payload)
        kind = kind_of(payload)
        ack = await self.answers[kind](payload) if kind in self.answers else None
        await line.send_socket_mode_response(SocketModeResponse(request.envelope_id, ack))
        self.workspace.notifications.wake()

    async def told(self, kind: str, count: int = 1) -> list[Json]:
        """So many acts or events of this kind, once the app has been told of them."""

        def heard() -> list[Json]:
            found = [each for each in self.heard if kind_of(each) == kind]
            return found if len(found) >= count else []

        return await self.workspace.wait_for(heard, timeout=30)

    @property
    def kinds(self) -> list[str]:
        """What the app has been told of so far."""
        return [kind_of(payload) for payload in self.heard]

    def opens(self, view: Json) -> Answer:
        """An answer that opens this modal."""

        async def answer(payload: Json) -> None:
            await self.client.views_open(trigger_id=payload["trigger_id"], view=view)

        return answer


def kind_of(payload: Json) -> str:
    """The command, the type of the event, or the type of the act."""
    return str(payload.get("command") or payload.get("event", payload)["type"])


def acking(ack: Json) -> Answer:
    """An answer that says this with its ack."""

    async def answer(_payload: Json) -> Json:
        return ack

    return answer


@dataclass
class Office:
    """A workspace with two people, a public channel and a bot, and browsers that look at its page."""

    workspace: Workspace
    clock: Clock
    slack: SlackServer
    bot: Bot
    ann: User
    ben: User
    general: Channel
    dm: Channel
    browser: Browser
    stack: AsyncExitStack
    page_server: AsyncExitStack
    address: str = ""
    troubles: list[str] = field(default_factory=list)

    async def look(self, width: int = 1280, height: int = 800, **options: Any) -> Page:
        """A new browser window that shows the page."""
        context: BrowserContext = await self.browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", **options
        )
        self.stack.push_async_callback(context.close)
        context.set_default_timeout(20_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._heed)
        await page.goto(self.address)
        await expect(page.get_by_role("note")).to_contain_text(ANSWERS)
        return page

    def _heed(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.troubles.append(line.text)

    async def stop_page(self) -> None:
        """End the page's server."""
        await self.page_server.aclose()

    async def posted(self, text: str, channel: Channel | None = None) -> Json:
        """The message with this text, once somebody has posted it."""
        where = (channel or self.dm).id

        def found() -> Json | None:
            return next((m for m in self.workspace.messages(where) if m["text"] == text), None)

        message = await self.workspace.wait_for(found, timeout=30)
        assert message is not None
        return message


def thread_of(page: Page) -> Locator:
    """The pane of the open thread."""
    return page.get_by_role("complementary", name="Thread")


def field_of(place: Page | Locator, name: str) -> Locator:
    """The field in which messages are written; `name` is what it invites to do."""
    return place.get_by_role("combobox", name=name)


def messages_in(place: Page | Locator) -> Locator:
    """The messages of a channel or thread, oldest first."""
    return place.locator("li.message")


def chosen(name: str, content: bytes = b"one") -> FilePayload:
    """A file that a person chooses on their machine."""
    return {"name": name, "mimeType": "text/plain", "buffer": content}
