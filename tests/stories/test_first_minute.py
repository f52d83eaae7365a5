"""A person's first minute, in the browser, with the real daemon."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from playground.openai.demo import friendly
from playground.openai.drawing_events import COMPLETED
from playground.openai.wishes import decide_by_words
from playground.page.server import serve_page
from tests.chromium import open_chromium
from tests.playground.page.browser.test_files import hand_over_picture, is_drawn
from tests.stories.stage import PATIENCE, Stage


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    """The local Slack as Ann sees it."""
    async with (
        open_chromium() as browser,
        serve_page(stage.workspace, stage.slack.interactions.stop_session, "A script answers.") as address,
    ):
        page = await browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        await page.goto(address)
        yield page


async def test_type_see_it_think_see_it_grow_and_ask_again_without_a_mention(stage: Stage, page: Page) -> None:
    expect.set_options(timeout=PATIENCE * 1000)
    stage.model.script = friendly
    await stage.start()
    hold = stage.model.hold(after=4)
    await page.get_by_role("combobox", name="Message ChatGPT").fill("Show me a table")
    await page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("status")).to_contain_text("thinking")
    answer = thread.locator(f"li.message[data-author='{stage.workspace.bot.user_id}']")
    await expect(answer).to_have_count(1)
    await expect(thread.locator("table")).to_have_count(0)
    hold.release()
    await expect(thread.locator("table")).not_to_have_count(0)
    await thread.get_by_role("combobox", name="Reply").fill("And what did I say before?")
    await page.keyboard.press("Enter")
    await expect(answer).to_have_count(2)
    await expect(answer.last).to_contain_text("Show me a table")


async def test_drop_a_picture_and_ask_about_it_then_have_one_drawn(stage: Stage, page: Page) -> None:
    expect.set_options(timeout=PATIENCE * 1000)
    stage.model.script, stage.model.decide = friendly, decide_by_words
    await stage.start()
    await hand_over_picture(page, "#conversation ol", "drop", "shed.png")
    await page.get_by_role("combobox", name="Message ChatGPT").fill("What do you see?")
    await page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    answer = thread.locator(f"li.message[data-author='{stage.workspace.bot.user_id}']")
    await expect(answer).to_contain_text("the picture shed.png")
    hold = stage.model.hold(event=COMPLETED)
    await thread.get_by_role("combobox", name="Reply").fill("Draw a lighthouse by the sea")
    await page.keyboard.press("Enter")
    await expect(thread.get_by_role("status")).to_contain_text("drawing")
    hold.release()
    await expect(answer).to_have_count(2)
    await is_drawn(page, "Draw a lighthouse by the sea")
    await expect(answer.last.get_by_role("img", name="Draw a lighthouse by the sea")).to_be_visible()
