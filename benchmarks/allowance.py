"""How soon Slack's limits allow the answers of a crowd to be complete (pure).

An answer needs either one chat.postMessage, made when all of its text is there, or chat.startStream and
chat.stopStream. Posts count per channel: a burst, then one a second. The calls of a stream count per workspace and
minute. Whatever an answer needs besides, such as edits while it grows, could be left out.
"""

from collections import Counter
from collections.abc import Iterable

from playground.slack.rate_limits import CALLS_A_MINUTE, POST_BURST, POST_INTERVAL, WINDOW

_STREAMS = min(CALLS_A_MINUTE["chat.startStream"], CALLS_A_MINUTE["chat.stopStream"])


def answers_by(seconds: int, crowd: Iterable[int]) -> int:
    """How many answers can be there so long after they were asked for; `crowd` has the number of each channel."""
    posts = int(POST_BURST + seconds // POST_INTERVAL)
    streams = _STREAMS * int(1 + seconds // WINDOW)
    asked = list(crowd)
    return min(sum(asked), streams + sum(min(posts, each) for each in asked))


def least_seconds(channels: Iterable[str], writing: float) -> float:
    """The least time until all are complete; an element for each answer, and the time that the model takes for it."""
    crowd = Counter(channels).values()
    seconds = 0
    while answers_by(seconds, crowd) < sum(crowd):
        seconds += 1
    return max(float(seconds), writing)
