"""Checks that a register is whole, against what is known of it elsewhere; exports and imports it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from compactgraph.common.atomic_files import replace_file
from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.common.namespaces import CG
from compactgraph.errors import NextStep, RegisterError
from compactgraph.register.chain import Flaw, Kept, flaws_of, from_lines, to_lines
from compactgraph.register.entry import Head
from compactgraph.register.registers import again_if_moved, register_at
from compactgraph.sparql.dataset import Dataset
from compactgraph.store.storage import Location, storage_at

LARGEST = 200_000_000
"""The largest file, in bytes, from which a register is taken in."""


@dataclass(frozen=True)
class Checked:
    """What was found of one review's register: how many entries, its head, and what is wrong."""

    review: str
    entries: int
    head: Head
    flaws: tuple[Flaw, ...]


def verify(location: Location, noted: Sequence[str] = ()) -> list[Checked]:
    """Check the register of the store at ``location``, review by review.

    It is compared with its own chain, its own note of the last entry, the decisions in the graph, and
    ``noted``: hashes of last entries that somebody wrote down. Raises RegisterError if it cannot be read
    at all.
    """
    register = register_at(location)
    storage = storage_at(location)
    manifest = storage.manifest() or {"reviews": []}
    built = {review["identifier"]: review["register"] for review in manifest["reviews"]}
    store = storage.open()[0] if built else None
    reviews = sorted(
        {*register.heads(), *register.noted(), *(name for name, hash_ in built.items() if hash_)}
    )
    found = []
    hashes: set[str] = set()
    for review in reviews:
        kept, own = register.read(review)
        hashes |= {each.hash for each in kept}
        in_graph = () if store is None else _in_graph(store, review)
        flaws = flaws_of(review, kept, [("the graph", head) for head in in_graph], own)
        if built.get(review) and built[review] not in {each.hash for each in kept}:
            flaws.append(Flaw(review, 0, "lacks the last entry with which the graph was made"))
        head = Head(kept[-1].number, kept[-1].hash) if kept else Head()
        found.append(Checked(review, len(kept), head, tuple(dict.fromkeys(flaws))))
    strange = [hash_ for hash_ in noted if hash_ not in hashes]
    if strange:
        flaws = [Flaw("the register", 0, f"has no entry with the hash {hash_}") for hash_ in strange]
        found.append(Checked("the register", 0, Head(), tuple(flaws)))
    return found


def _in_graph(store: Dataset, review: str) -> Iterable[Head]:
    graph = NamedNode(ReviewIRIs(review).graph("decisions"))
    hashes = {
        quad.subject: quad.object.value
        for quad in store.quads_for_pattern(None, NamedNode(CG + "entryHash"), None, graph)
        if isinstance(quad.object, Literal)
    }
    for quad in store.quads_for_pattern(None, NamedNode(CG + "number"), None, graph):
        if quad.subject in hashes and isinstance(quad.object, Literal):
            yield Head(int(quad.object.value), hashes[quad.subject])


def export_register(location: Location, path: Path, review: str | None = None) -> dict[str, Head]:
    """Write the entries of all reviews, or of one, to a file of JSON lines; return the heads written.

    Raises RegisterError if the register is not whole, or has nothing to write, and ExportError if the
    file cannot be written.
    """
    register = register_at(location)
    heads = register.heads()
    chosen = sorted(heads) if review is None else [review]
    written: dict[str, Head] = {}
    exported: list[Kept] = []
    for name in chosen:
        kept = register.kept(name)
        if flaws := flaws_of(name, kept):
            raise RegisterError(f"the register is not whole: {flaws[0]}", NextStep.CHECK_REGISTER)
        if kept:
            written[name] = Head(kept[-1].number, kept[-1].hash)
            exported += kept
    if not exported:
        raise RegisterError(f"{register.name}: nothing has been recorded yet, so nothing was written")
    with replace_file(path) as beside:
        # All reviews have one last line together, so that it shows if a whole review was cut off.
        beside.write_text("".join(to_lines(exported)), encoding="utf-8", newline="\n")
    return written


def import_register(location: Location, path: Path) -> dict[str, int]:
    """Add the entries of such a file to the register; return how many are new, by review.

    Raises RegisterError, and adds nothing, if the file is no whole export, or if the register has
    another entry in the place of one of the file.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise RegisterError(f"{path}: is larger than {LARGEST:,} bytes; it is no register")
        with path.open(encoding="utf-8", newline="\n") as lines:
            reviews = from_lines(lines)
    except UnicodeDecodeError:
        raise RegisterError(f"{path}: is no text in UTF-8; name an exported register") from None
    except OSError as error:
        raise RegisterError(f"{path}: cannot be read ({error.strerror}); name a file") from None
    except RegisterError as error:
        raise RegisterError(f"{path}: {error.problem}", error.step, error.lead) from None
    if not reviews:
        raise RegisterError(f"{path}: holds no entry, so nothing was imported")
    register = register_at(location)
    return again_if_moved(lambda: register.restore(reviews))
