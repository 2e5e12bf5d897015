"""Who may decide: the file that lists them, and what an identity must be to count."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from compactgraph.errors import DecidersError, NotAllowedError
from compactgraph.explorer.sign_in.deciders import Decider, Deciders, recorder_of

ISSUER = "https://login.example.org/realms/council"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SIGNED_IN = int(NOW.timestamp()) - 60
ADA = {
    "iss": ISSUER,
    "aud": "compactgraph",
    "sub": "248289761001",
    "iat": SIGNED_IN,
    "email": "ada@example.org",
    "email_verified": True,
    "name": "Somebody Else",
}
FILE = f"""
[oidc]
issuer = "{ISSUER}"
client = "compactgraph"
secret_variable = "OIDC_SECRET"

[[deciders]]
name = "Ada Lovelace"
email = "Ada@Example.org"
on_behalf_of = "bristol-city-council"

[[deciders]]
name = "Charles Babbage"
subject = "aB-7"
reviews = ["bristol"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file of those who may decide, which a test may change."""
    path = tmp_path / "deciders.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def deciders(file: Path) -> Deciders:
    """Return what that file says."""
    return Deciders.read(file)


def read(file: Path, old: str, new: str) -> Deciders:
    """Return what the file says where ``old`` in it is ``new``."""
    assert old in FILE
    file.write_text(FILE.replace(old, new), encoding="utf-8")
    return Deciders.read(file)


def refusal(deciders: Deciders, claims: dict[str, Any], review: str = "bristol") -> NotAllowedError:
    """Return why who has these claims may not decide."""
    with pytest.raises(NotAllowedError) as caught:
        deciders.require(claims, review, NOW)
    return caught.value


# Whom an identity proves to be on the list


def test_a_verified_address_on_the_list_may_decide_under_the_name_in_the_list(
    deciders: Deciders,
) -> None:
    assert deciders.require(ADA, "bristol", NOW) == Decider(
        name="Ada Lovelace",
        on_behalf_of="bristol-city-council",
        recorder=f"oidc:{ISSUER} 248289761001",
    )


def test_the_case_of_an_address_does_not_count(deciders: Deciders) -> None:
    assert deciders.require({**ADA, "email": "ADA@EXAMPLE.ORG"}, "bristol", NOW)


@pytest.mark.parametrize(
    "email",
    [
        *("ada@example.org.evil.example", "xada@example.org", "ada+x@example.org", "ada@example.org "),
        *("ada@example.org\n", "", "ada", 'ada@"example.org"'),
        # Letters that are small forms of others in Unicode, or look alike.
        *("\u0430da@example.org", "ada@e\u017fample.org", "ad\uff41@example.org"),
    ],
)
def test_another_address_however_near_may_not(deciders: Deciders, email: str) -> None:
    assert "not on the list" in str(refusal(deciders, {**ADA, "email": email}))


def test_a_letter_that_becomes_an_ascii_one_in_small_is_no_such_letter(file: Path) -> None:
    deciders = read(file, "Ada@Example.org", "kim@example.org")
    assert deciders.require({**ADA, "email": "kim@example.org"}, "bristol", NOW)
    assert "\u212aim@example.org".lower() == "kim@example.org"
    refusal(deciders, {**ADA, "email": "\u212aim@example.org"})


@pytest.mark.parametrize("email", [None, 7, ["ada@example.org"], {"ada@example.org": True}])
def test_an_address_that_is_no_text_is_none(deciders: Deciders, email: object) -> None:
    assert str(refusal(deciders, {**ADA, "email": email})) == (
        "You are signed in as the account 248289761001, who is not on the list of those who may decide; "
        "ask those who keep the list."
    )


@pytest.mark.parametrize("verified", [False, None, "true", "false", 1, "yes", [True]])
def test_an_address_that_the_provider_does_not_call_verified_may_not(
    deciders: Deciders, verified: object
) -> None:
    error = refusal(deciders, {**ADA, "email_verified": verified})
    assert str(error) == (
        "The provider does not say that ada@example.org was verified to be yours; "
        "have it verified there, or ask those who keep the list to name your account instead."
    )
    assert not error.again


def test_where_the_provider_says_nothing_of_it_an_address_counts_only_if_the_file_says_so(
    deciders: Deciders, file: Path
) -> None:
    silent = {name: value for name, value in ADA.items() if name != "email_verified"}
    assert "was verified" in str(refusal(deciders, silent))
    trusting = read(
        file, '[[deciders]]\nname = "Ada', 'assume_email_verified = true\n\n[[deciders]]\nname = "Ada'
    )
    assert trusting.require(silent, "bristol", NOW)
    assert "was verified" in str(refusal(trusting, {**ADA, "email_verified": False}))


def test_a_subject_needs_no_address(deciders: Deciders) -> None:
    claims = {"iss": ISSUER, "aud": ["compactgraph"], "sub": "aB-7", "iat": SIGNED_IN}
    assert deciders.require(claims, "bristol", NOW) == Decider(
        name="Charles Babbage", on_behalf_of="", recorder=f"oidc:{ISSUER} aB-7"
    )


def test_a_subject_goes_before_an_address(deciders: Deciders) -> None:
    both = {**ADA, "sub": "aB-7", "email_verified": False}
    found = deciders.require(both, "bristol", NOW)
    assert found.name == "Charles Babbage"


@pytest.mark.parametrize("subject", ["ab-7", "aB-7 ", "AB-7", "aB-70"])
def test_a_subject_is_compared_exactly(deciders: Deciders, subject: str) -> None:
    claims = {"iss": ISSUER, "aud": "compactgraph", "sub": subject, "iat": SIGNED_IN}
    assert "not on the list" in str(refusal(deciders, claims))


def test_who_is_listed_for_one_review_may_not_decide_in_another(deciders: Deciders) -> None:
    claims = {"iss": ISSUER, "aud": "compactgraph", "sub": "aB-7", "iat": SIGNED_IN}
    error = refusal(deciders, claims, "small-review")
    assert str(error) == (
        "Charles Babbage may decide in other reviews, and not in this one; ask those who keep the list."
    )
    assert deciders.require(ADA, "small-review", NOW)


def test_nobody_signed_in_is_told_to_sign_in(deciders: Deciders) -> None:
    error = refusal(deciders, {})
    assert str(error) == "Nobody is signed in; sign in to decide."
    assert error.again


# Where the identity comes from


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://login.example.org/realms/other"},
        {"iss": ISSUER + "/"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": None},
        {"aud": "compactgraph-2"},
        {"sub": None},
        {"sub": ""},
        {"sub": 248289761001},
        {"sub": "x" * 256},
        {"sub": "new\nline"},
    ],
)
def test_an_identity_from_elsewhere_or_for_another_client_does_not_count(
    deciders: Deciders, changed: dict[str, Any]
) -> None:
    error = refusal(deciders, {**ADA, **changed})
    assert str(error) == (
        "You are signed in elsewhere than where this explorer asks people to; sign in again."
    )
    assert error.again


# How old it may be


def at(**before: float) -> float:
    """Return a time before now, as tokens write it."""
    return (NOW - timedelta(**before)).timestamp()


@pytest.mark.parametrize(
    "changed",
    [
        {"iat": at(hours=12)},
        {"iat": at(hours=11.9)},
        {"iat": at(minutes=-4)},
        {"auth_time": at(hours=11)},
        {"auth_time": None},
    ],
)
def test_an_identity_of_the_last_twelve_hours_counts(
    deciders: Deciders, changed: dict[str, float]
) -> None:
    assert deciders.require({**ADA, **changed}, "bristol", NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"iat": at(hours=12.01)},
        {"iat": at(days=30)},
        {"auth_time": at(hours=13)},
        {"iat": at(hours=13), "auth_time": at(hours=1)},
        {"iat": float("-inf")},
        {"iat": 0},
    ],
)
def test_an_older_one_must_sign_in_again(deciders: Deciders, changed: dict[str, float]) -> None:
    error = refusal(deciders, {**ADA, **changed})
    assert str(error) == "You signed in more than 12 hours ago; sign in again."
    assert error.again


@pytest.mark.parametrize(
    "changed",
    [
        {"iat": at(minutes=-6)},
        {"auth_time": at(days=-1)},
        {"iat": float("nan")},
        {"iat": float("inf")},
        {"iat": None},
        {"iat": True},
        {"iat": "1795528860"},
        {"auth_time": False},
        {"auth_time": "now"},
    ],
)
def test_a_time_that_cannot_be_believed_must_sign_in_again(
    deciders: Deciders, changed: dict[str, Any]
) -> None:
    error = refusal(deciders, {**ADA, **changed})
    assert str(error) == (
        "The provider does not say, in a way that can be believed, when you signed in; sign in again."
    )
    assert error.again


@pytest.mark.parametrize(
    ("hours", "words"),
    [("1", "an hour"), ("0.5", "30 minutes"), ("0.01", "a minute"), ("48", "48 hours")],
)
def test_the_file_says_how_old_it_may_be(file: Path, hours: str, words: str) -> None:
    deciders = read(file, 'client = "compactgraph"', f'client = "compactgraph"\nhours = {hours}')
    old = {**ADA, "iat": at(hours=float(hours) + 0.01)}
    assert str(refusal(deciders, old)) == f"You signed in more than {words} ago; sign in again."


def test_the_day_is_today_where_none_is_given(deciders: Deciders) -> None:
    assert deciders.require({**ADA, "iat": datetime.now(UTC).timestamp()}, "bristol")
    with pytest.raises(NotAllowedError):
        deciders.require({**ADA, "iat": 0}, "bristol")


# What the register calls the account


@pytest.mark.parametrize(
    ("issuer", "subject", "called"),
    [
        (ISSUER, "248289761001", f"oidc:{ISSUER} 248289761001"),
        (
            ISSUER,
            "a b",
            f"oidc:{ISSUER} sha256:c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65",
        ),
        (
            "https://" + "i" * 112,
            "s" * 255,
            f"oidc:https://{'i' * 112} "
            "sha256:123eafc7865f747de9bd3a0bec0958b2b40bb6cbc43730059eb2a1e9a1ba9056",
        ),
    ],
)
def test_an_account_is_called_by_issuer_and_subject_within_two_hundred_characters(
    issuer: str, subject: str, called: str
) -> None:
    assert recorder_of(issuer, subject) == called
    assert len(called) <= 200


# The file


def test_the_file_says_where_people_sign_in(deciders: Deciders) -> None:
    provider = deciders.provider
    assert provider.issuer == ISSUER
    assert provider.metadata == f"{ISSUER}/.well-known/openid-configuration"
    assert provider.fresh == timedelta(hours=12)
    assert provider.assumes_verified is False


def test_no_secret_stands_in_what_was_read(deciders: Deciders) -> None:
    assert deciders.provider.secret({"OIDC_SECRET": "hush"}) == "hush"
    assert "hush" not in repr(deciders)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (FILE, "", "[oidc] is missing; say in it where people sign in"),
        (FILE, "x", "Expected '=' after a key in a key/value pair (at end of document); mend the file"),
        (FILE, "oidc = 1", "[oidc] is missing; say in it where people sign in"),
        (
            FILE[FILE.index("[[deciders]]") :],
            "",
            "nobody is listed; add [[deciders]] with a name and an email",
        ),
        (
            "[oidc]",
            "[oidc]\nisuer = 1",
            "oidc.isuer is not a key here; known are address, assume_email_verified, client, "
            "cookie_variable, hours, issuer, metadata, secret_variable",
        ),
        ("[oidc]", "hours = 1\n[oidc]", "hours is not a key here; known are deciders, oidc"),
        (
            'reviews = ["bristol"]',
            'review = ["bristol"]',
            "deciders 2, review is not a key here; known are email, name, on_behalf_of, reviews, "
            "subject",
        ),
        (f'issuer = "{ISSUER}"\n', "", "oidc.issuer must be given, as text in quotes"),
        ('client = "compactgraph"', "client = 7", "oidc.client must be given, as text in quotes"),
        ('client = "compactgraph"', 'client = " "', "oidc.client must be given, as text in quotes"),
        *(
            (
                ISSUER,
                address,
                "oidc.issuer must be an address that begins with https:// "
                "(http:// is for this machine alone) and names no user",
            )
            for address in (
                *("http://login.example.org", "ftp://example.org", "login.example.org", "https://"),
                *(
                    "https://user:word@example.org",
                    "https://example.org/#x",
                    "https://example.org:99999",
                ),
                *("https://exam ple.org", "https://example.org:0"),
            )
        ),
        (ISSUER, "https://" + "i" * 120, "oidc.issuer has more than 120 characters"),
        (
            '"OIDC_SECRET"',
            '"hunter2 is the secret"',
            "oidc.secret_variable must be the name of an "
            "environment variable; the secret itself never stands in this file",
        ),
        (
            "[oidc]",
            '[oidc]\ncookie_variable = "OIDC_SECRET"',
            "oidc.cookie_variable must not be oidc.secret_variable, which the provider knows",
        ),
        (
            "[oidc]",
            '[oidc]\naddress = "https://example.org/compact"',
            "oidc.address must end with the host, or the port after it",
        ),
        ("[oidc]", "[oidc]\nhours = 0", "oidc.hours must be a number, more than 0 and at most 720"),
        ("[oidc]", "[oidc]\nhours = nan", "oidc.hours must be a number, more than 0 and at most 720"),
        ("[oidc]", "[oidc]\nhours = true", "oidc.hours must be a number, more than 0 and at most 720"),
        (
            "[oidc]",
            "[oidc]\nassume_email_verified = 1",
            "oidc.assume_email_verified must be true or false",
        ),
        ('name = "Ada Lovelace"', "", "deciders 1, name must be given, as text in quotes"),
        ("Ada Lovelace", "Ada\\u202e", "deciders 1, name must be one line of at most 200 characters"),
        ("Ada Lovelace", "A" * 201, "deciders 1, name must be one line of at most 200 characters"),
        (
            "Ada@Example.org",
            "ada",
            "deciders 1, email must be one address, in ASCII; name others by their subject",
        ),
        (
            "Ada@Example.org",
            "ada@ex\u00e4mple.org",
            "deciders 1, email must be one address, in ASCII; name others by their subject",
        ),
        ('email = "Ada@Example.org"', "", "deciders 1, give an email or a subject, and not both"),
        (
            'subject = "aB-7"',
            'subject = "aB-7"\nemail = "c@example.org"',
            "deciders 2, give an email or a subject, and not both",
        ),
        ('"aB-7"', '"\u00e4"', "deciders 2, subject must be as the provider writes it, in ASCII"),
        *(
            (
                '["bristol"]',
                reviews,
                "deciders 2, reviews must be a list of reviews' identifiers; without it, all are meant",
            )
            for reviews in ("[]", '"bristol"', "[1]", '["Bristol Compact"]')
        ),
        (
            'subject = "aB-7"',
            'email = "ADA@example.org"',
            "deciders 2 is listed twice; name each person once",
        ),
    ],
)
def test_a_mistake_in_the_file_is_one_line_that_says_where(
    file: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(DecidersError) as caught:
        read(file, old, new)
    assert str(caught.value) == f"{file}: {message}"
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(DecidersError, match=r"the file is missing; see docs/how-to/signing-in\.md"):
        Deciders.read(tmp_path / "deciders.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DecidersError, match="cannot be read"):
        Deciders.read(tmp_path)


def test_a_file_that_is_not_utf_8_is_said_to_be_so(file: Path) -> None:
    file.write_bytes(FILE.replace("Ada", "Ad\u00e4").encode("latin-1"))
    with pytest.raises(DecidersError, match="is not UTF-8"):
        Deciders.read(file)


def test_a_file_that_anybody_can_change_is_refused(file: Path) -> None:
    file.chmod(0o646)
    with pytest.raises(
        DecidersError, match="anybody on this machine can change it; run chmod o-w on it"
    ):
        Deciders.read(file)


def test_the_file_in_the_documentation_can_be_used(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "how-to" / "signing-in.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    file = tmp_path / "deciders.toml"
    file.write_text(example, encoding="utf-8")
    deciders = Deciders.read(file)
    assert [person.name for person in deciders.listed] == ["Ada Lovelace", "Charles Babbage"]
    for key in ("cookie_variable", "metadata", "hours", "assume_email_verified"):
        assert f"| `{key}` |" in text


# Secrets, and the address


@pytest.mark.parametrize("environ", [{}, {"OIDC_SECRET": ""}, {"OIDC_SECRET": "  "}])
def test_a_secret_that_is_not_set_is_named(deciders: Deciders, environ: dict[str, str]) -> None:
    with pytest.raises(DecidersError) as caught:
        deciders.provider.secret(environ)
    assert str(caught.value) == (
        "OIDC_SECRET is not set; it must hold the secret that the provider gave this client"
    )


def test_without_a_secret_for_cookies_each_start_has_its_own(deciders: Deciders) -> None:
    drawn = {deciders.provider.cookie_secret({}) for _ in range(20)}
    assert len(drawn) == 20
    assert min(map(len, drawn)) >= 32


def test_a_secret_for_cookies_that_can_be_guessed_is_refused_and_not_shown(file: Path) -> None:
    provider = read(file, "[oidc]", '[oidc]\ncookie_variable = "COOKIES"').provider
    assert provider.cookie_secret({"COOKIES": "c" * 32}) == "c" * 32
    with pytest.raises(DecidersError, match="COOKIES is not set"):
        provider.cookie_secret({})
    with pytest.raises(DecidersError, match="COOKIES is too short") as caught:
        provider.cookie_secret({"COOKIES": "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501"),
        ("localhost", "http://localhost:8501"),
        ("::1", "http://[::1]:8501"),
    ],
)
def test_on_this_machine_people_sign_in_at_host_and_port(
    deciders: Deciders, host: str, origin: str
) -> None:
    assert deciders.provider.origin(host, 8501) == origin


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "explorer.example.org"])
def test_where_others_reach_it_the_file_must_say_the_address(deciders: Deciders, host: str) -> None:
    with pytest.raises(DecidersError, match=r"say its address as oidc\.address"):
        deciders.provider.origin(host, 8501)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://compact.example.org",
            "https://compact.example.org/",
            "https://Compact.Example.org:443",
        ),
    ],
)
def test_the_address_in_the_file_is_the_one_that_browsers_name(file: Path, address: str) -> None:
    provider = read(file, "[oidc]", f'[oidc]\naddress = "{address}"').provider
    assert provider.origin("0.0.0.0", 8501) == "https://compact.example.org"
