"""Takes the ring out of mentions that call whole groups."""

import re

_MENTION = re.compile(
    r"<[ \t]{0,8}![ \t]{0,8}(?P<name>channel|here|everyone|group|subteam)(?!\w)"
    r"(?:(?P<rest>[^<>\n]{0,150})(?P<end>>|\Z))?",
    re.IGNORECASE,
)
"""A mention in Slack's spelling, and in others that Slack might forgive; `rest` has the group's id and the label.

`end` is missing in what does not end soon enough, and empty where the text ends first. All of it is shorter than what
`unfinished.steady` holds back.
"""

_UNSEEN = "\u200b"


def neutral(text: str) -> str:
    """The text with every broadcast or group mention as plain words, such as `@channel` with a zero-width space in it.

    Text without one is returned as it is. What `unfinished.steady` lets through stays as it is when the text grows.
    """
    return _MENTION.sub(_words, text)


def _words(mention: re.Match[str]) -> str:
    if mention["end"] is None:
        return f"<{_UNSEEN}{mention[0][1:]}"
    if not mention["end"]:
        return mention[0]
    name = mention["name"].lower()
    label = mention["rest"].partition("|")[2].strip().lstrip("@") or "group"
    return f"@{_UNSEEN}{label if name == 'subteam' else name}"
