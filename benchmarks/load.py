"""A load on a SPARQL service, from a process of its own: ``python -m benchmarks.load`` < plan > outcome.

So many clients ask at once, each its next question as soon as the last one is answered, over a
connection that it keeps. Queries that never end may be thrown in, one every second, over connections of
their own. What is said of HTTP is the little that the two servers need, so that the load costs little
beside what it measures.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from benchmarks.asked import Asked, rows_of

HOST = "127.0.0.1"
RIGHT, WRONG, CUT = "200", "200 with wrong rows", "200, cut off"
LATE, BROKEN = "no answer in time", "connection broken"
_CANCELLED = b"has been cancelled"
"""What the Oxigraph server writes at the end of an answer that it breaks off."""

_EVERY = 1.0


@dataclass(frozen=True)
class Plan:
    """What to ask: of which port and path, by how many clients, for how long.

    ``seconds`` is the time in which questions are begun, ``patience`` how long a client waits for an
    answer; ``runaways`` are queries that never end; one of them is sent every second, in turns.
    """

    port: int
    path: str
    clients: int
    seconds: float
    patience: float
    seed: int
    asked: list[Asked]
    runaways: list[str]

    def to_json(self) -> str:
        """Return the plan as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Return the plan that :meth:`to_json` wrote."""
        data = json.loads(text)
        return cls(**{**data, "asked": [Asked(**asked) for asked in data["asked"]]})


@dataclass(frozen=True)
class Reply:
    """How a question fared: when it was begun, the seconds it took, and its end: a status, or a word."""

    name: str
    begun: float
    seconds: float
    end: str


@dataclass(frozen=True)
class Outcome:
    """What came of a load; ``processor`` is the share of one processor that the clients took."""

    replies: list[Reply]
    runaways: list[Reply]
    processor: float

    def to_json(self) -> str:
        """Return the outcome as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Outcome:
        """Return the outcome that :meth:`to_json` wrote."""
        data = json.loads(text)
        replies = [Reply(**reply) for reply in data["replies"]]
        return cls(replies, [Reply(**reply) for reply in data["runaways"]], data["processor"])


class _Client:
    """One who asks over a kept connection, and makes a new one if it was lost."""

    def __init__(self, plan: Plan, began: float) -> None:
        self._plan = plan
        self._began = began
        self._streams: tuple[StreamReader, StreamWriter] | None = None
        self.sent_back = 0.0

    async def ask(self, name: str, sparql: str, right: Callable[[bytes], bool]) -> Reply:
        """Ask one question and wait for the whole answer."""
        self.sent_back = 0.0
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(self._plan.patience):
                status, body = await self._exchange(sparql.encode())
            end = str(status)
            if status == 200 and not right(body):
                end = CUT if body.rstrip().endswith(_CANCELLED) else WRONG
        except TimeoutError:
            end = LATE
            self.close()
        except (OSError, EOFError, ValueError):
            end = BROKEN
            self.close()
        return Reply(name, begun - self._began, time.perf_counter() - begun, end)

    async def _exchange(self, body: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._plan.port)
        reader, writer = self._streams
        writer.write(
            f"POST {self._plan.path} HTTP/1.1\r\nHost: {HOST}:{self._plan.port}\r\n"
            "Accept: text/tab-separated-values\r\nContent-Type: application/sparql-query\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = (line.partition(":") for line in lines[1:])
        headers = {name.strip().lower(): value.strip().lower() for name, _, value in fields}
        content = await _body(reader, headers)
        if headers.get("connection") == "close":
            self.close()
        self.sent_back = float(headers.get("retry-after", 0))
        return int(lines[0].split()[1]), content

    def close(self) -> None:
        """Let the connection go, whatever the server still does."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


async def _body(reader: StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers["content-length"]))
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


async def _crowd(plan: Plan) -> Outcome:
    began = time.perf_counter()
    processor = time.process_time()
    until = began + plan.seconds

    async def one(number: int) -> list[Reply]:
        rng = random.Random(f"{plan.seed}/{number}")
        weights = [asked.weight for asked in plan.asked]
        client, replies = _Client(plan, began), []
        while time.perf_counter() < until:
            asked = rng.choices(plan.asked, weights)[0]
            replies.append(await client.ask(asked.name, asked.sparql, _has_rows(asked.rows)))
            await asyncio.sleep(client.sent_back)
        client.close()
        return replies

    async def run_away(second: int, sparql: str) -> Reply:
        await asyncio.sleep(second * _EVERY)
        client = _Client(plan, began)
        reply = await client.ask("runaway", sparql, lambda _: False)
        client.close()
        return reply

    async def run_all_away() -> Sequence[Reply]:
        times = range(int(plan.seconds / _EVERY) if plan.runaways else 0)
        thrown = [(second, plan.runaways[second % len(plan.runaways)]) for second in times]
        return await asyncio.gather(*(run_away(*each) for each in thrown))

    runaways, *answered = await asyncio.gather(run_all_away(), *map(one, range(plan.clients)))
    spent = (time.process_time() - processor) / (time.perf_counter() - began)
    return Outcome([reply for replies in answered for reply in replies], list(runaways), spent)


def _has_rows(rows: int) -> Callable[[bytes], bool]:
    return lambda body: rows_of(body) == rows


if __name__ == "__main__":
    print(asyncio.run(_crowd(Plan.from_json(sys.stdin.read()))).to_json())
