"""The User Sync tab and runs as a person uses them: with script, by keyboard, and without script."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mailroll.connections import sources
from mailroll.insight import run_queries
from mailroll.sync.models import Trigger
from mailroll.sync.runs import ask
from mailroll.sync.schedules import schedule
from tests.console.browser import axe
from tests.console.browser.apart import apart
from tests.console.browser.looks import findings_in_both_themes
from tests.console.browser.stage import Stage, answer
from tests.console.browser.watching import Complaints
from tests.console.people import PASSWORD

NOT_SAVED = "the server responded with a status of 422"


@pytest.fixture
def tab(stage: Stage) -> str:
    return reverse("console:user-sync", args=[stage.customer.domain.name])


def _asked(look: Callable[[], object]) -> object:
    return apart(look)


def test_the_live_page_turns_into_the_preview_by_itself(page: Page, stage: Stage, tab: str) -> None:
    page.goto(tab)
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Preview running")
    expect(page.get_by_text("Apply, all or nothing")).to_have_count(0)
    address = page.url
    answer()
    expect(page.locator(".ledger")).to_be_visible()
    assert page.url == address
    expect(page.get_by_role("button", name="Sync & Save")).to_be_visible()


def test_a_search_the_slider_and_arrows_keep_the_focus_and_take_effect_at_once(
    page: Page, stage: Stage, tab: str
) -> None:
    _a_search_keeps_the_focus_and_is_in_the_address(page, stage)
    _the_slider_takes_effect_at_once_and_the_keyboard_moves_it(page, stage)
    _an_arrow_keeps_the_focus_on_the_source_it_moved(page, stage, tab)


def _a_search_keeps_the_focus_and_is_in_the_address(page: Page, stage: Stage) -> None:
    page.goto(reverse("console:run", args=[stage.customer.domain.name, stage.held.id]))
    box = page.get_by_role("searchbox", name="Search these changes by name or address")
    rows = page.locator("table.plan tbody tr:not(.grouphead)")
    expect(rows).to_have_count(5)
    box.fill("p1@")  # at once: what is typed slowly is searched for in between, and can be gone back to
    expect(rows).to_have_count(1)
    expect(box).to_be_focused()
    page.wait_for_url("**q=p1%40**")
    page.go_back()
    expect(rows).to_have_count(5)


def _the_slider_takes_effect_at_once_and_the_keyboard_moves_it(page: Page, stage: Stage) -> None:
    page.goto(reverse("console:run", args=[stage.customer.domain.name, stage.preview.id]))
    page.get_by_role("link", name=f"User Sync of {stage.customer.domain.name}").click()
    slider = page.get_by_role("switch", name="Enable Automatic User Sync")
    expect(slider).not_to_be_checked()
    slider.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("On.", exact=True)).to_be_visible()
    expect(page.get_by_role("switch", name="Enable Automatic User Sync")).to_be_checked()
    assert _asked(lambda: schedule.view(stage.customer.domain, stage.customer.time()).automatic)
    page.get_by_label("Run every").select_option("15 minutes")
    expect(page.get_by_text("Saved. Next run at")).to_be_visible()


def _an_arrow_keeps_the_focus_on_the_source_it_moved(page: Page, stage: Stage, tab: str) -> None:
    def second() -> None:
        made = sources.add(stage.customer.domain, stage.customer.connection, stage.customer.acting)
        sources.rename(sources.find(stage.customer.domain, made.owner_id), "Clinicians", stage.customer.acting)

    apart(second)
    page.goto(tab)
    page.get_by_role("button", name="Move Clinicians up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Clinicians is now number 1 of 2.")).to_be_visible()
    expect(page.get_by_role("button", name="Move Clinicians down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move Clinicians up")).to_be_focused()


def test_a_release_is_refused_with_all_faults_and_then_takes_effect(
    page: Page, stage: Stage, complaints: Complaints
) -> None:
    complaints.expected = (NOT_SAVED,)
    page.goto(reverse("console:run", args=[stage.customer.domain.name, stage.held.id]))
    page.get_by_role("button", name="Release 5 removals").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Type the number of removals: 5.").click()
    expect(page.get_by_label("Type the number of removals: 5")).to_be_focused()
    page.keyboard.type("5")
    page.get_by_label("Reason").fill("The customer agreed")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Release 5 removals").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Release waiting")
    expect(page.get_by_text("No worker runs at the moment.")).to_be_visible()
    answer()
    expect(page.get_by_text("Released by you:")).to_be_visible()
    assert _asked(lambda: run_queries.board(stage.customer.domain, datetime.now(UTC), 1).held) is None


def test_all_of_it_works_without_script(browser: Browser, stage: Stage, tab: str) -> None:
    context = browser.new_context(base_url=stage.url, java_script_enabled=False)
    context.add_cookies([stage.cookie("owner")])
    page = context.new_page()
    page.goto(tab)
    page.get_by_role("link", name="Open the preview").click()
    page.get_by_role("searchbox", name="Search these changes by name or address").fill("a.osei")
    page.keyboard.press("Enter")
    expect(page.locator("table.plan tbody tr:not(.grouphead)")).to_have_count(1)
    page.goto(tab)
    page.get_by_role("switch", name="Enable Automatic User Sync").check()
    page.get_by_role("button", name="Save the switch").click()
    expect(page.get_by_text("On.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Preview running")
    answer()
    # The page loads itself anew.
    expect(page.locator(".ledger")).to_be_visible()
    page.get_by_role("button", name="Sync & Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sync waiting")
    answer()
    expect(page.get_by_text("Applied", exact=True).first).to_be_visible()
    context.close()


def test_axe_finds_nothing_on_the_pages_in_between(
    context: BrowserContext, page: Page, stage: Stage, complaints: Complaints
) -> None:
    complaints.expected = (NOT_SAVED,)
    name = stage.customer.domain.name
    waiting = _asked(lambda: ask.for_run(stage.customer.domain, Trigger.PREVIEW, stage.customer.acting))
    addresses = {
        "06-waiting": reverse("console:run", args=[name, waiting]),
        "06-skipped": reverse("console:run", args=[name, stage.preview.id]) + "?action=skipped",
        "06-no-hit": reverse("console:run", args=[name, stage.preview.id]) + "?q=nobody",
        "08b-previews": reverse("console:runs", args=[name]) + "?unfold=on&show=previews",
        "05e-remove": reverse("console:source-remove", args=[name, stage.customer.source.owner_id]),
    }
    axe.carry(context)
    page.emulate_media(reduced_motion="reduce")
    found = []
    for picture, address in addresses.items():
        page.goto(address)
        found += findings_in_both_themes(page, picture)
    page.goto(reverse("console:run", args=[name, stage.held.id]))
    page.get_by_role("button", name="Release 5 removals").click()
    page.get_by_role("alert").wait_for()
    found += findings_in_both_themes(page, "07-refused")
    assert found == []
