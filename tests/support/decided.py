"""Bristol after some meetings: a documented set of decisions and two drafts, always the same.

What is recorded, by number:

- d1–d4 agree, together: 1.11 and value-5 move to the VCSE Strategy, theme-1 stays, 1.2 is absorbed;
- d5 rejects that 2.1 is dropped;
- d6, d7 amend: 2.5 moves to the VCSE Strategy and is not dropped, 3.2 is kept and added to;
- d8, d9 settle alternatives: value-1 moves to the VCSE Strategy, value-2 stays in the new Compact;
- d10–d12 settle what is undecided: 1.9 is kept, 5.6 absorbed, partners-group refers to that strategy;
- d13, d14 mark as applied: 1.11 in the VCSE Strategy, theme-1 in the new Compact;
- d15 is a note on 1.6;
- d16 agrees that 1.3 is absorbed, and d18 corrects that: it is kept;
- d17 agrees that 4.4 moves, and d19 rejects it beside that, so that 4.4 is contested;
- d20–d25 begin draft 1, write 1 (a theme), 1.1 (from 1.9 and 1.12), 1.2 (from value-2) and 1.3 (from
  nothing), and withdraw 1.3;
- d26–d29 begin draft 2, and write 1.1 anew, 1.4 (from nothing) and 1.5 (from 1.10).

What rests on other words since is shown by :func:`change_words`.
"""

from __future__ import annotations

from pathlib import Path

from compactgraph.deciding.desk import Desk
from compactgraph.register.entry import Body, Kind

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
RECORDER = "os:minutes"

ANN, BO, CHRIS = "Ann Lee", "Bo Okafor", "Chris O’Neill"
GROUP = "compact-partners-group"
CABINET = "Cabinet of the City Council"

_CLEAR = "Clear enough to those who use it; see C:\\Compact\\notes, and the <minutes> of “5/10”."

_FIRST_MEETING = [
    *(
        Body(Kind.AGREE, (ANN, BO), "2026-10-05", item=item, on_behalf_of=GROUP, why=why)
        for item, why in [
            ("1.11-r1/moves/vcse-strategy", "The strategy has a chapter on it."),
            ("value-5-r1/moves/vcse-strategy", ""),
            ("theme-1-r1/stays/new-compact", ""),
            ("1.2-r1/absorbed/business-as-usual", ""),
        ]
    ),
    Body(Kind.REJECT, (ANN,), "2026-10-05", item="2.1-r1/dropped", on_behalf_of=GROUP, why=_CLEAR),
]
_SECOND_MEETING = [
    Body(
        Kind.AMEND,
        (BO,),
        "2026-10-12",
        item="2.5-r1/dropped",
        on_behalf_of=CABINET,
        why="It belongs to the strategy.",
        dispositions=("remove",),
        reasons=("better-placed-elsewhere",),
        to="vcse-strategy",
    ),
    Body(
        Kind.AMEND,
        (BO, CHRIS),
        "2026-10-12",
        item="3.2-r1/stays/new-compact",
        why="The time limits are to be named.",
        dispositions=("keep", "add"),
    ),
    Body(Kind.SETTLE, (ANN,), "2026-10-12", item="value-1", to="vcse-strategy"),
    Body(Kind.SETTLE, (ANN,), "2026-10-12", item="value-2", to="new-compact"),
    Body(Kind.SETTLE, (CHRIS,), "2026-10-12", item="1.9", why="It works.", dispositions=("keep",)),
    Body(
        Kind.SETTLE,
        (CHRIS,),
        "2026-10-12",
        item="5.6",
        dispositions=("remove",),
        reasons=("business-as-usual",),
    ),
    Body(
        Kind.SETTLE,
        (ANN, CHRIS),
        "2026-10-12",
        item="partners-group",
        dispositions=("refer",),
        to="vcse-strategy",
    ),
]
_CARRIED_OUT = [
    Body(
        Kind.APPLY,
        (CHRIS,),
        "2026-10-19",
        item="1.11-r1/moves/vcse-strategy",
        place="Section 4.2, “Assets”",
    ),
    Body(Kind.APPLY, (CHRIS,), "2026-10-19", item="theme-1-r1/stays/new-compact", place="Theme 1"),
    Body(Kind.NOTE, (ANN,), "2026-10-19", item="1.6", why="Procurement is to be heard first."),
]
_WRONG = Body(Kind.AGREE, (ANN,), "2026-10-19", item="1.3-r1/absorbed/business-as-usual")
_RIGHT = Body(
    Kind.AMEND,
    (ANN,),
    "2026-10-20",
    item=_WRONG.item,
    why="The minutes were misread.",
    replaces=(16,),
    dispositions=("keep",),
)
_ONE_WORD = Body(Kind.AGREE, (BO,), "2026-10-20", item="4.4-r1/moves/vcse-strategy")
_ANOTHER = Body(
    Kind.REJECT,
    (CHRIS,),
    "2026-10-21",
    item=_ONE_WORD.item,
    why="It is for the Compact itself.",
    beside=(17,),
)


