"""A newcomer's first minute: type, see that the bot thinks, see the answer grow, ask again."""

import pytest
from playwright.async_api import expect

from tests.playground.page.browser.office import Office, field_of, messages_in, thread_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_conversation_with_the_bot_is_open_and_says_what_to_do(office: Office) -> None:
    page = await office.look()
    await expect(page.get_by_role("heading", name="ChatGPT", level=2)).to_be_visible()
    await expect(page.get_by_role("link", name="ChatGPT")).to_have_attribute("aria-current", "page")
    await expect(page.get_by_text("Write to ChatGPT as you would to a colleague.")).to_be_visible()
    await expect(field_of(page, "Message ChatGPT")).to_be_focused()
    await expect(thread_of(page)).to_be_hidden()
    await expect(page).to_have_title("ChatGPT – Local Slack")


async def test_the_page_says_that_it_is_not_slack_and_who_answers(office: Office) -> None:
    page = await office.look()
    statement = page.get_by_role("note")
    await expect(statement).to_contain_text("This is a local stand-in for Slack, not Slack.")
    await page.get_by_role("link", name="general").click()
    await expect(statement).to_be_in_viewport()


async def test_a_suggestion_saves_typing(office: Office) -> None:
    page = await office.look()
    await page.get_by_role("button", name="Show me a table of planets and their moons").click()
    await expect(field_of(page, "Message ChatGPT")).to_have_value("Show me a table of planets and their moons")
    await page.keyboard.press("Enter")
    await office.posted("Show me a table of planets and their moons")


async def test_an_empty_channel_invites_to_mention_the_bot_and_a_colleague_is_left_in_peace(office: Office) -> None:
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await page.get_by_role("button", name="Draw a lighthouse by the sea").click()
    await expect(field_of(page, "Message #general")).to_have_value("@ChatGPT Draw a lighthouse by the sea")
    await page.get_by_role("link", name="Ben").click()
    await expect(page.get_by_text("No messages yet.")).to_be_visible()
    await expect(page.get_by_role("list", name="Try one of these")).to_have_count(0)


async def test_the_answer_grows_in_a_thread_that_opens_by_itself(office: Office) -> None:
    page = await office.look()
    thread = thread_of(page)
    await field_of(page, "Message ChatGPT").fill("Hello!")
    await page.keyboard.press("Enter")
    await expect(messages_in(thread).first).to_contain_text("Hello!")
    question = await office.posted("Hello!")

    await office.bot.think(office.dm.id, question["ts"])
    await expect(thread.get_by_role("status")).to_have_text("ChatGPT is thinking…")

    stream = await office.bot.begin(office.dm.id, question["ts"], "Good", office.ann)
    answer = thread.locator(f'[data-ts="{stream.ts}"]')
    await expect(answer).to_contain_text("Good")
    await expect(answer).to_have_attribute("data-streaming", "true")
    await expect(answer.locator(".cursor")).to_be_visible()
    await expect(thread.get_by_role("status")).to_have_count(0)

    await stream.grow(" **morning**!\n\n- one\n- tw")
    await expect(answer.locator("strong")).to_have_text("morning")
    await stream.grow("o")
    await expect(answer.get_by_role("listitem").last).to_have_text("two")
    await stream.end()
    await expect(answer).to_have_attribute("data-streaming", "false")
    await expect(answer.locator(".cursor")).to_have_count(0)


async def test_asking_again_needs_no_mention(office: Office) -> None:
    page = await office.look()
    await field_of(page, "Message ChatGPT").fill("Hello!")
    await page.keyboard.press("Enter")
    question = await office.posted("Hello!")
    await office.bot.say(office.dm.id, "Good morning!", question["ts"])
    await expect(messages_in(thread_of(page))).to_have_count(2)

    await page.keyboard.type("And now?")
    await expect(field_of(thread_of(page), "Reply…")).to_have_value("And now?")
    await page.keyboard.press("Enter")
    again = await office.posted("And now?")
    assert again["thread_ts"] == question["ts"]
    await expect(messages_in(thread_of(page))).to_have_count(3)
    await expect(page.get_by_role("main").get_by_text("2 replies")).to_be_visible()


async def test_each_message_to_the_bot_begins_a_thread_of_its_own(office: Office) -> None:
    page = await office.look()
    for text in ("One", "Two"):
        await field_of(page, "Message ChatGPT").fill(text)
        await page.keyboard.press("Enter")
        await expect(messages_in(thread_of(page)).first).to_contain_text(text)
        await expect(messages_in(thread_of(page))).to_have_count(1)


async def test_the_bot_can_be_stopped_while_it_works(office: Office) -> None:
    page = await office.look()
    await field_of(page, "Message ChatGPT").fill("Hello!")
    await page.keyboard.press("Enter")
    question = await office.posted("Hello!")
    stop = thread_of(page).get_by_role("button", name="Stop")
    await expect(stop).to_be_hidden()
    await office.bot.work(office.dm.id, question["ts"])
    await stop.click()
    await expect(stop).to_be_hidden()
    assert office.workspace.threads.sessions[office.dm.id, question["ts"]] == "active"
