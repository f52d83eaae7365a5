"""What the model may use besides its own abilities: other threads, people, and servers of tools that people allow."""

import json

from playwright.async_api import Page, expect

from bot.slack.desks.approvals import NOT_YOURS, OVER
from bot.slack.markup.approval import ALLOW, REFUSE
from bot.tools.threads import NOT_OPEN
from playground.openai import scripts
from playground.openai.scripts import in_turn, tell_results
from playground.openai.tool_servers import RemoteTool, ToolServer
from playground.slack.directory import ChannelKind, Json
from tests.stories.acting import is_told, settled
from tests.stories.browsing import write
from tests.stories.stage import PATIENCE, Stage

TICKETS, TOKEN = "https://tickets.example.com/mcp", "t0p-s3cret-token"

OFFER = f"""
[[server]]
name = "tickets"
url = "{TICKETS}"
headers = {{ Authorization = "Bearer ${{TICKETS_TOKEN}}" }}
"""


class Tickets:
    """A server that makes tickets."""

    def __init__(self, stage: Stage) -> None:
        self.made: list[str] = []
        tools = (RemoteTool("create_ticket", self._create, "Creates a ticket."),)
        stage.model.servers = {TICKETS: ToolServer(tools, {"Authorization": f"Bearer {TOKEN}"})}

    def _create(self, arguments: str) -> str:
        self.made.append(json.loads(arguments)["title"])
        return "7"


async def offering(stage: Stage) -> Tickets:
    """The bot is there, and the model wants to use the server once."""
    (stage.folder / "tools.toml").write_text(OFFER, encoding="utf-8")
    wish = scripts.ask("tickets", "create_ticket", {"title": "<!channel> Broken lamp"})
    stage.model.script = in_turn(wish, scripts.say("Ticket 7 is made."))
    tickets = Tickets(stage)
    await stage.start(TOOLS_FILE="tools.toml", TICKETS_TOKEN=TOKEN)
    return tickets


async def request_for(stage: Stage, question: Json) -> Json:
    """The message that asks for approval, with its buttons."""

    def newest() -> Json | None:
        found = [message for message in stage.replies(question, stage.channel) if has_buttons(message)]
        return found[-1] if found else None

    message = await stage.workspace.wait_for(newest, PATIENCE)
    assert message is not None
    return message


def has_buttons(message: Json) -> bool:
    return any(block["type"] == "actions" for block in message.get("blocks", ()))


async def press(stage: Stage, message: Json, button: str, who: str) -> None:
    assert await stage.slack.interactions.press(who, stage.channel.id, message["ts"], button) == {}


async def says(stage: Stage, question: Json, *words: str) -> None:
    """Return once these words stand in the thread, each once, and nothing more comes."""

    def are_said() -> bool:
        said = json.dumps(stage.replies(question, stage.channel), ensure_ascii=False)
        return all(each in said for each in words) and stage.is_calm(question, stage.channel)

    await stage.workspace.wait_for(are_said, PATIENCE)


async def test_a_thread_is_read_by_its_link_for_members_alone(stage: Stage) -> None:
    plans = stage.workspace.add_channel("plans", [stage.ben, stage.workspace.bot.user_id], ChannelKind.GROUP)
    root = await stage.workspace.post_as(stage.ben.id, plans.id, "When do we launch?")
    await stage.workspace.post_as(stage.ben.id, plans.id, "On Monday.", thread_ts=root["ts"])
    link = f"https://acme.slack.com/archives/{plans.id}/p{root['ts'].replace('.', '')}"
    await stage.start(TOOLS="threads")
    for who, expected in ((stage.ben, "On Monday."), (stage.ann, NOT_OPEN)):
        stage.model.script = in_turn(scripts.call("read_thread", {"link": link}), tell_results)
        question = await stage.ask(f"{stage.mention} what is said at {link} ?", who=who, where=stage.channel)
        (answer,) = await stage.answered(question, where=stage.channel)
        assert expected in answer
        assert ("launch" in answer) == (who is stage.ben)


async def test_a_person_is_looked_up_as_they_are_called_in_the_thread(stage: Stage) -> None:
    stage.ben.title, stage.ben.time_zone = "Gardener", ("Asia/Tokyo", 32_400)
    await stage.start(TOOLS="people")
    stage.model.script = in_turn(scripts.call("look_up_person", {"who": "ben"}), tell_results)
    question = await stage.ask(f"{stage.mention} what time is it for <@{stage.ben.id}>?", where=stage.channel)
    (answer,) = await stage.answered(question, where=stage.channel)
    assert "Title: Gardener\nTime zone: Asia/Tokyo\nLocal time: " in answer


