"""How often a reply is refreshed, and how long its streams may live."""

from dataclasses import dataclass

from bot.slack.markup.segments import Urgency


@dataclass(frozen=True, slots=True)
class Rhythm:
    """All times in seconds.

    `stream_ages` are the ages at which a native stream wants an end at a paragraph, a line, a word, and at once: Slack
    lets a stream die some 300 seconds after its start, also while it is fed (python-slack-sdk issue 1859).
    `status_refresh` stays below the 120 seconds after which Slack takes a status away (reference of
    assistant.threads.setStatus), and `status_retry` is when one is tried again for which Slack's limits left no room;
    `status_limit` is the most that first words wait for a status to arrive. After `session_after` without words a reply
    gets Slack's stop button, which a quick one does not need. `look_after` is the time that Slack gets to carry out a
    call whose answer was lost, `leaving` the time for cleaning up.
    """

    interval: float = 0.85
    interval_growth: float = 0.01
    longest_interval: float = 2.5
    longest_pause: float = 30.0
    stream_ages: tuple[float, float, float, float] = (240.0, 255.0, 270.0, 280.0)
    status_gap: float = 1.0
    status_retry: float = 0.25
    status_refresh: float = 90.0
    status_limit: float = 2.0
    session_after: float = 3.0
    look_after: float = 1.0
    leaving: float = 10.0

    def pause(self, elapsed: float, failures: int = 0) -> float:
        """The time to the next refresh of a reply whose text began `elapsed` seconds ago; longer after failures."""
        interval = min(self.interval + self.interval_growth * elapsed, self.longest_interval)
        return min(interval * 2.0**failures, max(interval, self.longest_pause))

    def urgency(self, age: float) -> Urgency:
        """How badly a stream of this age wants its end."""
        return Urgency(sum(age >= limit for limit in self.stream_ages))

    def until_more_urgent(self, age: float) -> float | None:
        """Seconds until the urgency of a stream of this age rises; None when it cannot."""
        return next((limit - age for limit in self.stream_ages if limit > age), None)
