"""Files on the page: pictures that are seen, and files that are sent."""

import base64
from typing import Any

import pytest
from playwright.async_api import Page, expect

from playground.slack.clips import Clip
from playground.slack.directory import Json
from tests.playground.page.browser.office import Office, chosen, field_of, messages_in, thread_of
from tests.playground.page.browser.test_screens import WIDER_THAN_THE_SCREEN
from tests.playground.slack.test_pictures import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

PNG = picture("PNG", 640, 400)

HAND_OVER = """([place, event, files]) => {
    const brought = new DataTransfer();
    for (const { name, type, content } of files) {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        brought.items.add(new File([bytes], name, { type }));
    }
    const options = { bubbles: true, cancelable: true, dataTransfer: brought, clipboardData: brought };
    const made = event === "paste" ? new ClipboardEvent(event, options) : new DragEvent(event, options);
    document.querySelector(place).dispatchEvent(made);
}"""
"""A script cannot drag a file from another window, so the page gets the event that comes of it."""


async def hand_over_picture(page: Page, place: str, event: str, name: str) -> None:
    file = {"name": name, "type": "image/png", "content": base64.b64encode(PNG).decode()}
    await page.evaluate(HAND_OVER, [place, event, [file]])


async def shared(office: Office, text: str = "", **place: Any) -> Json:
    """The message with this text that brings files."""

    def found() -> Json | None:
        messages = office.workspace.messages(place.get("channel", office.dm).id)
        return next((each for each in messages if each["text"] == text and each.get("files")), None)

    message = await office.workspace.wait_for(found, timeout=30)
    assert message is not None
    return message


async def is_drawn(page: Page, name: str) -> None:
    """Waits until the picture with this name is there."""
    await expect(page.get_by_role("img", name=name).first).to_be_visible()
    # What waits for a string to become true is evaluated again and again, which the page's policy forbids.
    await page.get_by_role("img", name=name).first.evaluate("image => image.decode()")


async def test_a_picture_is_dropped_sent_and_seen(office: Office) -> None:
    page = await office.look()
    main = page.get_by_role("main")
    await hand_over_picture(page, "#conversation ol", "dragover", "shed.png")
    await expect(main).to_have_class("pane conversation dropping")
    await hand_over_picture(page, "#conversation ol", "drop", "shed.png")
    await expect(main).to_have_class("pane conversation")
    await expect(main.get_by_role("list", name="Files to send")).to_contain_text("shed.png")
    await expect(field_of(page, "Message ChatGPT")).to_be_focused()
    await page.keyboard.press("Enter")
    message = await shared(office)
    assert (message["files"][0]["mimetype"], message["files"][0]["original_w"]) == ("image/png", 640)
    await expect(main.get_by_role("list", name="Files to send")).to_have_count(0)
    await is_drawn(page, "shed.png")


async def test_words_and_two_files_are_sent_to_a_channel(office: Office) -> None:
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("main").get_by_role("button", name="Add files").click()
    await (await chooser.value).set_files([chosen("a.txt"), chosen("b.txt", b"two!")])
    await page.keyboard.type("both of them")
    await page.keyboard.press("Enter")
    message = await shared(office, "both of them", channel=office.general)
    assert [(file["name"], file["size"]) for file in message["files"]] == [("a.txt", 3), ("b.txt", 4)]
    chip = messages_in(page).get_by_role("link", name="b.txt")
    async with page.expect_download() as download:
        await chip.click()
    assert (await download.value).suggested_filename == "b.txt"


async def test_a_pasted_picture_goes_into_the_thread(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.dm.id, "hello")
    await office.bot.say(office.dm.id, "yes?", root["ts"])
    page = await office.look()
    await page.get_by_role("button", name="1 reply").click()
    await hand_over_picture(page, "#thread-composer-field", "paste", "image.png")
    await expect(thread_of(page).get_by_role("list", name="Files to send")).to_contain_text("image.png")
    await thread_of(page).get_by_role("button", name="Send").click()
    assert (await shared(office))["thread_ts"] == root["ts"]
    await expect(messages_in(thread_of(page)).get_by_role("img", name="image.png")).to_be_visible()


