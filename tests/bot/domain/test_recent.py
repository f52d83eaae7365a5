from bot.domain.recent import Recent


def test_the_entry_that_was_set_the_longest_ago_makes_room() -> None:
    recent = Recent[str, int](2)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        recent[key] = value
    assert dict(recent) == {"a": 3, "c": 4}


def test_who_was_asked_for_last_can_stay_longest() -> None:
    recent = Recent[str, int](2)
    recent["a"], recent["b"] = 1, 2
    recent.move_to_end("a")
    recent["c"] = 3
    assert dict(recent) == {"a": 1, "c": 3}


def test_what_is_taken_out_leaves_room() -> None:
    recent = Recent[str, int](2)
    recent["a"], recent["b"] = 1, 2
    del recent["a"]
    recent["c"] = 3
    assert dict(recent) == {"b": 2, "c": 3}
