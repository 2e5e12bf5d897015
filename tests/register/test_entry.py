"""An entry's text: the same for everybody, read back as it was, and refused where it is another."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compactgraph.common.fingerprints import fingerprint, is_fingerprint
from compactgraph.errors import RegisterError
from compactgraph.register.chain import Kept
from compactgraph.register.entry import (
    GREATEST,
    Body,
    Entry,
    Head,
    Kind,
    canonical,
    day_of,
    digest,
)
from tests.support.bodies import DAY, RECORDED, bodies, entered, note, texts

AGREED = Entry(
    review="bristol",
    number=2,
    previous=fingerprint("the entry before"),
    recorded="2026-11-24T09:30:00Z",
    recorder="os:minutes",
    body=Body(
        kind=Kind.AGREE,
        by=("Ann Lee", "Chris O’Neill"),
        date="2026-11-20",
        item="1.11-r1/moves/vcse-strategy",
        provision="1.11",
        on_behalf_of="compact-partners-group",
        why='As "discussed"\n– twice.',
        replaces=(1,),
        fingerprints={"1.11-r1": fingerprint("b"), "1.11": fingerprint("a")},
    ),
)
TEXT = (
    '{"by":["Ann Lee","Chris O’Neill"],"date":"2026-11-20",'
    '"fingerprints":{"1.11":"sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",'
    '"1.11-r1":"sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"},'
    '"format":1,"item":"1.11-r1/moves/vcse-strategy","kind":"agree","number":2,'
    '"on_behalf_of":"compact-partners-group",'
    '"previous":"sha256:7e6cdbc4c5534a27574aca4fc8970435debb0354dac651401163448fb1d98feb",'
    '"provision":"1.11","recorded":"2026-11-24T09:30:00Z","recorder":"os:minutes","replaces":[1],'
    '"review":"bristol","why":"As \\"discussed\\"\\n– twice."}'
)


def written(**changes: Any) -> str:
    """Return the text of an entry with some of its values changed; ... takes one away."""
    values = {**json.loads(entered([note("a word")])[0].text()), **changes}
    return json.dumps({name: value for name, value in values.items() if value is not ...})


# RFC 8785, told once more: its sections 3.2.2.2 (texts) and 3.2.3 (the order of keys).

SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def jcs(value: Any) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: list(key.encode("utf-16-be", "surrogatepass")))
        return "{" + ",".join(f"{jcs(key)}:{jcs(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    if isinstance(value, int):
        return str(value)
    return '"' + "".join(SHORT.get(c, f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'


def test_an_entry_is_kept_as_one_text_that_never_changes() -> None:
    assert AGREED.text() == TEXT
    assert AGREED.hash == fingerprint(TEXT)
    assert AGREED.name == "d2"
    assert AGREED.head == Head(2, fingerprint(TEXT))
    assert Entry.from_text(TEXT) == AGREED


@settings(deadline=None)
@given(bodies)
def test_every_entry_is_in_the_canonical_form_and_is_read_back_as_it_was(body: Body) -> None:
    entry = Entry("bristol", 7, fingerprint("before"), RECORDED, "os:minutes", body)
    assert entry.text() == jcs(json.loads(entry.text()))
    assert Entry.from_text(entry.text()) == entry


@settings(deadline=None)
@given(st.dictionaries(texts, texts | st.integers(-GREATEST, GREATEST) | st.lists(texts), max_size=5))
def test_the_canonical_form_is_that_of_the_standard(table: dict[str, Any]) -> None:
    assert canonical({"table": table}) == jcs({"table": table})


def test_keys_stand_in_the_order_of_their_utf_16() -> None:
    # The example of RFC 8785, 3.2.3, whose last two stand the other way round by code point.
    in_order = ["\r", "1", "\x80", "ö", "€", "\U0001f600", "\ufb33"]
    table = dict.fromkeys(sorted(in_order), "x")
    assert list(table) != in_order
    assert list(json.loads(canonical(table))) == in_order


def test_texts_that_are_written_in_other_ways_elsewhere_have_one_form() -> None:
    assert canonical({"a": "\0\x1f\x7f\x85\u2028/<é\U0001f600"}) == (
        '{"a":"\\u0000\\u001f\x7f\x85\u2028/<é\U0001f600"}'
    )


def test_a_very_long_text_is_read_back_as_it_was() -> None:
    (entry,) = entered([note("ab \0é\U0001f600" * 200_000)])
    assert Entry.from_text(entry.text()) == entry


def test_half_a_character_is_refused_before_it_is_kept() -> None:
    with pytest.raises(RegisterError, match=r"half a character in it; type it again$"):
        Kept.of(Entry("bristol", 1, "", RECORDED, "os:minutes", note("broken \ud83d off")))
    with pytest.raises(RegisterError, match="half a character"):
        digest("\udc00")


OTHERS: list[tuple[dict[str, Any], str]] = [
    ({"format": 2}, "another version"),
    ({"format": True}, "another version"),
    ({"format": 1.0}, "another version"),
    ({"format": ...}, "another version"),
    ({"review": "../bristol"}, "'review'"),
    ({"review": ""}, "'review'"),
    ({"review": None}, "'review'"),
    ({"review": ...}, "'review'"),
    ({"number": "1"}, "'number'"),
    ({"number": True}, "'number'"),
    ({"number": 1.0}, "'number'"),
    ({"number": -1}, "'number'"),
    ({"number": 2**53}, "'number'"),
    ({"number": [1]}, "'number'"),
    ({"previous": None}, "'previous'"),
    ({"recorder": 5}, "'recorder'"),
    ({"recorded": "2026-11-24"}, "time of writing"),
    ({"recorded": "2026-11-31T09:30:00Z"}, "time of writing"),
    ({"recorded": "2026-11-24T24:30:00Z"}, "time of writing"),
    ({"recorded": "2026-11-24T09:30:00+01:00"}, "time of writing"),
    ({"recorded": "٢٠٢٦-11-24T09:30:00Z"}, "time of writing"),
    ({"kind": ...}, "its kind or one of its keys"),
    ({"kind": "decree"}, "its kind or one of its keys"),
    ({"kind": 1}, "'kind'"),
    ({"kind": ["note"]}, "'kind'"),
    ({"by": ...}, "its kind or one of its keys"),
    ({"by": []}, "'by'"),
    ({"by": "Ann Lee"}, "'by'"),
    ({"by": ["Ann Lee", 1]}, "'by'"),
    ({"by": None}, "'by'"),
    ({"by": {"Ann Lee": "1"}}, "'by'"),
    ({"date": ...}, "its kind or one of its keys"),
    ({"date": "24 November"}, "is not a day"),
    ({"date": "2026-02-30"}, "is not a day"),
    ({"date": "20261124"}, "is not a day"),
    ({"date": "２０２６-11-24"}, "is not a day"),
    ({"why": None}, "'why'"),
    ({"why": 5}, "'why'"),
    ({"why": True}, "'why'"),
    ({"why": ["a"]}, "'why'"),
    ({"item": {}}, "'item'"),
    ({"draft": "1"}, "'draft'"),
    ({"draft": False}, "'draft'"),
    ({"draft": 1e300}, "'draft'"),
    ({"draft": 10**400}, "'draft'"),
    ({"replaces": ["1"]}, "'replaces'"),
    ({"replaces": [True]}, "'replaces'"),
    ({"replaces": [-1]}, "'replaces'"),
    ({"replaces": 1}, "'replaces'"),
    ({"beside": [float("nan")]}, "'beside'"),
    ({"fingerprints": []}, "'fingerprints'"),
    ({"fingerprints": {"1.1": "sha256:" + "A" * 64}}, "'fingerprints'"),
    ({"fingerprints": {"1.1": "sha256:" + "a" * 63}}, "'fingerprints'"),
    ({"fingerprints": {"1.1": 5}}, "'fingerprints'"),
    ({"words": {"1.1": "a"}}, "'words'"),
    ({"words": {"1.1": "b"}, "fingerprints": {"1.1": fingerprint("a")}}, "'words'"),
    ({"words": {"1.2": "a"}, "fingerprints": {"1.1": fingerprint("a")}}, "'words'"),
    ({"words": {"1.1": 5}, "fingerprints": {"1.1": fingerprint("5")}}, "'words'"),
    ({"words": {"1.1": "\ud83d"}, "fingerprints": {"1.1": fingerprint("a")}}, "half a character"),
    ({"words": ["a"]}, "'words'"),
    ({"surprise": "a"}, "its kind or one of its keys"),
    ({"body": {}}, "its kind or one of its keys"),
    ({"": ""}, "its kind or one of its keys"),
]


@pytest.mark.parametrize(("changes", "told"), OTHERS, ids=repr)
def test_a_text_that_is_no_entry_is_refused(changes: dict[str, Any], told: str) -> None:
    Entry.from_text(written())
    with pytest.raises(RegisterError, match=re.escape(told)) as raised:
        Entry.from_text(written(**changes))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '"entry"',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"a":' + "9" * 5000 + "}",
    ],
    ids=lambda text: text[:10],
)
def test_other_json_is_refused_however_deep_or_long_it_is(text: str) -> None:
    with pytest.raises(RegisterError):
        Entry.from_text(text)


nested = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | texts
    | st.just(DAY)
    | st.sampled_from(Kind),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(texts, each, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from([*json.loads(TEXT), "draft", "beside", "text", "other"]), nested)
def test_whatever_stands_in_a_text_it_is_an_entry_or_refused(name: str, value: Any) -> None:
    text = json.dumps({**json.loads(TEXT), name: value})
    try:
        entry = Entry.from_text(text)
    except RegisterError:
        return
    assert Entry.from_text(entry.text()) == entry


@pytest.mark.parametrize("text", ["2026-11-24", "0001-01-01", "2024-02-29", "9999-12-31"])
def test_a_day_is_a_day(text: str) -> None:
    assert str(day_of(text)) == text


@pytest.mark.parametrize(
    "text", ["", "2026-11-24\n", "a\nb", "2026-1-24", "0000-01-01", "2025-02-29", "2026-W48-2"]
)
def test_what_is_no_day_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(
        RegisterError, match=r"^'.*' is not a day; write it as year-month-day, as in 2026-"
    ):
        day_of(text)


def test_a_fingerprint_is_that_of_the_utf_8() -> None:
    assert fingerprint("é") == "sha256:4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
    assert fingerprint("e\u0301") != fingerprint("é")
    assert is_fingerprint(fingerprint(""))
    assert not is_fingerprint(fingerprint("") + "\n")
    assert not is_fingerprint(fingerprint("").upper())
