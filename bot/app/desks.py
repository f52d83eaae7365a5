"""Everything that people press and open in Slack, put together."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime

from bot.app.parts import Slack, Store
from bot.domain.language import SpeakingTo
from bot.ports import Controls
from bot.slack.desks.admins import Viewers
from bot.slack.desks.approvals import Approvals
from bot.slack.desks.deleting import deleting
from bot.slack.desks.desk import Desk
from bot.slack.desks.errands import Errands
from bot.slack.desks.feedback import FeedbackDesk
from bot.slack.desks.forgetting import Forgetting
from bot.slack.desks.home import Home
from bot.slack.desks.regenerating import regenerating
from bot.slack.desks.settings_command import SettingsCommand
from bot.slack.desks.settings_form import Offer
from bot.slack.desks.settings_modal import SettingsModal
from bot.slack.desks.settings_rights import Rights
from bot.slack.desks.stopping import stopping
from bot.slack.desks.summaries import KeptSummaries, summarizing
from bot.slack.desks.usage import UsageDesk
from bot.slack.reading.listeners import Register
from bot.slack.reading.members import Members
from bot.turns.inbox import ThreadInbox
from bot.turns.preferences import Preferences
from config.catalog import Catalog
from config.environment import Config


def open_desk(config: Config, slack: Slack, speaking_to: SpeakingTo, opened: AsyncExitStack) -> Desk:
    """What everything works with that people press and open."""
    errands = Errands()
    opened.push_async_callback(errands.close)
    return Desk(slack.calls, slack.identity, errands, config.callback_suffix, speaking_to)


def build_desks(
    config: Config,
    slack: Slack,
    desk: Desk,
    *,
    catalog: Catalog,
    store: Store,
    preferences: Preferences,
    controls: Controls,
    inbox: ThreadInbox,
    approvals: Approvals,
) -> tuple[Register, ...]:
    """Everything that people press and open in Slack."""
    command, now = config.settings_slash_command, slack.clock
    home = Home(desk, preferences, store.usage, now, command)
    models = catalog.in_service(datetime.now(UTC).date())
    offer = Offer(models, catalog.describe, config.defaults)
    rights = Rights(config.channel_settings_editors, Members(desk.calls))
    modal = SettingsModal(desk, preferences, offer, rights, home.redraw)
    viewers = Viewers(desk.calls, config.usage_viewers, config.admins)
    usage = UsageDesk(desk, store.usage, viewers, slack.people.names, now)
    forgetting = Forgetting(desk, store.people, home.redraw)
    return (
        home.register,
        modal.register,
        SettingsCommand(desk, command, modal, forgetting, usage).register,
        stopping(desk, controls, inbox),
        deleting(desk, inbox, config.admins),
        regenerating(desk, controls, inbox, models),
        approvals.register,
        summarizing(desk, controls, KeptSummaries()),
        FeedbackDesk(desk, store.feedback, now).register,
    )
