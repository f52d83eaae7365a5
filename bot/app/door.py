"""Who may talk to the bot, and how much, as the operator has configured it."""

import time

from bot.app.parts import Slack, Store
from bot.domain.language import SpeakingTo
from bot.slack.reading.messages import is_direct
from bot.turns.admission import Admission
from bot.turns.limits import Amounts, Limits
from bot.turns.pace import Pace
from bot.turns.policy import Policy
from bot.turns.underway import Underway
from config.environment import Config


def build_door(config: Config, slack: Slack, store: Store, underway: Underway, speaking_to: SpeakingTo) -> Admission:
    """What stands before every turn."""
    policy = Policy(
        config.allowed_channels,
        config.denied_channels,
        config.allowed_users,
        config.denied_users,
        config.allowed_workspaces,
        strangers=config.allow_strangers,
        guests=config.allow_guests,
    )
    amounts = Amounts(
        config.turns_of_person,
        config.turns_in_channel,
        config.pictures_of_person,
        config.dollars_of_person,
        config.dollars_in_channel,
        config.dollars_of_everybody,
    )
    limits = Limits(amounts, store.usage, Pace(time.monotonic), slack.clock, underway)
    return Admission(
        policy, limits, slack.people.profile, slack.platform, store.notices, is_direct, slack.clock, speaking_to
    )
