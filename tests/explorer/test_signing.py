"""Signing in, against a real provider: who may decide is told so, and nobody else may."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Browser, Page, expect
from streamlit import config
from streamlit.testing.v1 import AppTest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from compactgraph.errors import NotAllowedError
from compactgraph.explorer.app import PAGES
from compactgraph.explorer.sign_in import session as sign_in_session
from tests.support.accessibility import found_by_axe
from tests.support.browser import IDENTITY, Reader, free_port, reading_at, running_explorer, settled
from tests.support.listener import listening_on_the_loopback
from tests.support.pages import Explorer, page_html
from tests.support.provider import (
    COOKIES,
    SECRET,
    SIGNING_COMMAND,
    Provider,
    back_in_the_explorer,
    go_to_provider,
    running_provider,
    sign_in,
    signing_environment,
)

pytestmark = pytest.mark.slow

HOUR = 3600
DECIDERS = """
[[deciders]]
name = "Ada Lovelace"
email = "ada@example.org"
on_behalf_of = "bristol-city-council"

[[deciders]]
name = "Grace Hopper"
email = "grace@example.org"

[[deciders]]
name = "Charles Babbage"
subject = "charles"
reviews = ["small-review"]
"""
ADA_MAY = "Signed in to decide: Ada Lovelace, on behalf of Bristol City Council"
STALE = "You signed in more than 12 hours ago; sign in again."
ELSEWHERE = "You are signed in elsewhere than where this explorer asks people to; sign in again."
SLOW = 20_000
"""For how long a page is waited for, in milliseconds."""

CLOSED = "Nobody can decide here until those who run this explorer have mended its settings."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the logs and the file of those who may decide."""
    return tmp_path_factory.mktemp("signing")


@pytest.fixture(scope="module")
def provider(folder: Path) -> Iterator[Provider]:
    """Return a provider that runs and knows some people."""
    with running_provider(folder / "provider.log") as running:
        now = int(time.time())
        verified = {"email_verified": True}
        running.knows("ada", email="Ada@example.org", name="A. Impostor", **verified)
        running.knows("grace", email="grace@example.org", auth_time=now - 13 * HOUR, **verified)
        running.knows("charles", email="charles@example.org", **verified)
        running.knows("bob", email="bob@example.org", name="Ada Lovelace", **verified)
        running.knows("eve", email="ada@example.org", email_verified=False)
        running.knows("eva", email="ada@example.org")
        running.knows("mallory", email="<img/src=x/onerror=alert(1)>@example.org", **verified)
        yield running


@pytest.fixture(scope="module")
def environment(folder: Path, provider: Provider) -> Mapping[str, str]:
    """Return the variables that switch writing on."""
    return signing_environment(folder / "deciders.toml", provider.issuer, DECIDERS)


@pytest.fixture(scope="module")
def address(
    bristol_folder: Path, data_folder: Path, folder: Path, environment: Mapping[str, str]
) -> Iterator[str]:
    """Return the address of an explorer with writing switched on."""
    with running_explorer(
        bristol_folder,
        data_folder,
        folder / "explorer.log",
        command=SIGNING_COMMAND,
        environment=environment,
    ) as opened:
        yield opened


@pytest.fixture
def opened(browser: Browser, address: str, provider: Provider) -> Iterator[Reader]:
    """Return what opens a reader's browser at a page of that explorer."""
    with reading_at(browser, address, provider.issuer, reduced_motion="reduce") as open_at:
        yield open_at


def corner_says(page: Page, words: str) -> None:
    """Wait until the corner, below the list of pages, has these words and no others."""
    corner = page.locator("[data-testid=stSidebarUserContent]")
    expect(corner).to_have_text(words, use_inner_text=True, timeout=SLOW)


def axe_finds_nothing(page: Page) -> None:
    assert found_by_axe(page) == []


# Who may


def test_who_is_on_the_list_is_told_so_by_the_name_in_the_list(opened: Reader) -> None:
    page = opened()
    corner_says(page, "Sign in to decide")
    axe_finds_nothing(page)
    sign_in(page, "ada")
    corner_says(page, f"{ADA_MAY} Sign out")
    axe_finds_nothing(page)


