"""What a person does at a message: picks a shortcut from its menu, or presses a button in it."""

from dataclasses import dataclass, field

from bot.domain.conversation import ThreadKey
from bot.slack.payload import Json, object_at, objects_at, text_at
from bot.slack.wire.identity import Identity


@dataclass(frozen=True, slots=True)
class Act:
    """Who did it, and at which message of which thread.

    `response_url` is a secret; `trigger_id` opens one modal within three seconds. `said` is the message as Slack shows
    it, `value` that of the button.
    """

    thread: ThreadKey
    message: str
    user: str
    response_url: str = field(default="", repr=False)
    said: Json = field(default_factory=dict, repr=False)
    value: str = ""
    trigger_id: str = field(default="", repr=False)

    @property
    def is_in_thread(self) -> bool:
        """True when the message stands in a thread, so that what is told there is seen."""
        return self.message != self.thread.root or "thread_ts" in self.said


def act_of(body: Json, identity: Identity) -> Act | None:
    """The act that this payload tells of (message_action or block_actions); None for an odd one."""
    said, container = object_at(body, "message"), object_at(body, "container")
    channel = text_at(object_at(body, "channel"), "id") or text_at(container, "channel_id")
    message = text_at(body, "message_ts") or text_at(container, "message_ts") or text_at(said, "ts")
    user = text_at(object_at(body, "user"), "id")
    if not (channel and message and user):
        return None
    root = text_at(said, "thread_ts") or text_at(container, "thread_ts") or message
    value = next((text_at(action, "value") for action in objects_at(body, "actions")), "")
    thread = ThreadKey(identity.workspace, channel, root)
    return Act(thread, message, user, text_at(body, "response_url"), said, value, text_at(body, "trigger_id"))
