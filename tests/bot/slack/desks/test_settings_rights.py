"""Who may change whose settings."""

import pytest

from bot.domain.settings import Scope
from bot.slack.desks.settings_memo import Place
from bot.slack.desks.settings_rights import Rights
from bot.slack.reading.members import Members
from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.slack import unpaced_calls


@pytest.mark.parametrize(
    ("editors", "scope", "may"),
    [
        ("members", Scope.USER, {"ann", "ben", "eve"}),
        ("members", Scope.CHANNEL, {"ann", "ben"}),
        ("members", Scope.THREAD, {"ann", "ben"}),
        ("anyone", Scope.CHANNEL, {"ann", "ben", "eve"}),
        ("anyone", Scope.THREAD, {"ann", "ben", "eve"}),
        ("ann", Scope.USER, {"ann", "ben", "eve"}),
        ("ann", Scope.CHANNEL, {"ann"}),
        ("ann", Scope.THREAD, {"ann", "ben"}),
    ],
)
async def test_who_may_change_what(editors: str, scope: Scope, may: set[str]) -> None:
    workspace = Workspace(seed=1)
    ids = {name: workspace.add_user(name).id for name in ("ann", "ben", "eve")}
    place = Place(workspace.add_channel("general", [ids["ann"], ids["ben"]]).id, "1732147200.000200")
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        rights = Rights(frozenset({ids.get(editors, editors)}), Members(calls))
        objections = {name: await rights.objection(place, scope, person) for name, person in ids.items()}
    assert {name for name, objection in objections.items() if not objection} == may
    assert all(objection.endswith(".") for objection in objections.values() if objection)
