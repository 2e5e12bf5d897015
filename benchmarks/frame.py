"""The unnumbered sections of a made-up review: before its themes, and after them."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.phrases import Phrases


@dataclass(frozen=True)
class MadeSection:
    """A section: how it is known, its paragraphs, the comments on it and its recommendations."""

    identifier: str
    begins: str
    label: str
    paragraphs: tuple[str, ...]
    comments: tuple[str, ...]
    recommendations: tuple[str, ...]
    html: bool = True


def opening_sections(p: Phrases) -> list[MadeSection]:
    """Return the sections before the values; the last is a note that the one before calls."""
    place, rng = p.locality, p.rng
    name, council = place.name, place.council.names[0]
    return [
        MadeSection(
            "subtitle",
            f"How {name} and its",
            "Subtitle",
            (f"How {name} and its community groups deal with each other",),
            (),
            (
                p.fate_of_theme(),
                f"In general, the new Compact needs to be {p.pick('lighter', 'kinder')}.",
            ),
            html=False,
        ),
        MadeSection(
            "purpose",
            "What this agreement is for",
            "Purpose",
            (
                "What this agreement is for The agreement binds nobody in law. It says what "
                f"{council} and the groups of {name} may expect of one another when money, rooms "
                f"or people are shared. The {place.board.names[0]} signed it in {place.year}, and "
                "the parishes joined in the year after. It is read out when a new committee meets.",
            ),
            ("The group found this passage longer than it needs to be.",),
            (
                f"Remove mention of the {place.board.names[0]}, which no longer exists.",
                f"Change this to speak of {p.topic()}.",
            ),
            html=False,
        ),
        MadeSection(
            "background",
            "Where the words come from",
            "Background",
            (
                "Where the words come from",
                "The National Compact set the pattern. Its authors hoped that charities* and public "
                "bodies would argue less and achieve more: • by saying early what is planned • by "
                "keeping promises about money • by listening to those who are seldom asked",
            ),
            (
                "The Big Society has come and gone since then, and Compact Voice with it.",
                "The Office for Civil Society still answers letters on the matter.",
            ),
            ("Include a link to the National Compact; delete the rest.",),
        ),
        MadeSection(
            "terms",
            "* Throughout, charities are",
            "Terms",
            (
                "<i>* Throughout, charities are all bodies that are neither public nor run for "
                "profit, with or without a number in the register.</i>",
            ),
            ("Social enterprises were not thought of at the time.",),
            (f"Refer to the {place.strategy.names[0]}; include {p.topic()}.",),
        ),
        MadeSection(
            "promises",
            "What is promised",
            "Promises",
            (
                "What is promised",
                "Some promises are made by all, some by public bodies, some by the sector alone. "
                "They stand below in that order, theme by theme, with a number each.",
            ),
            (rng.choice(("The order has confused readers.", "The numbers are useful in meetings.")),),
            (p.recommendation(), f"Refer to the {place.strategy.names[0]}."),
        ),
        MadeSection(
            "keepers",
            "Who looks after it",
            "Keepers",
            (
                "Who looks after it",
                f"The {place.group.names[0]} meets four times a year. Its members come from "
                f"{council}, the hospitals and the sector; the minutes can be asked for at any time.",
            ),
            ("Attendance has been poor of late, and the minutes are late too.",),
            (
                f"Is there a need for the new Compact to have a {p.pick('home', 'keeper')} at all?",
                f"Could its meetings be linked to the governance of the {place.strategy.names[0]}?",
            ),
        ),
    ]


def closing_sections(p: Phrases) -> list[MadeSection]:
    """Return the sections after the themes; the first calls the note under the table."""
    place = p.locality
    return [
        MadeSection(
            "disputes",
            "When things go wrong",
            "Disputes",
            (
                "When things go wrong Most quarrels end where they began, over a cup of tea. Those that "
                "do not are dealt with quickly and by people who were not part of them.",
                f"The {place.procedure.names[0]} says how. A copy is kept at every library.",
            ),
            (
                "Nobody remembers when the procedure was last used.",
                f"The {place.support.names[0]} has settled a few quarrels on the quiet (one with a "
                "choir¹).",
            ),
            (f"Keep; it calms people to know of it. Change the tone to one of {p.topic()}.",),
        ),
        MadeSection(
            "reach",
            "Whom it concerns",
            "Reach",
            (
                "Whom it concerns The agreement concerns every group in "
                f"{place.name}, with or without paid staff, and every public body that deals with one.",
            ),
            (),
            (f"Change this to include {p.topic()}.",),
        ),
    ]
