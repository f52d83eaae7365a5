"""Who may talk to the bot: every combination of what an operator can say and what is known of a person."""

from itertools import product

import pytest

from bot.domain.conversation import Profile, ThreadKey
from bot.turns.policy import Policy, Refusal

OURS, PARTNER, FOREIGN = "T1", "T2", "T3"
HERE, ELSEWHERE = frozenset({"C1"}), frozenset({"C9"})
ME, OTHERS = frozenset({"U1"}), frozenset({"U9"})
NONE: frozenset[str] = frozenset()


def decided(policy: Policy, thread: ThreadKey, profile: Profile | None, *, is_direct: bool) -> Refusal | None:
    return policy.by_ids(thread, "U1", is_direct=is_direct) or policy.by_profile(thread, profile)


@pytest.mark.parametrize("is_direct", [False, True])
@pytest.mark.parametrize("allowed_channels", [NONE, HERE, ELSEWHERE])
@pytest.mark.parametrize("denied_channels", [NONE, HERE, ELSEWHERE])
@pytest.mark.parametrize("allowed_users", [NONE, ME, OTHERS])
@pytest.mark.parametrize("denied_users", [NONE, ME, OTHERS])
def test_a_person_is_admitted_exactly_where_every_rule_allows_it(
    is_direct: bool,
    allowed_channels: frozenset[str],
    denied_channels: frozenset[str],
    allowed_users: frozenset[str],
    denied_users: frozenset[str],
) -> None:
    thread = ThreadKey(OURS, "C1", "1.0")
    profiles = [None, *(Profile(team, is_guest) for team, is_guest in product((OURS, PARTNER, FOREIGN), (True, False)))]
    for strangers, guests, profile in product((True, False), (True, False), profiles):
        policy = Policy(
            allowed_channels,
            denied_channels,
            allowed_users,
            denied_users,
            frozenset({PARTNER}),
            strangers=strangers,
            guests=guests,
        )
        rules = {
            "the channel is not denied": denied_channels != HERE,
            "the channel is allowed": is_direct or allowed_channels in (NONE, HERE),
            "the person is not denied": denied_users != ME,
            "the person is allowed": allowed_users in (NONE, ME),
            "the person is known": profile is not None,
            "no stranger": strangers or profile is None or profile.workspace in (OURS, PARTNER),
            "no guest": guests or profile is None or not profile.is_guest,
        }
        refusal = decided(policy, thread, profile, is_direct=is_direct)
        assert (refusal is None) == all(rules.values()), (policy, profile, rules)


@pytest.mark.parametrize(
    ("policy", "profile", "refusal"),
    [
        (Policy(denied_channels=HERE, denied_users=ME), Profile(FOREIGN), Refusal.CHANNEL),
        (Policy(denied_users=ME), Profile(FOREIGN), Refusal.PERSON),
        (Policy(guests=False), Profile(FOREIGN, is_guest=True), Refusal.STRANGER),
        (Policy(guests=False), Profile(OURS, is_guest=True), Refusal.GUEST),
        (Policy(), None, Refusal.UNKNOWN),
        (Policy(), Profile(""), Refusal.STRANGER),
    ],
)
def test_the_first_reason_is_the_one_that_is_told(
    policy: Policy, profile: Profile | None, refusal: Refusal | None
) -> None:
    assert decided(policy, ThreadKey(OURS, "C1", "1.0"), profile, is_direct=False) is refusal


@pytest.mark.parametrize("strangers", [True, False])
@pytest.mark.parametrize("guests", [True, False])
@pytest.mark.parametrize("told", ["", OURS, PARTNER, FOREIGN])
def test_a_profile_is_needed_only_where_the_message_does_not_say_enough(
    strangers: bool, guests: bool, told: str
) -> None:
    policy = Policy(strangers=strangers, guests=guests, allowed_workspaces=frozenset({PARTNER}))
    is_enough = guests and (strangers or told in (OURS, PARTNER))
    assert policy.needs_profile(ThreadKey(OURS, "C1", "1.0"), told) is not is_enough
