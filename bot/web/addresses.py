"""Which addresses are on the public internet, so that a stranger's link never leads into the operator's network."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

from yarl import URL

from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw

_LONGEST = 4096  # characters of an address
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A whole host name. Its last label begins with a letter; where it is a number, C libraries read an IPv4 address."""

_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
            *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # speaks with machines in Azure, and looks public
        ),
    )
)
"""IANA's IPv4 Special-Purpose Address Registry, and multicast."""

_GLOBAL_6 = IPv6Network("2000::/3")
"""All that is given out as global unicast; the mapped, compatible and NAT64 forms of IPv4 are outside of it."""

_NOT_PUBLIC_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")))
"""IANA's IPv6 Special-Purpose Address Registry inside that; the first has Teredo in it, the third is 6to4."""

_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})
"""The upper half of an interface id whose lower half is the IPv4 address to tunnel to (RFC 5214)."""


def is_public(address: str) -> bool:
    """True for an IP address, in its usual spelling, that belongs to the public internet and wraps no other address."""
    try:
        return _is_public_6(IPv6Address(address)) if ":" in address else _is_public_4(IPv4Address(address))
    except AddressValueError:
        return False


def _is_public_4(address: IPv4Address) -> bool:
    return not any(address in network for network in _NOT_PUBLIC_4)


def _is_public_6(address: IPv6Address) -> bool:
    return (
        address.scope_id is None
        and address in _GLOBAL_6
        and not any(address in network for network in _NOT_PUBLIC_6)
        and int(address) >> 32 & 0xFFFF_FFFF not in _ISATAP
    )


def is_literal(host: str) -> bool:
    """True for a host that is an IP address rather than a name."""
    return ":" in host or host.replace(".", "").isdigit()


def parse_https(text: str) -> URL:
    """The address, if it is an https one as a public picture has it: at the usual port, of no user's, of a full name.

    A host that is an IP address still has to be asked whether it is public. Raises FileUnusable.
    """
    try:
        url = URL(text)
        host, port = url.raw_host or "", url.port
    except ValueError:
        raise FileUnusable(Flaw.UNREACHABLE, "its address makes no sense") from None
    if len(text) > _LONGEST:
        raise FileUnusable(Flaw.UNREACHABLE, "its address is too long")
    if url.scheme != "https":
        raise FileUnusable(Flaw.UNREACHABLE, "its address does not begin with https://")
    if "@" in url.raw_authority:
        raise FileUnusable(Flaw.UNREACHABLE, "its address holds a name or a password")
    if port != 443 or not (is_literal(host) or _NAME.fullmatch(host.removesuffix("."))):
        raise not_public()
    return url


def not_public() -> FileUnusable:
    """What to raise about an address that may be somebody's own network."""
    return FileUnusable(Flaw.UNREACHABLE, "it is not at a public address")
