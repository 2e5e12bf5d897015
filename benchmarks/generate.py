"""Writes made-up review folders of the shape of a real one, any number of them.

``python -m benchmarks.generate FOLDER --reviews 100`` writes them and the references that they share.
The same seed gives the same files; review 7 is the same review whatever the number of reviews.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.document import Cell, Document
from benchmarks.frame import MadeSection, closing_sections, opening_sections
from benchmarks.locality import Locality, make_locality
from benchmarks.phrases import Phrases
from benchmarks.words import IDEALS, THEME_TITLES

SHARED_REFERENCES = Path(__file__).resolve().parents[1] / "data" / "references.ttl"
SEED = 2012
PARTIES = ("shared", "public-sector", "vcs")
_WORD_BEFORE_MARK = re.compile(r"(?<=[a-z ]{20})\w(?= [a-z])")


def generate_reviews(
    folder: Path, count: int, *, seed: int = SEED, shared: Path = SHARED_REFERENCES
) -> list[str]:
    """Write ``count`` reviews into ``folder``, with a copy of the ``shared`` references.

    Returns the reviews' identifiers. Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(shared, folder / "references.ttl")
    return [_ReviewWriter(number, seed).write(folder) for number in range(count)]


class _ReviewWriter:
    """Makes up one review and writes its folder."""

    def __init__(self, number: int, seed: int) -> None:
        self._rng = random.Random(f"{seed}/{number}")
        self._locality: Locality = make_locality(number, self._rng)
        self._phrases = Phrases(self._locality, self._rng)
        self._document = Document(self._rng, rows_a_page=self._rng.randint(5, 8))
        self._identifier = f"{self._locality.slug}-{number:04d}"
        self._sections: list[dict[str, str | int]] = []
        self._readings: list[dict[str, str]] = []
        self._counts = {"provisions": 0, "commitments": 0, "recommendations": 0}
        self._numbers: list[str] = []
        self._has_reader = self._rng.random() < 0.7

    def write(self, folder: Path) -> str:
        """Write the review's folder below ``folder`` and return the review's identifier."""
        self._write_document()
        path = folder / self._identifier
        path.mkdir(exist_ok=True)
        files = {
            "source.txt": self._document.text(),
            "references.ttl": self._locality.to_turtle(self._identifier),
            "review.toml": self._settings(),
        }
        if self._readings:
            files["readings.toml"] = _toml({"reader": {"name": "A made-up reader"}}) + "".join(
                _toml_entry("readings", entry) for entry in self._readings
            )
        for name, text in files.items():
            (path / name).write_text(text, encoding="utf-8", newline="\n")
        return self._identifier

    # The document, from top to bottom

    def _write_document(self) -> None:
        place, document = self._locality, self._document
        document.line(f"{place.name} Compact – what next?")
        document.line()
        document.line(
            f"The words below were agreed in {place.year}. The {place.group.names[0]} has gone "
            "through them one by one."
        )
        document.line("What the group advises is marked with > in the second column.")
        document.line()
        document.line(f"Words of {place.year}\tWhat the {place.group.names[0]} thinks")
        self._write_title()
        for section in opening_sections(self._phrases):
            self._write_section(section)
        self._write_values()
        self._write_themes()
        for section in closing_sections(self._phrases):
            self._write_section(section)
        document.line()
        document.line(f"¹ http://{place.slug}.example/minutes/{self._rng.randint(100, 999)}")

    def _write_title(self) -> None:
        name = f"{self._locality.name} Compact"
        advice = f"Consider another name, one that speaks of {self._phrases.topic()}."
        if self._has_reader:
            remark = "The present one puts newcomers off."
            advice += f" {remark}"
            self._readings.append(
                {
                    "of": "title-r1",
                    "words": remark,
                    "property": "disposition",
                    "value": "none",
                    "why": "The sentence gives the ground for the wish before it.",
                }
            )
        section = MadeSection("title", name, "Title", (name,), (), (advice,), html=False)
        self._write_section(section)

    def _write_section(self, section: MadeSection) -> None:
        self._declare(section.identifier, section.begins, section.label)
        left = Cell(list(section.paragraphs), section.html)
        self._document.row(left, self._said(section.comments, section.recommendations, section.html))

    def _declare(self, identifier: str, begins: str, label: str, **more: str | int) -> None:
        self._sections.append({"identifier": identifier, "begins": begins, "label": label, **more})
        self._counts["provisions"] += 1

    def _said(self, comments: Sequence[str], advice: Sequence[str], html: bool) -> Cell:
        self._counts["recommendations"] += len(advice)
        return Cell([*comments, *(f"> {text}" for text in advice)], html)

    def _write_values(self) -> None:
        """Write the values and what is said of them, paired by order, in two cells each."""
        rng, document, plan = self._rng, self._document, self._locality.plan.names[0]
        ideals = rng.sample(IDEALS, rng.randint(5, len(IDEALS) - 1))
        fates = [self._phrases.fate_of_ideal() for _ in range(len(ideals) + 1)]
        broken = f"That all of us work towards the same ends, those which are set out in the {plan}*."
        head, tail = broken.split(" which ", 1)
        page = rng.randint(1, len(ideals) - 1)
        self._declare("values", "What we hold dear", "Values", items="value")
        self._counts["provisions"] += len(fates)
        document.line(
            "<p>What we hold dear</p> <p>Whatever else is in dispute, these are not:</p> "
            f'<ul style="list-style-type: disc;"> • {" • ".join([*ideals[:page], head])}'
            "\t" + self._said(("Most of these were liked.",), fates[: page + 1], True).write()
        )
        document.line()
        document.line(
            f'<p>which {tail}</p> <ul style="list-style-type: disc;"> • {" • ".join(ideals[page:])} '
            f"<p><i>*{plan}:</i> www.{self._locality.slug}.example/plan</p>"
            "\t" + self._said((), fates[page + 1 :], True).write()
        )

    # The themes

    def _write_themes(self) -> None:
        rng = self._rng
        sizes = [rng.randint(5, 18) for _ in range(rng.randint(4, 7))]
        while not 50 <= sum(sizes) <= 68:
            sizes = [rng.randint(5, 18) for _ in range(rng.randint(4, 7))]
        titles = rng.sample(THEME_TITLES, len(sizes))
        self._numbers = [f"{t}.{n}" for t, size in enumerate(sizes, 1) for n in range(1, size + 1)]
        noted, defined = (rng.randint(1, len(sizes)) for _ in range(2))
        for theme, (title, size) in enumerate(zip(titles, sizes, strict=True), 1):
            self._counts["provisions"] += 1
            comments = [self._phrases.commentary([])] if rng.random() < 0.2 else []
            advice = [] if comments and rng.random() < 0.4 else [self._phrases.fate_of_theme()]
            self._document.row(Cell([f"{theme}. {title}"]), self._said(comments, advice, html=True))
            if theme == defined:
                self._write_definition(theme)
            self._write_commitments(theme, size, notes=theme == noted)

    def _write_definition(self, theme: int) -> None:
        begins = "A volunteer is anyone"
        self._declare("volunteers", begins, "Who a volunteer is", theme=theme)
        self._document.row(
            Cell([f"{begins} who gives an hour without being paid for it, gladly and unasked."]),
            self._said((), ("Keep.",), html=True),
        )

    def _write_commitments(self, theme: int, size: int, *, notes: bool) -> None:
        rng = self._rng
        firsts = sorted({1, *rng.sample(range(2, size + 1), rng.randint(1, 2))})
        parties = sorted(rng.sample(range(len(PARTIES)), len(firsts)))
        headings = {
            first: self._locality.headings[party] for first, party in zip(firsts, parties, strict=True)
        }
        html = rng.random() < 0.7
        for place in range(1, size + 1):
            if rng.random() < 0.1:
                html = not html
            wording = self._phrases.commitment()
            after = []
            if notes and place in (1, 2):
                wording = _mark(wording, f"*{'¹²'[place - 1]}")
            if notes and place == 3:
                after = [
                    "<i>*1 As in the Social Value Act 2012</i> <i>*2 As in the report ‘Hearts and "
                    "Minds’</i>"
                ]
            left = self._with_heading(
                headings.get(place), f"{theme}.{place}. {wording}", html or bool(after)
            )
            left.paragraphs += after
            self._counts["provisions"] += 1
            self._counts["commitments"] += 1
            self._document.row(left, self._opinion(f"{theme}.{place}", html))

    def _with_heading(self, heading: str | None, clause: str, html: bool) -> Cell:
        """Return a clause's cell; a heading stands on a row of its own, or in the cell."""
        if heading is None:
            return Cell([clause], html)
        shape = self._rng.choice(("row", "underlined row", "cell", "same paragraph"))
        if shape == "row":
            self._document.line(f"{heading}\t")
        elif shape == "underlined row":
            self._document.line(f"<u>{heading}</u>\t")
        elif shape == "cell" and html:
            return Cell([f"<u>{heading}</u>", clause])
        elif html:
            return Cell([f"<u>{heading}</u> {clause}"])
        else:
            return Cell([f"{heading} {clause}"], html)
        return Cell([clause], html)

    def _opinion(self, number: str, html: bool) -> Cell:
        rng = self._rng
        others = [other for other in self._numbers if other != number]
        comments = [self._phrases.commentary(others)] if rng.random() < 0.38 else []
        if rng.random() < 0.1:
            comments.append(self._phrases.commentary(others))
        draw = rng.random()
        advice = [self._phrases.recommendation() for _ in range(1 if draw < 0.93 else 2)]
        if comments and draw < 0.08:
            advice = []
        elif self._has_reader and draw > 0.97:
            softens = "makes up for what a neighbouring clause lacks"
            advice = [f"Keep, all the more as it {softens}."]
            self._readings.append(
                {
                    "of": f"{number}-r1",
                    "words": softens,
                    "property": "bears-on",
                    "value": rng.choice(others),
                    "why": "The group had that clause before it when it said so.",
                }
            )
        return self._said(comments, advice, html)

    # The settings

    def _settings(self) -> str:
        place = self._locality
        settings: dict[str, str | dict[str, int]] = {
            "title": f"{place.name} Compact – what next?",
            "reviewed": place.agreement.identifier,
            "successor": place.successor.identifier,
            "reviewer": place.group.identifier,
        }
        if self._rng.random() < 0.5:
            settings["issued"] = f"{self._rng.randint(2015, 2024)}"
        settings["note"] = "A made-up review, for measuring."
        settings["expected"] = self._counts
        headings = [
            {"text": heading, "party": party}
            for heading, party in zip(place.headings, PARTIES, strict=True)
        ]
        return (
            _toml(settings)
            + "".join(_toml_entry("party_headings", entry) for entry in headings)
            + "".join(_toml_entry("sections", entry) for entry in self._sections)
        )


