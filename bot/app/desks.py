"""Everything that people press and open in Slack, put together."""

from datetime import UTC, datetime

from bot.app.parts import Slack, Store
from bot.ports import Controls
from bot.slack.desks.admins import Viewers
from bot.slack.desks.approvals import Approvals
from bot.slack.desks.deleting import deleting
from bot.slack.desks.feedback import FeedbackDesk
from bot.slack.desks.forgetting import Forgetting
from bot.slack.desks.home import Home
from bot.slack.desks.regenerating import regenerating
from bot.slack.desks.settings_command import SettingsCommand
from bot.slack.desks.settings_form import Offer
from bot.slack.desks.settings_modal import SettingsModal
from bot.slack.desks.settings_rights import Rights
from bot.slack.desks.stopping import Desk, stopping
from bot.slack.desks.summaries import KeptSummaries, summarizing
from bot.slack.desks.usage import UsageDesk
from bot.slack.desks.whispers import Whispers
from bot.slack.reading.listeners import Register
from bot.slack.reading.members import Members
from bot.turns.inbox import ThreadInbox
from bot.turns.preferences import Preferences
from config.catalog import Catalog
from config.environment import Config


def build_desks(
    config: Config,
    slack: Slack,
    *,
    catalog: Catalog,
    store: Store,
    preferences: Preferences,
    controls: Controls,
    inbox: ThreadInbox,
    approvals: Approvals,
) -> tuple[Register, ...]:
    """Everything that people press and open in Slack."""
    calls, identity, errands, suffix = slack.calls, slack.identity, slack.errands, config.callback_suffix
    whispers, command = Whispers(calls), config.settings_slash_command
    home = Home(calls, identity, preferences, store.usage, errands, slack.clock, command)
    models = catalog.in_service(datetime.now(UTC).date())
    offer = Offer({"model": models}, catalog.describe, config.defaults)
    rights = Rights(config.channel_settings_editors, Members(calls))
    modal = SettingsModal(calls, identity, preferences, offer, rights, errands, whispers, home.redraw, suffix)
    viewers = Viewers(calls, config.usage_viewers, config.admins)
    names = slack.people.names
    usage = UsageDesk(calls, identity, store.usage, viewers, names, errands, whispers, slack.clock)
    desk = Desk(calls, identity, controls, inbox, errands, whispers)
    return (
        home.register,
        modal.register,
        SettingsCommand(command, modal, Forgetting(store.people, modal), usage).register,
        stopping(desk, suffix),
        deleting(desk, config.admins, suffix),
        regenerating(desk, models, suffix),
        approvals.register,
        summarizing(desk, KeptSummaries(), suffix),
        FeedbackDesk(store.feedback, calls, identity, errands, whispers, slack.clock).register,
    )
