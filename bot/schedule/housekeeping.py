"""Deletes what has been kept long enough."""

import logging
from collections.abc import Awaitable, Callable

from bot.ports import Journal, Now

log = logging.getLogger(__name__)

REFERENCES_KEPT = 7 * 24 * 3600.0
"""How long a finished message is still recognised when it is delivered again, in seconds.

Slack retries within minutes; delayed events, which an app can ask for, come up to a day later.
"""

USAGE_KEPT = 13 * 31 * 24 * 3600.0
"""How long it is known what an answer cost, in seconds: so that a month can be held against that of the year before."""

Forget = Callable[[float], Awaitable[int]]
"""Deletes what is from before this time, in seconds since the epoch; returns how many rows are gone."""


async def clean(journal: Journal, forget_usage: Forget, now: Now, replies_kept_hours: float) -> None:
    """Forget finished messages after a week, and which messages finished replies consist of after `replies_kept_hours`.

    What answers cost is forgotten after thirteen months; what waits for an answer never is, however old.
    """
    time = now()
    rows = await journal.forget(time - REFERENCES_KEPT, time - replies_kept_hours * 3600)
    rows += await forget_usage(time - USAGE_KEPT)
    log.info("housekeeping deleted %d rows", rows)
