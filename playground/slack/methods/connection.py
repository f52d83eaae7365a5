"""auth.* and apps.connections.*: who the app is, and where its Socket Mode connection goes."""

from playground.slack.arguments import Method, Refusal, Token
from playground.slack.directory import Json
from playground.slack.installation import Installation


async def auth_test(slack: Installation, _given: Json) -> Json:
    """auth.test."""
    workspace = slack.workspace
    return {
        "url": f"{workspace.site}/",
        "team": workspace.team_name,
        "user": slack.bot.name,
        "team_id": workspace.team_id,
        "user_id": slack.bot.id,
        "bot_id": slack.bot.bot_id,
        "is_enterprise_install": False,
    }


async def open_connection(slack: Installation, _given: Json) -> Json:
    """apps.connections.open: an address with a ticket that admits one connection, soon."""
    if slack.sockets.refused_with:
        raise Refusal(slack.sockets.refused_with)
    return {"url": slack.sockets.new_address()}


METHODS = (
    Method("auth.test", auth_test),
    Method("apps.connections.open", open_connection, token=Token.APP),
)
