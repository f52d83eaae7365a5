"""The home of the app."""

import pytest
from playwright.async_api import expect

from playground.slack.directory import Json
from tests.playground.page.browser.office import App, Office, field_of
from tests.playground.page.browser.samples import button, modal, plain, select

pytestmark = pytest.mark.asyncio(loop_scope="session")

LINK = "<slack://app?team=T1&id=A1&tab=home|Settings>"


def home(words: str) -> Json:
    section = {
        "type": "section",
        "block_id": "model",
        "text": plain(words),
        "accessory": select("model", "Luna", "Terra"),
    }
    return {"type": "home", "blocks": [section, {"type": "actions", "elements": [button("Open")]}]}


async def test_each_tab_tells_the_app_that_it_was_opened(office: Office, app: App) -> None:
    page = await office.look()
    (first,) = await app.told("app_home_opened")
    assert (first["event"]["tab"], first["event"]["user"]) == ("messages", office.ann.id)
    await page.get_by_role("tab", name="Home").click()
    await expect(page.get_by_role("tabpanel", name="Home")).to_contain_text("The app has not put anything here yet.")
    await expect(page.get_by_role("combobox", name="Message ChatGPT")).to_be_hidden()
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("tab", name="Messages", selected=True)).to_be_focused()
    await expect(page.get_by_role("combobox", name="Message ChatGPT")).to_be_visible()
    told = await app.told("app_home_opened", 3)
    assert sorted(each["event"]["tab"] for each in told) == ["home", "messages", "messages"]


async def test_only_the_conversation_with_the_app_has_a_home(office: Office) -> None:
    page = await office.look()
    await expect(page.get_by_role("tab", name="Home")).to_be_visible()
    await page.get_by_role("link", name="Ben").click()
    await expect(page.get_by_role("tab")).to_have_count(0)


async def test_the_published_home_is_drawn_and_its_controls_work(office: Office, app: App) -> None:
    async def publish(payload: Json) -> None:
        user = payload["user"]["id"]
        await office.bot.client.views_publish(user_id=user, view=home("Changed"))
        if payload["actions"][0]["action_id"] == "open":
            await office.bot.client.views_open(trigger_id=payload["trigger_id"], view=modal({"type": "divider"}))

    app.answers["block_actions"] = publish
    await office.bot.client.views_publish(user_id=office.ann.id, view=home("Yours"))
    page = await office.look()
    await page.get_by_role("tab", name="Home").click()
    panel = page.get_by_role("tabpanel", name="Home")
    await expect(panel).to_contain_text("Yours")
    await panel.get_by_role("combobox", name="Yours").select_option("Terra")
    await expect(panel).to_contain_text("Changed")
    await expect(panel.get_by_role("combobox", name="Changed")).to_have_value("terra")
    (sent,) = await app.told("block_actions")
    assert sent["view"]["type"] == "home"
    assert sent["actions"][0]["selected_option"]["value"] == "terra"
    await panel.get_by_role("button", name="Open").click()
    await expect(page.get_by_role("dialog", name="Settings")).to_be_visible()


async def test_a_home_is_shown_to_its_person_alone_and_after_a_reload(office: Office) -> None:
    await office.bot.client.views_publish(user_id=office.ann.id, view=home("Ann's"))
    page = await office.look()
    await page.get_by_role("tab", name="Home").click()
    await expect(page.get_by_text("Ann's")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Ann's")).to_be_visible()
    await page.get_by_role("radio", name="Ben").check()
    await page.get_by_role("tab", name="Home").click()
    await expect(page.get_by_text("The app has not put anything here yet.")).to_be_visible()


async def test_a_link_of_the_app_leads_to_its_home_and_back_to_the_talk(office: Office) -> None:
    blocks: list[Json] = [{"type": "context", "elements": [{"type": "mrkdwn", "text": LINK}]}]
    await office.bot.client.chat_postMessage(channel=office.general.id, text="x", blocks=blocks)
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await page.get_by_role("link", name="Settings").click()
    await expect(page.get_by_role("tab", name="Home", selected=True)).to_be_visible()
    await page.get_by_role("tab", name="Messages").click()
    await expect(field_of(page, "Message ChatGPT")).to_be_visible()