def test_who_signs_in_comes_back_to_the_page_that_they_left(opened: Reader, address: str) -> None:
    page = opened("trace?item=1.11")
    sign_in(page, "ada")
    expect(page.get_by_role("heading", level=1)).to_have_text("Commitment 1.11")
    assert page.url == f"{address}/trace?item=1.11"


def test_a_second_page_of_the_same_browser_knows_who_is_signed_in(opened: Reader, address: str) -> None:
    page = opened()
    sign_in(page, "ada")
    second = page.context.new_page()
    second.goto(f"{address}/destinations?outcome=moved")
    settled(second)
    corner_says(second, f"{ADA_MAY} Sign out")


def test_another_browser_does_not(opened: Reader) -> None:
    sign_in(opened(), "ada")
    corner_says(opened(), "Sign in to decide")


def test_it_can_be_done_with_the_keyboard_alone(opened: Reader) -> None:
    page = opened()
    button = page.get_by_role("button", name="Sign in to decide")
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/oauth2/authorize?**")


# Who may not


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (
            "bob",
            "You are signed in as bob@example.org, who is not on the list of those who may decide; "
            "ask those who keep the list. Sign out",
        ),
        *(
            (
                unverified,
                "The provider does not say that ada@example.org was verified to be yours; have it "
                "verified there, or ask those who keep the list to name your account instead. Sign out",
            )
            for unverified in ("eve", "eva")
        ),
        (
            "charles",
            "Charles Babbage may decide in other reviews, and not in this one; "
            "ask those who keep the list. Sign out",
        ),
        (
            "mallory",
            "You are signed in as <img/src=x/onerror=alert(1)>@example.org, who is not on the list of "
            "those who may decide; ask those who keep the list. Sign out",
        ),
    ],
)
def test_who_may_not_decide_is_told_why_and_can_sign_out(
    opened: Reader, subject: str, words: str
) -> None:
    page = opened()
    sign_in(page, subject)
    corner_says(page, words)
    assert page.locator("img[src=x]").count() == 0
    axe_finds_nothing(page)


def test_who_proved_too_long_ago_who_they_are_must_sign_in_again(
    opened: Reader, provider: Provider
) -> None:
    page = opened()
    sign_in(page, "grace")
    corner_says(page, f"{STALE} Sign in again Sign out")
    axe_finds_nothing(page)
    provider.knows("grace again", email="grace@example.org", email_verified=True)
    sign_in(page, "grace again", "Sign in again")
    corner_says(page, "Signed in to decide: Grace Hopper Sign out")


def test_the_provider_is_asked_to_have_who_they_are_proved_anew(opened: Reader) -> None:
    page = opened()
    go_to_provider(page)
    assert "max_age=43200" in page.url
    assert "scope=openid+email&" in page.url


def test_who_says_no_to_the_provider_is_told_that_they_are_not_signed_in(
    opened: Reader, address: str
) -> None:
    page = opened("trace?item=1.11")
    go_to_provider(page)
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The service at which people sign in did not say who you are.", timeout=SLOW
    )
    axe_finds_nothing(page)
    page.get_by_role("link", name="Back to the explorer").click()
    back_in_the_explorer(page)
    assert page.url == f"{address}/trace?item=1.11"
    corner_says(page, "Sign in to decide")


# Signing out


def test_who_signs_out_is_nobody_here_and_at_the_provider(opened: Reader) -> None:
    page = opened()
    sign_in(page, "ada")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    back_in_the_explorer(page)
    corner_says(page, "Sign in to decide")
    assert [c["name"] for c in page.context.cookies() if c["name"].startswith(IDENTITY)] == []


# Cookies


def signed(value: Mapping[str, object], secret: str = COOKIES, name: str = IDENTITY) -> str:
    """Return a cookie as Streamlit writes it."""
    return str(URLSafeTimedSerializer(secret, salt=name).dumps(json.dumps(value)))


def identity(address: str, provider: Provider, **changed: object) -> dict[str, object]:
    """Return what Streamlit notes of Ada when she signs in."""
    return {
        "iss": provider.issuer,
        "aud": ["compactgraph"],
        "sub": "ada",
        "iat": int(time.time()),
        "email": "ada@example.org",
        "email_verified": True,
        "origin": address,
        "is_logged_in": True,
        "provider": "oidc",
        **changed,
    }


