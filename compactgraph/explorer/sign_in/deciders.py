"""Who may decide in the explorer: a TOML file lists them, and the claims of an ID token identify one.

The file holds no secret: it names the environment variables that do. Claims count only if the file's
provider made them, for this client, and not long ago. A decision bears the name in the file, never one
that the provider or the person gives.
"""

from __future__ import annotations

import re
import secrets
import stat
import tomllib
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from compactgraph.common.fingerprints import fingerprint
from compactgraph.common.identifiers import is_slug
from compactgraph.errors import DecidersError, NotAllowedError, shorten
from compactgraph.service.addresses import is_loopback, listening_at, plain

HOURS = 12.0
"""How long after signing in a person may decide, unless the file says otherwise."""

MOST_HOURS = 30 * 24.0
"""The longest time that a file may set: Streamlit forgets who signed in after 30 days."""

NAME_LIMIT = 200
RECORDER_LIMIT = 200
ISSUER_LIMIT = 120
SECRET_LENGTH = 32
"""How many characters a cookie secret must have, so that nobody guesses it."""

_CLOCKS_DIFFER = timedelta(minutes=5)
_SETTINGS = {
    *("issuer", "client", "metadata", "secret_variable", "cookie_variable", "address", "hours"),
    "assume_email_verified",
}
_EMAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VISIBLE = re.compile(r"[!-~]+")
_SUBJECT = re.compile(r"[ -~]{1,255}")


@dataclass(frozen=True)
class Provider:
    """Where people sign in.

    ``issuer`` is the issuer that its tokens name, ``metadata`` the address that describes it, ``client``
    the explorer's name there. Two environment variables hold the client's secret and the secret that
    signs cookies; the second may be empty. ``address`` is where people open the explorer, empty if host
    and port say so. A person may decide for ``fresh`` after signing in. With ``assumes_verified`` an
    e-mail address counts as verified unless the provider denies it.
    """

    issuer: str
    client: str
    metadata: str
    secret_variable: str
    cookie_variable: str
    address: str
    fresh: timedelta
    assumes_verified: bool

    def secret(self, environ: Mapping[str, str]) -> str:
        """Return the client's secret; raise DecidersError if ``environ`` has none."""
        return _set_in(environ, self.secret_variable, "the secret that the provider gave this client")

    def cookie_secret(self, environ: Mapping[str, str]) -> str:
        """Return the secret that signs cookies, a new one if the file names no variable.

        Raises DecidersError if the variable is not set in ``environ``, or is too short.
        """
        if not self.cookie_variable:
            return secrets.token_urlsafe(SECRET_LENGTH)
        found = _set_in(environ, self.cookie_variable, "a long random text that signs cookies")
        if len(found) < SECRET_LENGTH:
            raise DecidersError(
                f"{self.cookie_variable} is too short to sign cookies with; give it {SECRET_LENGTH} "
                "random characters or more, or take oidc.cookie_variable out"
            )
        return found

    def origin(self, host: str, port: int) -> str:
        """Return where people open the explorer, as ``https://host`` or ``http://127.0.0.1:8501``.

        Raises DecidersError if the file does not say so and other machines can reach the server.
        """
        if self.address:
            return self.address
        address = listening_at(host, port)
        if not is_loopback(urlsplit(address)):
            raise DecidersError(
                f"where others reach the explorer ({host}), people can sign in only over https; "
                "put a proxy before it and say its address as oidc.address"
            )
        return address


@dataclass(frozen=True)
class Decider:
    """A person who may decide: their name, on whose behalf (or empty), and the account that writes."""

    name: str
    on_behalf_of: str
    recorder: str


@dataclass(frozen=True)
class Listed:
    """A person on the list, known by an e-mail address or a subject; no ``reviews`` means all."""

    name: str
    email: str
    subject: str
    on_behalf_of: str
    reviews: tuple[str, ...]


