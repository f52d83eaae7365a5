"""Finds the links to pictures in what a person wrote."""

import re

_AT_MOST = 5  # pictures of one message
_CODE = re.compile(
    r"""
    ^[ >]*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}) [^\n]*$ .*? (?: ^[ >]*(?P=fence)[`~]*[ \t\r]*$ | \Z )
    | (?<!`)(?P<ticks>`+)(?!`) .*? (?<!`)(?P=ticks)(?!`)
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_LINK = re.compile(r"https://(?:[^\s<>()\[\]\"`\\|]|\([^\s<>()\[\]\"`\\|]*\))+", re.IGNORECASE)
"""A link up to what cannot be in one. It may have brackets of its own, in pairs: `…/Cat_(animal).jpg`."""

_PICTURE = re.compile(
    r"https://[^/?#]+/[^?#]*\.(?:png|jpe?g|webp|gif|heic)(?![\x21\x22\x24-\x3e\x40-\x7e])(?:\?[\x21\x22\x24-\x7e]*)?",
    re.IGNORECASE,
)
"""A link whose path ends like a picture's name; Chinese and Japanese may go on behind it without a blank."""


def picture_links(markdown: str) -> tuple[str, ...]:
    """The https addresses of pictures in the text, in its order, each once, without fragments; at most five.

    An address counts when its path ends in .png, .jpg, .jpeg, .webp, .gif or .heic, and when it does not stand in code.
    """
    links = (found[0].rstrip(".,;:!?'*_~") for found in _LINK.finditer(_CODE.sub(" ", markdown)))
    pictures = (picture[0] for link in links if (picture := _PICTURE.match(link)))
    return tuple(dict.fromkeys(pictures))[:_AT_MOST]
