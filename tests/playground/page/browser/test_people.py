"""Speaking as several people."""

import pytest
from playwright.async_api import expect

from tests.playground.page.browser.office import Office, field_of, messages_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_another_person_has_other_direct_messages(office: Office) -> None:
    await office.workspace.post_as(office.ann.id, office.dm.id, "my secret")
    page = await office.look()
    await expect(messages_in(page)).to_contain_text(["my secret"])
    await page.get_by_role("radio", name="Ben").check()
    await expect(page.get_by_text("You speak as Ben")).to_be_visible()
    await expect(messages_in(page)).to_have_count(0)
    await expect(page.get_by_role("heading", name="ChatGPT", level=2)).to_be_visible()
    await field_of(page, "Message ChatGPT").fill("I am Ben")
    await page.keyboard.press("Enter")
    message = await office.posted("I am Ben", office.workspace.open_dm(office.ben.id))
    assert message["user"] == office.ben.id


async def test_people_share_channels(office: Office) -> None:
    await office.workspace.post_as(office.ann.id, office.general.id, "hello all")
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await page.get_by_role("radio", name="Ben").check()
    await expect(page.get_by_role("heading", name="#general", level=2)).to_be_visible()
    await expect(page.get_by_role("article", name="Ann, ")).to_contain_text("hello all")


async def test_two_people_talk_in_two_windows(office: Office) -> None:
    ann, ben = await office.look(), await office.look()
    await ben.get_by_role("radio", name="Ben").check()
    await ann.get_by_role("link", name="Ben").click()
    await ben.get_by_role("link", name="Ann").click()
    await field_of(ann, "Message Ben").fill("Lunch?")
    await ann.keyboard.press("Enter")
    await expect(messages_in(ben)).to_contain_text(["Lunch?"])
    await expect(ann.get_by_role("complementary", name="Thread")).to_be_hidden()


async def test_a_reload_keeps_the_person_the_channel_and_the_thread(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.general.id, "hello all")
    page = await office.look()
    await page.get_by_role("radio", name="Ben").check()
    await page.get_by_role("link", name="general").click()
    await messages_in(page).first.hover()
    await page.get_by_role("button", name="Reply in thread").click()
    await page.reload()
    await expect(page.get_by_text("You speak as Ben")).to_be_visible()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.locator(f'[data-ts="{root["ts"]}"]')).to_be_visible()


async def test_only_whom_it_concerns_sees_a_private_note(office: Office) -> None:
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await office.bot.client.chat_postEphemeral(channel=office.general.id, user=office.ann.id, text="psst")
    await expect(messages_in(page)).to_contain_text(["psst"])
    await expect(page.get_by_text("Only visible to you")).to_be_visible()
    await page.get_by_role("radio", name="Ben").check()
    await expect(messages_in(page)).to_have_count(0)
