"""Modals and home tabs: which views are open, and the trigger ids that let the app open one."""

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from playground.slack.arguments import Refusal
from playground.slack.blocks import VIEW_BLOCKS, problems
from playground.slack.directory import Json, new_id
from playground.slack.entries import Entries, carried_entries, initial_entries
from playground.slack.message_shapes import with_block_ids

TRIGGER_LIFETIME = 3.0
MOST_STACKED = 3
VIEW_BYTES = 250_000


@dataclass(slots=True)
class OpenView:
    """A view that a person has before them; `stack` is the modal's views from the bottom up, by id."""

    id: str
    user: str
    body: Json
    hash: str
    stack: list[str]
    state: Entries = field(default_factory=dict)


@dataclass(slots=True)
class Trigger:
    """A person's act that allows one view to be opened. `stack` is the modal in which the act was made."""

    user: str
    expires: float
    stack: list[str] | None = None
    used: bool = False


class Views:
    """All open modals and published homes. `now` is in seconds and must not jump."""

    def __init__(self, team_id: str, app_id: str, bot_id: str, rng: random.Random, now: Callable[[], float]) -> None:
        self.open: dict[str, OpenView] = {}
        self.homes: dict[str, OpenView] = {}
        self.trigger_lifetime = TRIGGER_LIFETIME
        self._identity = {"team_id": team_id, "app_id": app_id, "bot_id": bot_id, "app_installed_team_id": team_id}
        self._triggers: dict[str, Trigger] = {}
        self._rng = rng
        self._now = now
        self._changes = 0

    def new_trigger(self, user: str, stack: list[str] | None = None) -> str:
        """A trigger_id, good once and for three seconds."""
        trigger_id = f"{self._rng.randrange(10**12)}.{self._rng.randrange(10**12)}.{self._rng.getrandbits(128):032x}"
        self._triggers[trigger_id] = Trigger(user, self._now() + self.trigger_lifetime, stack)
        return trigger_id

    def use_trigger(self, trigger_id: str | None) -> Trigger:
        """The act behind this trigger_id, which is spent now. Raises Refusal."""
        trigger = self._triggers.get(trigger_id or "")
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self._now() > trigger.expires:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return trigger

    def add(self, user: str, body: Json, stack: list[str]) -> OpenView:
        """Put a new view on top of this stack. Raises Refusal."""
        if len(stack) >= MOST_STACKED:
            raise Refusal("push_limit_reached")
        view = self._new(user, body, "modal", stack)
        stack.append(view.id)
        self.open[view.id] = view
        return view

    def replace(self, view: OpenView, body: Json, known_hash: str | None) -> None:
        """Show another body; what the person typed stays where block_id and action_id are the same. Raises Refusal."""
        if known_hash is not None and known_hash != view.hash:
            raise Refusal("hash_conflict")
        view.body = with_block_ids(checked(body, view.body["type"]), self._rng)
        view.hash = self._next_hash(body)
        view.state = carried_entries(view.body["blocks"], view.state)

    def publish(self, user: str, body: Json, known_hash: str | None) -> OpenView:
        """Show a home tab to this person. Raises Refusal."""
        if user in self.homes:
            self.replace(self.homes[user], body, known_hash)
        else:
            home = self.homes[user] = self._new(user, body, "home", [])
            home.stack.append(home.id)
        return self.homes[user]

    def find(self, view_id: str | None, external_id: str | None) -> OpenView:
        """An open view by either id. Raises Refusal."""
        for view in self.open.values():
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        raise Refusal("not_found")

    def close(self, view: OpenView, *, whole_stack: bool = False) -> None:
        """Take the view, or all of its modal, from the person's screen."""
        for view_id in list(view.stack) if whole_stack else [view.id]:
            self.open.pop(view_id, None)
            view.stack.remove(view_id)

    def as_json(self, view: OpenView) -> Json:
        """The view object of responses and payloads."""
        index = view.stack.index(view.id) if view.id in view.stack else 0
        shown = {"private_metadata": "", "callback_id": "", "external_id": "", "notify_on_close": False} | view.body
        return (
            shown
            | self._identity
            | {
                "id": view.id,
                "hash": view.hash,
                "state": {"values": view.state},
                "root_view_id": view.stack[0] if view.stack else view.id,
                "previous_view_id": view.stack[index - 1] if index else None,
            }
        )

    def _new(self, user: str, body: Json, kind: str, stack: list[str]) -> OpenView:
        named = with_block_ids(checked(body, kind), self._rng)
        state = initial_entries(named["blocks"])
        return OpenView(new_id("V", self._rng), user, named, self._next_hash(body), stack, state)

    def _next_hash(self, body: Json) -> str:
        self._changes += 1
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:8]
        return f"{1_700_000_000 + self._changes}.{digest}"


def checked(body: Json, kind: str) -> Json:
    """The body, if it is a valid view of this kind. Raises Refusal."""
    messages: list[str] = []
    if body.get("type") != kind:
        messages.append(f"type must be {kind} [json-pointer:/view/type]")
    for name, most in (("title", 24), ("submit", 24), ("close", 24)):
        shown = body.get(name, {}).get("text", "")
        if len(shown) > most:
            messages.append(f"must be less than {most + 1} characters [json-pointer:/view/{name}]")
    if kind == "modal" and not body.get("title", {}).get("text"):
        messages.append("missing required field: title [json-pointer:/view/title]")
    for name, most in (("callback_id", 255), ("private_metadata", 3000)):
        if len(body.get(name, "")) > most:
            messages.append(f"must be less than {most + 1} characters [json-pointer:/view/{name}]")
    blocks = body.get("blocks")
    messages += problems(blocks, VIEW_BLOCKS)
    if isinstance(blocks, list) and not messages:
        has_input = any(block["type"] == "input" for block in blocks)
        if kind == "modal" and has_input and not body.get("submit"):
            messages.append("missing required field: submit [json-pointer:/view/submit]")
    if messages:
        raise Refusal("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})
    if len(json.dumps(body)) > VIEW_BYTES:
        raise Refusal("view_too_large")
    return body