def test_the_tests_write_cookies_as_streamlit_does(
    opened: Reader, address: str, provider: Provider
) -> None:
    page = opened(identity=signed(identity(address, provider)))
    corner_says(page, f"{ADA_MAY} Sign out")


def altered_words(cookie: str) -> str:
    """Return a cookie whose words are others, under the same signature."""
    at = len(cookie) // 4
    return cookie[:at] + ("A" if cookie[at] != "A" else "B") + cookie[at + 1 :]


@pytest.mark.parametrize(
    "forge",
    [
        lambda ada: altered_words(signed(ada)),
        lambda ada: signed(ada)[:-2] + "AA",
        lambda ada: signed(ada).rpartition(".")[0],
        lambda ada: signed({**ada, "sub": "bob"}).rpartition(".")[0] + signed(ada)[-28:],
        lambda ada: signed(ada, secret="a-guess-at-what-signs-the-cookies"),
        lambda ada: signed(ada, secret=SECRET),
        lambda ada: signed(ada, name="_streamlit_user_tokens"),
        lambda ada: quote(json.dumps(ada)),
        lambda ada: "chunks-100000000",
    ],
    ids=[
        *("other words", "another signature", "no signature", "somebody else's signature"),
        *("a guessed secret", "the client's secret", "signed as another cookie", "not signed", "pieces"),
    ],
)
def test_an_altered_or_a_forged_cookie_is_nobody_s(
    opened: Reader,
    address: str,
    provider: Provider,
    forge: Callable[[dict[str, object]], str],
) -> None:
    page = opened(identity=forge(identity(address, provider)))
    corner_says(page, "Sign in to decide")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"iss": "https://elsewhere.example.org"}, f"{ELSEWHERE} Sign in again Sign out"),
        ({"aud": "another-client"}, f"{ELSEWHERE} Sign in again Sign out"),
        ({"iat": int(time.time()) - 13 * HOUR}, f"{STALE} Sign in again Sign out"),
        ({"iat": int(time.time()) - 29 * 24 * HOUR}, f"{STALE} Sign in again Sign out"),
        ({"origin": "http://127.0.0.1:1"}, "Sign in to decide"),
        ({"is_logged_in": "yes"}, "Sign in to decide"),
    ],
)
def test_an_identity_that_streamlit_keeps_and_that_does_not_count_must_sign_in_again(
    opened: Reader, address: str, provider: Provider, changed: dict[str, object], words: str
) -> None:
    page = opened(identity=signed(identity(address, provider, **changed)))
    corner_says(page, words)


def test_no_page_can_read_the_identity_and_no_other_site_s_page_sends_it(opened: Reader) -> None:
    page = opened()
    sign_in(page, "ada")
    assert IDENTITY not in page.evaluate("document.cookie")
    kept = {c["name"]: c for c in page.context.cookies()}
    assert kept[IDENTITY]["httpOnly"]
    assert kept[IDENTITY]["sameSite"] == "Lax"
    assert SECRET not in str(kept)


# The connection by which forms are sent


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1", "null"]
)
def test_a_page_from_elsewhere_cannot_open_the_connection(address: str, origin: str) -> None:
    with pytest.raises(InvalidStatus) as caught:
        connect(f"{address.replace('http', 'ws')}/_stcore/stream", origin=origin)
    assert caught.value.response.status_code == 403


def test_the_explorer_s_own_page_can(address: str) -> None:
    with connect(f"{address.replace('http', 'ws')}/_stcore/stream", origin=address):
        pass


