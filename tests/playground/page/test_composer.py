"""What somebody typed, as Slack's composer hands it on."""

import pytest

from playground.page.composer import with_references

PEOPLE = {"U1": "Ann", "U2": "Ann Marie", "UBOT": "ChatGPT", "U3": "C. (x)"}
CHANNELS = {"C1": "general", "D1": ""}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("@ChatGPT hello", "<@UBOT> hello"),
        ("hello @chatgpt, how are you?", "hello <@UBOT>, how are you?"),
        ("@Ann Marie and @Ann", "<@U2> and <@U1>"),
        ("@C. (x)!", "<@U3>!"),
        ("see #general", "see <#C1>"),
        ("mail ann@chatgpt.com", "mail ann@chatgpt.com"),
        ("@ChatGPTs", "@ChatGPTs"),
        ("@nobody", "@nobody"),
        ("`@ChatGPT` and ```\n@ChatGPT\n```", "`@ChatGPT` and ```\n@ChatGPT\n```"),
        ("<@UBOT>", "<@UBOT>"),
        ("(@Ann)", "(<@U1>)"),
        ("", ""),
    ],
)
def test_names_become_references(typed: str, expected: str) -> None:
    assert with_references(typed, PEOPLE, CHANNELS) == expected


def test_a_workspace_without_people_changes_nothing() -> None:
    assert with_references("@Ann", {}, {}) == "@Ann"
