"""What somebody typed into the page's composer, as Slack's own composer hands it on."""

import re
from collections.abc import Mapping

_CODE = r"```.*?```|`[^`\n]*`"


def with_references(typed: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """The text with `@name` and `#name` replaced by references; both mappings are from ids to names.

    Code is left alone. Names are found whatever their case, the longest first.
    """
    references = {f"@{name}".lower(): f"<@{user}>" for user, name in people.items()}
    references |= {f"#{name}".lower(): f"<#{channel}>" for channel, name in channels.items() if name}
    longest_first = sorted(references, key=len, reverse=True)
    pattern = rf"{_CODE}|(?<![\w<@#])({'|'.join(map(re.escape, longest_first))})(?!\w)"

    def refer(match: re.Match[str]) -> str:
        return references[match[1].lower()] if match[1] else match[0]

    return re.sub(pattern, refer, typed, flags=re.DOTALL | re.IGNORECASE)
