"""What those who may decide do in Chromium: they record, correct, meet, and are kept from harm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from compactgraph.answers.tables.decisions import Decision
from compactgraph.deciding.desk import Desk
from compactgraph.deciding.sheet.columns import Heading
from compactgraph.deciding.sheet.round_trip import sheet_out
from compactgraph.paths import DECIDERS_VARIABLE
from compactgraph.register.entry import Body, Kind
from tests.support.accessibility import found_by_axe
from tests.support.browser import IDENTITY, Reader, in_colours, reading_at, settled
from tests.support.deciders import DECIDERS, ONTOLOGY, decisions_in, explorer_that_writes, own_store
from tests.support.filling import filled
from tests.support.provider import Provider, sign_in, signing_environment

SLOW = 60_000
"""For how long a page is waited for, in milliseconds."""

MARKED_UP = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> **bold** $x^2$ :red[now] "
    "[here](javascript:alert(3)) =1+1"
)
expect.set_options(timeout=SLOW)

Explorer = tuple[str, Provider, Mapping[str, str]]


@pytest.fixture(scope="module")
def store(bristol_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_store(bristol_folder, tmp_path_factory.mktemp("deciding"))


@pytest.fixture(scope="module")
def explorer(store: Path, data_folder: Path) -> Iterator[Explorer]:
    with explorer_that_writes(store, data_folder, store.parent) as running:
        yield running


@pytest.fixture(scope="module")
def identities(browser: Browser, explorer: Explorer) -> dict[str, str]:
    """Return the cookie of each of Ann and Bo, who have signed in at the provider."""
    address, provider, _ = explorer
    found: dict[str, str] = {}
    with reading_at(browser, address, provider.issuer, reduced_motion="reduce") as open_at:
        for person in ("ann", "bo"):
            page = open_at()
            sign_in(page, person)
            cookies = {each["name"]: each["value"] for each in page.context.cookies()}
            found[person] = cookies[IDENTITY]
    return found


@pytest.fixture
def deciding(browser: Browser, explorer: Explorer, identities: dict[str, str]) -> Iterator[Reader]:
    """Return what opens a page in the browser of Ann, or of another, who has signed in."""
    address, provider, _ = explorer
    with reading_at(browser, address, provider.issuer, reduced_motion="reduce") as open_at:

        def opened(path: str, person: str = "ann") -> Page:
            page = open_at(path, identity=identities[person])
            page.set_default_timeout(SLOW)
            return page

        yield opened


def form(page: Page) -> Page:
    page.get_by_text("Record a decision", exact=True).click()
    expect(page.get_by_role("heading", name="Record what was decided on")).to_be_visible()
    settled(page)
    return page


def choose(page: Page, kind: str) -> Page:
    page.locator("[data-testid=stRadio]").first.get_by_text(kind, exact=True).click()
    expect(page.get_by_role("button", name="Check what will be recorded")).to_be_visible()
    settled(page)
    return page


def pick(page: Page, label: str, option: str) -> None:
    """Choose an option of a field that opens; the page runs again when it is chosen."""
    field = page.get_by_role("combobox", name=label)
    field.click()
    # Of a long list only what is in sight is drawn.
    field.press_sequentially(option)
    chosen = page.get_by_role("option", name=re.compile(f"^{re.escape(option)}"))
    for _ in range(5):
        if chosen.count():
            break
        # What was drawn anew in the meantime closed the list.
        field.press("ArrowDown")
        page.wait_for_timeout(500)
    chosen.click()
    page.keyboard.press("Escape")
    settled(page)


def check(page: Page) -> Page:
    page.get_by_role("button", name="Check what will be recorded").click()
    expect(page.locator("#deciding-check")).to_be_focused()
    return page


def record(page: Page) -> Page:
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("#deciding-done")).to_be_focused()
    return page


def made_on(store: Path, provision: str) -> list[Decision]:
    return [decision for decision in decisions_in(store) if decision.provision == provision]


def words(page: Page) -> str:
    return " ".join(page.locator("[data-testid=stMain]").inner_text().split())


# One person


def test_an_agreement_is_recorded_and_seen_on_every_page(
    browser: Browser, explorer: Explorer, store: Path
) -> None:
    address, provider, _ = explorer
    with reading_at(browser, address, provider.issuer, reduced_motion="reduce") as open_at:
        page = open_at("trace?item=1.11")
        page.set_default_timeout(SLOW)
        assert page.get_by_text("Record a decision").count() == 0
        sign_in(page, "ann")
        choose(form(page), "Agree")
        page.get_by_label("Reason, in words").fill("The strategy has a chapter on it.")
        record(check(page))
        expect(page.locator("#deciding-done")).to_contain_text("1.11 is now moved.")
        expect(page.locator(".panel", has_text="Moves to")).to_contain_text("Agreed.")
        expect(page.locator("ol.decided")).to_contain_text("The strategy has a chapter on it.")
        (decision,) = made_on(store, "1.11")
        assert (decision.by, decision.recorder) == (("Ann Lee",), f"oidc:{provider.issuer} ann")
        page.get_by_role("heading", name="Moves to").get_by_role("link").click()
        expect(page.locator(".checklist-item", has_text="1.11-r1")).to_contain_text("agreed on")
        page.goto(f"{address}/destinations?words=asset%20transfer")
        settled(page)
        expect(page.locator(".cg table").first).to_contain_text("Agreed")


def test_an_amendment_is_recorded(deciding: Reader, store: Path) -> None:
    page = choose(form(deciding("trace?item=2.5")), "Amend")
    pick(page, "What is decided instead (required)", "Remove")
    pick(page, "Where it goes", "VCSE Strategy")
    pick(page, "Why it is removed", "Better placed elsewhere")
    check(page)
    expect(page.locator("[data-testid=stExpander]")).to_contain_text("2.5: dropped becomes moved.")
    record(page)
    (decision,) = made_on(store, "2.5")
    assert (decision.decided, decision.to) == (("remove", "better placed elsewhere"), "VCSE Strategy")
    expect(page.get_by_text("is what the review recommends")).to_be_visible()


def test_a_double_click_records_once_and_so_do_back_and_reload(deciding: Reader, store: Path) -> None:
    page = check(choose(form(deciding("trace?item=1.2")), "Agree"))
    page.get_by_role("button", name="Record", exact=True).dblclick()
    expect(page.locator("#deciding-done")).to_be_focused()
    page.get_by_role("link", name="1.2 among all decisions").click()
    expect(page.locator("#heading")).to_have_text("Decisions")
    page.go_back()
    expect(page.locator("#heading")).to_contain_text("1.2")
    page.reload()
    settled(page)
    expect(page.get_by_text("Record a decision", exact=True)).to_be_visible()
    assert len(made_on(store, "1.2")) == 1


def press_until_focused(page: Page, name: str, key: str = "Tab") -> None:
    """Go on with the keyboard until the focus is on what is so named."""
    for _ in range(80):
        page.keyboard.press(key)
        focused = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || document.activeElement.value "
            "|| document.activeElement.textContent || '').trim()"
        )
        # An expander begins with the name of its icon.
        if focused.removeprefix("keyboard_arrow_right").startswith(name):
            return
    raise AssertionError(f"the keyboard does not come to {name}")


def test_the_keyboard_alone_records_a_decision(deciding: Reader, store: Path) -> None:
    page = deciding("trace?item=1.6")
    page.get_by_role("heading", name="What was decided").click()
    press_until_focused(page, "Record a decision")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Agree")).to_be_attached()
    settled(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Check what will be recorded")).to_be_visible()
    press_until_focused(page, "Reason, in words")
    page.keyboard.type("By the keyboard.")
    press_until_focused(page, "Check what will be recorded")
    page.keyboard.press("Enter")
    expect(page.locator("#deciding-check")).to_be_focused()
    press_until_focused(page, "Record")
    page.keyboard.press("Enter")
    expect(page.locator("#deciding-done")).to_be_focused()
    (decision,) = made_on(store, "1.6")
    assert (decision.kind, decision.why) == ("agree", "By the keyboard.")


# Two persons


@pytest.mark.parametrize(
    ("provision", "choice", "in_force"),
    [
        ("4.4", "It is superseded", ["reject"]),
        ("value-5", "Both stay in force", ["agree", "reject"]),
    ],
)
def test_the_second_of_two_is_told_before_it_is_recorded(
    deciding: Reader, store: Path, provision: str, choice: str, in_force: list[str]
) -> None:
    first = check(choose(form(deciding(f"trace?item={provision}")), "Agree"))
    second = choose(form(deciding(f"trace?item={provision}", "bo")), "Reject")
    second.get_by_label("Reason, in words").fill("It belongs elsewhere.")
    check(second)
    record(first)
    second.get_by_role("button", name="Record", exact=True).click()
    told = second.locator("#deciding-problems")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Nothing was recorded: meanwhile something was decided")
    against = second.get_by_role("alert").filter(has_text="A decision in force stands against")
    expect(against).to_contain_text("by Ann Lee, on behalf of Bristol Compact Partners' Group")
    expect(second.get_by_label("Reason, in words")).to_have_value("It belongs elsewhere.")
    assert [d.kind for d in made_on(store, provision)] == ["agree"]
    second.get_by_text(choice).click()
    record(check(second))
    assert [d.kind for d in made_on(store, provision) if d.in_force] == in_force
    contested = second.locator(".panel").filter(has_text="Contested:")
    expect(contested).to_have_count(1 if len(in_force) == 2 else 0)


# Who may not any more


def test_who_may_not_any_more_is_told_and_loses_no_word(
    deciding: Reader, explorer: Explorer, store: Path
) -> None:
    _, provider, environment = explorer
    listed = Path(environment[DECIDERS_VARIABLE])
    page = choose(form(deciding("trace?item=1.7", "bo")), "Agree")
    page.get_by_label("Reason, in words").fill("A reason of some length.")
    check(page)
    try:
        signing_environment(listed, provider.issuer, DECIDERS.replace("bo@", "bob@"))
        page.get_by_role("button", name="Record", exact=True).click()
        told = page.locator("#deciding-problems")
        expect(told).to_contain_text(
            "Nothing was recorded. You are signed in as bo@example.org, who is not"
        )
        expect(told).to_be_focused()
        expect(told).to_contain_text("A reason of some length.")
        assert made_on(store, "1.7") == []
        assert found_by_axe(page) == []
    finally:
        signing_environment(listed, provider.issuer, DECIDERS)
    again = deciding("trace?item=1.7", "bo")
    expect(
        again.get_by_text("What you typed before you signed in again is in the form.")
    ).to_be_visible()
    expect(again.get_by_label("Reason, in words")).to_have_value("A reason of some length.")
    record(check(again))
    assert [d.why for d in made_on(store, "1.7")] == ["A reason of some length."]


def test_who_signs_out_elsewhere_can_record_no_more_after_a_reload(
    deciding: Reader, store: Path
) -> None:
    page = form(deciding("trace?item=1.8"))
    page.context.clear_cookies()
    page.reload()
    settled(page)
    assert page.get_by_text("Record a decision").count() == 0
    assert page.get_by_role("button", name="Sign in to decide").count() == 1


# Several at once


def test_several_are_signed_off_with_one_form(deciding: Reader, store: Path) -> None:
    page = deciding("checklist?to=business-as-usual")
    for provision in ("1.3", "1.4"):
        page.get_by_text(re.compile(rf"^Sign off {re.escape(provision)}: absorbed into")).click()
    page.locator("[data-testid=stRadio]").first.get_by_text("Agree", exact=True).click()
    check(page)
    main = page.locator("[data-testid=stMain]")
    expect(main).to_contain_text(
        "1.3: absorbed into business as usual (1.3-r1): recommended becomes agreed."
    )
    record(page)
    expect(page.locator("#deciding-done")).to_contain_text("Recorded: 2 decisions.")
    assert [len(made_on(store, provision)) for provision in ("1.3", "1.4", "1.5")] == [1, 1, 0]
    expect(page.locator("[data-testid=stCheckbox] input:checked")).to_have_count(0)


def test_a_sheet_comes_back_is_looked_at_and_recorded(
    deciding: Reader, store: Path, tmp_path: Path
) -> None:
    page = deciding("checklist?to=vcse-strategy")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the sheet for VCSE Strategy").click()
    item = "terminology-r1/refers/vcse-strategy"
    sheet = filled(
        Path(started.value.path()).read_bytes(),
        {item: {Heading.DECISION: "agree", Heading.WHY: MARKED_UP}},
    )
    back = tmp_path / "back.xlsx"
    back.write_bytes(sheet)
    page.locator("input[type=file]").set_input_files(back)
    expect(page.get_by_text("This can be recorded.")).to_be_visible()
    expect(page.locator("#sheet-preview")).to_contain_text(MARKED_UP)
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Record 1 decision").click()
    expect(page.locator("#deciding-done")).to_be_focused()
    assert [d.why for d in made_on(store, "terminology")] == [MARKED_UP]


# Harm


def test_markup_in_every_field_shows_as_its_characters(
    deciding: Reader, explorer: Explorer, store: Path
) -> None:
    address, *_ = explorer
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page = deciding("trace?item=theme-1")
    page.on("dialog", answer)
    agreed = Body(Kind.AGREE, ("Ann Lee",), "2026-10-05", item="theme-1-r1/stays/new-compact")
    Desk(store, ONTOLOGY, "bristol").record([agreed], "os:minutes")
    page.reload()
    settled(page)
    choose(form(page), "Mark as applied")
    page.get_by_role("textbox", name="Where it stands now").fill(f"{MARKED_UP} place")
    page.get_by_label("Who decided, one name on each line").fill(f"{MARKED_UP} name")
    page.get_by_label("Reason, in words").fill(f"{MARKED_UP} reason")
    pick(page, "On whose behalf", "Another body, named beside")
    page.get_by_label("The name of that body").fill(f"{MARKED_UP} body")
    fields = ("place", "name", "reason", "body")
    check(page)
    for field in fields:
        assert f"{MARKED_UP} {field}" in words(page)
    record(page)
    for path in (
        "trace?item=theme-1",
        "checklist?to=new-compact",
        "decisions?provision=theme-1",
    ):
        page.goto(f"{address}/{path}")
        settled(page)
        shown = words(page)
        for field in fields:
            assert f"{MARKED_UP} {field}" in shown, (path, field)
    page.goto(f"{address}/trace?item=theme-1")
    settled(page)
    choose(form(page), "Note")
    field = page.get_by_role("combobox", name="Decisions that the note takes back")
    field.click()
    field.press_sequentially("d")
    option = page.get_by_role("option", name=re.compile("Mark as applied"))
    expect(option).to_contain_text(f"{MARKED_UP} name")
    page.keyboard.press("Escape")
    choose(page, "Reject")
    expect(page.get_by_role("alert").filter(has_text="stand against")).to_contain_text(MARKED_UP)
    assert asked == []
    harm = "main img[src=x], .stMain img[src=x], .stMain a[href^='javascript:'], .stMain .katex"
    assert page.locator(harm).count() == 0


# For everybody


def at_every_size(page: Page, problems: list[str], state: str) -> None:
    """Put a page under axe as it is, and in the dark on a small phone; then make it as it was."""
    problems += [f"{state}: {each}" for each in found_by_axe(page)]
    page.set_viewport_size({"width": 320, "height": 640})
    in_colours(page, "dark")
    found = found_by_axe(page)
    problems += [f"{state}, small and dark: {each}" for each in found]
    if (wide := page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")) > 320:
        problems.append(f"{state}: {wide} pixels wide")
    page.set_viewport_size({"width": 1280, "height": 900})
    in_colours(page, "light")


def test_axe_finds_nothing_in_any_state_of_the_form(deciding: Reader, store: Path) -> None:
    rejected = Body(Kind.REJECT, ("Bo Okafor",), "2026-10-05", item="3.11-r1/absorbed/business-as-usual")
    Desk(store, ONTOLOGY, "bristol").record([rejected], "os:minutes")
    problems: list[str] = []
    page = choose(form(deciding("trace?item=3.11")), "Amend")
    at_every_size(page, problems, "an amendment, in conflict")
    page.get_by_role("button", name="Check what will be recorded").click()
    expect(page.locator("#deciding-problems")).to_be_focused()
    at_every_size(page, problems, "errors")
    choose(page, "Agree")
    expect(page.get_by_label("What is decided instead")).to_have_count(0)
    page.get_by_text("It is superseded").click()
    check(page)
    at_every_size(page, problems, "the check")
    record(page)
    at_every_size(page, problems, "what was recorded")
    assert problems == []


def test_axe_finds_nothing_where_several_are_ticked(deciding: Reader, store: Path) -> None:
    problems: list[str] = []
    page = deciding("checklist?to=vcse-strategy")
    page.get_by_text("All in this group: Refers to it").click()
    expect(page.locator("[data-testid=stCheckbox] input:checked").nth(2)).to_be_attached()
    page.locator("[data-testid=stRadio]").first.get_by_text("Mark as applied", exact=True).click()
    page.get_by_role("button", name="Check what will be recorded").click()
    expect(page.locator("#deciding-problems")).to_be_focused()
    at_every_size(page, problems, "ticked, with errors")
    data = sheet_out(Desk(store, ONTOLOGY, "bristol"), "vcse-strategy")
    rows = {
        "our-commitments-r3/refers/vcse-strategy": {Heading.DECISION: "agree"},
        "1.11-r1/moves/vcse-strategy": {Heading.DECISION: "perhaps", Heading.PLACE: "Nowhere"},
    }
    page.locator("input[type=file]").set_input_files(
        {"name": "back.xlsx", "mimeType": "application/octet-stream", "buffer": filled(data, rows)}
    )
    expect(page.get_by_text("Nothing of this can be recorded yet.")).to_be_visible()
    at_every_size(page, problems, "a sheet that is not understood")
    assert problems == []
