"""What people do beside writing: slash commands, shortcuts, buttons, modals and the stop button."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from playground.slack.arguments import Refusal
from playground.slack.changes import ChangeKind
from playground.slack.directory import ChannelKind, Json
from playground.slack.entries import entered, find_element, initial_entries, keeps_entry
from playground.slack.ephemerals import find_ephemeral
from playground.slack.installation import Installation
from playground.slack.response_urls import ResponseUrls
from playground.slack.views import OpenView


@dataclass(frozen=True, slots=True)
class Submission:
    """How the app took a submitted modal: `errors` by block_id, which keep it open."""

    acked: bool
    errors: dict[str, str]


class Interactions:
    """Sends the envelope of each act; every function returns what the app's ack said, None when no ack came in time."""

    def __init__(self, slack: Installation) -> None:
        self._slack = slack
        self._response_urls = ResponseUrls(slack)

    async def slash_command(self, user_id: str, channel_id: str, command: str, text: str = "") -> Json | None:
        """A person sends a slash command; there is no thread, because Slack has none in threads.

        What the app says with its ack is shown to the person. Raises Refusal when Slack would not take it.
        """
        workspace, user = self._slack.workspace, self._slack.workspace.users[user_id]
        channel = workspace.channels[channel_id]
        name = "directmessage" if channel.kind is ChannelKind.IM else channel.name
        payload = {
            "token": "playground-verification-token",
            "team_id": workspace.team_id,
            "team_domain": workspace.team_name.lower(),
            "channel_id": channel_id,
            "channel_name": name,
            "user_id": user_id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": workspace.bot.app_id,
            "is_enterprise_install": "false",
            "response_url": self._response_urls.new(user_id, channel_id),
            "trigger_id": self._slack.views.new_trigger(user_id),
        }
        ack = await self._slack.sockets.deliver_once("slash_commands", payload)
        if ack:
            await self._response_urls.show(user_id, channel_id, ack)
        return ack

    async def message_shortcut(self, user_id: str, channel_id: str, ts: str, callback_id: str) -> Json | None:
        """A person picks a shortcut from a message's menu; also where the bot is no member."""
        message = self._message(channel_id, ts)
        payload = self._act("message_action", user_id) | {
            "callback_id": callback_id,
            "action_ts": self._slack.workspace.next_ts(),
            "channel": self._channel(channel_id),
            "message_ts": ts,
            "message": message,
            "response_url": self._response_urls.new(user_id, channel_id),
        }
        return await self._send(payload)

    async def press(
        self, user_id: str, channel_id: str, ts: str, action_id: str, value: str | None = None, *, block_id: str = ""
    ) -> Json | None:
        """A person presses a button in a message, or chooses `value` in a menu or among feedback buttons.

        Of a message that the person alone sees, the app is told the place and not the content.
        """
        private = find_ephemeral(self._slack.workspace, channel_id, ts, user_id)
        message = private or self._message(channel_id, ts)
        blocks = message.get("blocks", [])
        block, element = find_element(blocks, action_id, block_id)
        action, entries = self._action(block, element, value), initial_entries(blocks)
        if keeps_entry(element):
            entries[block.get("block_id", "")][action_id] = entered(element, value or "")
        place: Json = {"type": "message", "message_ts": ts, "channel_id": channel_id, "is_ephemeral": bool(private)}
        payload = self._act("block_actions", user_id) | {
            "container": place | ({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}),
            "channel": self._channel(channel_id),
            "response_url": self._response_urls.new(user_id, channel_id, ts),
            "state": {"values": entries},
            "actions": [action],
        }
        return await self._send(payload if private else payload | {"message": message})

    async def press_in_view(
        self, view: OpenView, action_id: str, value: str | Sequence[str] | None = None, block_id: str = ""
    ) -> Json | None:
        """The same in a modal or a home tab."""
        block, element = find_element(view.body["blocks"], action_id, block_id)
        if keeps_entry(element):
            self.enter(view, block["block_id"], action_id, value or "")
        stack = view.stack if view.body["type"] == "modal" else None
        payload = self._act("block_actions", view.user, stack) | {
            "container": {"type": "view", "view_id": view.id},
            "view": self._slack.views.as_json(view),
            "actions": [self._action(block, element, value)],
        }
        return await self._send(payload)

    def enter(self, view: OpenView, block_id: str, action_id: str, value: str | Sequence[str]) -> None:
        """A person types into an input, or chooses the option with this value; submitting tells the app."""
        _, element = find_element(view.body["blocks"], action_id, block_id)
        view.state.setdefault(block_id, {})[action_id] = entered(element, value)

    async def submit(self, view: OpenView) -> Submission:
        """A person submits a modal; what the app answers with its ack is done: errors, update, push or clear."""
        payload = self._act("view_submission", view.user, view.stack) | {
            "view": self._slack.views.as_json(view),
            "response_urls": [],
        }
        ack = await self._send(payload)
        if ack is None:
            return Submission(False, {})
        return self._answered(view, ack)

    async def close(self, view: OpenView, *, clear: bool = False) -> Json | None:
        """A person closes a modal, or with `clear` all of its views; the app hears of it if it asked for that."""
        shown = self._slack.views.as_json(view)
        self._slack.views.close(view, whole_stack=clear)
        self._slack.workspace.announce(ChangeKind.VIEW_CHANGED, user=view.user)
        if not view.body.get("notify_on_close"):
            return None
        payload = self._act("view_closed", view.user) | {"view": shown, "is_cleared": clear}
        del payload["trigger_id"]
        return await self._send(payload)

    async def stop_session(self, user_id: str, channel_id: str, thread_ts: str) -> list[str]:
        """A person presses Slack's stop button in a thread; returns the streams that it stopped."""
        workspace = self._slack.workspace
        stopped = self._slack.streams.stop_by_user((channel_id, thread_ts))
        workspace.threads.set_session((channel_id, thread_ts), "active")
        event_ts = workspace.next_ts()
        await workspace.emit(
            "agent_session_stopped",
            {
                "type": "agent_session_stopped",
                "user": user_id,
                "channel": channel_id,
                "thread_ts": thread_ts,
                "streaming_message_ts": stopped,
                "event_ts": event_ts,
            },
        )
        return stopped

    async def respond(self, request: web.Request) -> web.Response:
        """The app answers at a response_url: to the person alone, to all (in_channel), or in the message's place."""
        return await self._response_urls.respond(request)

    def _answered(self, view: OpenView, ack: Json) -> Submission:
        views = self._slack.views
        match ack.get("response_action"):
            case "errors":
                inputs = {block.get("block_id") for block in view.body["blocks"] if block["type"] == "input"}
                errors: dict[str, str] = ack.get("errors", {})
                if not errors or set(errors) - inputs:
                    raise Refusal("invalid_arguments", response_metadata={"messages": ["errors name no input block"]})
                return Submission(True, errors)
            case "update":
                views.replace(view, ack["view"], None)
            case "push":
                views.add(view.user, ack["view"], view.stack)
            case "clear":
                views.close(view, whole_stack=True)
            case _:
                views.close(view)
        self._slack.workspace.announce(ChangeKind.VIEW_CHANGED, user=view.user)
        return Submission(True, {})

    async def _send(self, payload: Json) -> Json | None:
        return await self._slack.sockets.deliver_once("interactive", payload)

    def _act(self, kind: str, user_id: str, stack: list[str] | None = None) -> Json:
        workspace, user = self._slack.workspace, self._slack.workspace.users[user_id]
        return {
            "type": kind,
            "token": "playground-verification-token",
            "team": {"id": workspace.team_id, "domain": workspace.team_name.lower()},
            "user": {"id": user_id, "name": user.name, "username": user.name, "team_id": workspace.team_id},
            "api_app_id": workspace.bot.app_id,
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._slack.views.new_trigger(user_id, stack),
        }

    def _action(self, block: Json, element: Json, value: str | Sequence[str] | None) -> Json:
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block.get("block_id", ""),
            "action_ts": self._slack.workspace.next_ts(),
        }
        if element["type"] == "feedback_buttons":
            offered = {element[name]["value"] for name in ("positive_button", "negative_button")}
            if value not in offered:
                raise KeyError(f"no feedback {value}")
            return action | {"value": value}
        if element["type"] in {"button", "icon_button"}:
            return action | {"text": element["text"], "value": element.get("value", "") if value is None else value}
        return action | entered(element, value or "")

    def _message(self, channel_id: str, ts: str) -> Json:
        message = self._slack.workspace.message(channel_id, ts)
        if message is None:
            raise KeyError(f"no message {ts} in {channel_id}")
        return message

    def _channel(self, channel_id: str) -> Json:
        channel = self._slack.workspace.channels[channel_id]
        names = {ChannelKind.IM: "directmessage", ChannelKind.GROUP: "privategroup"}
        return {"id": channel_id, "name": names.get(channel.kind, channel.name)}
