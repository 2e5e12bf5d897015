"""How the words are read: by cue, by name, by measure, by hand; and what stays unread."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from compactgraph.document.parser import read_review
from compactgraph.document.settings import open_review
from compactgraph.document.text import Source
from compactgraph.errors import FolderError, TurtleError, UnknownNameError
from compactgraph.reading.phrase_finder import cue_pattern, find_cues, sentences
from compactgraph.reading.readings import PERSON, Reading, ReviewReadings, read_words
from compactgraph.reading.vocabulary import (
    Scheme,
    Term,
    Vocabulary,
    build_vocabulary,
    load_ontology,
    load_shared_references,
)

CONTRACT_REFERENCES = [
    "new-compact",
    "compact-2012",
    "national-compact",
    "vcse-strategy",
    "social-value-advisory-group",
    "pcr-2015",
    "social-value-act-2012",
    "bcc-social-value-policy",
    "business-as-usual",
    "compact-partners-group",
    "bristol-partnership",
    "bristol-20-20-plan",
    "compact-voice",
    "ncvo",
    "office-for-civil-society",
    "public-services-programme",
    "big-society",
    "hearts-and-minds",
    "consultation-finder",
    "voice-and-influence-consultation",
    "mayors-statement",
    "ccg-stp",
    "decommissioning-policy",
    "contractual-terms",
    "best-value-statutory-guidance",
    "compact-complaints-procedure",
    "voscur",
    "bristol-city-council",
]


def read_folder(data: Path, ontology: Path) -> tuple[Source, Vocabulary, ReviewReadings]:
    folder = open_review(data, "bristol")
    vocabulary = build_vocabulary(folder, [*load_ontology(ontology), *load_shared_references(data)])
    source, review = read_review(folder)
    return source, vocabulary, read_words(folder, source, review, vocabulary)


@pytest.fixture(scope="module")
def read(data_folder: Path, ontology_folder: Path) -> tuple[Source, Vocabulary, ReviewReadings]:
    return read_folder(data_folder, ontology_folder)


@pytest.fixture(scope="module")
def readings(read: tuple[Source, Vocabulary, ReviewReadings]) -> list[Reading]:
    return read[2].readings


@pytest.fixture
def copied(data_folder: Path, tmp_path: Path) -> Path:
    """Return a copy of the data folder that a test may change."""
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


def stated(readings: list[Reading], property_: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for reading in readings:
        if reading.property == property_ and reading.value is not None:
            found.setdefault(reading.subject, set()).add(reading.value)
    return found


def test_bristol_is_read_completely(read: tuple[Source, Vocabulary, ReviewReadings]) -> None:
    assert read[2].unread == []
    assert Counter(r.property for r in read[2].readings) == {
        "mentions": 100,
        "disposition": 93,
        "reason": 29,
        "relation": 14,
        "near-wording": 3,
        "bears-on": 1,
    }


def test_dispositions_in_all(readings: list[Reading]) -> None:
    dispositions = stated(readings, "disposition")
    assert len(dispositions) == 83
    assert Counter(value for values in dispositions.values() for value in values) == {
        "remove": 30,
        "change": 17,
        "keep-with-revision": 15,
        "keep": 12,
        "consider": 7,
        "refer": 5,
        "add": 2,
    }


@pytest.mark.parametrize(
    ("recommendation", "dispositions"),
    [
        ("title-r1", {"consider"}),
        ("subtitle-r2", {"change"}),
        ("introduction-r2", {"change", "consider"}),
        ("national-compact-r1", {"refer", "remove"}),
        ("terminology-r1", {"refer", "add"}),
        ("our-commitments-r1", {"remove", "change"}),
        ("our-commitments-r2", {"add"}),
        ("partners-group-r1", {"consider"}),
        ("value-3-r1", {"keep-with-revision"}),
        ("theme-1-r1", {"keep-with-revision"}),
        ("1.1-r1", {"change"}),
        ("1.4-r2", {"consider"}),
        ("1.8-r1", {"keep-with-revision"}),
        ("1.12-r1", {"keep"}),
        ("1.15-r1", {"keep-with-revision"}),
        ("1.16-r1", {"keep-with-revision"}),
        ("2.4-r2", {"refer"}),
        ("3.1-r1", {"consider"}),
        ("3.8-r1", {"keep"}),
        ("complaints-r1", {"keep", "change"}),
    ],
)
def test_dispositions(readings: list[Reading], recommendation: str, dispositions: set[str]) -> None:
    assert stated(readings, "disposition")[recommendation] == dispositions


def test_reasons(readings: list[Reading]) -> None:
    by_reason: dict[str, list[str]] = {}
    for recommendation, values in stated(readings, "reason").items():
        for value in values:
            by_reason.setdefault(value, []).append(recommendation.removesuffix("-r1"))
    assert by_reason == {
        "obsolete": ["introduction"],
        "implicit": ["our-commitments", "value-6", "value-7"],
        "better-placed-elsewhere": ["value-5", "1.11", "4.4"],
        "business-as-usual": [
            *["1.2", "1.3", "1.4", "1.17", "1.18", "1.19", "1.20", "2.3", "2.6", "3.6", "3.9"],
            *["3.11", "3.12", "3.13", "4.3", "5.7", "5.8"],
        ],
        "meaning-unclear": ["2.1", "2.5", "3.7", "3.10"],
        "no-longer-possible": ["3.5"],
    }


def test_relations_that_name_a_destination(readings: list[Reading]) -> None:
    assert [(r.subject, r.value, r.to) for r in readings if r.property == "relation"] == [
        ("national-compact-r1", "refers", "national-compact"),
        ("terminology-r1", "refers", "vcse-strategy"),
        ("our-commitments-r3", "refers", "vcse-strategy"),
        ("partners-group-r3", "question", "vcse-strategy"),
        ("partners-group-r3", "question", "social-value-advisory-group"),
        ("value-1-r1", "either", "vcse-strategy"),
        ("value-2-r1", "either", "vcse-strategy"),
        ("value-3-r1", "either", "vcse-strategy"),
        ("value-5-r1", "moves", "vcse-strategy"),
        ("1.11-r1", "moves", "vcse-strategy"),
        ("2.4-r2", "refers", "voice-and-influence-consultation"),
        ("4.4-r1", "moves", "vcse-strategy"),
        ("4.6-r1", "refers", "mayors-statement"),
        ("4.6-r1", "refers", "ccg-stp"),
    ]


def test_evidence_quotes_the_document(read: tuple[Source, Vocabulary, ReviewReadings]) -> None:
    source, _, result = read
    for reading in result.readings:
        quoted = " ".join(source.quote(span) for span in reading.spans)
        assert quoted == reading.words or reading.property == "near-wording"


def test_mentions_of_one_reference(readings: list[Reading]) -> None:
    mentions = [(r.subject, r.words) for r in readings if r.value == "pcr-2015"]
    assert mentions == [
        ("1.1-c1", "Public Contract Regulations 2015"),
        ("1.1-c1", "PCR2015"),
        ("1.7-c1", "PCR2015"),
        ("1.8-r1", "PCR2015"),
    ]


def test_a_footnote_s_mention_belongs_to_the_text_that_it_explains(readings: list[Reading]) -> None:
    assert {r.subject for r in readings if r.value == "hearts-and-minds"} == {"1.1"}


def test_every_reference_of_the_contract_is_declared_and_mentioned(
    read: tuple[Source, Vocabulary, ReviewReadings],
) -> None:
    _, vocabulary, result = read
    assert set(CONTRACT_REFERENCES) <= set(vocabulary.references)
    mentioned = {r.value for r in result.readings if r.property == "mentions"}
    assert mentioned == set(vocabulary.references)


def test_the_longest_name_wins(readings: list[Reading]) -> None:
    named = [r.value for r in readings if r.subject == "1.2-r1" and r.property == "mentions"]
    assert named == ["business-as-usual", "bcc-social-value-policy"]


def test_near_wordings_are_found_by_measure(readings: list[Reading]) -> None:
    near = [(r.subject, r.value, r.score) for r in readings if r.property == "near-wording"]
    assert near == [("1.12", "1.17", 92.3), ("1.16", "1.17", 90.7), ("1.19", "3.11", 93.3)]


def test_readings_by_hand_say_why(readings: list[Reading]) -> None:
    by_hand = [(r.subject, r.property, r.value) for r in readings if r.rule == PERSON]
    assert by_hand == [
        ("title-r1", "disposition", None),
        ("partners-group-r1", "disposition", None),
        ("3.8-r1", "bears-on", "3.3"),
    ]
    assert all(r.why for r in readings if r.rule == PERSON)


# Cues


@pytest.mark.parametrize(
    ("cue", "text", "found"),
    [
        ("keep with revision", "Keep, with  revision (flexibility)", "Keep, with  revision"),
        ("business-as-usual", "is Business as usual here", "Business as usual"),
        (
            "keep … ; add",
            "Keep (in Compact or VCSE Strategy); add 'x'",
            "Keep (in Compact or VCSE Strategy); add",
        ),
        ("keep … ; add", "Keep. Another; add", None),
        ("keep", "Keeping", None),
        ("?", "Is it so?", "?"),
        ("mayor's statement", "the Mayor’s statement", "Mayor’s statement"),
    ],
)
def test_cue_pattern(cue: str, text: str, found: str | None) -> None:
    from compactgraph.reading.phrase_finder import fold

    match = cue_pattern(cue).search(fold(text))
    assert (text[match.start() : match.end()] if match else None) == found


def scheme(**terms: list[str]) -> Scheme:
    made = {name: Term(f"http://example.org/{name}", name, cues) for name, cues in terms.items()}
    return Scheme("disposition", True, ("and",), made)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Keep; remove this", [("keep", 0), ("remove", 6)]),
        ("Change to keep the rest", []),
        ("We keep this", []),
        ("Remove this and keep that", [("remove", 0), ("keep", 16)]),
        ("Remove (keep the market analysis)", [("remove", 0)]),
        ("‘Keep’ this", [("keep", 1)]),
        ("Drop, keep", [("keep", 6)]),
        ("The up-keep of this", []),
        ("This – keep it", [("keep", 7)]),
    ],
)
def test_a_disposition_s_cue_counts_where_a_clause_begins(
    text: str, found: list[tuple[str, int]]
) -> None:
    matches = find_cues(scheme(keep=["keep"], remove=["remove"]), text, 0, len(text))
    assert [(match.key, match.start) for match in matches] == found


def test_the_longest_cue_wins() -> None:
    made = scheme(keep=["keep"], revise=["keep with revision"])
    matches = find_cues(made, "Keep, with revision.", 0, 20)
    assert [match.key for match in matches] == ["revise"]


def test_sentences() -> None:
    text = "Keep (e.g. this). Change that to ‘xyz’. Is it so? Yes."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Keep (e.g. this).",
        "Change that to ‘xyz’.",
        "Is it so?",
        "Yes.",
    ]


# What a policy officer can change without code


def test_what_no_cue_reads_is_reported_unread(copied: Path, ontology_folder: Path) -> None:
    path = copied / "bristol" / "source.txt"
    text = path.read_text(encoding="utf-8").replace("> Change to include notions", "> Ponder notions")
    path.write_text(text, encoding="utf-8")
    unread = read_folder(copied, ontology_folder)[2].unread
    assert [(u.subject, u.line, u.missing) for u in unread] == [("1.6-r1", 31, "has no disposition")]


def test_a_cue_in_the_review_s_table_reads_it(copied: Path, ontology_folder: Path) -> None:
    path = copied / "bristol" / "source.txt"
    text = path.read_text(encoding="utf-8").replace("> Change to include notions", "> Ponder notions")
    path.write_text(text, encoding="utf-8")
    (copied / "bristol" / "cues.csv").write_text("scheme,term,cue\ndisposition,consider,ponder\n")
    result = read_folder(copied, ontology_folder)[2]
    assert result.unread == []
    assert stated(result.readings, "disposition")["1.6-r1"] == {"consider"}


def test_a_person_s_entry_holds_over_a_cue(copied: Path, ontology_folder: Path) -> None:
    with (copied / "bristol" / "readings.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[readings]]\nof = "3.1-r1"\nwords = "Could expand with"\nproperty = "disposition"\n'
            'value = "keep-with-revision"\nwhy = "To expand a text is to keep it."\n'
        )
    result = read_folder(copied, ontology_folder)[2]
    assert stated(result.readings, "disposition")["3.1-r1"] == {"keep-with-revision"}


def test_a_person_who_keeps_what_a_cue_removes_leaves_no_reason(
    copied: Path, ontology_folder: Path
) -> None:
    with (copied / "bristol" / "readings.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[readings]]\nof = "3.5-r1"\nwords = "Remove"\nproperty = "disposition"\n'
            'value = "change"\nwhy = "A made-up entry."\n'
        )
    result = read_folder(copied, ontology_folder)[2]
    assert stated(result.readings, "disposition")["3.5-r1"] == {"change"}
    assert "3.5-r1" not in stated(result.readings, "reason")


def test_a_destination_that_is_not_declared_is_unread(copied: Path, ontology_folder: Path) -> None:
    path = copied / "bristol" / "source.txt"
    text = path.read_text(encoding="utf-8").replace(
        "> Refer to Mayor's statement and the CCG's STP.", "> Refer to the Harbour Plan."
    )
    path.write_text(text, encoding="utf-8")
    unread = read_folder(copied, ontology_folder)[2].unread
    assert [str(u) for u in unread] == [
        "4.6-r1 (line 82): 'Refer to the Harbour Plan.' refers to no reference that is declared"
    ]


@pytest.mark.parametrize(
    ("file", "content", "error", "words"),
    [
        ("cues.csv", "term,cue\nkeep,retain\n", FolderError, "the columns must be scheme, term, cue"),
        ("cues.csv", "scheme,term,cue\ndisposition,kep,retain\n", UnknownNameError, "nearest: keep"),
        ("cues.csv", "scheme,term,cue\nmood,keep,retain\n", UnknownNameError, "unknown scheme 'mood'"),
        ("cues.csv", "scheme,term,cue\ndisposition,keep,\n", FolderError, "the cue is empty"),
        ("references.ttl", "@prefix : <http://x/> .\n:a :b\n", TurtleError, "references.ttl, line 3"),
        ("readings.toml", "[[readings]]\n", FolderError, r"\[reader\] needs a name"),
        ("readings.toml", "readings = [\n", FolderError, "mend the file"),
        (
            "readings.toml",
            '[reader]\nname="A"\n[[readings]]\nof="1.99-r1"\nwords="x"\nproperty="disposition"\n'
            'value="keep"\nwhy="y"\n',
            UnknownNameError,
            "nearest: 1.19-r1",
        ),
        (
            "readings.toml",
            '[reader]\nname="A"\n[[readings]]\nof="1.1-r1"\nwords="x y z"\nproperty="disposition"\n'
            'value="keep"\nwhy="y"\n',
            FolderError,
            "'x y z' does not stand in 1.1-r1",
        ),
        (
            "readings.toml",
            '[reader]\nname="A"\n[[readings]]\nof="1.1-r1"\nwords="Define"\nproperty="disposition"\n'
            'value="kept"\nwhy="y"\n',
            UnknownNameError,
            "unknown disposition 'kept'; nearest: keep",
        ),
    ],
)
def test_a_malformed_file_of_the_folder_is_refused(
    copied: Path,
    ontology_folder: Path,
    file: str,
    content: str,
    error: type[Exception],
    words: str,
) -> None:
    (copied / "bristol" / file).write_text(content, encoding="utf-8")
    with pytest.raises(error, match=words) as caught:
        read_folder(copied, ontology_folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('reviewed = "compact-2012"', "", "reviewed must be given"),
        ('reviewed = "compact-2012"', "reviewed = 2012", "reviewed must be given, as text"),
        ('identifier = "subtitle"', 'identifier = "title"', "section 'title' stands twice"),
        ('identifier = "subtitle"', 'identifier = "Sub title"', "a-z, 0-9 and hyphens"),
        ("provisions = 79", 'provisions = "79"', "expected.provisions must be a whole number"),
        ('source = "source.txt"', 'source = "../x.txt"', "must be a file of this folder"),
        ("theme = 4", 'theme = "4"', "sections 10, theme must be a whole number"),
        ("provisions = 79", "clauses = 79", "expected.clauses is unknown"),
    ],
)
def test_malformed_settings_are_refused(
    copied: Path, ontology_folder: Path, old: str, new: str, words: str
) -> None:
    path = copied / "bristol" / "review.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FolderError, match=words):
        read_folder(copied, ontology_folder)


def test_an_unknown_review_names_the_nearest(data_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown review 'bristle'; nearest: bristol"):
        open_review(data_folder, "bristle")
