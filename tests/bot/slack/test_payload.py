"""What stands in Slack's JSON is read as what it is, or as nothing."""

import json

import pytest

from bot.slack.payload import text_at


@pytest.mark.parametrize(
    ("payload", "text"),
    [('{"a": "Hi"}', "Hi"), ('{"a": "😀"}', "😀"), ('{"a": "half \\ud83d"}', "half ?"), ('{"a": 1}', ""), ("{}", "")],
)
def test_a_text_can_always_be_sent_on(payload: str, text: str) -> None:
    assert text_at(json.loads(payload), "a") == text
