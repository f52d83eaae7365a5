"""Deletes what has been kept long enough."""

import logging

from bot.ports import Journal, Now

log = logging.getLogger(__name__)

REFERENCES_KEPT = 7 * 24 * 3600.0
"""How long a finished message is still recognised when it is delivered again, in seconds.

Slack retries within minutes; delayed events, which an app can ask for, come up to a day later.
"""


async def clean(journal: Journal, now: Now, replies_kept_hours: float) -> None:
    """Forget finished messages after a week, and which messages finished replies consist of after `replies_kept_hours`.

    What waits for an answer is never forgotten, however old.
    """
    time = now()
    rows = await journal.forget(time - REFERENCES_KEPT, time - replies_kept_hours * 3600)
    log.info("housekeeping deleted %d rows", rows)
