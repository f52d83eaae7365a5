"""Settings as a person meets them in the browser, with the real daemon."""

from playwright.async_api import Page, expect

from playground.openai import scripts
from tests.stories.browsing import write
from tests.stories.stage import Stage


async def test_choose_a_model_see_it_answer_look_at_home_and_set_up_one_thread(stage: Stage, page: Page) -> None:
    stage.model.script = scripts.say("Forty-two.")
    await stage.start(FOOTER="on")
    settings = page.get_by_role("dialog", name="Settings")
    await write(page, "Message ChatGPT", "/chatgpt-settings")
    await settings.get_by_role("combobox", name="Model", exact=True).select_option("gpt-4.1")
    temperature = settings.get_by_role("textbox", name="Temperature")
    await temperature.fill("hot")
    await settings.get_by_role("textbox", name="Instructions").fill("Answer with numbers.")
    await settings.get_by_role("button", name="Save").click()
    await expect(settings.get_by_text("It must be a number from 0 to 2.")).to_be_visible()
    await temperature.fill("0.5")
    await settings.get_by_role("button", name="Save").click()
    await expect(settings).to_be_hidden()

    await write(page, "Message ChatGPT", "What is the answer?")
    thread = page.get_by_role("complementary", name="Thread")
    answer = thread.locator(f"li.message[data-author='{stage.workspace.bot.user_id}']")
    await expect(answer.first).to_contain_text("Forty-two.")
    await expect(answer.first).to_contain_text("gpt-4.1")
    body = stage.model.requests[-1].body
    assert (body["model"], body["temperature"]) == ("gpt-4.1", 0.5)
    assert "Answer with numbers." in body["instructions"]

    await answer.first.hover()
    await answer.first.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Thread settings").click()
    await expect(settings.get_by_role("combobox", name="Settings of")).to_have_value("thread")
    await settings.get_by_role("combobox", name="Model", exact=True).select_option("gpt-6-luna")
    await expect(settings.get_by_role("textbox", name="Temperature")).to_have_count(0)
    await settings.get_by_role("button", name="Save").click()
    await expect(settings).to_be_hidden()
    await write(thread, "Reply", "And again?")
    await expect(thread.get_by_text("gpt-6-luna", exact=False)).to_have_count(1)

    await page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    await expect(home).to_contain_text("Model: gpt-4.1 (from your settings)")
    await home.get_by_role("button", name="Change my settings").click()
    await settings.get_by_role("button", name="Reset my default").click()
    await page.get_by_role("dialog", name="Reset my default?").get_by_role("button", name="Reset").click()
    await expect(settings.get_by_role("combobox", name="Model", exact=True)).to_have_value("as before")
    await settings.get_by_role("button", name="Cancel").click()
    await expect(home).to_contain_text("Whatever the organisation has chosen.")
    await expect(home).to_contain_text("2 answers, 0 pictures")


async def test_say_that_an_answer_was_bad_and_why(stage: Stage, page: Page) -> None:
    await stage.start(FEEDBACK_BUTTONS="on")
    await write(page, "Message ChatGPT", "Hello")
    thread = page.get_by_role("complementary", name="Thread")
    await thread.get_by_role("button", name="Bad answer").click()
    asks = page.get_by_role("dialog", name="Feedback")
    await asks.get_by_role("textbox", name="What should have been different?").fill("Too short.")
    await asks.get_by_role("button", name="Send").click()
    await expect(asks).to_be_hidden()
    await expect(thread.get_by_text("Thank you for telling me.")).to_be_visible()
    await expect(thread.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
