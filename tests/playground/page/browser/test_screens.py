"""Small and dark screens, keyboards and screen readers, and a line that breaks."""

import pytest
from playwright.async_api import expect

from playground.page.server import serve_page
from tests.playground.page.browser.office import ANSWERS, Office, chosen, field_of, messages_in, thread_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

WITHOUT_NAME = """() => [...document.querySelectorAll("button, a, input, textarea, [role=option]")]
    .filter((each) => !(each.getAttribute("aria-label") || each.textContent.trim() || each.labels?.length))
    .map((each) => each.outerHTML)"""

WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth > innerWidth"


async def test_a_phone_shows_one_pane_at_a_time(office: Office) -> None:
    page = await office.look(390, 844, is_mobile=True, has_touch=True)
    sidebar = page.get_by_role("navigation", name="Conversations")
    await expect(page.get_by_role("note")).to_be_in_viewport()
    await expect(sidebar).to_be_hidden()
    await page.get_by_role("button", name="Show conversations").tap()
    await expect(sidebar).to_be_visible()
    await expect(page.get_by_role("main")).to_be_hidden()
    await page.get_by_role("link", name="ChatGPT").tap()
    await field_of(page, "Message ChatGPT").fill("Hello from the train")
    await page.get_by_role("button", name="Send").first.tap()
    await expect(messages_in(thread_of(page))).to_contain_text(["Hello from the train"])
    await expect(page.get_by_role("main")).to_be_hidden()
    await page.get_by_role("button", name="Back to the conversation").tap()
    await expect(page.get_by_role("main")).to_be_visible()
    await expect(thread_of(page)).to_be_hidden()


async def test_nothing_is_wider_than_the_screen(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.dm.id, "x" * 400)
    table = "|" + "a wide heading|" * 12 + "\n|" + "---|" * 12
    await office.bot.say(
        office.dm.id, f"```\n{'y' * 400}\n```\n\n{table}\n\nhttps://example.com/{'z' * 300}", root["ts"]
    )
    page = await office.look()
    await page.get_by_role("button", name="1 reply").click()
    await expect(thread_of(page).get_by_role("table")).to_be_visible()
    for width in (1280, 1000, 720, 390, 360, 320):
        await page.set_viewport_size({"width": width, "height": 700})
        assert not await page.evaluate(WIDER_THAN_THE_SCREEN), width
        await expect(field_of(thread_of(page), "Reply…")).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name="Back to the conversation").click()
    await expect(page.get_by_role("main")).to_be_visible()
    assert not await page.evaluate(WIDER_THAN_THE_SCREEN)


async def test_those_who_like_it_dark_get_it_dark(office: Office) -> None:
    page = await office.look(color_scheme="light")
    await expect(page.get_by_role("main")).to_have_css("background-color", "rgb(255, 255, 255)")
    await page.emulate_media(color_scheme="dark")
    await expect(page.get_by_role("main")).to_have_css("background-color", "rgb(27, 24, 30)")


async def test_colours_that_somebody_has_chosen_stay(office: Office) -> None:
    page = await office.look(color_scheme="light")
    switch, main = page.get_by_role("switch", name="Dark colours"), page.get_by_role("main")
    await expect(switch).not_to_be_checked()
    await switch.press("Space")
    await expect(switch).to_be_checked()
    await expect(main).to_have_css("background-color", "rgb(27, 24, 30)")
    await page.reload()
    await expect(switch).to_be_checked()
    await expect(main).to_have_css("background-color", "rgb(27, 24, 30)")
    await switch.click()
    await page.emulate_media(color_scheme="dark")
    await expect(main).to_have_css("background-color", "rgb(255, 255, 255)")


async def test_nothing_moves_for_those_who_want_it_still(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.dm.id, "hello")
    await office.bot.think(office.dm.id, root["ts"])
    page = await office.look(reduced_motion="reduce")
    await expect(page.get_by_text("is thinking…")).to_be_visible()
    assert await page.evaluate("() => document.getAnimations().length") == 0
    await page.emulate_media(reduced_motion="no-preference")
    await page.wait_for_function("() => document.getAnimations().length > 0")


async def test_everything_that_can_be_used_has_a_name(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.dm.id, "hello")
    await office.bot.say(office.dm.id, "```\ncode\n```", root["ts"])
    page = await office.look()
    await page.get_by_role("button", name="1 reply").click()
    await page.locator("#thread input[type=file]").set_input_files([chosen("a.txt")])
    await expect(page.get_by_role("button", name="Remove a.txt")).to_be_visible()
    await page.keyboard.type("@")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert await page.evaluate(WITHOUT_NAME) == []


async def test_a_channel_is_chosen_with_the_keyboard(office: Office) -> None:
    page = await office.look()
    await page.get_by_role("link", name="general").focus()
    await page.keyboard.press("Enter")
    await expect(field_of(page, "Message #general")).to_be_focused()


async def test_the_page_says_when_the_line_is_lost_and_catches_up(office: Office) -> None:
    port = int(office.address.rpartition(":")[2])
    page = await office.look()
    lost = page.get_by_role("alert").filter(has_text="The connection to the local Slack is lost.")
    await expect(lost).to_have_count(0)
    await office.stop_page()
    await expect(lost).to_be_visible()
    await office.workspace.post_as(office.ann.id, office.dm.id, "written meanwhile")
    async with serve_page(office.workspace, office.slack.interactions.stop_session, ANSWERS, port=port):
        await expect(messages_in(page)).to_contain_text(["written meanwhile"])
        await expect(lost).to_have_count(0)
        await page.close()
    office.troubles.clear()
