"""Modals that the app opens."""

import pytest
from playwright.async_api import Locator, Page, expect

from playground.slack.directory import Json
from tests.playground.page.browser.office import App, Office, acking
from tests.playground.page.browser.samples import SETTINGS, button, field, modal, option, plain, select, text_input
from tests.playground.page.browser.test_screens import WIDER_THAN_THE_SCREEN, WITHOUT_NAME

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def opened(office: Office, app: App, view: Json, **options: bool) -> tuple[Page, Locator]:
    """Ann has sent the command that opens this modal."""
    app.answers["/settings"] = app.opens(view)
    page = await office.look(**options)
    await page.keyboard.type("/settings")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=view["title"]["text"])
    await expect(dialog).to_be_visible()
    return page, dialog


def entered(payload: Json, block: str, action: str) -> Json:
    found: Json = payload["view"]["state"]["values"][block][action]
    return found


async def test_a_modal_is_filled_in_and_submitted(office: Office, app: App) -> None:
    page, dialog = await opened(office, app, SETTINGS)
    assert await page.evaluate(WITHOUT_NAME) == []
    await expect(dialog.get_by_role("combobox", name="Model")).to_have_accessible_description(
        "Larger models take longer."
    )
    await dialog.get_by_role("combobox", name="Model").select_option("Terra")
    await dialog.get_by_role("group", name="Effort").get_by_role("radio", name="High").check()
    await dialog.get_by_role("checkbox", name="Search").check()
    await dialog.get_by_role("checkbox", name="Pictures").check()
    await dialog.get_by_role("textbox", name="Instructions").fill("Be brief.\nBe kind.")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    (sent,) = await app.told("view_submission")
    assert entered(sent, "model", "model")["selected_option"]["value"] == "terra"
    assert entered(sent, "effort", "effort")["selected_option"]["value"] == "high"
    assert [each["value"] for each in entered(sent, "tools", "tools")["selected_options"]] == ["search", "pictures"]
    assert entered(sent, "text", "text")["value"] == "Be brief.\nBe kind."
    assert entered(sent, "scope", "scope")["selected_option"]["value"] == "mine"
    assert sent["user"]["id"] == office.ann.id


async def test_only_the_person_who_opened_it_sees_it(office: Office, app: App) -> None:
    page, dialog = await opened(office, app, SETTINGS)
    other = await office.look()
    await expect(other.get_by_role("dialog")).to_be_visible()
    await other.evaluate(f"sessionStorage.setItem('persona', '{office.ben.id}')")
    await other.reload()
    await expect(other.get_by_text("You speak as Ben")).to_be_visible()
    await expect(other.get_by_role("dialog")).to_have_count(0)
    await expect(dialog).to_be_visible()
    await page.close()


async def test_what_is_missing_is_said_at_its_field_before_the_app_is_asked(office: Office, app: App) -> None:
    _, dialog = await opened(office, app, SETTINGS)
    await dialog.get_by_role("button", name="Save").click()
    model = dialog.get_by_role("combobox", name="Model")
    await expect(dialog.get_by_text("Please complete this required field.")).to_be_visible()
    await expect(model).to_be_focused()
    await expect(model).to_have_attribute("aria-invalid", "true")
    await expect(model).to_have_accessible_description(
        "Larger models take longer. Please complete this required field."
    )
    assert "view_submission" not in app.kinds


async def test_errors_of_the_app_stand_at_their_fields_and_go_when_they_are_mended(office: Office, app: App) -> None:
    view = modal(field("name", "Name", text_input()), field("place", "Place", text_input(action_id="place")))
    page, dialog = await opened(office, app, view)
    app.answers["view_submission"] = acking(
        {"response_action": "errors", "errors": {"place": "There is no such place."}}
    )
    await page.keyboard.type("Ann")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Nowhere")
    await page.keyboard.press("Enter")
    place = dialog.get_by_role("textbox", name="Place")
    await expect(place).to_have_accessible_description("There is no such place.")
    await expect(place).to_be_focused()
    await expect(dialog.get_by_role("textbox", name="Name")).to_have_value("Ann")
    app.answers["view_submission"] = acking({})
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()


@pytest.mark.parametrize("wanted", [True, False])
async def test_escape_closes_it_and_the_app_is_told_if_it_asked(office: Office, app: App, wanted: bool) -> None:
    page, dialog = await opened(office, app, modal(field("name", "Name", text_input()), notify_on_close=wanted))
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("combobox", name="Message ChatGPT")).to_be_focused()
    if wanted:
        (sent,) = await app.told("view_closed")
        assert sent["is_cleared"]
    await page.keyboard.type("/usage")
    await page.keyboard.press("Enter")
    await app.told("/usage")
    assert ("view_closed" in app.kinds) is wanted


async def test_the_keyboard_stays_within_the_modal(office: Office, app: App) -> None:
    page, dialog = await opened(office, app, modal(field("name", "Name", text_input())))
    await expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()
    for _ in range(8):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('dialog, body').tagName") in {"DIALOG", "BODY"}
        assert not await page.evaluate("Boolean(document.activeElement.closest('.composer, .sidebar'))")


