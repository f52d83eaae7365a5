"""Messages, threads and what is new."""

import pytest
from playwright.async_api import Page, expect

from playground.demo import yesterday
from tests.playground.page.browser.office import Office, field_of, messages_in, thread_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARKDOWN = """## Title

1. **one**
   - deeper
2. two

> quoted

| Name | Count |
|------|------:|
| a    |     1 |

```python
print("a < b")
```

[docs](https://docs.example)
"""


async def test_markdown_is_drawn(office: Office) -> None:
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await office.bot.say(office.general.id, MARKDOWN)
    message = messages_in(page).first
    await expect(message.get_by_role("heading", name="Title")).to_be_visible()
    await expect(message.locator("ol > li > ul > li")).to_have_text("deeper")
    await expect(message.locator("blockquote")).to_have_text("quoted")
    await expect(message.get_by_role("cell", name="1")).to_have_css("text-align", "right")
    await expect(message.locator("figure .language")).to_have_text("python")
    link = message.get_by_role("link", name="docs")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    await expect(link).to_have_attribute("target", "_blank")


async def test_code_can_be_copied(office: Office) -> None:
    page = await office.look(permissions=["clipboard-read", "clipboard-write"])
    await page.get_by_role("link", name="general").click()
    await office.bot.say(office.general.id, '```python\nprint("a < b")\n```')
    copy = page.get_by_role("button", name="Copy code")
    await copy.click()
    await expect(copy).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == 'print("a < b")'


async def test_a_thread_is_summed_up_and_opens(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.general.id, "a question")
    await office.workspace.post_as(office.ben.id, office.general.id, "an answer", thread_ts=root["ts"])
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await expect(messages_in(page)).to_have_count(1)
    summary = page.get_by_role("button", name="1 reply Last reply today at")
    await summary.click()
    thread = thread_of(page)
    await expect(messages_in(thread)).to_contain_text(["a question", "an answer"])
    await expect(field_of(thread, "Reply…")).to_be_focused()
    await page.keyboard.type("thanks")
    await page.keyboard.press("Enter")
    await expect(messages_in(thread)).to_have_count(3)
    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()


async def test_a_thread_is_begun_from_the_message_and_closed_with_escape(office: Office) -> None:
    await office.workspace.post_as(office.ann.id, office.general.id, "a question")
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await page.get_by_role("button", name="Reply in thread").focus()
    await page.keyboard.press("Enter")
    await expect(messages_in(thread_of(page))).to_contain_text(["a question"])
    await page.keyboard.press("Escape")
    await expect(thread_of(page)).to_be_hidden()
    await expect(field_of(page, "Message #general")).to_be_focused()
    await page.go_back()
    await expect(thread_of(page)).to_be_visible()


async def test_the_channel_shows_that_the_bot_thinks_in_a_closed_thread(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.general.id, "a question")
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await office.bot.think(office.general.id, root["ts"])
    await expect(page.get_by_role("button", name="ChatGPT is thinking…")).to_be_visible()


async def test_edits_and_deletions_are_marked(office: Office) -> None:
    workspace, ann, general = office.workspace, office.ann, office.general
    edited = await workspace.post_as(ann.id, general.id, "tpyo")
    gone = await workspace.post_as(ann.id, general.id, "gone")
    root = await workspace.post_as(ann.id, general.id, "regretted")
    await workspace.post_as(office.ben.id, general.id, "too late", thread_ts=root["ts"])
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await expect(messages_in(page)).to_have_count(3)
    await workspace.edit_as(ann.id, general.id, edited["ts"], "typo")
    await workspace.delete_as(ann.id, general.id, gone["ts"])
    await workspace.delete_as(ann.id, general.id, root["ts"])
    await expect(messages_in(page)).to_have_count(2)
    await expect(messages_in(page).first).to_contain_text("typo(edited)")
    await expect(messages_in(page).last).to_contain_text("This message was deleted.")
    await page.get_by_role("button", name="1 reply").click()
    await expect(messages_in(thread_of(page)).last).to_contain_text("too late")


