"""The composer."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.playground.page.browser.office import Office, field_of, messages_in, thread_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_shift_and_enter_begin_a_new_line(office: Office) -> None:
    page = await office.look()
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await office.posted("one\ntwo")
    await expect(field_of(page, "Message ChatGPT")).to_have_value("")


async def test_the_field_grows_with_the_text(office: Office) -> None:
    page = await office.look()
    field = field_of(page, "Message ChatGPT")
    before = await field.bounding_box()
    await field.fill("one\ntwo\nthree")
    after = await field.bounding_box()
    assert before and after and after["height"] > before["height"] + 20


async def test_nothing_is_sent_when_nothing_is_written(office: Office) -> None:
    page = await office.look()
    await page.keyboard.type("  ")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Send").first).to_be_disabled()
    await page.keyboard.type("x")
    await page.get_by_role("button", name="Send").first.click()
    await office.workspace.wait_for(lambda: office.workspace.messages(office.dm.id), timeout=30)
    assert [message["text"] for message in office.workspace.messages(office.dm.id)] == ["  x"]


async def test_typing_an_at_sign_offers_people_and_inserts_a_mention(office: Office) -> None:
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    field = field_of(page, "Message #general")
    await expect(field).to_be_focused()
    await page.keyboard.type("Hey @")
    offers = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(offers).to_have_text(["ChatGPTApp", "Ann", "Ben"])
    await page.keyboard.type("be")
    await expect(offers).to_have_text(["Ben"])
    for _ in "be":
        await page.keyboard.press("Backspace")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    await expect(offers.first).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(field).to_have_value("Hey @ChatGPT ")
    await expect(offers).to_have_count(0)
    await page.keyboard.type("what's up?")
    await page.keyboard.press("Enter")
    await office.posted(f"Hey <@{office.workspace.bot.user_id}> what's up?", office.general)
    await expect(messages_in(page).locator(".mention")).to_have_text("@ChatGPT")
    await expect(thread_of(page)).to_be_hidden()


async def test_a_person_can_be_picked_with_the_mouse(office: Office) -> None:
    page = await office.look()
    await page.keyboard.type("@b")
    await page.get_by_role("option", name="Ben").click()
    await expect(field_of(page, "Message ChatGPT")).to_have_value("@Ben ")
    await expect(field_of(page, "Message ChatGPT")).to_be_focused()


async def test_escape_declines_the_offer(office: Office) -> None:
    page = await office.look()
    await page.keyboard.type("@ch")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await page.keyboard.press("Enter")
    await office.posted("@ch")


async def test_what_was_begun_waits_where_it_was_begun(office: Office) -> None:
    page = await office.look()
    await page.keyboard.type("half a thought")
    await page.get_by_role("link", name="general").click()
    await expect(field_of(page, "Message #general")).to_have_value("")
    await page.get_by_role("link", name="ChatGPT").click()
    await expect(field_of(page, "Message ChatGPT")).to_have_value("half a thought")


async def test_a_message_that_was_not_taken_is_given_back(office: Office) -> None:
    page = await office.look()
    await page.route("**/messages", lambda route: route.abort())
    await page.keyboard.type("important")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main").get_by_role("alert")).to_contain_text(
        "Not sent. The local Slack does not answer."
    )
    await expect(field_of(page, "Message ChatGPT")).to_have_value("important")
    await page.unroute("**/messages")
    await page.get_by_role("button", name="Send again").click()
    await office.posted("important")
    await expect(field_of(page, "Message ChatGPT")).to_have_value("")
    await expect(page.get_by_role("main").get_by_role("alert")).to_be_hidden()
    office.troubles.clear()


async def test_what_was_begun_meanwhile_stays_beside_what_was_not_sent(office: Office) -> None:
    page = await office.look()
    sent: asyncio.Future[Route] = asyncio.get_running_loop().create_future()

    async def hold(route: Route) -> None:
        sent.set_result(route)

    await page.route("**/messages", hold)
    await page.keyboard.type("one")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Sending…").first).to_be_visible()
    await page.keyboard.type("two")
    await (await sent).abort()
    await expect(field_of(page, "Message ChatGPT")).to_have_value("one\ntwo")
    office.troubles.clear()
