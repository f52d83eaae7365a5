"""Breaking a TCP connection the hard way."""

import asyncio
import socket
import struct
from typing import Any


def reset(transport: asyncio.Transport | None) -> None:
    """Send RST, which a zero linger time asks for: so a crashed host or a cut line looks from the other side."""
    if transport is None:
        return
    raw: Any = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