def _mark(wording: str, mark: str) -> str:
    """Return ``wording`` with a footnote mark on a word of it."""
    match = _WORD_BEFORE_MARK.search(wording)
    place = match.end() if match else wording.index(" ")
    return wording[:place] + mark + wording[place:]


def _toml(table: dict[str, str | dict[str, int]] | dict[str, dict[str, str]]) -> str:
    """Return a TOML document; its tables come last, as they must."""
    lines = [f"{k} = {_value(v)}" for k, v in table.items() if not isinstance(v, dict)]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += ["", f"[{key}]", *(f"{k} = {_value(v)}" for k, v in value.items())]
    return "\n".join(lines) + "\n"


def _toml_entry(key: str, entry: dict[str, str] | dict[str, str | int]) -> str:
    return f"\n[[{key}]]\n" + "".join(f"{k} = {_value(v)}\n" for k, v in entry.items())


def _value(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    """Write reviews as the command line says."""
    parser = argparse.ArgumentParser(description="Write made-up review folders.")
    parser.add_argument("folder", type=Path, help="where to write them")
    parser.add_argument("--reviews", type=int, default=1, help="how many (default 1)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"the seed (default {SEED})")
    chosen = parser.parse_args()
    written = generate_reviews(chosen.folder, chosen.reviews, seed=chosen.seed)
    print(f"{len(written)} reviews in {chosen.folder}")


if __name__ == "__main__":
    main()
