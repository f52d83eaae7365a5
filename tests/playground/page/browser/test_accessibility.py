"""What axe-core finds in the page, in light and dark colours, and what those hear who cannot see it."""

from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from playground.slack.directory import Json
from tests.playground.page.browser.office import App, Office, field_of, messages_in, thread_of
from tests.playground.page.browser.samples import FEEDBACK, SETTINGS, button, mrkdwn

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESK: dict[str, Any] = {}
PHONE: dict[str, Any] = {"width": 360, "height": 740, "is_mobile": True, "has_touch": True}

WRITTEN = """## A heading

Some **bold** words, `code`, and [a link](https://example.com).

> A quotation

| Planet | Moons |
|---|---:|
| Mars | 2 |

- [x] done
- [ ] open

```python
print("a line that is longer than the screen of any phone could ever show at once")
```
"""

JUDGED: list[Json] = [{"type": "section", "text": mrkdwn("*Good?*"), "accessory": button("Good")}, FEEDBACK]


RULES: dict[Literal["light", "dark"], Json] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
"""Only these two rules look at colours, and they take most of the time."""


async def barriers(page: Page) -> list[str]:
    """What axe-core calls serious or critical in this view, each with its place; dark is looked at where it differs."""
    view, found = await page.title(), []
    for colours, options in RULES.items():
        await page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        results = await Axe().run(page, options=options)
        found += [
            f"{view}, {colours}: {violation['help']}: {node['target']}"
            for violation in results.response["violations"]
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]
    return found


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
async def test_no_barriers_in_channels_and_threads(office: Office, screen: dict[str, Any]) -> None:
    say, channel = office.bot.client.chat_postMessage, office.general.id
    page = await office.look(**screen)
    found = await barriers(page)  # nobody has written yet
    root = await office.workspace.post_as(office.ben.id, channel, f"<@{office.ann.id}> *hello* `x`")
    await office.bot.say(channel, WRITTEN, root["ts"])
    await say(channel=channel, thread_ts=root["ts"], text="x", blocks=JUDGED)
    await office.bot.client.chat_postEphemeral(channel=channel, user=office.ann.id, text="A hint")
    if screen:
        await page.get_by_role("button", name="Show conversations").tap()
        found += await barriers(page)
    await page.get_by_role("link", name="general").click()
    await expect(messages_in(page.get_by_role("main"))).to_have_count(2)
    found += await barriers(page)
    await page.get_by_role("button", name="2 replies").click()
    await office.bot.work(channel, root["ts"])
    await office.bot.think(channel, root["ts"])
    await expect(thread_of(page).get_by_role("status")).to_be_visible()
    found += await barriers(page)
    stream = await office.bot.begin(channel, root["ts"], WRITTEN, office.ann)
    await expect(thread_of(page).locator(".cursor")).to_be_visible()
    await stream.end()
    newest = messages_in(thread_of(page)).last
    await expect(newest).to_have_attribute("data-streaming", "false")
    await newest.hover()
    await newest.get_by_role("button", name="More actions").click()
    await expect(page.get_by_role("menu")).to_be_visible()
    found += await barriers(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
async def test_no_barriers_in_the_home_and_in_modals(office: Office, app: App, screen: dict[str, Any]) -> None:
    home = {"type": "home", "blocks": SETTINGS["blocks"][:3]}
    await office.bot.client.views_publish(user_id=office.ann.id, view=home)
    page = await office.look(**screen)
    await page.get_by_role("tab", name="Home").click()
    await expect(page.get_by_role("tabpanel", name="Home")).to_contain_text("How answers are made")
    found = await barriers(page)
    await page.get_by_role("tab", name="Messages").click()
    app.answers["/settings"] = app.opens(SETTINGS)
    await field_of(page, "Message ChatGPT").fill("/settings")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Settings")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("Please complete this required field.")).to_be_visible()
    found += await barriers(page)
    await dialog.get_by_role("button", name="Reset").click()
    await expect(page.get_by_role("dialog", name="Reset?")).to_be_visible()
    found += await barriers(page)
    assert not found, "\n".join(found)


async def test_an_answer_is_read_aloud_once_it_is_whole_and_not_with_each_word(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.dm.id, "hello")
    page = await office.look()
    await page.get_by_role("button", name="Reply in thread").focus()
    await page.keyboard.press("Enter")
    await page.evaluate("""() => {
        window.spoken = [];
        const live = document.querySelector("[aria-live=polite]");
        new MutationObserver(() => window.spoken.push(live.textContent)).observe(live, { childList: true });
    }""")
    stream = await office.bot.begin(office.dm.id, root["ts"], "Good", office.ann)
    await expect(thread_of(page).get_by_text("Good")).to_be_visible()
    for words in (" **mor", "ning**", "!"):
        await stream.grow(words)
    await expect(thread_of(page).get_by_text("Good morning!")).to_be_visible()
    await stream.end()
    await page.wait_for_function("() => window.spoken.length > 1")
    await office.workspace.post_as(office.ben.id, office.general.id, "elsewhere")
    await office.workspace.post_as(office.ann.id, office.dm.id, "my own words", thread_ts=root["ts"])
    await expect(thread_of(page).get_by_text("my own words")).to_be_visible()
    await office.bot.say(office.dm.id, "And more", root["ts"])
    await page.wait_for_function("() => window.spoken.length > 2")
    assert await page.evaluate("window.spoken") == [
        "ChatGPT is writing an answer.",
        "ChatGPT: Good morning!",
        "ChatGPT: And more",
    ]
