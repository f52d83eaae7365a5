"""The workspace of the demo."""

import time
from datetime import datetime, timedelta

from playground.demo import Clock, sample_workspace, yesterday
from playground.page.view import everything
from playground.slack.directory import ChannelKind


def test_the_clock_can_stand_still() -> None:
    clock = Clock()
    assert abs(time.time() - clock()) < 60
    clock.stands_at = 1.0
    assert clock() == 1.0


def test_yesterday_is_the_day_before_today() -> None:
    then = datetime.fromtimestamp(yesterday("9:41")).astimezone()
    assert (then.hour, then.minute) == (9, 41)
    assert (then + timedelta(days=1)).date() == datetime.now().astimezone().date()


async def test_everybody_shares_the_channels_with_the_bot_and_has_a_direct_message_with_it() -> None:
    workspace = await sample_workspace()
    people = {user.id for user in workspace.users.values() if not user.is_bot}
    bot = workspace.bot.user_id
    public = {c.name: set(c.members) for c in workspace.channels.values() if c.kind is ChannelKind.CHANNEL}
    assert public == {name: {*people, bot} for name in ("general", "support", "random")}
    direct = [set(c.members) for c in workspace.channels.values() if c.kind is ChannelKind.IM]
    assert all({person, bot} in direct for person in people)


async def test_people_have_talked_in_the_past_and_nothing_waits_for_the_bot() -> None:
    workspace = await sample_workspace()
    messages = [message for channel in workspace.channels for message in workspace.messages(channel)]
    assert messages
    assert all(yesterday("0:00") < float(message["ts"]) < yesterday("24:00") for message in messages)
    assert not any(workspace.bot.user_id in message["text"] for message in messages)
    assert not any(workspace.messages(workspace.open_dm(user).id) for user in workspace.users)
    assert float(workspace.next_ts()) > time.time() - 60


async def test_the_page_can_show_it() -> None:
    told = everything(await sample_workspace(), "")
    assert [person["name"] for person in told["people"]] == ["ChatGPT", "Maya", "Tomás", "Priya", "Jun"]
