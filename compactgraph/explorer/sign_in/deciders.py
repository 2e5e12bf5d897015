"""Who may decide in the explorer: the file that lists them, and whom an identity proves to be.

The file is TOML and is kept outside the code. It names the OpenID Connect provider where people sign in,
and those who may decide. It holds no secret: it names the environment variables that do.

What the provider said of a person, the claims of its ID token, counts only if that provider said it,
to this client, and not long ago. A decision bears the name in the file, never a name that the provider
or the person gives.
"""

from __future__ import annotations

import re
import secrets
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

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
_ENTRY = {"name", "email", "subject", "on_behalf_of", "reviews"}
_EMAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VISIBLE = re.compile(r"[!-~]+")
_SUBJECT = re.compile(r"[ -~]{1,255}")


@dataclass(frozen=True)
class Provider:
    """Where people sign in.

    ``issuer`` is the issuer that its tokens name, ``metadata`` the address that describes it, ``client``
    the explorer's name there. The two environment variables hold the client's secret and, unless it is
    empty, the secret that signs cookies. ``address`` is where people open the explorer, empty if that
    follows from host and port. A person may decide for ``fresh`` after signing in. With
    ``assumes_verified`` an e-mail address counts as verified if the provider says nothing of it.
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
        """Return the secret that signs cookies: the one in ``environ``, or a new one if none is named.

        Raises DecidersError if the named variable is not set, or is too short.
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
        table = _read_toml(path)
        _refuse_unknown(table, {"oidc", "deciders"}, path, "")
        settings = table.get("oidc")
        if not isinstance(settings, dict):
            raise DecidersError(f"{path}: there is no [oidc]; say there where people sign in")
        entries = table.get("deciders")
        if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
            raise DecidersError(f"{path}: nobody is listed; add [[deciders]] with a name and an email")
        provider = _provider(settings, path)
        listed = tuple(_listed(entry, path, place) for place, entry in enumerate(entries, 1))
        _refuse_twice(listed, path)
        return cls(provider, listed)

    def may(self, claims: Mapping[str, Any], review: str, now: datetime | None = None) -> Decider | None:
        """Return the person whom ``claims`` prove, if they may decide in ``review``, or None."""
        try:
            return self.require(claims, review, now)
        except NotAllowedError:
            return None

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
        # Streamlit verified the token when it came. If the provider or the client was changed since,
        # and the secret of the cookies was not, there are still those of before.
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
        # When the token was made, and when the person last proved to the provider who they are: the
        # second can be days before the first, and is not always said; some say null for it.
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
    try:
        if path.stat().st_mode & stat.S_IWOTH:
            raise DecidersError(f"{path}: anybody on this machine can change it; run chmod o-w on it")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DecidersError(f"{path}: there is no such file; see docs/how-to/signing-in.md") from None
    except OSError as error:
        raise DecidersError(f"{path}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise DecidersError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise DecidersError(f"{path}: {error}; mend the file") from None


def _refuse_unknown(table: Mapping[str, Any], known: set[str], path: Path, place: str) -> None:
    # A mistyped “reviews” would let a person decide in all of them.
    for key in table:
        if key not in known:
            raise DecidersError(
                f"{path}: {place}{shorten(plain(key))} is no key here; "
                f"known are {', '.join(sorted(known))}"
            )


def _provider(settings: Mapping[str, Any], path: Path) -> Provider:
    _refuse_unknown(settings, _SETTINGS, path, "oidc.")
    issuer = _web_address(settings, "issuer", path)
    if len(issuer) > ISSUER_LIMIT:
        raise DecidersError(f"{path}: oidc.issuer has more than {ISSUER_LIMIT} characters")
    described = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    address = _web_address(settings, "address", path, "")
    if urlsplit(address).path.strip("/") or "?" in address:
        raise DecidersError(f"{path}: oidc.address must end with the host, or the port after it")
    secret = _variable(settings, "secret_variable", path)
    cookies = _variable(settings, "cookie_variable", path, "")
    if secret == cookies:
        raise DecidersError(
            f"{path}: oidc.cookie_variable must not be oidc.secret_variable, which the provider knows"
        )
    assumes = settings.get("assume_email_verified", False)
    if not isinstance(assumes, bool):
        raise DecidersError(f"{path}: oidc.assume_email_verified must be true or false")
    return Provider(
        issuer=issuer,
        client=_text(settings, "client", path, "oidc."),
        metadata=_web_address(settings, "metadata", path, described),
        secret_variable=secret,
        cookie_variable=cookies,
        address=_origin(address),
        fresh=_hours(settings, path),
        assumes_verified=assumes,
    )


def _text(table: Mapping[str, Any], key: str, path: Path, place: str, default: str | None = None) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or ((key in table or default is None) and not value.strip()):
        raise DecidersError(f"{path}: {place}{key} must be given, as text in quotes")
    if not value.isprintable() or len(value) > NAME_LIMIT:
        raise DecidersError(f"{path}: {place}{key} must be one line of at most {NAME_LIMIT} characters")
    return value.strip()


def _variable(settings: Mapping[str, Any], key: str, path: Path, default: str | None = None) -> str:
    value = _text(settings, key, path, "oidc.", default)
    # Not quoted: somebody may have written the secret itself.
    if value and _VARIABLE.fullmatch(value) is None:
        raise DecidersError(
            f"{path}: oidc.{key} must be the name of an environment variable; the secret itself "
            "never stands in this file"
        )
    return value


def _web_address(settings: Mapping[str, Any], key: str, path: Path, default: str | None = None) -> str:
    value = _text(settings, key, path, "oidc.", default)
    if value and not _is_safe(_parsed(value)):
        raise DecidersError(
            f"{path}: oidc.{key} must be an address that begins with https:// "
            "(http:// is for this machine alone) and names no user"
        )
    return value


def _parsed(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None


def _origin(address: str) -> str:
    """Return an address as browsers name it: in small letters, and without its scheme's own port."""
    parts = urlsplit(address.lower())
    usual = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}" if address else ""


def _is_safe(parts: SplitResult | None) -> bool:
    if parts is None or not parts.hostname or "@" in parts.netloc or parts.fragment:
        return False
    if _VISIBLE.fullmatch(parts.geturl()) is None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts))


