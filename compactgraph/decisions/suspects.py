"""What rests on which words, and what is suspect because words have changed.

A decision, a reading by hand and a provision of a draft remember the fingerprints of their words. If
words change, what rests on them is suspect until a person confirms it or the old words are back.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence

from compactgraph.common.identifiers import DecisionName, DraftedName, ReadingName, parse_name
from compactgraph.decisions.drafts import DraftedProvision, Drafts
from compactgraph.decisions.reviewed import Read
from compactgraph.register.entry import Entry, Kind

Resting = Mapping[str, Mapping[str, frozenset[str]]]
"""By the name of what can be suspect, each text on which it rests, with the fingerprints of its words.

A name is ``decision/7``, ``reading/<name>`` or ``draft/1/2.3``. A text has several fingerprints if a
provision comes from it by several provisions of the draft before, and it changed in between.
"""


def resting_on(
    found: Read, held: Sequence[Entry], drafts: Drafts, superseded: Container[int]
) -> Resting:
    """Return what rests on which words: the decisions, the readings by hand, and the latest draft.

    A confirmation in force replaces the earlier words by those that the person saw. A provision of a
    draft rests on all that it derives from, through all drafts before.
    """
    decisions = [e for e in held if not e.body.is_draft and e.number not in superseded]
    confirmed = {e.body.item: e for e in decisions if e.body.kind is Kind.CONFIRM}
    made_on: dict[str, Mapping[str, str]] = {
        str(DecisionName(e.number)): e.body.fingerprints
        for e in decisions
        if e.body.kind is not Kind.CONFIRM
    }
    for name, (_, text, print_) in found.readings.items():
        made_on[f"reading/{name}"] = {text: print_}
    for name in made_on.keys() & confirmed.keys():
        made_on[name] = confirmed[name].body.fingerprints
    resting: Resting = {name: _each(prints) for name, prints in made_on.items()}
    if drafts.latest is not None:
        drafted = _drafted(drafts, confirmed)
        latest = {each.name: drafted[each.name] for each in drafts.latest.provisions.values()}
        return {**resting, **latest}
    return resting


def _each(prints: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {text: frozenset([print_]) for text, print_ in prints.items()}


def _drafted(drafts: Drafts, confirmed: Mapping[str, Entry]) -> dict[str, Mapping[str, frozenset[str]]]:
    found: dict[str, Mapping[str, frozenset[str]]] = {}

    def inherited(provision: DraftedProvision) -> dict[str, frozenset[str]]:
        taken: dict[str, frozenset[str]] = {}
        for origin in provision.origins:
            for text, prints in found.get(origin, {}).items():
                taken[text] = taken.get(text, frozenset()) | prints
        return taken

    for draft in drafts.all:
        for provision in draft.provisions.values():
            entry, confirmation = provision.entry, confirmed.get(provision.name)
            # What was written anew since is not what was confirmed.
            if confirmation is not None and (entry is None or entry.number < confirmation.number):
                found[provision.name] = _each(confirmation.body.fingerprints)
            else:
                own = {} if entry is None else _each(entry.body.fingerprints)
                found[provision.name] = inherited(provision) | own
    return found


def suspects_of(found: Read, drafts: Drafts, resting: Resting) -> dict[str, tuple[str, ...]]:
    """Return by name what rests on words that have changed since, with the texts that have."""
    suspects = {}
    for name, remembered in resting.items():
        changed = [text for text, prints in remembered.items() if prints != {now(found, drafts, text)}]
        if not isinstance(parse_name(name), ReadingName):
            changed += _added(found, remembered)
        if changed:
            suspects[name] = tuple(changed)
    return suspects


def now(found: Read, drafts: Drafts, text: str) -> str:
    """Return the fingerprint of a text's present words, empty if the text is gone."""
    if isinstance(parse_name(text), DraftedName):
        provision = drafts.provision(text)
        return "" if provision is None else provision.fingerprint
    return found.texts.get(text, "")


def _added(found: Read, remembered: Collection[str]) -> Iterator[str]:
    """Yield the new texts of a provision, if all of its texts were looked at."""
    looked_at = [name for name in remembered if name in found.texts_of]
    if len(looked_at) > 1:
        looked_at = [name for name in found.texts_of if name in remembered]
    for provision in looked_at:
        texts = found.texts_of[provision]
        if any(text in remembered for text in texts if text != provision):
            yield from (text for text in texts if text not in remembered)
