"""How host names are looked up."""

import socket
from typing import Any

import pytest

from bot.web.names import look_up


@pytest.mark.parametrize("name", ["pictures.example.org", "pictures.example.org."])
async def test_no_search_domain_is_put_behind_a_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def resolver(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        if not host.endswith(".org."):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", port))]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", port)),
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:4700::1111", port, 0, 0)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    assert await look_up(name, 443) == [("1.1.1.1", 443), ("2606:4700::1111", 443)]
