"""The page without a mouse."""

import pytest
from playwright.async_api import expect

from tests.playground.page.browser.office import Office, field_of, messages_in, thread_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

REACH = """() => {
    const at = document.activeElement;
    at.dataset.reached = "";
    // A radio button hides behind the picture of its person, and the field shares its frame with its buttons.
    const shown = at.type === "radio" ? at.nextElementSibling : (at.matches("textarea") ? at.closest(".box") : at);
    const { outlineStyle, boxShadow } = getComputedStyle(shown);
    const isMarked = outlineStyle !== "none" || boxShadow !== "none";
    return at === document.body || (isMarked && shown.checkVisibility({ opacityProperty: true })) ? "" : at.outerHTML;
}"""

NOT_REACHED = """() => [...document.querySelectorAll("button, a[href], input, textarea, select, [tabindex='0']")]
    .filter((each) => each.checkVisibility() && each.tabIndex === 0 && !each.disabled && !("reached" in each.dataset))
    .filter((each) => each.type !== "radio" || each.checked)
    .map((each) => each.outerHTML)"""


async def test_tab_leads_to_everything_and_the_focus_is_seen_everywhere(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.dm.id, "hello <https://example.com>")
    await office.bot.say(office.dm.id, "```\ncode\n```\n\n|a|b|\n|-|-|\n|1|2|", root["ts"])
    page = await office.look()
    await page.get_by_role("button", name="1 reply").click()
    await expect(thread_of(page).get_by_role("table")).to_be_visible()
    unmarked = set()
    for _ in range(50):
        await page.keyboard.press("Tab")
        unmarked.add(await page.evaluate(REACH))
    assert await page.evaluate(NOT_REACHED) == []
    assert unmarked == {""}


async def test_a_walk_from_the_list_of_channels_to_an_answer_and_back(office: Office) -> None:
    first = await office.workspace.post_as(office.ben.id, office.general.id, "first")
    await office.workspace.post_as(office.ann.id, office.general.id, "second")
    page = await office.look()
    general, bot = page.get_by_role("link", name="general"), page.get_by_role("link", name="ChatGPT")
    await general.focus()
    await page.keyboard.press("ArrowDown")
    await expect(bot).to_be_focused()
    await page.keyboard.press("Home")
    await page.keyboard.press("Enter")
    await expect(field_of(page, "Message #general")).to_be_focused()

    await page.get_by_role("list", name="Messages", exact=True).focus()
    one, two = messages_in(page).first, messages_in(page).last
    await page.keyboard.press("ArrowUp")
    await expect(two).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(two).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(one).to_be_focused()
    await office.bot.say(office.general.id, "a reply that comes meanwhile", first["ts"])
    await expect(one.get_by_role("button", name="1 reply")).to_be_visible()
    await expect(one).to_be_focused()

    more = one.get_by_role("button", name="More actions")
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Reply in thread")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("menuitem").last).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(field_of(thread_of(page), "Reply…")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(thread_of(page)).to_be_hidden()
    await expect(field_of(page, "Message #general")).to_be_focused()


async def test_the_folded_sidebar_opens_and_closes_from_the_keyboard(office: Office) -> None:
    page = await office.look(360, 740)
    show = page.get_by_role("button", name="Show conversations")
    await show.press("Enter")
    await expect(page.get_by_role("link", name="ChatGPT")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("navigation", name="Conversations")).to_be_hidden()
    await expect(show).to_be_focused()
