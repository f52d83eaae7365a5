"""One headless Chromium for all tests of the page, and an office for each."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest_asyncio
from playwright.async_api import Browser
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from playground.demo import Clock
from playground.page.app import App as PageApp
from playground.page.server import serve_page
from playground.slack.installation import APP_TOKEN, BOT_TOKEN
from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace
from tests.chromium import open_chromium
from tests.playground.page.browser.office import ANSWERS, OFFERS, App, Bot, Office


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with open_chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def office(browser: Browser) -> AsyncIterator[Office]:
    """Fails the test in the end if the page had any error that the test did not take out of `troubles`."""
    clock = Clock()
    workspace = Workspace("Office", now=clock, seed=1)
    ann, ben = workspace.add_user("Ann", "Ann Archer"), workspace.add_user("Ben", "Ben Baker")
    general = workspace.add_channel("general", [ann, ben, workspace.bot.user_id], topic="News for all")
    dm = workspace.open_dm(ann.id)
    workspace.open_dm(ben.id)
    workspace.add_channel("", [ann, ben], "im")
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(serve_slack(workspace, rate_limit_scale=None))
        bot = Bot(AsyncWebClient(BOT_TOKEN, slack.api_url), workspace)
        page_server = await stack.enter_async_context(AsyncExitStack())
        slack_app = PageApp(slack.interactions, slack.views, OFFERS)
        page = serve_page(workspace, slack.interactions.stop_session, ANSWERS, app=slack_app)
        address = await page_server.enter_async_context(page)
        office = Office(workspace, clock, slack, bot, ann, ben, general, dm, browser, stack, page_server, address)
        yield office
    assert office.troubles == []


@pytest_asyncio.fixture(loop_scope="session")
async def app(office: Office) -> AsyncIterator[App]:
    """The app of the office, connected to it."""
    app = App(office.bot.client, office.workspace)
    line = SocketModeClient(APP_TOKEN, web_client=AsyncWebClient(APP_TOKEN, office.slack.api_url))
    line.socket_mode_request_listeners.append(app.take)
    await line.connect()
    try:
        yield app
    finally:
        await line.close()
