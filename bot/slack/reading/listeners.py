"""What the bot listens to: all of it on one screen."""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.ports import Inbox
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.messages import event_id, message_from_event, thread_of_session
from bot.slack.wire.client import sdk_log
from bot.slack.wire.identity import Identity

_MESSAGES = ("message", "app_mention")
_STOPPED = "agent_session_stopped"

_ANYTHING = re.compile(".*")

Register = Callable[[AsyncApp], None]
"""Adds the listeners of one desk to the app: of a part of what people can do besides writing."""

EVENTS = (*_MESSAGES, _STOPPED)
"""The events that mean something to the bot; the manifest subscribes to them."""


def build_app(
    identity: Identity,
    inbox: Inbox,
    arrivals: Arrivals,
    allowed_bots: frozenset[str] = frozenset(),
    desks: Iterable[Register] = (),
) -> AsyncApp:
    """The Bolt app through which events reach the inbox, and everything that people press and open reaches its desk.

    Slack gets its acknowledgement only when a listener has returned, and none when it raised, so that Slack delivers
    the event again. Nothing on the way there calls Slack: whom an event is for is known beforehand.
    """

    async def receive(body: dict[str, Any]) -> None:
        message = message_from_event(body, identity, allowed_bots)
        if message is not None:
            is_new = await inbox.receive(message, event_id(body, message))
            if not message.is_root:
                arrivals.go_on(message.thread)
            elif is_new:
                arrivals.keep(message.thread, body["event"])
            else:
                arrivals.complete(message.thread, body["event"])

    async def stop(body: dict[str, Any]) -> None:
        thread = thread_of_session(body, identity)
        if thread is not None:
            await inbox.stop(thread)

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.workspace,
            bot_user_id=identity.user_id,
            bot_id=identity.bot_id,
        )

    app = AsyncApp(
        name="bot.slack.reading.listeners",
        # Its warnings are about tokens that it finds in the environment and does not need.
        logger=sdk_log("bolt", logging.ERROR),
        process_before_response=True,
        authorize=authorize,
        # These serve apps that Slack reaches by HTTP, or prepare calls that no listener makes.
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        # It would keep from us that a message of ours was deleted; `receive` knows our own.
        ignoring_self_events_enabled=False,
    )
    # Desks come first: they are particular about what they take, such as one subtype of messages.
    for register in desks:
        register(app)
    for event in _MESSAGES:
        app.event(event)(receive)
    app.event(_STOPPED)(stop)
    app.event(_ANYTHING)(_ignore)
    app.action(_ANYTHING)(_acknowledge)
    return app


async def _ignore() -> None:
    """Takes any other event: Bolt acknowledges only what has a listener, and Slack repeats the rest."""


async def _acknowledge(ack: AsyncAck) -> None:
    """Takes any other press of a button, such as one in a message of an older version; people would see a warning."""
    await ack()
