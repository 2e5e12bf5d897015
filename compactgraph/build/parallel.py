"""Several reviews at once: each is built, or validated, in one of a few processes of this program.

A review's graph rests on no other review's, so that the result is the same however many there are.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue
from subprocess import Popen
from typing import Any, BinaryIO, cast

from compactgraph.common.operating_system import processors
from compactgraph.common.subprocesses import pack_error, receive, send, start, unpack_error
from compactgraph.errors import CompactgraphError, ProcessError
from compactgraph.graph.findings import Finding
from compactgraph.paths import from_anywhere
from compactgraph.register.entry import Entry
from compactgraph.store.storage import Location

JOBS_VARIABLE = "COMPACTGRAPH_JOBS"

_WORTH_IT = 3
"""From how many reviews on: a process takes as long to start as a review to build."""


def jobs_for(reviews: int) -> int:
    """Return how many processes share the work on a number of reviews; 1 is this one alone.

    ``$COMPACTGRAPH_JOBS`` sets the most there are, instead of this machine's number of processors.
    Raises ProcessError if it is not a number from 1.
    """
    given = os.environ.get(JOBS_VARIABLE)
    if given and not (given.isascii() and given.isdecimal() and int(given)):
        raise ProcessError(f"{JOBS_VARIABLE} is '{given[:20]}'; set it to a number from 1")
    most = int(given) if given else processors()
    return min(most, reviews) if reviews >= _WORTH_IT else 1


def build_together(
    jobs: int,
    data: Path,
    ontology: Path,
    reviews: Mapping[str, tuple[str, str]],
    entries: Mapping[str, Sequence[Entry]],
) -> Generator[tuple[dict[str, Any], bytes], None, None]:
    """Build reviews in ``jobs`` processes; yield each one's summary and its N-Quads, in their order.

    ``reviews`` has each review's two fingerprints, ``entries`` those of its register. Raises what
    :func:`compactgraph.build.review.build_review` raises, and ProcessError where a process ends.
    """
    common = {"task": "build", "data": str(data), "ontology": str(ontology)}
    requests = (
        {
            **common,
            "review": name,
            "fingerprints": prints,
            "entries": [entry.text() for entry in entries.get(name, ())],
        }
        for name, prints in reviews.items()
    )
    with _Crew(jobs) as crew:
        for answer in crew.each(requests):
            yield answer["summary"], answer["content"]


def validate_store(
    location: Location, ontology: Path, reviews: Sequence[str]
) -> Iterator[tuple[str, list[Finding]]]:
    """Validate reviews of a store, each on its own graphs; yield each with its findings, in their order.

    If there are several, a few processes share them. Raises StoreError if there is no store,
    and ProcessError where a process ends.
    """
    jobs = jobs_for(len(reviews))
    if jobs == 1:
        from compactgraph.graph.validation import validate_review
        from compactgraph.store.storage import open_dataset

        store = open_dataset(location)
        yield from ((name, validate_review(store, ontology, name)) for name in reviews)
        return
    common = {"task": "validate", "location": from_anywhere(location), "ontology": str(ontology)}
    with _Crew(jobs) as crew:
        answers = crew.each({**common, "review": name} for name in reviews)
        for name, answer in zip(reviews, answers, strict=True):
            yield name, [Finding.from_json(finding) for finding in answer["findings"]]


class _Crew:
    """A number of processes, each with one request at a time."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: SimpleQueue[Popen[bytes]] = SimpleQueue()
        self._all: list[Popen[bytes]] = []

    def __enter__(self) -> _Crew:
        try:
            for _ in range(self._size):
                process = start(__name__, [])
                self._all.append(process)
                self._idle.put(process)
        except OSError as error:
            self.__exit__()
            raise ProcessError(
                f"no process could be started ({error.strerror}); set {JOBS_VARIABLE}=1 to do without"
            ) from None
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._all:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    cast(BinaryIO, pipe).close()

    def each(self, requests: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the answers in the order of the requests, a few of which are under way at a time."""
        with ThreadPoolExecutor(self._size) as threads:
            ahead: deque[Future[dict[str, Any]]] = deque()
            try:
                for request in requests:
                    ahead.append(threads.submit(self._exchange, request))
                    if len(ahead) > 2 * self._size:
                        yield ahead.popleft().result()
                while ahead:
                    yield ahead.popleft().result()
            except BaseException:
                # The threads wait for their processes, which may be long at work.
                threads.shutdown(wait=False, cancel_futures=True)
                for process in self._all:
                    process.kill()
                raise

    def _exchange(self, request: dict[str, Any]) -> dict[str, Any]:
        process = self._idle.get()
        try:
            send(cast(BinaryIO, process.stdin), request)
            answer = receive(cast(BinaryIO, process.stdout))
        except OSError:
            answer = None
        finally:
            self._idle.put(process)
        if answer is None:
            raise ProcessError(
                f"{request['review']}: the process at work on it ended unexpectedly "
                f"(status {process.wait()}); set {JOBS_VARIABLE}=1 to do without"
            )
        if "error" in answer:
            raise unpack_error(answer)
        return answer


# In the processes


def main(_arguments: list[str]) -> None:
    """Do what standard input requests, and answer on standard output, until it ends."""
    # What a library prints must not stand among the messages.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    member = _Member()
    while (request := receive(sys.stdin.buffer)) is not None:
        try:
            answer = member.build(request) if request["task"] == "build" else member.validate(request)
        except CompactgraphError as error:
            answer = pack_error(error)
        send(answers, answer)


class _Member:
    """One process's work; what all reviews share is read once."""

    def __init__(self) -> None:
        self._shared: list[Any] | None = None

    def build(self, request: Mapping[str, Any]) -> dict[str, Any]:
        from pyoxigraph import RdfFormat, serialize

        from compactgraph.build.review import build_review
        from compactgraph.document.settings import open_review
        from compactgraph.reading.vocabulary import load_ontology, load_shared_references

        data, ontology = Path(request["data"]), Path(request["ontology"])
        if self._shared is None:
            self._shared = [*load_ontology(ontology), *load_shared_references(data)]
        common, own = request["fingerprints"]
        folder = open_review(data, request["review"])
        entries = [Entry.from_text(text) for text in request["entries"]]
        built = build_review(folder, ontology, self._shared, (common, own), entries)
        content = BytesIO()
        serialize(built.quads, content, format=RdfFormat.N_QUADS)
        return {"summary": vars(built.summary), "content": content.getvalue()}

    def validate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        from compactgraph.graph.validation import validate_review
        from compactgraph.store.storage import open_dataset

        location, ontology = request["location"], Path(request["ontology"])
        findings = validate_review(open_dataset(location), ontology, request["review"])
        return {"findings": [finding.to_json() for finding in findings]}
