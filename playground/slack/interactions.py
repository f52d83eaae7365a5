"""What people do beside writing: slash commands, shortcuts, buttons, modals and the stop button."""

import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from playground.slack.arguments import Refusal
from playground.slack.changes import ChangeKind
from playground.slack.content import POST_CHARACTERS, read_content
from playground.slack.directory import ChannelKind, Json
from playground.slack.installation import Installation
from playground.slack.views import OpenView

RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 1800.0


@dataclass(slots=True)
class ResponseUrl:
    """Where the app may answer an act: up to five times, for half an hour."""

    user: str
    channel: str
    expires: float
    message_ts: str = ""
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Submission:
    """How the app took a submitted modal: `errors` by block_id, which keep it open."""

    acked: bool
    errors: dict[str, str]


class Interactions:
    """Sends the envelope of each act; every function returns what the app's ack said, None when no ack came in time."""

    def __init__(self, slack: Installation) -> None:
        self._slack = slack
        self._response_urls: dict[str, ResponseUrl] = {}

    async def slash_command(self, user_id: str, channel_id: str, command: str, text: str = "") -> Json | None:
        """A person sends a slash command; there is no thread, because Slack has none in threads."""
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
            "response_url": self._new_response_url(user_id, channel_id),
            "trigger_id": self._slack.views.new_trigger(user_id),
        }
        return await self._slack.sockets.deliver_once("slash_commands", payload)

    async def message_shortcut(self, user_id: str, channel_id: str, ts: str, callback_id: str) -> Json | None:
        """A person picks a shortcut from a message's menu; also where the bot is no member."""
        message = self._message(channel_id, ts)
        payload = self._act("message_action", user_id) | {
            "callback_id": callback_id,
            "action_ts": self._slack.workspace.next_ts(),
            "channel": self._channel(channel_id),
            "message_ts": ts,
            "message": message,
            "response_url": self._new_response_url(user_id, channel_id),
        }
        return await self._send(payload)

    async def press(
        self, user_id: str, channel_id: str, ts: str, action_id: str, value: str | None = None
    ) -> Json | None:
        """A person presses a button in a message, or chooses `value` in a menu or among feedback buttons."""
        message = self._message(channel_id, ts)
        block, element = _find_element(message.get("blocks", []), action_id)
        payload = self._act("block_actions", user_id) | {
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel_id,
                "is_ephemeral": False,
            },
            "channel": self._channel(channel_id),
            "message": message,
            "response_url": self._new_response_url(user_id, channel_id, ts),
            "state": {"values": {}},
            "actions": [self._action(block, element, value)],
        }
        return await self._send(payload)

    async def press_in_view(self, view: OpenView, action_id: str, value: str | None = None) -> Json | None:
        """The same in a modal or a home tab."""
        block, element = _find_element(view.body["blocks"], action_id)
        if element["type"] != "button":
            self.enter(view, block.get("block_id", ""), action_id, value or "")
        payload = self._act("block_actions", view.user, view.stack) | {
            "container": {"type": "view", "view_id": view.id},
            "view": self._slack.views.as_json(view),
            "actions": [self._action(block, element, value)],
        }
        return await self._send(payload)

    def enter(self, view: OpenView, block_id: str, action_id: str, value: str) -> None:
        """A person types into an input, or chooses the option with this value; submitting tells the app."""
        _, element = _find_element(view.body["blocks"], action_id)
        view.state.setdefault(block_id, {})[action_id] = _entered(element, value)

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
        answer: Json = await request.json()
        target = self._response_urls.get(request.match_info["key"])
        workspace = self._slack.workspace
        if target is None or target.uses >= RESPONSE_URL_USES or workspace.now() > target.expires:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        target.uses += 1
        if answer.get("delete_original"):
            if target.message_ts:
                await workspace.remove_message(target.channel, target.message_ts)
            return web.Response(text="ok")
        try:
            content = read_content(answer, POST_CHARACTERS)
        except Refusal as refusal:
            return web.json_response({"ok": False, "error": refusal.error}, status=400)
        if answer.get("replace_original") and target.message_ts:
            message = self._message(target.channel, target.message_ts) | content.as_fields()
            await workspace.change_message(target.channel, message, content.markdown)
            return web.Response(text="ok")
        message = {"type": "message", "user": self._slack.bot.id, "ts": workspace.next_ts(), "team": workspace.team_id}
        message |= workspace.authorship(self._slack.bot) | content.as_fields()
        if answer.get("thread_ts"):
            message["thread_ts"] = answer["thread_ts"]
        if answer.get("response_type") == "in_channel":
            await workspace.add_message(target.channel, message, content.markdown)
        else:
            workspace.ephemerals.append(message | {"channel": target.channel, "shown_to": target.user})
            workspace.announce(ChangeKind.EPHEMERAL_POSTED, target.channel, message["ts"], target.user)
        return web.Response(text="ok")

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

    def _action(self, block: Json, element: Json, value: str | None) -> Json:
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block.get("block_id", ""),
            "action_ts": self._slack.workspace.next_ts(),
        }
        if element["type"] in {"button", "feedback_buttons", "icon_button"}:
            return action | {"value": element.get("value", "") if value is None else value}
        return action | _entered(element, value or "")

    def _message(self, channel_id: str, ts: str) -> Json:
        message = self._slack.workspace.message(channel_id, ts)
        if message is None:
            raise KeyError(f"no message {ts} in {channel_id}")
        return message

    def _channel(self, channel_id: str) -> Json:
        channel = self._slack.workspace.channels[channel_id]
        names = {ChannelKind.IM: "directmessage", ChannelKind.GROUP: "privategroup"}
        return {"id": channel_id, "name": names.get(channel.kind, channel.name)}

    def _new_response_url(self, user_id: str, channel_id: str, message_ts: str = "") -> str:
        key, workspace = secrets.token_urlsafe(12), self._slack.workspace
        expires = workspace.now() + RESPONSE_URL_SECONDS
        self._response_urls[key] = ResponseUrl(user_id, channel_id, expires, message_ts)
        return f"{workspace.site}/response/{key}"


def _find_element(blocks: list[Json], action_id: str) -> tuple[Json, Json]:
    for block in blocks:
        elements: list[Any] = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in elements:
            if isinstance(element, dict) and element.get("action_id") == action_id:
                return block, element
    raise KeyError(f"no element {action_id}")


def _entered(element: Json, value: str) -> Json:
    kind = element["type"]
    if kind in {"static_select", "radio_buttons", "overflow"}:
        return {"type": kind, "selected_option": _option(element, value)}
    if kind in {"multi_static_select", "checkboxes"}:
        chosen = [_option(element, part) for part in value.split(",") if part]
        return {"type": kind, "selected_options": chosen}
    if kind == "users_select":
        return {"type": kind, "selected_user": value}
    if kind in {"conversations_select", "channels_select"}:
        return {"type": kind, f"selected_{kind.partition('s_')[0]}": value}
    return {"type": kind, "value": value or None}


def _option(element: Json, value: str) -> Json:
    groups = element.get("option_groups", [])
    options = element.get("options", []) + [option for group in groups for option in group["options"]]
    for option in options:
        if option["value"] == value:
            return dict(option)
    raise KeyError(f"no option {value}")
