"""Text that wants to run on the page stays text."""

import pytest
from playwright.async_api import expect

from tests.playground.page.browser.office import Office, messages_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

ATTACKS = [
    "<script>window.attacked = true</script>",
    "<img src=x onerror='window.attacked = true'>",
    "<svg onload='window.attacked = true'>",
    "<iframe srcdoc='<script>parent.attacked = true</script>'>",
    "[click](javascript:window.attacked=true)",
    "<javascript:window.attacked=true|click>",
    "<https://a.example/'onmouseover='window.attacked=true'|click>",
    "```html\n</code></pre><script>window.attacked = true</script>\n```",
    "| a |\n|---|\n| <img src=x onerror='window.attacked = true'> |",
]


async def test_attacks_stay_text(office: Office) -> None:
    evil = office.workspace.add_user("evil", "<img src=x onerror='window.attacked=true'>")
    evil.display_name = "<script>window.attacked = true</script>"
    channel = office.workspace.add_channel("<b>evil</b>", [office.ann, evil, office.workspace.bot.user_id])
    channel.topic = "<img src=x onerror='window.attacked = true'>"
    for attack in ATTACKS:
        await office.workspace.post_as(evil.id, channel.id, attack)
        await office.bot.say(channel.id, attack)
        await office.bot.client.chat_postMessage(channel=channel.id, text=attack)
    page = await office.look()
    await page.get_by_role("link", name="<b>evil</b>").click()
    messages = messages_in(page)
    await expect(messages).to_have_count(3 * len(ATTACKS))
    await expect(messages.first).to_contain_text("<script>window.attacked = true</script>")
    for link in await messages.get_by_role("link").all():
        assert str(await link.get_attribute("href")).startswith("https://")
        await link.hover()
    assert (
        await messages.locator("script, img, svg:not(.icon), iframe, [onerror], [onload], [onmouseover]").count() == 0
    )
    assert await page.evaluate("window.attacked") is None


async def test_scripts_in_the_page_itself_are_refused_by_the_browser(office: Office) -> None:
    page = await office.look()
    await page.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.attacked = true'>");
        const script = document.createElement("script");
        script.textContent = "window.attacked = true";
        document.body.append(script);
    }""")
    await page.wait_for_function("performance.now() > 0")
    assert await page.evaluate("window.attacked") is None
    assert any("Content Security Policy" in trouble for trouble in office.troubles)
    office.troubles.clear()