@dataclass(frozen=True)
class Deciders:
    """The provider where people sign in, and the list of those who may decide."""

    provider: Provider
    listed: tuple[Listed, ...]

    @classmethod
    def read(cls, path: Path) -> Deciders:
        """Return what a file says; raise DecidersError if it is missing or malformed."""
        try:
            return cls._of(_read_toml(path))
        except FileNotFoundError:
            problem = "the file is missing; see docs/how-to/signing-in.md"
        except OSError as error:
            problem = f"cannot be read ({error.strerror or error})"
        except UnicodeDecodeError:
            problem = "is not UTF-8; save it as UTF-8"
        except tomllib.TOMLDecodeError as error:
            problem = f"{error}; mend the file"
        except DecidersError as error:
            problem = str(error)
        raise DecidersError(f"{path}: {problem}")

    @classmethod
    def _of(cls, table: Mapping[str, Any]) -> Deciders:
        _refuse_unknown(table, {"oidc", "deciders"}, "")
        settings, entries = table.get("oidc"), table.get("deciders")
        if not isinstance(settings, dict):
            raise DecidersError("[oidc] is missing; say in it where people sign in")
        if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
            raise DecidersError("nobody is listed; add [[deciders]] with a name and an email")
        provider = _provider(_Table(settings, "oidc."))
        listed: list[Listed] = []
        for number, entry in enumerate(entries, 1):
            person = _listed(_Table(entry, f"deciders {number}, "))
            if (person.email, person.subject) in ((each.email, each.subject) for each in listed):
                raise DecidersError(f"deciders {number} is listed twice; name each person once")
            listed.append(person)
        return cls(provider, tuple(listed))

    def require(self, claims: Mapping[str, Any], review: str, now: datetime | None = None) -> Decider:
        """Return the person who may decide in ``review``; raise NotAllowedError if nobody is proved.

        ``claims`` are those of the signed-in person's ID token, empty if nobody is signed in.
        """
        if not claims:
            raise NotAllowedError("Nobody is signed in; sign in to decide.", again=True)
        subject = self._subject(claims)
        self._refuse_old(claims, now or datetime.now(UTC))
        listed = self._known(claims, subject)
        if listed.reviews and review not in listed.reviews:
            raise NotAllowedError(
                f"{listed.name} may decide in other reviews, and not in this one; "
                "ask those who keep the list."
            )
        return Decider(listed.name, listed.on_behalf_of, recorder_of(self.provider.issuer, subject))

    def _subject(self, claims: Mapping[str, Any]) -> str:
        # Streamlit verified the token when it came. The file may name another provider since then.
        audience = claims.get("aud")
        to_us = self.provider.client in (audience if isinstance(audience, list) else [audience])
        subject = claims.get("sub")
        if (
            claims.get("iss") != self.provider.issuer
            or not to_us
            or not isinstance(subject, str)
            or _SUBJECT.fullmatch(subject) is None
        ):
            raise NotAllowedError(
                "You are signed in elsewhere than where this explorer asks people to; sign in again.",
                again=True,
            )
        return subject

    def _refuse_old(self, claims: Mapping[str, Any], now: datetime) -> None:
        # When the token was made, and when the person last proved who they are: this can be days
        # before, and a provider may leave it out or say null.
        proved = claims.get("auth_time")
        times = [claims.get("iat"), *([] if proved is None else [proved])]
        latest = (now + _CLOCKS_DIFFER).timestamp()
        earliest = (now - self.provider.fresh).timestamp()
        for time in times:
            if isinstance(time, bool) or not isinstance(time, int | float) or not time <= latest:
                raise NotAllowedError(
                    "The provider does not say, in a way that can be believed, when you signed in; "
                    "sign in again.",
                    again=True,
                )
            if time < earliest:
                raise NotAllowedError(
                    f"You signed in more than {_in_words(self.provider.fresh)} ago; sign in again.",
                    again=True,
                )

    def _known(self, claims: Mapping[str, Any], subject: str) -> Listed:
        for person in self.listed:
            if person.subject == subject:
                return person
        email = claims.get("email")
        address = _one_case(email) if isinstance(email, str) else ""
        for person in self.listed:
            if address and person.email == address:
                self._refuse_unverified(claims, address)
                return person
        called = shorten(plain(address or f"the account {subject}"), NAME_LIMIT)
        raise NotAllowedError(
            f"You are signed in as {called}, who is not on the list of those who may decide; "
            "ask those who keep the list."
        )

    def _refuse_unverified(self, claims: Mapping[str, Any], address: str) -> None:
        verified = claims.get("email_verified", self.provider.assumes_verified)
        if verified is not True:
            raise NotAllowedError(
                f"The provider does not say that {address} was verified to be yours; "
                "have it verified there, or ask those who keep the list to name your account instead."
            )


def recorder_of(issuer: str, subject: str) -> str:
    """Return what an entry of the register calls the account that wrote it: at most 200 characters."""
    whole = f"oidc:{issuer} {subject}"
    if len(whole) <= RECORDER_LIMIT and _VISIBLE.fullmatch(subject):
        return whole
    return f"oidc:{issuer} {fingerprint(subject)}"


def _set_in(environ: Mapping[str, str], variable: str, what: str) -> str:
    found = environ.get(variable, "")
    if not found.strip():
        raise DecidersError(f"{variable} is not set; it must hold {what}")
    return found


def _read_toml(path: Path) -> dict[str, Any]:
    if path.stat().st_mode & stat.S_IWOTH:
        raise DecidersError("anybody on this machine can change it; run chmod o-w on it")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _refuse_unknown(table: Mapping[str, Any], known: Set[str], place: str) -> None:
    # A mistyped “reviews” would let a person decide in all of them.
    for key in table:
        if key not in known:
            raise DecidersError(
                f"{place}{shorten(plain(key))} is not a key here; known are {', '.join(sorted(known))}"
            )