def _written(item: str, role: str, text: str, *derives_from: str, theme: str = "1") -> Body:
    return Body(
        Kind.WRITE_DRAFT,
        (BO,),
        "2026-10-26",
        item=item,
        role=role,
        theme=theme,
        text=text,
        derives_from=derives_from,
    )


_FIRST_DRAFT = [
    Body(Kind.BEGIN_DRAFT, (BO,), "2026-10-26", why="For the meeting of November."),
    _written("1", "theme", "Allocating resources", "theme-1", theme=""),
    _written("1.1", "commitment", "We agree what funding is for\nbefore it is given.", "1.9", "1.12"),
    _written("1.2", "value", "We are independent of one another.", "value-2", theme=""),
    _written("1.3", "commitment", "We tell each other what we do not know."),
    Body(Kind.WITHDRAW_DRAFT, (BO,), "2026-10-27", item="1.3", replaces=(24,)),
]
_SECOND_DRAFT = [
    Body(Kind.BEGIN_DRAFT, (CHRIS,), "2026-11-02"),
    Body(
        Kind.WRITE_DRAFT,
        (CHRIS,),
        "2026-11-02",
        item="1.1",
        role="commitment",
        theme="1",
        text="We agree what funding is for before it is given, and write it down.",
        derives_from=("draft/1/1.1",),
    ),
    Body(
        Kind.WRITE_DRAFT,
        (CHRIS, BO),
        "2026-11-02",
        item="1.4",
        role="commitment",
        theme="1",
        text="We meet once a year.",
        on_behalf_of=GROUP,
    ),
    Body(
        Kind.WRITE_DRAFT,
        (BO,),
        "2026-11-03",
        item="1.5",
        role="commitment",
        theme="1",
        text="What we ask for is in proportion to what we give.",
        derives_from=("1.10",),
    ),
]

STEPS = (
    [*_FIRST_MEETING, *_SECOND_MEETING],
    [*_CARRIED_OUT, _WRONG, _ONE_WORD],
    [_RIGHT, _ANOTHER, *_FIRST_DRAFT, *_SECOND_DRAFT],
)
"""What is recorded, each list at once."""


def decide_bristol(store_folder: Path) -> None:
    """Record all of it in a store that holds Bristol, without a decision so far."""
    desk = Desk(store_folder, ONTOLOGY, "bristol")
    for bodies in STEPS:
        assert desk.record(bodies, RECORDER).notice == ""


CHANGED = {
    "community asset transfer": "community assets",
    "Keep, especially as this": "Keep, above all as this",
    "proportionate and": "fitting and",
}
"""Words of 1.11, of 3.8-r1 and of 1.10, and what takes their place."""


def change_words(data: Path) -> None:
    """Change words in a copy of Bristol's data, on which decisions, a reading and a draft rest.

    The reading is one that a person made, and remembers on which words.
    """
    source = data / "bristol" / "source.txt"
    text = source.read_text(encoding="utf-8")
    for old, new in CHANGED.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    source.write_text(text, encoding="utf-8")
