"""Buttons and menus in messages, also in those that one person sees."""

import pytest
from aiohttp import ClientSession
from playwright.async_api import Page, expect

from playground.slack.directory import Json
from tests.playground.page.browser.office import App, Office, messages_in
from tests.playground.page.browser.samples import CONFIRM, FEEDBACK, button, mrkdwn, option, select
from tests.playground.page.browser.test_screens import WITHOUT_NAME

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def say(office: Office, *blocks: Json) -> str:
    posted = await office.bot.client.chat_postMessage(channel=office.dm.id, text="hello", blocks=list(blocks))
    return str(posted["ts"])


async def whisper(office: Office, words: str) -> None:
    blocks: list[Json] = [
        {"type": "section", "text": mrkdwn(words)},
        {"type": "actions", "elements": [button("Share"), button("Discard")]},
    ]
    await office.bot.client.chat_postEphemeral(channel=office.dm.id, user=office.ann.id, text=words, blocks=blocks)


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name).click()


async def test_a_pressed_button_reaches_the_app(office: Office, app: App) -> None:
    ts = await say(office, {"type": "actions", "block_id": "b", "elements": [button("Again")]})
    page = await office.look()
    await press(page, "Again")
    (sent,) = await app.told("block_actions")
    (action,) = sent["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("again", "b", "1")
    assert (sent["message"]["ts"], sent["user"]["id"]) == (ts, office.ann.id)


async def test_thumbs_have_names_and_show_which_one_was_pressed(office: Office, app: App) -> None:
    ts = await say(office, FEEDBACK)
    page = await office.look()
    good, bad = page.get_by_role("button", name="Good answer"), page.get_by_role("button", name="Bad answer")
    await expect(page.get_by_role("group", name="Feedback").get_by_role("button", pressed=False)).to_have_count(2)
    await good.click()
    await expect(good).to_have_attribute("aria-pressed", "true")
    await bad.click()
    await expect(bad).to_have_attribute("aria-pressed", "true")
    await expect(good).to_have_attribute("aria-pressed", "false")
    told = await app.told("block_actions", 2)
    assert [each["actions"][0]["value"] for each in told] == ["good", "bad"]
    await office.bot.client.chat_update(channel=office.dm.id, ts=ts, text="changed", blocks=[FEEDBACK])
    await expect(page.get_by_text("(edited)")).to_be_visible()
    await expect(bad).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("radio", name="Ben").check()
    await page.get_by_role("radio", name="Ann").check()
    await expect(bad).to_have_attribute("aria-pressed", "true")


async def test_menus_and_icons_reach_the_app_and_everything_has_a_name(office: Office, app: App) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": [option("Copy"), option("Report")]}
    await say(office, {"type": "actions", "elements": [menu, select("model", "Luna", "Terra")]}, FEEDBACK)
    page = await office.look()
    assert await page.evaluate(WITHOUT_NAME) == []
    await press(page, "More options")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await app.told("block_actions")
    await page.get_by_role("combobox", name="Choose one").select_option("Terra")
    await app.told("block_actions", 2)
    await press(page, "Delete answer")
    told = await app.told("block_actions", 3)
    chosen, selected, pressed = (each["actions"][0] for each in told)
    assert (chosen["type"], chosen["selected_option"]["value"]) == ("overflow", "report")
    assert (selected["type"], selected["selected_option"]["value"]) == ("static_select", "terra")
    assert (pressed["type"], pressed["value"]) == ("icon_button", "x")


async def test_a_button_in_a_message_asks_first_when_the_app_wants_that(office: Office, app: App) -> None:
    await say(office, {"type": "actions", "elements": [button("Reset", confirm=CONFIRM)]})
    page = await office.look()
    await press(page, "Reset")
    question = page.get_by_role("dialog", name="Reset?")
    await question.get_by_role("button", name="Keep").click()
    await expect(question).to_have_count(0)
    await press(page, "Reset")
    await question.get_by_role("button", name="Reset").click()
    await app.told("block_actions")


async def test_a_private_answer_is_changed_and_taken_away_by_its_buttons(office: Office, app: App) -> None:
    async def answer(payload: Json) -> None:
        is_share = payload["actions"][0]["action_id"] == "share"
        reply = {"replace_original": True, "text": "Shared."} if is_share else {"delete_original": True}
        async with ClientSession() as http, http.post(payload["response_url"], json=reply) as response:
            assert response.status == 200

    app.answers["block_actions"] = answer
    page = await office.look()
    await whisper(office, "a summary")
    await expect(messages_in(page)).to_contain_text(["a summary"])
    await press(page, "Share")
    await expect(messages_in(page)).to_contain_text(["Shared."])
    await expect(page.get_by_role("button", name="Share")).to_have_count(0)
    await whisper(office, "another")
    await press(page, "Discard")
    await expect(messages_in(page)).to_have_count(1)
    (first, _) = await app.told("block_actions", 2)
    assert first["container"]["is_ephemeral"]
    await press(page, "Dismiss")
    await expect(messages_in(page)).to_have_count(0)


async def test_a_button_that_is_gone_says_so(office: Office, app: App) -> None:
    await whisper(office, "a summary")
    page = await office.look()
    await expect(page.get_by_role("button", name="Share")).to_be_visible()
    office.workspace.ephemerals.clear()
    await press(page, "Share")
    await expect(page.get_by_role("alert").filter(has_text="This is not there any more.")).to_be_visible()
    office.troubles.clear()


async def test_text_cannot_pass_for_a_button(office: Office, app: App) -> None:
    attack = '<button data-action="again" data-block="b">Again</button>'
    await office.workspace.post_as(office.ben.id, office.general.id, attack)
    await office.bot.say(office.general.id, attack)
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await expect(messages_in(page)).to_have_count(2)
    await expect(page.locator("[data-action='again']")).to_have_count(0)
