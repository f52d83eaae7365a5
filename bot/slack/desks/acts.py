"""What a person does: picks a shortcut, presses a button, submits a modal, runs a command."""

import json
import re
from dataclasses import dataclass, field, replace

from bot.domain.conversation import ThreadKey
from bot.slack.payload import Json, object_at, objects_at, parsed, text_at
from bot.slack.wire.identity import Identity

_PLACE = re.compile(r"[A-Za-z0-9.]{1,64}")


@dataclass(frozen=True, slots=True)
class Act:
    """Who did it, and at which message of which thread: what is done in a view is at none, and a command in no thread.

    `response_url` is a secret; `trigger_id` opens one modal within three seconds. `said` is the message as Slack shows
    it, `value` that of the button, `view` the modal or tab. `is_in_thread` says that the message stands in a thread, so
    that what is told there is seen.
    """

    thread: ThreadKey
    message: str
    user: str
    response_url: str = field(default="", repr=False)
    is_in_thread: bool = False
    said: Json = field(default_factory=dict, repr=False)
    value: str = ""
    trigger_id: str = field(default="", repr=False)
    view: Json = field(default_factory=dict, repr=False)


def act_of(body: Json, identity: Identity) -> Act:
    """The act of which Slack tells in this payload; what is missing there is empty.

    What is done in a modal that has a memo is done where that was opened.
    """
    said, container = object_at(body, "message"), object_at(body, "container")
    channel = text_at(object_at(body, "channel"), "id") or text_at(container, "channel_id")
    message = text_at(body, "message_ts") or text_at(container, "message_ts") or text_at(said, "ts")
    root = text_at(said, "thread_ts") or text_at(container, "thread_ts") or message
    act = Act(
        ThreadKey(identity.workspace, channel or text_at(body, "channel_id"), root),
        message,
        text_at(object_at(body, "user"), "id") or text_at(body, "user_id"),
        text_at(body, "response_url"),
        message != root or "thread_ts" in said,
        said,
        next((text_at(action, "value") for action in objects_at(body, "actions")), ""),
        text_at(body, "trigger_id"),
        object_at(body, "view"),
    )
    return _resumed(act, parsed(text_at(act.view, "private_metadata")))


def memo_of(act: Act) -> str:
    """The place of an act, as the `private_metadata` of a modal that it opens."""
    place = {"channel": act.thread.channel, "root": act.thread.root, "message": act.message}
    return json.dumps({**place, "is_in_thread": act.is_in_thread, "response_url": act.response_url})


def _resumed(act: Act, memo: Json) -> Act:
    channel, root, message = place = tuple(text_at(memo, name) for name in ("channel", "root", "message"))
    if not all(map(_PLACE.fullmatch, place)):
        return act
    return replace(
        act,
        thread=ThreadKey(act.thread.workspace, channel, root),
        message=message,
        response_url=text_at(memo, "response_url"),
        is_in_thread=memo.get("is_in_thread") is True,
    )