async def test_a_choice_is_told_at_once_and_the_update_keeps_focus_and_what_was_typed(office: Office, app: App) -> None:
    def settings(*efforts: str, text_block: str = "text") -> Json:
        return modal(
            field("model", "Model", select("model", "Luna", "Terra"), dispatch_action=True),
            field("effort", "Effort", select("effort", *efforts), optional=True),
            field(text_block, "Instructions", text_input(initial_value="fresh"), optional=True),
        )

    async def change(payload: Json) -> None:
        view = payload["view"]
        is_terra = view["state"]["values"]["model"]["model"]["selected_option"]["value"] == "terra"
        changed = settings("Low", "High") if is_terra else settings("Low", text_block="other")
        await office.bot.client.views_update(view_id=view["id"], hash=view["hash"], view=changed)

    app.answers["block_actions"] = change
    _, dialog = await opened(office, app, settings("Low"))
    text = dialog.get_by_role("textbox", name="Instructions")
    await text.fill("half a sen")
    model, effort = dialog.get_by_role("combobox", name="Model"), dialog.get_by_role("combobox", name="Effort")
    await model.focus()
    await model.select_option("Terra")
    await expect(effort.get_by_role("option")).to_have_text(["Choose one", "Low", "High"])
    (sent,) = await app.told("block_actions")
    assert sent["actions"][0]["selected_option"]["value"] == "terra"
    assert entered(sent, "text", "text")["value"] == "half a sen"
    await expect(model).to_be_focused()
    await expect(model).to_have_value("terra")
    await expect(text).to_have_value("half a sen")
    await effort.select_option("High")
    await model.select_option("Luna")
    await expect(effort.get_by_role("option")).to_have_text(["Choose one", "Low"])
    await expect(effort).to_have_value("")
    await expect(text).to_have_value("fresh")


async def test_an_input_can_tell_the_app_on_enter_without_submitting(office: Office, app: App) -> None:
    page, dialog = await opened(office, app, modal(field("name", "Name", text_input(), dispatch_action=True)))
    await page.keyboard.type("Ann")
    await page.keyboard.press("Enter")
    (sent,) = await app.told("block_actions")
    assert sent["actions"][0]["value"] == "Ann"
    await expect(dialog).to_be_visible()


async def test_a_modal_upon_a_modal_goes_back_to_the_first_with_its_entries(office: Office, app: App) -> None:
    first = modal(
        field("name", "Name", text_input()), {"type": "actions", "elements": [button("Details")]}, title="First"
    )

    async def push(payload: Json) -> None:
        await office.bot.client.views_push(
            trigger_id=payload["trigger_id"], view=modal(field("more", "More", text_input()), title="Second")
        )

    app.answers["block_actions"] = push
    page, dialog = await opened(office, app, first)
    await page.keyboard.type("Ann")
    await dialog.get_by_role("button", name="Details").click()
    second = page.get_by_role("dialog", name="Second")
    await expect(second.get_by_role("textbox", name="More")).to_be_focused()
    await second.get_by_role("button", name="Cancel").click()
    await expect(dialog.get_by_role("textbox", name="Name")).to_have_value("Ann")
    await dialog.get_by_role("button", name="Details").click()
    await second.get_by_role("button", name="Close").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_button_asks_first_when_the_app_wants_that(office: Office, app: App) -> None:
    page, dialog = await opened(office, app, SETTINGS)
    question = page.get_by_role("dialog", name="Reset?")
    await dialog.get_by_role("button", name="Reset").click()
    await expect(question).to_contain_text("All is lost.")
    await page.keyboard.press("Escape")
    await expect(question).to_have_count(0)
    await expect(dialog).to_be_visible()
    assert "block_actions" not in app.kinds
    await dialog.get_by_role("button", name="Reset").click()
    await question.get_by_role("button", name="Reset").click()
    (sent,) = await app.told("block_actions")
    assert sent["actions"][0]["action_id"] == "reset"


async def test_people_and_channels_can_be_chosen(office: Office, app: App) -> None:
    office.workspace.add_channel("secret", [office.ben], "group")
    view = modal(
        field("who", "Who", {"type": "users_select", "action_id": "who"}),
        field("where", "Where", {"type": "conversations_select", "action_id": "where"}),
        field(
            "kinds", "Kinds", {"type": "multi_static_select", "action_id": "k", "options": [option("A"), option("B")]}
        ),
    )
    _, dialog = await opened(office, app, view)
    where = dialog.get_by_role("combobox", name="Where")
    await expect(where.get_by_role("option")).to_have_text(["Choose an option", "#general"])
    await where.select_option("#general")
    await dialog.get_by_role("combobox", name="Who").select_option("Ben")
    await dialog.get_by_role("listbox", name="Kinds").select_option(["A", "B"])
    await dialog.get_by_role("button", name="Save").click()
    (sent,) = await app.told("view_submission")
    assert entered(sent, "who", "who")["selected_user"] == office.ben.id
    assert entered(sent, "where", "where")["selected_conversation"] == office.general.id
    assert [each["value"] for each in entered(sent, "kinds", "k")["selected_options"]] == ["a", "b"]


async def test_a_modal_without_an_answer_says_so_and_stays(office: Office, app: App) -> None:
    page, dialog = await opened(office, app, modal(field("name", "Name", text_input())))

    async def refuse(_payload: Json) -> Json:
        return {"response_action": "errors", "errors": {"elsewhere": "No"}}

    app.answers["view_submission"] = refuse
    await page.keyboard.type("Ann")
    await page.keyboard.press("Enter")
    told = page.get_by_role("alert").filter(has_text="Slack would not take the app's answer: invalid_arguments.")
    await expect(told).to_be_visible()
    await expect(dialog.get_by_role("textbox", name="Name")).to_have_value("Ann")
    office.troubles.clear()


async def test_a_modal_fits_on_every_screen(office: Office, app: App) -> None:
    long = modal({"type": "section", "text": plain("x" * 900)}, *SETTINGS["blocks"], title="W" * 24)
    page, dialog = await opened(office, app, long)
    for width in (1280, 720, 390, 320):
        await page.set_viewport_size({"width": width, "height": 600})
        assert not await page.evaluate(WIDER_THAN_THE_SCREEN), width
        await expect(dialog.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
        await expect(dialog.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
