"""Checks that a register is whole, against what is known of it elsewhere; exports and imports it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from compactgraph.common.atomic_files import replace_file
from compactgraph.common.identifiers import ReviewIRIs
from compactgraph.errors import NextStep, RegisterError
from compactgraph.register.chain import Flaw, Kept, flaws_of, from_lines, head_of, to_lines
from compactgraph.register.entry import Head
from compactgraph.register.registers import again_if_moved, register_at
from compactgraph.sparql.dataset import Dataset
from compactgraph.sparql.rows import select, text_of
from compactgraph.store.storage import Location, storage_at, summaries_of

_DECISIONS = """\
SELECT ?graph ?number ?hash { GRAPH ?graph { ?decision cg:number ?number ; cg:entryHash ?hash } }"""

LARGEST = 200_000_000
"""The largest file, in bytes, from which a register is taken in."""


@dataclass(frozen=True)
class Checked:
    """What a check found of one review's register: how many entries, its head, and what is wrong."""

    review: str
    entries: int
    head: Head
    flaws: tuple[Flaw, ...]


def verify(location: Location, noted: Sequence[str] = ()) -> list[Checked]:
    """Check the register of the store at ``location``, review by review.

    It must agree with its own chain, its own note of the last entry, the decisions in the graph, and
    ``noted``: hashes of last entries that somebody wrote down. Raises RegisterError if it is unreadable.
    """
    register = register_at(location)
    storage = storage_at(location)
    summaries = summaries_of(storage.manifest())
    built = {review: summary["register"] for review, summary in summaries.items()}
    store = storage.open()[0] if built else None
    with_entries = {name for name, hash_ in built.items() if hash_}
    found, all_hashes = [], set()
    for review in sorted({*register.heads(), *register.noted(), *with_entries}):
        kept, own = register.read(review)
        hashes = {each.hash for each in kept}
        all_hashes |= hashes
        in_graph = () if store is None else _in_graph(store, review)
        flaws = flaws_of(review, kept, [("the graph", head) for head in in_graph], own)
        if review in with_entries and built[review] not in hashes:
            flaws.append(Flaw(review, 0, "lacks the last entry with which the graph was made"))
        found.append(Checked(review, len(kept), head_of(kept), tuple(dict.fromkeys(flaws))))
    if strange := [hash_ for hash_ in noted if hash_ not in all_hashes]:
        flaws = [Flaw("the register", 0, f"has no entry with the hash {hash_}") for hash_ in strange]
        found.append(Checked("the register", 0, Head(), tuple(flaws)))
    return found


def _in_graph(store: Dataset, review: str) -> Iterable[Head]:
    bound = {"graph": NamedNode(ReviewIRIs(review).graph("decisions"))}
    for number, hash_ in select(store, _DECISIONS, bound).rows:
        yield Head(int(text_of(number)), text_of(hash_))


def export_register(location: Location, path: Path, review: str | None = None) -> dict[str, Head]:
    """Write the entries of all reviews, or of one, to a file of JSON lines; return the heads written.

    Raises RegisterError if the register is not whole or holds nothing, and ExportError if the file
    cannot be written.
    """
    register = register_at(location)
    chosen = sorted(register.heads()) if review is None else [review]
    written: dict[str, Head] = {}
    exported: list[Kept] = []
    for name in chosen:
        kept = register.kept(name)
        if flaws := flaws_of(name, kept):
            raise RegisterError(f"the register is not whole: {flaws[0]}", NextStep.CHECK_REGISTER)
        if kept:
            written[name] = head_of(kept)
            exported += kept
    if not exported:
        raise RegisterError(f"{register.name}: nothing has been recorded yet, so nothing was written")
    with replace_file(path) as beside:
        # One last line for all reviews shows if a whole review was cut off.
        beside.write_text("".join(to_lines(exported)), encoding="utf-8", newline="\n")
    return written


def import_register(location: Location, path: Path) -> dict[str, int]:
    """Add the entries of such a file to the register; return how many are new, by review.

    Raises RegisterError, and adds nothing, if the file is not a whole export, or if the register differs
    from it in an entry.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise RegisterError(f"{path}: is larger than {LARGEST:,} bytes; it is not a register")
        with path.open(encoding="utf-8", newline="\n") as lines:
            reviews = from_lines(lines)
    except UnicodeDecodeError:
        raise RegisterError(f"{path}: is not UTF-8 text; name an exported register") from None
    except OSError as error:
        raise RegisterError(f"{path}: cannot be read ({error.strerror}); name a file") from None
    except RegisterError as error:
        raise RegisterError(f"{path}: {error.problem}", error.step, error.lead) from None
    if not reviews:
        raise RegisterError(f"{path}: holds no entry, so nothing was imported")
    register = register_at(location)
    return again_if_moved(lambda: register.restore(reviews))
