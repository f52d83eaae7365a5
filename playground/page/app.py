"""The app as people meet it on the page: its offers, and the modals and the home that it shows them."""

from dataclasses import asdict, dataclass, replace

from playground.page.markup.blocks import blocks
from playground.page.markup.html import Names
from playground.page.offers import Offers
from playground.slack.directory import Json
from playground.slack.entries import filled
from playground.slack.interactions import Interactions
from playground.slack.views import OpenView, Views


@dataclass(frozen=True, slots=True)
class App:
    """How the page reaches the app, and what the app has put before people."""

    interactions: Interactions
    views: Views
    offers: Offers = Offers()

    def modal_of(self, user_id: str) -> OpenView | None:
        """The modal that this person has before them: the one that was opened last."""
        return next((view for view in reversed(self.views.open.values()) if view.user == user_id), None)

    def view_of(self, user_id: str, view_id: str) -> OpenView | None:
        """This person's open view with this id, a modal or their home."""
        home = self.views.homes.get(user_id)
        view = home if home and home.id == view_id else self.views.open.get(view_id)
        return view if view and view.user == user_id else None


def app_view(app: App, bot_id: str) -> Json:
    """What the app offers; `bot` is the user with whom people have the conversation in which its home is a tab."""
    return asdict(app.offers) | {"bot": bot_id}


def modal_news(app: App, user_id: str, names: Names) -> Json:
    """The modal that this person has before them; None takes it away."""
    view = app.modal_of(user_id)
    shown = view and _drawn(view, names) | {
        "title": view.body["title"]["text"],
        "submit": view.body.get("submit", {}).get("text", ""),
        "close": view.body.get("close", {}).get("text", "Cancel"),
        "is_pushed": view.stack.index(view.id) > 0,
    }
    return {"type": "modal", "user": user_id, "view": shown}


def home_news(app: App, user_id: str, names: Names) -> Json:
    """The home that the app has published for this person; None before it has."""
    view = app.views.homes.get(user_id)
    return {"type": "home", "user": user_id, "view": view and _drawn(view, names)}


def _drawn(view: OpenView, names: Names) -> Json:
    # Menus of conversations offer those that have a name: direct messages have none.
    named = replace(names, channels={id_: name for id_, name in names.channels.items() if name})
    return {
        "id": view.id,
        "hash": view.hash,
        "html": blocks((filled(block, view.state) for block in view.body["blocks"]), named),
    }
