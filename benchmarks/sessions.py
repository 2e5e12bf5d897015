"""Readers without a browser: they speak Streamlit's own protocol, and so cost the server what it costs.

A page is asked for as a browser asks for it, and is there when the server says that its script has
finished. Such a reader keeps no message, so that the server sends all of them each time.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.servers import Server

_PATIENCE = 120.0
_ALERT = 'role="alert"'


@dataclass(frozen=True)
class Answered:
    """A page as the server answered it: in how many seconds, in how many bytes."""

    page: str
    seconds: float
    size: int


@dataclass(frozen=True)
class Crowd:
    """What many readers at once were answered, in how many seconds in all.

    ``megabytes`` are those of the server when the last page was there and all were still connected.
    """

    answers: list[Answered]
    seconds: float
    megabytes: float


class PageFailedError(Exception):
    """The server did not answer with the page, but with an error."""


async def visit(
    server: Server, pages: Sequence[str], finished: asyncio.Barrier | None = None
) -> list[Answered]:
    """Open a session, ask for one page after the other, and return how each was answered.

    A page is its place in the URL, with what follows a ``?``. With ``finished``, the reader then waits
    for the others, stays while they are counted, and leaves. Raises PageFailedError.
    """
    async with connect(
        server.stream, subprotocols=["streamlit"], max_size=None, compression=None
    ) as socket:
        answers = [await _ask(socket, page) for page in pages]
        if finished is not None:
            await finished.wait()
            await finished.wait()
        return answers


async def _ask(socket: ClientConnection, page: str) -> Answered:
    name, _, query = page.partition("?")
    asked: Any = BackMsg()
    asked.rerun_script.page_name = name
    asked.rerun_script.query_string = query
    started = time.perf_counter()
    await socket.send(asked.SerializeToString())
    size = 0
    while True:
        received = await asyncio.wait_for(socket.recv(), _PATIENCE)
        size += len(received)
        message: Any = ForwardMsg.FromString(bytes(received))  # type: ignore[arg-type]
        _refuse_errors(page, message)
        if message.WhichOneof("type") == "script_finished":
            return Answered(page, time.perf_counter() - started, size)


def _refuse_errors(page: str, message: Any) -> None:
    kind = message.WhichOneof("type")
    if kind == "page_not_found":
        raise PageFailedError(f"{page}: there is no such page")
    if kind == "script_finished" and message.script_finished != message.FINISHED_SUCCESSFULLY:
        raise PageFailedError(f"{page}: its script did not finish")
    if kind != "delta" or message.delta.WhichOneof("type") != "new_element":
        return
    element = message.delta.new_element
    if element.WhichOneof("type") == "exception":
        raise PageFailedError(f"{page}: {element.exception.type}: {element.exception.message}")
    if element.WhichOneof("type") == "html" and _ALERT in element.html.body:
        raise PageFailedError(f"{page}: {element.html.body}")


def one_reader(server: Server, pages: Sequence[str]) -> list[Answered]:
    """Return how ``pages`` are answered to one reader, in their order."""
    return asyncio.run(visit(server, pages))


def readers_at_once(server: Server, pages: Sequence[str], readers: int, seed: int) -> Crowd:
    """Open the pages for so many readers at once, each in an order of their own."""

    async def all_of_them() -> Crowd:
        finished = asyncio.Barrier(readers + 1)
        orders = [random.Random(f"{seed}:{n}").sample(pages, len(pages)) for n in range(readers)]
        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(visit(server, order, finished)) for order in orders]
            await finished.wait()
            seconds, megabytes = time.perf_counter() - started, server.megabytes()
            await finished.wait()
        return Crowd([each for task in tasks for each in task.result()], seconds, megabytes)

    return asyncio.run(all_of_them())