async def test_notes_files_joins_and_reactions_are_shown(office: Office) -> None:
    workspace, ann, general = office.workspace, office.ann, office.general
    file = workspace.add_file("plan.pdf", b"x" * 2_000, ann.id)
    shared = await workspace.post_as(ann.id, general.id, "the plan", files=[file])
    workspace.add_reaction(office.ben.id, general.id, shared["ts"], "eyes")
    await workspace.join(workspace.add_user("Cleo").id, general.id)
    note = {"type": "context", "elements": [{"type": "plain_text", "text": "a small note"}]}
    await office.bot.client.chat_postMessage(channel=general.id, text="noted", blocks=[note])
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await expect(page.get_by_role("list", name="Files")).to_have_text("plan.pdfPDF · 2.0 kB")
    await expect(page.get_by_role("listitem", name="eyes, 1")).to_be_visible()
    await expect(page.locator(".event")).to_have_text("@Cleo has joined the channel")
    await expect(page.locator(".note")).to_have_text("a small note")


async def test_days_are_divided_and_a_train_of_thought_is_not(office: Office) -> None:
    workspace = office.workspace
    office.clock.stands_at = yesterday("9:41")
    channel = workspace.add_channel("old", [office.ann])
    await workspace.post_as(office.ann.id, channel.id, "yesterday's")
    await workspace.post_as(office.ann.id, channel.id, "and more")
    page = await office.look()
    await page.get_by_role("link", name="old").click()
    await expect(page.get_by_role("heading", name="Yesterday")).to_have_count(1)
    await expect(page.get_by_role("main").locator(".author")).to_have_count(1)


async def test_what_is_new_elsewhere_has_a_dot_until_it_is_read(office: Office) -> None:
    await office.workspace.post_as(office.ben.id, office.general.id, "old news")
    page = await office.look()
    general = page.get_by_role("link", name="general")
    await expect(general).to_have_accessible_name("general")
    await office.workspace.post_as(office.ben.id, office.general.id, "news")
    await expect(general).to_have_accessible_name("general unread")
    await expect(page).to_have_title("(1) ChatGPT – Local Slack")
    await general.click()
    await expect(general).to_have_accessible_name("general")
    await office.workspace.post_as(office.ann.id, office.dm.id, "my own words")
    await expect(page.get_by_role("link", name="ChatGPT")).to_have_accessible_name("ChatGPT")


async def test_the_list_stays_at_its_end_unless_somebody_reads_above(office: Office) -> None:
    for number in range(40):
        await office.workspace.post_as(office.ben.id, office.general.id, f"message {number}")
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    messages = page.get_by_role("list", name="Messages", exact=True)
    await expect(messages_in(page).last).to_be_in_viewport()
    await office.workspace.post_as(office.ben.id, office.general.id, "the newest\n\n\nof all")
    await expect(messages_in(page).last).to_contain_text("the newest")
    await expect(messages_in(page).last).to_be_in_viewport()

    await messages.evaluate("(list) => (list.scrollTop = 200)")
    await office.workspace.post_as(office.ben.id, office.general.id, "one more")
    more = page.get_by_role("button", name="New messages")
    await expect(more).to_be_visible()
    assert await _scrolled(page) == 200
    await more.click()
    await expect(messages_in(page).last).to_be_in_viewport()
    await expect(more).to_be_hidden()


async def test_the_list_stays_at_its_end_when_a_thread_makes_it_narrower(office: Office) -> None:
    for number in range(20):
        await office.workspace.post_as(office.ben.id, office.general.id, f"{number} " + "many words " * 12)
    page = await office.look()
    await page.get_by_role("link", name="general").click()
    await page.get_by_role("button", name="Reply in thread").last.focus()
    await page.keyboard.press("Enter")
    await expect(thread_of(page)).to_be_visible()
    await expect(messages_in(page.get_by_role("main")).last).to_be_in_viewport(ratio=1)
    await expect(page.get_by_role("button", name="New messages")).to_have_count(0)


async def test_the_end_is_followed_while_an_answer_grows(office: Office) -> None:
    root = await office.workspace.post_as(office.ann.id, office.dm.id, "a long question")
    page = await office.look()
    await page.get_by_role("button", name="Reply in thread").focus()
    await page.keyboard.press("Enter")
    stream = await office.bot.begin(office.dm.id, root["ts"], "first line", office.ann)
    for number in range(60):
        await stream.grow(f"\n\nline {number}")
    await expect(thread_of(page).get_by_text("line 59")).to_be_in_viewport()


async def _scrolled(page: Page) -> int:
    return int(await page.get_by_role("list", name="Messages", exact=True).evaluate("(list) => list.scrollTop"))
