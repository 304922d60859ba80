"""Many retired users restored at once in a browser: ticked, all of a page, looked through, with axe and on a phone."""

from dataclasses import replace

from django.db import transaction
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from mailroll.directory import load, rows
from tests.console.browser import axe
from tests.console.browser.looks import findings, keep
from tests.console.browser.stage import Stage


def _retired(stage: Stage) -> str:
    """Two users retired, and the address of the list of the retired."""
    customer = stage.customer
    found = [customer.user(f"{name}@{customer.domain.name}").id for name in ("p8", "p9")]
    with transaction.atomic():
        leaving = load.users(customer.domain.id, found)
        gone = [replace(user.state, retired=True, billable=False) for user in leaving]
        writes = [
            rows.Write(user.id, user.state, after, graceful=True) for user, after in zip(leaving, gone, strict=True)
        ]
        rows.write(customer.domain.id, writes, customer.time())
    return reverse("console:users", args=[stage.customer.domain.name]) + "?state=retired"


def test_the_retired_are_restored_one_by_one_and_many_at_once(
    context: BrowserContext, page: Page, stage: Stage
) -> None:
    axe.carry(context)
    page.emulate_media(reduced_motion="reduce")
    _the_page_of_a_retired_user_says_what_a_restore_brings_back(page, stage)
    _many_are_ticked_looked_through_and_restored(page, stage)


def _many_are_ticked_looked_through_and_restored(page: Page, stage: Stage) -> None:
    page.goto(_retired(stage))
    bar = page.locator("#restoring")
    expect(bar).to_contain_text("Tick who shall come back.")
    page.get_by_role("checkbox", name="Choose Person 8").check()
    expect(bar).to_contain_text("1 chosen.")
    page.get_by_role("checkbox", name="All on this page").check()
    expect(bar).to_contain_text("2 chosen.")
    keep(page, "18-retired-chosen-light")
    bar.get_by_role("button", name="Choose none").click()
    expect(bar).to_contain_text("Tick who shall come back.")
    expect(page.get_by_role("checkbox", name="Choose Person 8")).to_be_focused()
    page.get_by_role("checkbox", name="All on this page").check()
    found = findings(page, "18-retired-chosen")
    bar.get_by_role("button", name="Restore chosen").click()
    expect(page.get_by_role("heading", name="Restore 2 users?")).to_be_visible()
    found += findings(page, "18-restore-asks")
    page.get_by_role("button", name="Restore 2").click()
    expect(page.locator(".messages")).to_contain_text("2 users are in the list again, and kept.")
    found += findings(page, "18-kept-list")
    page.get_by_role("link", name="Person 8").click()
    found += findings(page, "18-user-kept")
    page.get_by_role("button", name="Keep no longer").click()
    expect(page.locator(".messages")).to_contain_text("Person 8 is no longer kept: the next run plans to retire it")
    expect(page.get_by_role("button", name="Pin", exact=True)).to_be_focused()
    assert not found, "\n".join(found)


def _the_page_of_a_retired_user_says_what_a_restore_brings_back(page: Page, stage: Stage) -> None:
    page.goto(_retired(stage))
    page.get_by_role("link", name="Person 8").click()
    expect(page.get_by_text("no alias, group Main, not pinned")).to_be_visible()
    found = findings(page, "18-user-retired")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator(".messages")).to_contain_text("Person 8 is in the list again. Mail is accepted now.")
    assert not found, "\n".join(found)
