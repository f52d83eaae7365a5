"""views.*: modals and home tabs."""

from playground.slack.arguments import Method, Refusal, structure, text
from playground.slack.changes import ChangeKind
from playground.slack.directory import Json
from playground.slack.installation import Installation


async def open_view(slack: Installation, given: Json) -> Json:
    """views.open."""
    trigger = slack.views.use_trigger(given.get("trigger_id"))
    view = slack.views.add(trigger.user, given["view"], [])
    slack.workspace.announce(ChangeKind.VIEW_CHANGED, user=trigger.user)
    return {"view": slack.views.as_json(view)}


async def push(slack: Installation, given: Json) -> Json:
    """views.push: only from an act made in an open modal."""
    trigger = slack.views.use_trigger(given.get("trigger_id"))
    if not trigger.stack:
        raise Refusal("not_found")
    view = slack.views.add(trigger.user, given["view"], trigger.stack)
    slack.workspace.announce(ChangeKind.VIEW_CHANGED, user=trigger.user)
    return {"view": slack.views.as_json(view)}


async def update(slack: Installation, given: Json) -> Json:
    """views.update."""
    view = slack.views.find(given.get("view_id"), given.get("external_id"))
    slack.views.replace(view, given["view"], given.get("hash"))
    slack.workspace.announce(ChangeKind.VIEW_CHANGED, user=view.user)
    return {"view": slack.views.as_json(view)}


async def publish(slack: Installation, given: Json) -> Json:
    """views.publish."""
    if given["user_id"] not in slack.workspace.users:
        raise Refusal("invalid_arguments")
    view = slack.views.publish(given["user_id"], given["view"], given.get("hash"))
    slack.workspace.announce(ChangeKind.HOME_CHANGED, user=view.user)
    return {"view": slack.views.as_json(view)}


VIEW = structure("view", required=True)
TRIGGER = (text("trigger_id"), text("interactivity_pointer"))

METHODS = (
    Method("views.open", open_view, (*TRIGGER, VIEW)),
    Method("views.push", push, (*TRIGGER, VIEW)),
    Method("views.update", update, (VIEW, text("view_id"), text("external_id"), text("hash"))),
    Method("views.publish", publish, (text("user_id", required=True), VIEW, text("hash"))),
)
