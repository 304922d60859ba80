"""The editor of filters as a person uses it: by keyboard, with completion, on a phone, and without script."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect

from mailroll.connections import filters
from mailroll.connections.models import Source
from mailroll.sync.samples import intake, view
from mailroll.sync.schedules import schedule
from tests.console.browser import axe
from tests.console.browser.apart import apart
from tests.console.browser.looks import WIDTHS, findings_in_both_themes, keep
from tests.console.browser.stage import Stage
from tests.console.browser.watching import Complaints, sideways

NOT_SAVED = "the server responded with a status of 422"


@pytest.fixture
def editor(stage: Stage) -> str:
    return reverse("console:source-filters", args=[stage.customer.domain.name, stage.customer.source.owner_id])


_LISTEN = """() => { window.written = new Promise((done) =>
  document.addEventListener("htmx:confirm", (event) => { if (event.target.id === "filter") done(true); })); }"""
"""Keep the moment at which htmx is about to ask for what is written."""


def kept(stage: Stage) -> Any:
    return apart(lambda: Source.objects.get(owner=stage.customer.source.owner_id).filter)


def test_a_rule_is_written_by_keyboard_alone(page: Page, stage: Stage, editor: str, complaints: Complaints) -> None:
    complaints.expected = (NOT_SAVED,)
    page.goto(editor)
    page.get_by_role("button", name="Add rule").press("Enter")
    field = page.get_by_role("combobox", name="Field of rule 1")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("role", "combobox")
    field.press_sequentially("disp")
    offers = page.get_by_role("listbox", name="Fields")
    expect(offers.get_by_role("option").first).to_contain_text("displayName")
    page.keyboard.press("Escape")
    expect(offers).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    keep(page, "05b-completion")
    page.keyboard.press("Enter")
    expect(field).to_have_value("displayName")
    expect(field).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Comparison of rule 1")).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.press("Tab")
    page.keyboard.type("(")
    page.get_by_role("button", name="Save filters").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    value = page.get_by_role("combobox", name="Value of rule 1")
    expect(value).to_have_attribute("aria-invalid", "true")
    keep(page, "05b-faults")
    page.get_by_role("link", name="This is not a regular expression").press("Enter")
    expect(value).to_be_focused()
    value.fill("^Person 1")
    page.get_by_role("button", name="Save filters").press("Enter")
    expect(page.get_by_text("Saved. Automatic sync removes nobody")).to_be_visible()
    assert kept(stage) == {"all": [{"field": "displayName", "operator": "matches", "value": "^Person 1"}]}
    page.get_by_role("link", name=f"User Sync of {stage.customer.domain.name}").click()
    expect(page.get_by_role("link", name="displayName matches “^Person 1”")).to_be_visible()


def test_the_count_follows_what_is_written(page: Page, stage: Stage, editor: str) -> None:
    _what_is_written_waits_for_what_the_page_asks_by_itself(page, editor)
    page.goto(editor)
    aside = page.get_by_role("complementary", name="Now matching")
    expect(aside.get_by_text("Microsoft 365 has to be read once to count.")).to_be_visible()
    apart(lambda: intake.take(stage.customer.connection.id, datetime.now(UTC)))
    # The page goes on by itself.
    expect(aside.get_by_text("9 of 9 match")).to_be_visible()
    page.get_by_role("button", name="Add rule").click()
    field = page.get_by_role("combobox", name="Field of rule 1")
    # The script of the page has come to it: before, Enter would send the form.
    expect(field).to_have_attribute("role", "combobox")
    field.press_sequentially("displ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Amara Osei")
    expect(aside.get_by_text("1 of 9 match")).to_be_visible()
    expect(page.locator("#tally-1")).to_have_text("1 yes, 8 no")
    expect(aside.get_by_text("displayName is not “Amara Osei”")).to_be_visible()
    expect(page.get_by_text("8 more would be left out than by the saved filter.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Value of rule 1")).to_be_focused()
    keep(page, "05b-counted")
    page.get_by_role("combobox", name="Value of rule 1").fill("nobody at all")
    expect(page.get_by_text("Nobody matches.")).to_be_visible()
    _what_is_not_saved_is_not_left_without_a_word(page)


def _what_is_written_waits_for_what_the_page_asks_by_itself(page: Page, editor: str) -> None:
    page.goto(editor)
    page.get_by_role("button", name="Add rule").click()
    field = page.get_by_role("combobox", name="Field of rule 1")
    expect(field).to_be_visible()
    sent: list[Route] = []

    def hold_the_first(route: Route) -> None:
        sent.append(route)
        if len(sent) > 1:
            route.continue_()

    page.route("**/count/", hold_the_first)
    with page.expect_request("**/count/"):
        page.evaluate(_LISTEN)
    field.fill("displayName")
    page.evaluate("() => window.written")
    assert not page.evaluate("() => document.getElementById('filter').matches('.htmx-request')")
    [asked_by_itself] = sent
    with page.expect_request("**/count/"), page.expect_response("**/count/"):
        asked_by_itself.continue_()


def _what_is_not_saved_is_not_left_without_a_word(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Destination").click()
    expect(page.get_by_label("Value of rule 1")).to_have_value("nobody at all")
    assert asked == ["beforeunload"]
    page.remove_listener("dialog", stay)


def test_the_editor_works_without_script(browser: Browser, stage: Stage, editor: str) -> None:
    context = browser.new_context(base_url=stage.url, java_script_enabled=False)
    context.add_cookies([stage.cookie("owner")])
    page = context.new_page()
    page.goto(editor)
    page.get_by_role("button", name="Add rule").click()
    page.get_by_label("Field of rule 1").fill("accountEnabled")
    page.get_by_role("button", name="Add group", exact=True).click()
    page.get_by_label("Value of rule 1").fill("true")
    page.get_by_label("Field of rule 2").fill("mail")
    page.get_by_label("Value of rule 2").fill("x")
    page.get_by_label("Comparison of rule 2").select_option("contains")
    page.get_by_role("button", name="Remove rule 1").click()
    expect(page.get_by_label("Field of rule 1")).to_have_value("mail")
    page.get_by_role("button", name="Save filters").click()
    expect(page.get_by_text("Saved. Automatic sync removes nobody")).to_be_visible()
    assert kept(stage) == {"any": [{"field": "mail", "operator": "contains", "value": "x"}]}
    context.close()


NESTED = {
    "all": [
        {"field": "companyName", "operator": "does not contain", "value": "Locum Agency"},
        {"field": "accountEnabled", "operator": "is", "value": True},
        {
            "any": [
                {"field": "memberOf", "operator": "is one of", "value": ["All Brightwater", "Clinicians of the coast"]},
                {"field": "displayName", "operator": "matches", "value": "^(test|tmp)"},
                {"all": [{"field": "mail", "operator": "is set"}]},
            ]
        },
    ]
}


@pytest.fixture
def written(stage: Stage) -> None:
    """A filter with a group in a group, counted."""

    def save() -> None:
        source = stage.customer.source
        schedule.save_filter(source, filters.check(source, NESTED), stage.customer.acting)
        view.ask_for(stage.customer.connection.id, frozenset(), datetime.now(UTC))
        intake.take(stage.customer.connection.id, datetime.now(UTC))

    apart(save)


def test_axe_finds_nothing_in_the_editor_whatever_it_shows(
    page: Page, editor: str, written: None, complaints: Complaints
) -> None:
    complaints.expected = (NOT_SAVED,)
    axe.carry(page.context)
    page.emulate_media(reduced_motion="reduce")
    page.goto(editor)
    expect(page.get_by_role("complementary").get_by_text("9 of 9 match")).to_be_visible()
    found = findings_in_both_themes(page, "05b-nested")
    page.get_by_role("combobox", name="Field of rule 1").press("ArrowDown")
    page.get_by_role("combobox", name="Field of rule 1").fill("a")
    page.keyboard.press("ArrowDown")
    found += findings_in_both_themes(page, "05b-offers")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save filters").click()
    page.get_by_role("alert").wait_for()
    page.get_by_text("Import a filter").click()
    found += findings_in_both_themes(page, "05b-refused")
    assert found == []


def test_the_editor_fits_on_a_phone_and_its_count_stays_in_sight(page: Page, editor: str, written: None) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(editor)
        assert sideways(page) == 0
        expect(page.locator("#count-bar")).to_contain_text("of 9 match")
        expect(page.locator("#count-bar")).to_be_in_viewport()
        expect(page.get_by_role("button", name="Save filters")).to_be_in_viewport()
        keep(page, f"05b-nested-{width}")
        page.get_by_role("combobox", name="Field of rule 2").fill("a")
        assert sideways(page) == 0