def _hours(settings: Mapping[str, Any], path: Path) -> timedelta:
    hours = settings.get("hours", HOURS)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= MOST_HOURS:
        raise DecidersError(
            f"{path}: oidc.hours must be a number, more than 0 and at most {MOST_HOURS:g}"
        )
    return timedelta(hours=hours)


def _listed(entry: Mapping[str, Any], path: Path, number: int) -> Listed:
    place = f"deciders {number}, "
    _refuse_unknown(entry, _ENTRY, path, place)
    if ("email" in entry) == ("subject" in entry):
        raise DecidersError(f"{path}: {place}give an email or a subject, and not both")
    email = _text(entry, "email", path, place, "")
    if email and _EMAIL.fullmatch(email) is None:
        raise DecidersError(
            f"{path}: {place}email must be one address, in ASCII; name others by their subject"
        )
    subject = _text(entry, "subject", path, place, "")
    if subject and _SUBJECT.fullmatch(subject) is None:
        raise DecidersError(f"{path}: {place}subject must be as the provider writes it, in ASCII")
    reviews = entry.get("reviews")
    if reviews is not None and not _are_reviews(reviews):
        raise DecidersError(
            f"{path}: {place}reviews must be a list of reviews' identifiers; without it, all are meant"
        )
    return Listed(
        name=_text(entry, "name", path, place),
        email=_one_case(email),
        subject=subject,
        on_behalf_of=_text(entry, "on_behalf_of", path, place, ""),
        reviews=tuple(reviews or ()),
    )


def _are_reviews(value: object) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(v, str) and is_slug(v) for v in value)
    )


def _refuse_twice(listed: Iterable[Listed], path: Path) -> None:
    seen: set[tuple[str, str]] = set()
    for number, person in enumerate(listed, 1):
        if (person.email, person.subject) in seen:
            raise DecidersError(f"{path}: deciders {number} is listed twice; name each person once")
        seen.add((person.email, person.subject))


def _one_case(email: str) -> str:
    """Return an address in small letters; the empty text if it has letters other than ASCII."""
    return email.lower() if email.isascii() else ""


def _in_words(fresh: timedelta) -> str:
    minutes = round(fresh.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} minutes" if minutes > 1 else "a minute"
    hours = fresh.total_seconds() / 3600
    return f"{hours:g} hours" if hours != 1 else "an hour"
