"""What people show of themselves in their profiles."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.domain.conversation import Person
from bot.domain.errors import PlatformError
from bot.slack.reading.directory import MOST, Directory, person_of
from bot.slack.reading.people import People
from playground.slack.directory import User
from playground.slack.faults import Error
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.slack import unpaced_calls

NOW = 1_700_000_000.0


@dataclass
class Scene:
    slack: SlackServer
    people: People
    directory: Directory

    @property
    def workspace(self) -> Workspace:
        return self.slack.workspace

    def hire(self, name: str, people: int = 1) -> list[User]:
        """People of this name join the workspace."""
        hired = [self.workspace.add_user(f"{name.partition(' ')[0].lower()}{number}", name) for number in range(people)]
        for user in hired:
            user.display_name = name
        return hired

    async def knows(self, *users: User) -> None:
        """Their names have been looked up."""
        await self.people.names([user.id for user in users])

    async def names(self, who: str) -> list[str]:
        return [person.name for person in await self.directory.find(who)]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    workspace = Workspace(seed=1)
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        people = People(calls)
        yield Scene(slack, people, Directory(calls, people, lambda: NOW))
        await people.close()


async def test_a_person_is_found_by_id_and_mention_and_by_a_name_that_is_in_mind(scene: Scene) -> None:
    (ann,) = scene.hire("Ann Archer")
    ann.title, ann.status, ann.time_zone = "Archivist", "In the cellar", ("Asia/Tokyo", 32_400)
    expected = (Person(ann.id, "Ann Archer", "Archivist", "Asia/Tokyo", 32_400, "In the cellar"),)
    for who in (ann.id, f"<@{ann.id}>", f"<@{ann.id}|ann>", f" @{ann.id} "):
        assert await scene.directory.find(who) == expected
    assert await scene.directory.find("Ann Archer") == ()
    await scene.knows(ann)
    for who in ("Ann Archer", "@Ann Archer", "ann", "ARCHER"):
        assert await scene.directory.find(who) == expected


async def test_a_whole_name_counts_more_than_a_part_of_one(scene: Scene) -> None:
    await scene.knows(*scene.hire("Ann"), *scene.hire("Anna Ann Archer"), *scene.hire("Bo"))
    assert await scene.names("Ann") == ["Ann"]
    assert await scene.names("Archer") == ["Anna Ann Archer"]
    assert await scene.names("") == []


async def test_of_many_with_one_name_a_few_are_told(scene: Scene) -> None:
    await scene.knows(*scene.hire("Ann", MOST + 2))
    assert await scene.names("Ann") == ["Ann"] * MOST


async def test_who_has_left_or_never_was_is_nobody(scene: Scene) -> None:
    gone = scene.workspace.add_user("gone")
    gone.deleted = True
    assert await scene.names(gone.id) == []
    assert await scene.names("U0NOBODY") == []


async def test_trouble_is_told(scene: Scene) -> None:
    scene.slack.faults.add("users.info", Error("missing_scope"))
    with pytest.raises(PlatformError):
        await scene.directory.find("U123456")


def test_a_user_object_is_read_without_addresses_and_numbers() -> None:
    profile = {"email": "a@example.com", "phone": "1", "title": "Chief\nof  all", "status_text": "x" * 200}
    person = person_of({"id": "U1", "profile": {**profile, "display_name": "Ann"}, "tz": "UTC", "tz_offset": 0}, NOW)
    assert person == Person("U1", "Ann", "Chief of all", "UTC", 0, "x" * 80)
    assert person_of({"profile": {"status_text": "Away", "status_expiration": NOW - 1}}, NOW).status == "Away"
    assert person_of({"profile": {"status_text": "Away", "status_expiration": int(NOW)}}, NOW).status == ""
    assert person_of({}, NOW) == Person("", "")
