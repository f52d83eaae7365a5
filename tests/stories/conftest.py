"""Fixtures of the stories."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from playground.page.app import App
from playground.page.offers import read_offers
from playground.page.server import serve_page
from tests.chromium import open_chromium
from tests.stories.stage import PATIENCE, Stage, open_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The local Slack and the scripted OpenAI; the story starts the daemon itself."""
    async with open_stage(tmp_path) as stage:
        yield stage


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    """The local Slack as Ann sees it, with what the app's manifest offers."""
    app = App(stage.slack.interactions, stage.slack.views, read_offers())
    stop = stage.slack.interactions.stop_session
    async with (
        open_chromium() as browser,
        serve_page(stage.workspace, stop, "A script answers.", app=app) as address,
    ):
        page = await browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        await page.goto(address)
        yield page
