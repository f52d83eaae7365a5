"""What happens by the clock, put together."""

from functools import partial

from bot.app.parts import Slack, Store
from bot.domain.language import SpeakingTo
from bot.domain.report import month_before, week_before
from bot.schedule.crontab import cron
from bot.schedule.housekeeping import clean
from bot.schedule.scheduler import Job
from bot.schedule.shutdowns import ShutdownWarnings
from bot.schedule.usage_report import UsageReports
from bot.slack.desks.announcements import Announcements
from bot.store.backup import Backups
from config.catalog import Catalog
from config.environment import Config

# At two in the afternoon the day has begun in UTC as well, by which months and weeks are counted, wherever this runs.
# The two days after that are for a report that could not be posted.
REPORTS = {"monthly": ("0 14 1-3 * *", month_before), "weekly": ("0 14 * * 1-3", week_before)}
EVERY_MORNING = "0 9 * * *"


def build_jobs(config: Config, catalog: Catalog, store: Store, slack: Slack, speaking_to: SpeakingTo) -> list[Job]:
    """Every job that this configuration asks for."""
    now, workspace, announcements = slack.clock, slack.identity.workspace, Announcements(slack.calls, speaking_to)
    housekeeping = partial(clean, store.journal, store.usage.forget, now, config.cleanup_max_age_hours)
    jobs = [Job("housekeeping", cron(config.cleanup_schedule), housekeeping)]
    if config.backup_keep:
        backups = Backups(config.data_dir, config.backup_keep, now)
        jobs.append(Job("backup", cron(config.backup_schedule), backups.make))
    warnings = ShutdownWarnings(
        workspace,
        models_of(config),
        store.settings,
        catalog.describe,
        config.admins,
        store.notices,
        announcements.warn,
        now,
    )
    jobs.append(Job("shutdown warnings", cron(EVERY_MORNING), warnings.give))
    if config.usage_report_channel:
        line, before = REPORTS[config.usage_report_schedule]
        channel = config.usage_report_channel
        post = partial(announcements.report, channel)
        reports = UsageReports(workspace, channel, store.usage, before, store.notices, post, now)
        jobs.append(Job("usage report", cron(line), reports.send))
    return jobs


def models_of(config: Config) -> dict[str, tuple[str, ...]]:
    """The models that the operator has chosen, with the variables that choose them."""
    chosen = {
        "GPT_MODEL": config.defaults.model,
        "UTILITY_MODEL": config.utility_model,
        "GPT_IMAGE_MODEL": config.defaults.image_model,
        "GPT_IMAGE_EDIT_MODEL": config.defaults.image_edit_model,
        "TRANSCRIPTION_MODEL": config.transcription_model,
    }
    models = dict.fromkeys(filter(None, chosen.values()))
    return {model: tuple(name for name, each in chosen.items() if each == model) for model in models}
