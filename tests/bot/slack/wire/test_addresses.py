"""The bot's token goes to Slack's hosts, and to nobody who looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.slack.wire.addresses import slack_address

API = URL("https://slack.com/api/")
LOCAL = URL("http://127.0.0.1:8080/api/")


@pytest.mark.parametrize(
    "address",
    [
        "https://files.slack.com/files-pri/T1-F1/download/plan.pdf",
        "https://slack.com/files",
        "https://FILES.Slack.COM:443/x",
        "https://team.enterprise.slack.com/x",
        "https://slack-files.com/x",
        "https://a.slack-edge.com/x",
        "https://files-origin.slack-files.com/x?pub_secret=1#there",
    ],
)
def test_slacks_hosts_are_slacks(address: str) -> None:
    assert slack_address(address, API) == URL(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://files.slack.com/x",
        "ftp://files.slack.com/x",
        "//files.slack.com/x",
        "/files/x",
        "",
        "https://slack.com.evil.test/x",
        "https://evilslack.com/x",
        "https://slack.com-evil.test/x",
        "https://files.slack.com./x",
        "https://.slack.com.evil.test/x",
        "https://slack.com@evil.test/x",
        "https://slack.com:443@evil.test/x",
        "https://somebody@files.slack.com/x",
        "https://evil.test\\@files.slack.com/x",
        "https://evil.test#@files.slack.com/x",
        "https://evil.test/?@files.slack.com/x",
        "https://evil.test/files.slack.com",
        "https://files.slack.com:8443/x",
        "https://files.slack.com:0/x",
        "https://files.slack.com:99999/x",
        "https://[files.slack.com]/x",
        "https://\u0455lack.com/x",
        "https://127.0.0.1:8080/x",
        "http://127.0.0.1:8081/x",
        "http://localhost:8080/x",
        "javascript:https://slack.com/x",
        "data:text/html,https://slack.com",
        "https://",
    ],
)
@pytest.mark.parametrize("api", [API, LOCAL])
def test_what_looks_like_them_is_not(address: str, api: URL) -> None:
    assert slack_address(address, api) is None


def test_the_address_of_the_api_is_slacks_whatever_it_is() -> None:
    assert slack_address("http://127.0.0.1:8080/files/x", LOCAL)
    assert slack_address("http://127.0.0.1:8080/files/x", API) is None
    assert slack_address("http://somebody:secret@127.0.0.1:8080/files/x", LOCAL) is None


def test_a_relative_address_stays_where_it_is() -> None:
    here = URL("https://files.slack.com/a/b")
    assert slack_address("../c", API, here) == URL("https://files.slack.com/c")
    assert slack_address("//evil.test/c", API, here) is None
    assert slack_address("//a.slack-edge.com/c", API, here) == URL("https://a.slack-edge.com/c")


@given(st.text(max_size=40), st.text(alphabet="slack.com/@:#?\\-evil[]%", max_size=40))
def test_whatever_passes_is_on_one_of_slacks_hosts(odd: str, close: str) -> None:
    for text in (odd, f"https://{odd}", f"https://{close}", f"https://slack.com{close}", f"https://{close}slack.com"):
        if url := slack_address(text, API):
            assert url.scheme == "https"
            assert url.user is url.password is None
            host = url.raw_host or ""
            assert host in {"slack.com", "slack-files.com", "slack-edge.com"} or host.endswith(
                (".slack.com", ".slack-files.com", ".slack-edge.com")
            )
