"""The rehearsal before the first answer."""

import socket

import pytest

from bot.openai.warm_up import rehearse


def test_the_rehearsal_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    rehearse()
