"""What can stand in the way of a download, and the record of all that were asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoginPage:
    """HTTP 200 with Slack's login page, although the token is right."""


@dataclass(frozen=True, slots=True)
class RedirectTo:
    """HTTP 302 to this address."""

    url: str


@dataclass(frozen=True, slots=True)
class Stalls:
    """After so many bytes nothing comes any more, and the connection stays open."""

    after: int = 0


@dataclass(frozen=True, slots=True)
class Breaks:
    """After so many bytes the connection is reset."""

    after: int = 0


@dataclass(frozen=True, slots=True)
class Trickles:
    """So many bytes at a time, with a pause (seconds) after each piece."""

    piece: int = 1
    pause: float = 0.01


@dataclass(frozen=True, slots=True)
class NeverEnds:
    """The file's bytes again and again, whatever size was told."""


Hindrance = Stalls | Breaks | Trickles | NeverEnds
"""What happens to a file on its way."""

Obstacle = LoginPage | RedirectTo | Hindrance


@dataclass(frozen=True, slots=True)
class Download:
    """One request for a file: its path, the status of the answer, and whether it brought a token of any kind."""

    path: str
    status: int
    with_token: bool
