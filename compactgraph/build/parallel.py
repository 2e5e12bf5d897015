"""Builds or validates several reviews at once, in a few processes of this program.

No review's graph rests on another's, so the result is the same however many processes there are.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue
from subprocess import Popen
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from compactgraph.common.operating_system import processors
from compactgraph.common.subprocesses import pack_error, receive, send, start, unpack_error
from compactgraph.errors import CompactgraphError, ProcessError
from compactgraph.graph.findings import Finding
from compactgraph.paths import from_anywhere
from compactgraph.register.entry import Entry
from compactgraph.store.storage import Location, open_dataset

if TYPE_CHECKING:
    from pyoxigraph import Quad

JOBS_VARIABLE = "COMPACTGRAPH_JOBS"

_WORTH_IT = 3
"""The least number of reviews to share: a process takes as long to start as a review to build."""


def jobs_for(reviews: int) -> int:
    """Return how many processes share the work on a number of reviews; 1 means this process alone.

    ``$COMPACTGRAPH_JOBS`` is the limit, or else this machine's number of processors. Raises
    ProcessError if the variable is not a number from 1.
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
    :func:`compactgraph.build.review.build_review` raises, and ProcessError if a process ends.
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
    for answer in _answers(jobs, requests):
        yield answer["summary"], answer["content"]


def validate_store(
    location: Location, ontology: Path, reviews: Sequence[str]
) -> Iterator[tuple[str, list[Finding]]]:
    """Validate reviews of a store, each on its own graphs; yield each with its findings, in their order.

    Raises StoreError if there is no store, and ProcessError if a process ends.
    """
    jobs = jobs_for(len(reviews))
    if jobs == 1:
        from compactgraph.graph.validation import validate_review

        store = open_dataset(location)
        yield from ((name, validate_review(store, ontology, name)) for name in reviews)
        return
    common = {"task": "validate", "location": from_anywhere(location), "ontology": str(ontology)}
    requests = ({**common, "review": name} for name in reviews)
    for name, answer in zip(reviews, _answers(jobs, requests), strict=True):
        yield name, [Finding.from_json(finding) for finding in answer["findings"]]


def _answers(jobs: int, requests: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the answers in the order of the requests; at the end, or on an error, end the processes."""
    idle: SimpleQueue[Popen[bytes]] = SimpleQueue()
    # Threads that still wait for an answer end with the processes, which are ended first.
    with ThreadPoolExecutor(jobs) as threads, ExitStack() as processes:
        for _ in range(jobs):
            process = _start()
            processes.callback(_end, process)
            idle.put(process)
        ahead: deque[Future[dict[str, Any]]] = deque()
        for request in requests:
            ahead.append(threads.submit(_exchange, idle, request))
            if len(ahead) > 2 * jobs:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _start() -> Popen[bytes]:
    try:
        return start(__name__, [])
    except OSError as error:
        raise ProcessError(
            f"no process could be started ({error.strerror}); set {JOBS_VARIABLE}=1 to do without"
        ) from None


def _end(process: Popen[bytes]) -> None:
    process.kill()
    # Leaving its context closes the pipes and waits.
    with suppress(OSError), process:
        pass


def _exchange(idle: SimpleQueue[Popen[bytes]], request: dict[str, Any]) -> dict[str, Any]:
    process = idle.get()
    try:
        send(cast(BinaryIO, process.stdin), request)
        answer = receive(cast(BinaryIO, process.stdout))
    except OSError:
        answer = None
    finally:
        idle.put(process)
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
    """Do what standard input requests, and answer on standard output, until the input ends."""
    # What a library prints must not stand among the messages.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (request := receive(sys.stdin.buffer)) is not None:
        try:
            answer = _build(request) if request["task"] == "build" else _validate(request)
        except CompactgraphError as error:
            answer = pack_error(error)
        send(answers, answer)


def _build(request: Mapping[str, Any]) -> dict[str, Any]:
    from pyoxigraph import RdfFormat, serialize

    from compactgraph.build.review import build_review
    from compactgraph.document.settings import open_review

    data, ontology = Path(request["data"]), Path(request["ontology"])
    common, own = request["fingerprints"]
    folder = open_review(data, request["review"])
    entries = [Entry.from_text(text) for text in request["entries"]]
    built = build_review(folder, ontology, _shared(data, ontology), (common, own), entries)
    content = BytesIO()
    serialize(built.quads, content, format=RdfFormat.N_QUADS)
    return {"summary": vars(built.summary), "content": content.getvalue()}


@cache
def _shared(data: Path, ontology: Path) -> list[Quad]:
    from compactgraph.reading.vocabulary import load_ontology, load_shared_references

    return [*load_ontology(ontology), *load_shared_references(data)]


def _validate(request: Mapping[str, Any]) -> dict[str, Any]:
    from compactgraph.graph.validation import validate_review

    store, ontology = open_dataset(request["location"]), Path(request["ontology"])
    findings = validate_review(store, ontology, request["review"])
    return {"findings": [finding.to_json() for finding in findings]}