async def test_chips_are_removed_with_the_keyboard_and_the_focus_stays_near(office: Office) -> None:
    page = await office.look()
    await page.locator("#conversation input[type=file]").set_input_files([chosen("a.txt"), chosen("b.txt")])
    await page.get_by_role("button", name="Remove a.txt").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Remove b.txt")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(field_of(page, "Message ChatGPT")).to_be_focused()
    await expect(page.get_by_role("button", name="Send").first).to_be_disabled()


async def test_files_wait_where_they_were_added(office: Office) -> None:
    page = await office.look()
    chips = page.get_by_role("main").get_by_role("list", name="Files to send")
    await page.locator("#conversation input[type=file]").set_input_files([chosen("a.txt")])
    await page.get_by_role("link", name="general").click()
    await expect(chips).to_have_count(0)
    await page.get_by_role("link", name="ChatGPT").click()
    await expect(chips).to_contain_text("a.txt")


async def test_what_cannot_be_sent_is_told_and_the_rest_is_kept(office: Office) -> None:
    page = await office.look()
    chooser = page.locator("#conversation input[type=file]")
    trouble = page.get_by_role("main").get_by_role("alert")
    chips = page.get_by_role("main").get_by_role("list", name="Files to send").get_by_role("listitem")
    await chooser.set_input_files([chosen("empty.txt", b""), chosen("a.txt")])
    await expect(trouble).to_have_text("empty.txt is empty.")
    await expect(chips).to_have_count(1)
    await chooser.set_input_files([chosen(f"{number}.txt") for number in range(10)])
    await expect(trouble).to_have_text("At most 10 files go with one message.")
    await expect(chips).to_have_count(10)


async def test_files_that_were_not_taken_are_given_back(office: Office) -> None:
    page = await office.look()
    await page.route("**/messages", lambda route: route.abort())
    await page.locator("#conversation input[type=file]").set_input_files([chosen("a.txt")])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main").get_by_role("alert")).to_contain_text("does not answer")
    await page.unroute("**/messages")
    await page.keyboard.press("Enter")
    assert (await shared(office))["files"][0]["name"] == "a.txt"
    office.troubles.clear()


async def test_a_picture_of_the_bot_is_shown_with_its_description_and_opens(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.dm.id, "draw a shed")
    await office.bot.client.files_upload_v2(
        channel=office.dm.id, thread_ts=root["ts"], content=PNG, filename="picture.png", alt_txt="A shed in the rain"
    )
    page = await office.look()
    await page.get_by_role("button", name="1 reply").click()
    await is_drawn(page, "A shed in the rain")
    shown = thread_of(page).get_by_role("img", name="A shed in the rain")
    box = await shown.bounding_box()
    assert box and (box["width"], box["height"]) == (360, 225)
    for width in (1280, 390, 320):
        await page.set_viewport_size({"width": width, "height": 700})
        assert not await page.evaluate(WIDER_THAN_THE_SCREEN), width
    async with page.context.expect_page() as opened:
        await shown.click()
    picture = (await opened.value).locator("img").first
    await picture.evaluate("image => image.decode()")
    assert await picture.evaluate("image => image.naturalWidth") == 640


async def test_sounds_are_played_and_what_could_run_is_not_drawn(office: Office) -> None:
    workspace, ann = office.workspace, office.ann
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    files = [
        workspace.add_file("note.mp3", b"ID3", ann.id, clip=Clip(duration_ms=1000)),
        workspace.add_file("<img src=x>.svg", svg, ann.id, alt_text="<b>logo</b>"),
        workspace.add_file("Plan", b"", ann.id, external_type="gdrive"),
        workspace.add_file("old.txt", b"old", ann.id),
    ]
    await workspace.post_as(ann.id, office.dm.id, "", files=files)
    page = await office.look()
    items = messages_in(page).get_by_role("list", name="Files").get_by_role("listitem")
    await expect(items).to_have_count(4)
    await expect(items.nth(0).locator("audio")).to_have_attribute("aria-label", "note.mp3")
    await expect(items.nth(1)).to_contain_text("<img src=x>.svg")
    await expect(items.nth(2)).to_contain_text("kept by another service")
    await expect(messages_in(page).locator("img, script, svg:not(.icon)")).to_have_count(0)
    workspace.delete_file(files[3].id)
    await expect(items.nth(3)).to_have_text("This file was deleted.")
