"""What the form remembers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.settings import Scope, declared
from bot.slack.desks.settings_memo import Memo, Place, fingerprint, read_memo

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_it_is_read_as_it_was_written_and_is_short_enough_for_slack() -> None:
    shown = {setting.name: fingerprint("x" * 3_000) for setting in declared()}
    memo = Memo(Place("C0123456789", "1732147200.000200"), Scope.THREAD, 10**6, shown)
    assert read_memo(memo.written()) == memo
    assert len(memo.written()) < 3_000


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"generation": -1}', '{"channel": 5, "shown": []}'])
def test_what_is_no_memo_reads_as_nothing(text: str) -> None:
    assert read_memo(text) == Memo()


@given(JSON, JSON, JSON, JSON)
def test_anything_can_be_read(channel: Any, root: Any, scope: Any, shown: Any) -> None:
    memo = read_memo(json.dumps({"channel": channel, "root": root, "scope": scope, "shown": shown}))
    assert memo.scope in memo.place.scopes


def test_a_scope_that_the_place_does_not_have_is_not_believed() -> None:
    assert read_memo(json.dumps({"scope": "thread", "channel": "C1"})).scope is Scope.USER
    assert read_memo(json.dumps({"scope": "org", "channel": "C1"})).scope is Scope.USER


@pytest.mark.parametrize(("channel", "root"), [("C1/../U1", "1.2"), ("C1", "1.2/3"), ("U123", "1.2")])
def test_ids_of_other_shapes_are_dropped(channel: str, root: str) -> None:
    assert Scope.THREAD not in read_memo(json.dumps({"channel": channel, "root": root})).place.scopes


def test_fingerprints_tell_texts_apart() -> None:
    assert fingerprint("on") != fingerprint("off")
    assert fingerprint("") == ""
    assert fingerprint("\ud800")


def test_holders_are_the_person_the_channel_and_the_thread() -> None:
    place = Place("C1", "1.2")
    assert [place.holder(scope, "T1", "U1").id for scope in place.scopes] == ["U1", "C1", "C1/1.2"]