async def test_nothing_is_offered_that_nobody_asked_for(stage: Stage) -> None:
    await stage.start(DEFAULT_WEB_SEARCH="off")
    await stage.answered(await stage.ask("Hello"))
    assert [tool["type"] for tool in stage.model.requests[-1].body["tools"]] == ["image_generation"]


async def test_who_asked_allows_a_call_and_others_are_told_that_they_cannot(stage: Stage) -> None:
    tickets = await offering(stage)
    question = await stage.ask(f"{stage.mention} report the lamp", where=stage.channel)
    message = await request_for(stage, question)
    assert "*tickets* wants to use `create_ticket`." in message["text"]
    assert '"title": "<!channel> Broken lamp"' in message["blocks"][1]["elements"][0]["elements"][0]["text"]
    await press(stage, message, ALLOW, stage.ben.id)
    await is_told(stage, stage.ben, NOT_YOURS)
    assert tickets.made == []
    await press(stage, message, ALLOW, stage.ann.id)
    await says(stage, question, "Ticket 7 is made.", f"Allowed by <@{stage.ann.id}>.")
    assert tickets.made == ["<!channel> Broken lamp"]
    assert len(stage.replies(question, stage.channel)) == 2
    await settled(stage)
    # What was asked there is no part of the conversation, and the next answer asks anew.
    stage.model.script = scripts.say("Yes.")
    await stage.ask("Is it?", where=stage.channel, thread=question["ts"])
    await says(stage, question, "Yes.")
    assert "wants to use" not in json.dumps(stage.model.requests[-1].body["input"])
    assert TOKEN not in stage.daemons[0].lines


async def test_what_is_refused_is_not_done_and_the_answer_goes_on(stage: Stage) -> None:
    tickets = await offering(stage)
    question = await stage.ask(f"{stage.mention} report the lamp", where=stage.channel)
    await press(stage, await request_for(stage, question), REFUSE, stage.ann.id)
    await says(stage, question, f"Refused by <@{stage.ann.id}>.")
    await settled(stage)
    assert tickets.made == []
    assert not any(map(has_buttons, stage.replies(question, stage.channel)))


async def test_a_stop_ends_the_waiting(stage: Stage) -> None:
    tickets = await offering(stage)
    question = await stage.ask(f"{stage.mention} report the lamp", where=stage.channel)
    await request_for(stage, question)
    await stage.ask("stop", where=stage.channel, thread=question["ts"])
    await says(stage, question, "The answer ended before anybody said yes", "Stopped.")
    assert tickets.made == []


async def test_after_a_kill_it_is_asked_anew_and_the_old_buttons_are_over(stage: Stage) -> None:
    await offering(stage)
    question = await stage.ask(f"{stage.mention} report the lamp", where=stage.channel)
    old = await request_for(stage, question)
    await stage.daemons[-1].kill()
    tickets = await offering(stage)
    await stage.workspace.wait_for(
        lambda: len([each for each in stage.replies(question, stage.channel) if has_buttons(each)]) == 2, PATIENCE
    )
    await press(stage, old, ALLOW, stage.ann.id)
    await is_told(stage, stage.ann, OVER)
    new = await request_for(stage, question)
    assert new["ts"] != old["ts"]
    assert tickets.made == []
    await press(stage, new, ALLOW, stage.ann.id)
    await says(stage, question, "Ticket 7 is made.", "Allowed by", "The answer ended")
    assert len(tickets.made) == 1


async def test_in_the_browser_the_buttons_are_pressed_and_go(stage: Stage, page: Page) -> None:
    tickets = await offering(stage)
    await write(page, "Message ChatGPT", "Report the lamp")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_text("tickets wants to use create_ticket.")).to_be_visible()
    await expect(thread.get_by_text('"title": "<!channel> Broken lamp"')).to_be_visible()
    await thread.get_by_role("button", name="Allow").click()
    await expect(thread.get_by_text("Allowed by")).to_be_visible()
    await expect(thread.get_by_role("button", name="Refuse")).to_have_count(0)
    await expect(thread.get_by_text("Ticket 7 is made.")).to_be_visible()
    assert len(tickets.made) == 1


async def test_a_file_that_cannot_be_used_keeps_the_bot_from_starting(stage: Stage) -> None:
    (stage.folder / "tools.toml").write_text(OFFER, encoding="utf-8")
    daemon = await stage.launch(TOOLS_FILE="tools.toml")
    assert await daemon.ended() == 2
    assert "server tickets: headers refer to TICKETS_TOKEN, which is not set" in daemon.lines
    assert "Traceback" not in daemon.lines