@pytest.mark.parametrize(
    ("left", "back"),
    [
        ("/trace%3Fitem%3D1.11", "/trace?item=1.11"),
        ("/destinations%3Foutcome%3Dmoved%26theme%3D1", "/destinations?outcome=moved&amp;theme=1"),
        *(
            (astray, "/")
            for astray in (
                *(
                    "//evil.example/",
                    "/%5Cevil.example",
                    "https%3A//evil.example/",
                    "/%0d%0aSet-Cookie%3A%20a",
                ),
                *("javascript%3Aalert(1)", "/caf%C3%A9", "/" + "x" * 3000, "", "%22%3E%3Cscript%3E"),
            )
        ),
    ],
)
def test_the_way_back_leads_to_a_page_of_the_explorer_and_nowhere_else(
    address: str, left: str, back: str
) -> None:
    answer = httpx.get(
        f"{address}/oauth2callback?code=1&state=2",
        headers={"Cookie": f"compactgraph_left={left}"},
        timeout=20,
    )
    assert answer.status_code == 400
    assert f'<a href="{back}">Back to the explorer</a>' in answer.text


# What is written where


PAGE_THAT_WRITES = """
import streamlit as st
from compactgraph.errors import CompactgraphError
from compactgraph.explorer.sign_in import session as signing

st.title("A page that writes")
st.button("Sign in to decide", on_click=st.login, args=(signing.PROVIDER,))
if st.button("Write"):
    try:
        person = signing.require("bristol")
        st.text(f"Written by {person.name} for {person.on_behalf_of}: {person.recorder}")
    except CompactgraphError as error:
        st.text(f"Not written. {error}")
"""
SERVER_THAT_WRITES = """
import os
import streamlit as st
from starlette.middleware import Middleware
from compactgraph.explorer.sign_in.gate import Gate
from compactgraph.explorer.sign_in.settings import signing_settings

origin, secrets = signing_settings("127.0.0.1", st.get_option("server.port"), os.environ)
app = st.App("page.py", secrets=secrets, middleware=[Middleware(Gate, origin=origin)])
"""


def test_what_writes_asks_the_list_at_the_moment_of_writing(
    browser: Browser, provider: Provider, bristol_folder: Path, data_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "page.py").write_text(PAGE_THAT_WRITES)
    (tmp_path / "server.py").write_text(SERVER_THAT_WRITES)
    file = tmp_path / "deciders.toml"
    variables = signing_environment(file, provider.issuer, DECIDERS)
    listed = file.read_text()
    script = [str(tmp_path / "server.py"), "--server.headless=true", "--server.address=127.0.0.1"]
    command = [sys.executable, "-c", STREAMLIT_ON_A_PORT, *script]
    with running_explorer(
        bristol_folder, data_folder, tmp_path / "log", command=command, environment=variables
    ) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        write = page.get_by_role("button", name="Write")
        said = page.locator("[data-testid=stText]")
        write.click()
        expect(said).to_have_text("Not written. Nobody is signed in; sign in to decide.")
        go_to_provider(page)
        page.locator("input[name=sub]").fill("ada")
        page.get_by_role("button", name="Authorize").click()
        write.click()
        expect(said).to_have_text(
            f"Written by Ada Lovelace for bristol-city-council: oidc:{provider.issuer} ada"
        )
        file.write_text(listed.replace("ada@example.org", "countess@example.org"))
        write.click()
        expect(said).to_contain_text("Not written. You are signed in as ada@example.org, who is not on")
        file.write_text(listed)
        write.click()
        expect(said).to_contain_text("Written by Ada Lovelace")
        file.write_text(listed.replace("[oidc]", "[oidc"))
        write.click()
        expect(said).to_have_text(f"Not written. {CLOSED}")
        file.write_text(listed)  # Between two refusals that read alike, one can tell that it was asked.
        write.click()
        expect(said).to_contain_text("Written by Ada Lovelace")
        file.unlink()
        write.click()
        expect(said).to_have_text(f"Not written. {CLOSED}")
        context.close()
    assert f"{file}: the file is missing" in (tmp_path / "log").read_text()


STREAMLIT_ON_A_PORT = """
import sys
from streamlit.web.cli import main
port = sys.argv.index("--port")
sys.argv[port:port + 2] = [f"--server.port={sys.argv[port + 1]}"]
sys.argv.insert(1, "run")
main()
"""


def who_may_decide() -> None:
    import streamlit as st

    from compactgraph.explorer.sign_in import session as sign_in_session

    person = sign_in_session.decider("bristol")
    st.text(person.name if person else "nobody")