@dataclass(frozen=True)
class _Table:
    """A table of the file; ``place`` stands before its keys in messages."""

    values: Mapping[str, Any]
    place: str

    def error(self, key: str, problem: str) -> DecidersError:
        return DecidersError(f"{self.place}{key} {problem}")

    def text(
        self, key: str, default: str | None = None, fits: Callable[[str], object] = str, must: str = ""
    ) -> str:
        """Return a text on one line; refuse one that does not fit, with what it ``must`` be."""
        if key not in self.values and default is not None:
            return default
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "must be given, as text in quotes")
        if not value.isprintable() or len(value) > NAME_LIMIT:
            raise self.error(key, f"must be one line of at most {NAME_LIMIT} characters")
        # The value is not quoted: somebody may have written the secret itself.
        if not fits(value.strip()):
            raise self.error(key, f"must be {must}")
        return value.strip()


_WEB_ADDRESS = (
    "an address that begins with https:// (http:// is for this machine alone) and names no user"
)
_VARIABLE_NAME = "the name of an environment variable; the secret itself never stands in this file"


def _provider(oidc: _Table) -> Provider:
    _refuse_unknown(oidc.values, _SETTINGS, oidc.place)
    issuer = oidc.text("issuer", None, _is_safe, _WEB_ADDRESS)
    if len(issuer) > ISSUER_LIMIT:
        raise oidc.error("issuer", f"has more than {ISSUER_LIMIT} characters")
    address = oidc.text("address", "", _is_safe, _WEB_ADDRESS)
    if urlsplit(address).path.strip("/") or "?" in address:
        raise oidc.error("address", "must end with the host, or the port after it")
    secret = oidc.text("secret_variable", None, _VARIABLE.fullmatch, _VARIABLE_NAME)
    cookies = oidc.text("cookie_variable", "", _VARIABLE.fullmatch, _VARIABLE_NAME)
    if secret == cookies:
        raise oidc.error("cookie_variable", "must not be oidc.secret_variable, which the provider knows")
    assumes = oidc.values.get("assume_email_verified", False)
    if not isinstance(assumes, bool):
        raise oidc.error("assume_email_verified", "must be true or false")
    hours = oidc.values.get("hours", HOURS)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= MOST_HOURS:
        raise oidc.error("hours", f"must be a number, more than 0 and at most {MOST_HOURS:g}")
    described = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    return Provider(
        issuer=issuer,
        client=oidc.text("client"),
        metadata=oidc.text("metadata", described, _is_safe, _WEB_ADDRESS),
        secret_variable=secret,
        cookie_variable=cookies,
        address=_origin(address),
        fresh=timedelta(hours=hours),
        assumes_verified=assumes,
    )


def _listed(entry: _Table) -> Listed:
    known = {field.name for field in fields(Listed)}
    _refuse_unknown(entry.values, known, entry.place)
    if ("email" in entry.values) == ("subject" in entry.values):
        raise DecidersError(f"{entry.place}give an email or a subject, and not both")
    reviews = entry.values.get("reviews")
    if reviews is not None and not _are_reviews(reviews):
        raise entry.error("reviews", "must be a list of reviews' identifiers; without it, all are meant")
    email = "one address, in ASCII; name others by their subject"
    return Listed(
        name=entry.text("name"),
        email=_one_case(entry.text("email", "", _EMAIL.fullmatch, email)),
        subject=entry.text("subject", "", _SUBJECT.fullmatch, "as the provider writes it, in ASCII"),
        on_behalf_of=entry.text("on_behalf_of", ""),
        reviews=tuple(reviews or ()),
    )


def _are_reviews(value: object) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(v, str) and is_slug(v) for v in value)
    )


def _is_safe(address: str) -> bool:
    """Say whether a web address can be trusted: over TLS or on this machine, and without a user."""
    try:
        parts = urlsplit(address)
        names_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    if not names_host or "@" in parts.netloc or parts.fragment or not _VISIBLE.fullmatch(parts.geturl()):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts))


def _origin(address: str) -> str:
    """Return an address as browsers name it: in small letters, and without its scheme's own port."""
    parts = urlsplit(address.lower())
    usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}" if address else ""


def _one_case(email: str) -> str:
    """Return an address in small letters, empty if it is not ASCII."""
    return email.lower() if email.isascii() else ""


def _in_words(fresh: timedelta) -> str:
    minutes = round(fresh.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} minutes" if minutes > 1 else "a minute"
    hours = fresh.total_seconds() / 3600
    return f"{hours:g} hours" if hours != 1 else "an hour"
