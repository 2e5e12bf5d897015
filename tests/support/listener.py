"""A listener for tests: takes every connection to a port of the loopback, and writes down who called."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Listener:
    """Takes every connection to its port, and writes down the first line that comes."""

    socket: socket.socket
    callers: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/sparql"

    def listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    said = connection.recv(4096).partition(b"\r\n")[0]
                    self.callers.append(said)
                    connection.sendall(_NOT_FOUND)
                except OSError:
                    self.callers.append(b"someone who said nothing")

    def heard(self) -> list[bytes]:
        """Return who has called since the last time; call by hand to know that all are counted."""
        with socket.create_connection(self.socket.getsockname(), timeout=10) as connection:
            connection.sendall(b"by hand\r\n")
            assert connection.recv(4096) == _NOT_FOUND
        callers = list(self.callers)
        self.callers.clear()
        assert callers[-1] == b"by hand"
        return callers[:-1]


@contextmanager
def listening_on_the_loopback(port: int = 0) -> Iterator[Listener]:
    """Listen on ``port``, by default a free one, until the block ends."""
    with socket.create_server(("127.0.0.1", port), backlog=64) as server:
        listener = Listener(server)
        thread = threading.Thread(target=listener.listen)
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