def test_where_a_header_can_say_who_somebody_is_nobody_may_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = "https://login.example.org"
    for name, value in signing_environment(tmp_path / "deciders.toml", issuer, DECIDERS).items():
        monkeypatch.setenv(name, value)
    page = AppTest.from_function(who_may_decide)
    page.user = identity("", Provider(issuer))
    assert page.run().text[0].value == "Ada Lovelace"
    before = config.get_option("server.trustedUserHeaders")
    config.set_option("server.trustedUserHeaders", {"X-Email": "email"})
    try:
        assert page.run().text[0].value == "nobody"
    finally:
        config.set_option("server.trustedUserHeaders", before)


# Where it is off


@pytest.mark.parametrize("page", [page.path for page in PAGES])
def test_where_writing_is_off_no_page_says_a_word_of_it(explorer: Explorer, page: str) -> None:
    drawn = explorer(page)
    assert [button.label for button in drawn.sidebar.button] == []
    assert "sign in" not in page_html(drawn).lower()
    assert "sign out" not in page_html(drawn).lower()


def test_where_writing_is_off_nobody_may_decide() -> None:
    assert not sign_in_session.is_on()
    assert sign_in_session.decider("bristol") is None
    with pytest.raises(NotAllowedError, match="writing is not switched on"):
        sign_in_session.require("bristol")


def test_where_writing_is_off_the_ways_to_sign_in_lead_nowhere(explorer_address: str) -> None:
    for path in (
        "auth/login",
        "auth/login?provider=oidc",
        "oauth2callback?code=1&state=2",
        "auth/logout",
    ):
        answer = httpx.get(f"{explorer_address}/{path}", timeout=20, follow_redirects=True)
        assert str(answer.url) == f"{explorer_address}/"


# Where the provider is away


@pytest.fixture(scope="module")
def away(
    bristol_folder: Path, data_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str, Path]]:
    """Return an explorer's address, that of its provider, at which nothing listens, and its log."""
    folder = tmp_path_factory.mktemp("away")
    issuer = f"http://127.0.0.1:{free_port()}"
    variables = signing_environment(folder / "deciders.toml", issuer, DECIDERS)
    log = folder / "log"
    with running_explorer(
        bristol_folder, data_folder, log, command=SIGNING_COMMAND, environment=variables
    ) as address:
        yield address, issuer, log


def test_a_page_asks_nothing_of_the_provider_until_a_reader_does(
    browser: Browser, away: tuple[str, str, Path]
) -> None:
    address, issuer, _ = away
    port = int(issuer.rpartition(":")[2])
    with (
        reading_at(browser, address, reduced_motion="reduce") as opened,
        listening_on_the_loopback(port) as listener,
    ):
        page = opened()
        for path in ("trace?item=1.11", "destinations"):
            page.goto(f"{address}/{path}")
            settled(page)
        assert listener.heard() == []
        page.get_by_role("button", name="Sign in to decide").click()
        expect(page.get_by_role("alert")).to_be_visible(timeout=SLOW)
        assert listener.heard() == [b"GET /.well-known/openid-configuration HTTP/1.1"]


def test_with_the_provider_away_a_sentence_says_so_and_the_pages_are_read(
    browser: Browser, away: tuple[str, str, Path]
) -> None:
    address, issuer, log = away
    with reading_at(browser, address, reduced_motion="reduce") as opened:
        page = opened("trace?item=1.11")
        page.get_by_role("button", name="Sign in to decide").click()
        expect(page.get_by_role("alert")).to_have_text(
            "The service at which people sign in cannot be reached, or does not answer as it should.",
            timeout=SLOW,
        )
        page.get_by_role("link", name="Back to the explorer").click()
        back_in_the_explorer(page)
        assert page.url == f"{address}/trace?item=1.11"
        corner_says(page, "Sign in to decide")
        signed_in = opened(identity=signed(identity(address, Provider(issuer))))
        corner_says(signed_in, f"{ADA_MAY} Sign out")
        signed_in.get_by_role("button", name="Sign out").click()
        expect(signed_in.get_by_role("button", name="Sign in to decide")).to_be_visible(timeout=SLOW)
    assert SECRET not in log.read_text()


