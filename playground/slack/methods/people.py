"""users.*, usergroups.*, bots.* and team.*: who is in the workspace."""

from playground.slack.arguments import Method, Refusal, flag, number, text
from playground.slack.directory import Json, User
from playground.slack.installation import Installation
from playground.slack.pages import page, read_limit


async def user_info(slack: Installation, given: Json) -> Json:
    """users.info."""
    user = slack.workspace.users.get(given["user"])
    if user is None:
        raise Refusal("user_not_found")
    return {"user": _shown(user, given)}


async def list_users(slack: Installation, given: Json) -> Json:
    """users.list."""
    shown, metadata = page(list(slack.workspace.users.values()), given, read_limit(given))
    return {
        "members": [_shown(user, given) for user in shown],
        "cache_ts": int(slack.workspace.now()),
        "response_metadata": metadata,
    }


def _shown(user: User, given: Json) -> Json:
    """Slack tells the locale to those alone who ask for it."""
    return user.as_json() | ({"locale": user.locale} if given.get("include_locale") else {})


async def list_usergroups(slack: Installation, _given: Json) -> Json:
    """usergroups.list."""
    return {"usergroups": list(slack.workspace.usergroups.values())}


async def bot_info(slack: Installation, given: Json) -> Json:
    """bots.info; without `bot` about the app itself."""
    wanted = given.get("bot", slack.bot.bot_id)
    for user in slack.workspace.users.values():
        if user.bot_id and user.bot_id == wanted:
            bot = {"id": user.bot_id, "deleted": False, "name": user.real_name, "updated": 1_700_000_000}
            return {"bot": bot | {"app_id": user.app_id, "user_id": user.id, "icons": {}}}
    raise Refusal("bot_not_found")


async def team_info(slack: Installation, given: Json) -> Json:
    """team.info."""
    workspace = slack.workspace
    if given.get("team", workspace.team_id) != workspace.team_id:
        raise Refusal("team_not_found")
    domain = workspace.team_name.lower().replace(" ", "-")
    return {
        "team": {"id": workspace.team_id, "name": workspace.team_name, "domain": domain, "email_domain": "", "icon": {}}
    }


METHODS = (
    Method(
        "users.info",
        user_info,
        (text("user", required=True, missing="user_not_found"), flag("include_locale")),
        scope="users:read",
        takes_json=False,
    ),
    Method(
        "users.list",
        list_users,
        (text("cursor"), number("limit", invalid="invalid_limit"), flag("include_locale"), text("team_id")),
        scope="users:read",
        takes_json=False,
    ),
    Method(
        "usergroups.list",
        list_usergroups,
        (flag("include_count"), flag("include_disabled"), flag("include_users"), text("team_id")),
        scope="usergroups:read",
        takes_json=False,
    ),
    Method("bots.info", bot_info, (text("bot"), text("team_id")), scope="users:read", takes_json=False),
    Method(
        "team.info",
        team_info,
        (text("team"), text("domain"), flag("include_slackbot_availability")),
        scope="team:read",
        takes_json=False,
    ),
)
