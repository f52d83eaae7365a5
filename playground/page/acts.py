"""What people do on the page beside writing: commands, shortcuts, buttons, modals, the home, deleting."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from aiohttp import web

from playground.page.app import App
from playground.page.places import read_channel, read_person, read_place
from playground.page.posts import read_json, refusal
from playground.slack.arguments import Refusal
from playground.slack.directory import Channel, Json, User
from playground.slack.entries import complaints
from playground.slack.ephemerals import dismiss_ephemeral, find_ephemeral
from playground.slack.views import OpenView
from playground.slack.workspace import Workspace

NO_ANSWER = "The app did not answer in time."


class Acts:
    """Takes each act from the page to the app, once, as Slack does, and waits for the app's ack."""

    def __init__(self, workspace: Workspace, app: App) -> None:
        self._workspace = workspace
        self._app = app

    def routes(self) -> list[web.RouteDef]:
        """Where the page posts them."""
        return [
            web.post("/commands", self.send_command),
            web.post("/shortcuts", self.choose_shortcut),
            web.post("/presses", self.press),
            web.post("/submissions", self.submit),
            web.post("/closings", self.close),
            web.post("/openings", self.open_home),
            web.post("/deletions", self.delete),
        ]

    async def send_command(self, request: web.Request) -> web.Response:
        """A line that begins with a slash; what the app answers appears as a message."""
        user, channel, thread = read_place(self._workspace, posted := await read_json(request))
        command, _, text = str(posted.get("text") or "").strip().partition(" ")
        if command not in {offered.name for offered in self._app.offers.commands}:
            raise refusal(f"{command} is not a valid command. Put a space before it to send it as a message.")
        if thread:
            raise refusal(f"{command} is not supported in threads. Sorry!")
        with _app_errors():
            ack = await self._app.interactions.slash_command(user.id, channel.id, command, text.strip())
        return _answer(ack is not None)

    async def choose_shortcut(self, request: web.Request) -> web.Response:
        """An entry in the menu of a message."""
        user, channel, ts = self._read_message(posted := await read_json(request))
        callback_id = str(posted.get("callback"))
        if callback_id not in {offered.callback_id for offered in self._app.offers.shortcuts}:
            raise refusal("The app has no such shortcut.")
        with _gone_is_refused():
            ack = await self._app.interactions.message_shortcut(user.id, channel.id, ts, callback_id)
        return _answer(ack is not None)

    async def press(self, request: web.Request) -> web.Response:
        """A button or a menu, in a message or in a view; a view comes with all that is entered in it."""
        posted = await read_json(request)
        block, action, value = str(posted.get("block") or ""), str(posted.get("action")), _read_value(posted)
        interactions = self._app.interactions
        with _gone_is_refused():
            if "view" in posted:
                view = self._read_view(posted)
                self._enter(view, posted)
                ack = await interactions.press_in_view(view, action, value, block_id=block)
            else:
                user, channel, ts = self._read_message(posted)
                chosen = value if value is None or isinstance(value, str) else ",".join(value)
                ack = await interactions.press(user.id, channel.id, ts, action, chosen, block_id=block)
        return _answer(ack is not None)

    async def submit(self, request: web.Request) -> web.Response:
        """A modal with all that is entered in it; returns what is wrong, by block."""
        posted = await read_json(request)
        view = self._read_view(posted)
        with _gone_is_refused():
            self._enter(view, posted)
        if errors := complaints(view.body["blocks"], view.state):
            return web.json_response({"errors": errors})
        with _app_errors():
            submission = await self._app.interactions.submit(view)
        return _answer(submission.acked, {"errors": submission.errors})

    async def close(self, request: web.Request) -> web.Response:
        """One view of a modal, or with `all` the whole of it."""
        posted = await read_json(request)
        view = self._read_view(posted)
        if view.body["type"] != "modal":
            raise refusal("This cannot be closed.")
        await self._app.interactions.close(view, clear=bool(posted.get("all")))
        return web.json_response({})

    async def open_home(self, request: web.Request) -> web.Response:
        """A tab of the conversation with the app."""
        posted = await read_json(request)
        user, tab = read_person(self._workspace, posted), posted.get("tab")
        if tab not in {"home", "messages"}:
            raise refusal("There is no such tab.")
        await self._workspace.open_app_home(user.id, str(tab))
        return web.json_response({}, status=202)

    async def delete(self, request: web.Request) -> web.Response:
        """A message of one's own, or one that nobody else sees."""
        user, channel, ts = self._read_message(await read_json(request))
        if private := find_ephemeral(self._workspace, channel.id, ts, user.id):
            dismiss_ephemeral(self._workspace, private)
            return web.json_response({})
        try:
            with _gone_is_refused():
                await self._workspace.delete_as(user.id, channel.id, ts)
        except PermissionError:
            raise refusal("Only one's own messages can be deleted.") from None
        return web.json_response({})

    def _read_message(self, posted: Mapping[str, Any]) -> tuple[User, Channel, str]:
        user = read_person(self._workspace, posted)
        return user, read_channel(self._workspace, posted, user), str(posted.get("ts"))

    def _read_view(self, posted: Mapping[str, Any]) -> OpenView:
        user = read_person(self._workspace, posted)
        view = self._app.view_of(user.id, str(posted.get("view")))
        if view is None:
            _refuse_gone()
        return view

    def _enter(self, view: OpenView, posted: Mapping[str, Any]) -> None:
        """What is typed in the browser reaches Slack with the next act. Raises KeyError."""
        entries = posted.get("entries")
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                block, action = str(entry.get("block")), str(entry.get("action"))
                self._app.interactions.enter(view, block, action, _read_value(entry) or "")


def _read_value(posted: Mapping[str, Any]) -> str | list[str] | None:
    match posted.get("value"):
        case None:
            return None
        case list() as values:
            return [str(value) for value in values]
        case value:
            return str(value)


def _answer(is_acked: bool, content: Json | None = None) -> web.Response:
    if not is_acked:
        raise _failure(NO_ANSWER)
    return web.json_response(content or {})


def _failure(sentence: str) -> web.HTTPBadGateway:
    return web.HTTPBadGateway(text=json.dumps({"error": sentence}), content_type="application/json")


@contextmanager
def _app_errors() -> Iterator[None]:
    """Tells of an ack that Slack would not take; the reason is for those who write the app."""
    try:
        yield
    except Refusal as problem:
        raise _failure(f"Slack would not take the app's answer: {problem.error}.") from None


@contextmanager
def _gone_is_refused() -> Iterator[None]:
    """The page may show what is just being taken away."""
    try:
        yield
    except KeyError:
        _refuse_gone()


def _refuse_gone() -> NoReturn:
    raise refusal("This is not there any more.")
