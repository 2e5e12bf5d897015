"""The server asks nothing of anybody: the browser's side is guarded in every browser test."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from compactgraph.explorer.app import PAGES
from compactgraph.explorer.launch import settings
from tests.support.pages import Explorer


@pytest.mark.parametrize("page", [page.path for page in PAGES])
def test_a_page_connects_to_nothing(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    asked: list[Any] = []

    def refuse(_: socket.socket, address: Any) -> None:
        asked.append(address)
        raise OSError("refused by the test")

    def look_up(host: Any, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        raise socket.gaierror("refused by the test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    explorer(page)
    assert asked == []


def test_telemetry_is_off_and_it_listens_on_loopback() -> None:
    given = dict(settings())
    assert given["browser.gatherUsageStats"] is False
    assert given["server.address"] == "127.0.0.1"
    assert given["client.showErrorDetails"] == "none"
