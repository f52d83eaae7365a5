"""The emoji under a message."""

from playground.slack.directory import Json


def with_reaction(message: Json, user_id: str, name: str) -> Json | None:
    """The message with this person's emoji; None when it is there already."""
    users = _users(message)
    if user_id in users.setdefault(name, []):
        return None
    users[name].append(user_id)
    return _reacted(message, users)


def without_reaction(message: Json, user_id: str, name: str) -> Json | None:
    """The message without this person's emoji; None when it is not there."""
    users = _users(message)
    if user_id not in users.get(name, []):
        return None
    users[name].remove(user_id)
    return _reacted(message, users)


def _users(message: Json) -> dict[str, list[str]]:
    return {reaction["name"]: list(reaction["users"]) for reaction in message.get("reactions", ())}


def _reacted(message: Json, users: dict[str, list[str]]) -> Json:
    shown = [{"name": name, "users": people, "count": len(people)} for name, people in users.items() if people]
    rest = {key: value for key, value in message.items() if key != "reactions"}
    return rest | ({"reactions": shown} if shown else {})