# Where it does not work


def test_at_another_address_than_the_one_to_sign_in_at_the_way_there_is_shown(
    browser: Browser, address: str
) -> None:
    other = address.replace("127.0.0.1", "localhost")
    with reading_at(browser, other, address, reduced_motion="reduce") as opened:
        page = opened("trace?item=1.11")
        corner_says(page, f"People sign in to decide at {address}.")
        assert page.get_by_role("button", name="Sign in to decide").count() == 0
        page.get_by_role("link", name=address).click()
        back_in_the_explorer(page)
        corner_says(page, "Sign in to decide")


def test_a_server_that_was_not_started_for_it_lets_nobody_decide(
    browser: Browser,
    provider: Provider,
    bristol_folder: Path,
    data_folder: Path,
    tmp_path: Path,
) -> None:
    variables = signing_environment(tmp_path / "deciders.toml", provider.issuer, DECIDERS)
    with (
        running_explorer(
            bristol_folder, data_folder, tmp_path / "log", environment=variables
        ) as address,
        reading_at(browser, address, reduced_motion="reduce") as opened,
    ):
        page = opened()
        corner_says(page, CLOSED)


@pytest.mark.parametrize(
    ("settings", "unset", "message"),
    [
        ("hours = -1", "", "{file}: oidc.hours must be a number, more than 0 and at most 720"),
        (
            "",
            "TEST_OIDC_SECRET",
            "TEST_OIDC_SECRET is not set; it must hold the secret that the provider gave this client",
        ),
        (
            "",
            "TEST_COOKIE_SECRET",
            "TEST_COOKIE_SECRET is not set; it must hold a long random text that signs cookies",
        ),
    ],
)
def test_it_does_not_start_with_settings_that_cannot_work(
    bristol_folder: Path,
    tmp_path: Path,
    settings: str,
    unset: str,
    message: str,
) -> None:
    file = tmp_path / "deciders.toml"
    variables = signing_environment(file, "https://login.example.org", DECIDERS, settings)
    variables.pop(unset, None)
    refused = subprocess.run(
        [*SIGNING_COMMAND, "--port", str(free_port()), "--store", str(bristol_folder)],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert refused.returncode == 2
    assert refused.stderr.strip() == f"compactgraph: {message.format(file=file)}"


# Behind a proxy with TLS


@pytest.fixture
def behind_tls(
    bristol_folder: Path, data_folder: Path, provider: Provider, tmp_path: Path
) -> Iterator[str]:
    """Return the address of an explorer that people open at another, over TLS."""
    variables = signing_environment(
        tmp_path / "deciders.toml",
        provider.issuer,
        DECIDERS,
        'address = "https://compact.example.org"',
    )
    opening = tmp_path / "opening.py"
    opening.write_text(
        f"import sys, pathlib; pathlib.Path({str(tmp_path / 'at')!r}).write_text(sys.argv[1])"
    )
    variables["BROWSER"] = f"{sys.executable} {opening} %s"
    command = [part for part in SIGNING_COMMAND if part != "--no-browser"]
    with running_explorer(
        bristol_folder, data_folder, tmp_path / "log", command=command, environment=variables
    ) as address:
        yield address


def test_behind_tls_every_cookie_goes_over_tls_alone(behind_tls: str, tmp_path: Path) -> None:
    for path in ("_stcore/health", "auth/logout", "oauth2callback?code=1&state=2"):
        answer = httpx.get(
            f"{behind_tls}/{path}",
            headers={"Cookie": f"{IDENTITY}=x; {IDENTITY}_1=y"},
            timeout=20,
        )
        cookies = answer.headers.get_list("Set-Cookie")
        assert cookies
        assert all("; Secure" in cookie for cookie in cookies), cookies
    until = time.monotonic() + 20
    while not (tmp_path / "at").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert (tmp_path / "at").read_text() == "https://compact.example.org"


# What it writes down


def test_no_secret_stands_in_what_the_server_wrote(opened: Reader, folder: Path) -> None:
    sign_in(opened(), "ada")
    written = (folder / "explorer.log").read_text()
    assert SECRET not in written
    assert COOKIES not in written
    assert "id_token" not in written
