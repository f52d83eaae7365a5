"""Slash commands in the composer, and the menu of a message."""

import pytest
from playwright.async_api import expect

from tests.playground.page.browser.office import App, Office, acking, field_of, messages_in, thread_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_slash_offers_the_apps_commands(office: Office, app: App) -> None:
    page = await office.look()
    await page.keyboard.type("/")
    offers = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(offers).to_have_text(["/settings[place]Choose how answers are made", "/usageShow what was used"])
    await page.keyboard.type("us")
    await expect(offers).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(field_of(page, "Message ChatGPT")).to_have_value("/usage ")
    await page.keyboard.type("this month")
    await page.keyboard.press("Enter")
    (sent,) = await app.told("/usage")
    assert (sent["text"], sent["user_id"], sent["channel_id"]) == ("this month", office.ann.id, office.dm.id)
    await expect(field_of(page, "Message ChatGPT")).to_have_value("")
    assert office.workspace.messages(office.dm.id) == []


async def test_a_command_that_is_typed_to_its_end_is_sent_with_one_enter(office: Office, app: App) -> None:
    page = await office.look()
    await page.keyboard.type("/usage")
    await page.keyboard.press("Enter")
    await app.told("/usage")
    await expect(field_of(page, "Message ChatGPT")).to_have_value("")


async def test_what_the_app_acks_is_shown_to_the_person_alone_who_can_dismiss_it(office: Office, app: App) -> None:
    app.answers["/usage"] = acking({"text": "12 answers"})
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await page.keyboard.type("/usage")
    await page.keyboard.press("Enter")
    await expect(messages_in(page)).to_contain_text(["12 answers"])
    await expect(page.get_by_text("Only visible to you")).to_be_visible()
    await page.get_by_role("radio", name="Ben").check()
    await expect(messages_in(page)).to_have_count(0)
    await page.get_by_role("radio", name="Ann").check()
    await page.get_by_role("button", name="Dismiss").click()
    await expect(messages_in(page)).to_have_count(0)
    assert office.workspace.ephemerals == []


async def test_commands_are_not_taken_in_threads(office: Office, app: App) -> None:
    root = await office.workspace.post_as(office.ann.id, office.dm.id, "hello")
    page = await office.look()
    await page.goto(f"{office.address}/#/{office.dm.id}/{root['ts']}")
    reply = field_of(thread_of(page), "Reply…")
    await reply.fill("/settings")
    await expect(page.get_by_role("option")).to_have_count(0)
    await reply.press("Enter")
    await expect(thread_of(page).get_by_role("alert")).to_have_text("/settings is not supported in threads. Sorry!")
    await expect(reply).to_have_value("/settings")
    assert "/settings" not in app.kinds
    office.troubles.clear()


async def test_a_line_with_an_unknown_command_is_no_message(office: Office, app: App) -> None:
    page = await office.look()
    await page.keyboard.type("/nonsense")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("/nonsense is not a valid command.")
    assert office.workspace.messages(office.dm.id) == []
    office.troubles.clear()


async def test_a_command_that_nobody_answers_is_given_back(office: Office) -> None:
    page = await office.look()
    await page.keyboard.type("/usage")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("The app did not answer in time.")
    await expect(field_of(page, "Message ChatGPT")).to_have_value("/usage")
    office.troubles.clear()


async def test_a_message_has_a_menu_with_the_apps_shortcuts(office: Office, app: App) -> None:
    message = await office.workspace.post_as(office.ben.id, office.general.id, "hello all")
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    more = page.get_by_role("button", name="More actions")
    await more.focus()
    await page.keyboard.press("Enter")
    items = page.get_by_role("menuitem")
    await expect(items).to_have_text(["Reply in thread", "Copy text", "Summarise threadChatGPT"])
    await expect(items.first).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(items.last).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(items).to_have_count(0)
    await expect(more).to_be_focused()
    await page.keyboard.press("Enter")
    await items.last.click()
    (sent,) = await app.told("message_action")
    assert (sent["callback_id"], sent["message"]["ts"]) == ("summarize", message["ts"])
    assert sent["user"]["id"] == office.ann.id


async def test_a_messages_text_can_be_copied(office: Office) -> None:
    await office.workspace.post_as(office.ann.id, office.dm.id, "one *two*\nthree")
    page = await office.look(permissions=["clipboard-read", "clipboard-write"])
    await messages_in(page).first.hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Copy text").click()
    await expect(page.get_by_role("alert").filter(has_text="The text is copied.")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "one two\nthree"


async def test_ones_own_message_can_be_deleted_after_a_question(office: Office) -> None:
    await office.workspace.post_as(office.ann.id, office.dm.id, "oh no")
    page = await office.look()
    for answer, left in (("Cancel", 1), ("Delete", 0)):
        await messages_in(page).first.hover()
        await page.get_by_role("button", name="More actions").click()
        await page.get_by_role("menuitem", name="Delete…").click()
        question = page.get_by_role("dialog", name="Delete this message?")
        await question.get_by_role("button", name=answer).click()
        await expect(question).to_have_count(0)
        await expect(messages_in(page)).to_have_count(left)
    assert office.workspace.messages(office.dm.id) == []
