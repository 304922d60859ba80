"""Users in a browser: found while one types, added, changed and removed by hand, with script and without."""

import re

from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.console.browser.stage import Stage
from tests.console.browser.watching import Complaints

BOX = "Search users by name, address or alias"


def _users(stage: Stage) -> str:
    return reverse("console:users", args=[stage.customer.domain.name])


def test_users_are_found_with_script_and_without_and_added_pinned_and_removed_by_hand(
    browser: Browser, page: Page, stage: Stage, complaints: Complaints
) -> None:
    _the_list_narrows_while_one_types_and_the_box_keeps_the_focus(page, stage)
    _a_search_works_without_script(browser, stage)
    complaints.expected = ("the server responded with a status of 422",)
    _a_user_is_added_pinned_and_removed_by_hand(page, stage)


def _the_list_narrows_while_one_types_and_the_box_keeps_the_focus(page: Page, stage: Stage) -> None:
    page.goto(_users(stage))
    box = page.get_by_role("searchbox", name=BOX)
    box.fill("door.ph")  # at once: what is typed slowly is searched for in between
    expect(page.get_by_role("link", name="Person 0")).to_have_count(0)
    expect(page.get_by_role("link", name="Fax and door phone")).to_be_visible()
    expect(page.get_by_role("link", name="In the list 1")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("door.ph")
    expect(page).to_have_url(re.compile(r"\?q=door\.ph$"))
    page.get_by_role("link", name="Retired 0").click()
    expect(page.get_by_text("No user matches ‘door.ph’.")).to_be_visible()  # noqa: RUF001 - the page's own words


def _a_user_is_added_pinned_and_removed_by_hand(page: Page, stage: Stage) -> None:
    page.goto(_users(stage))
    page.get_by_role("link", name="Add by hand").click()
    page.get_by_label("Address", exact=True).fill("bob")
    page.get_by_role("button", name="Add user").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Address", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Address", exact=True).fill("bob@brightwater.example")
    page.get_by_label("Aliases").fill("robert@brightwater.example")
    page.get_by_role("button", name="Add user").click()
    expect(page.get_by_role("heading", name="bob@brightwater.example")).to_be_visible()
    page.get_by_role("button", name="Pin").click()
    expect(page.locator(".messages")).to_contain_text("Pinned bob@brightwater.example: a sync never removes it.")
    expect(page.get_by_role("button", name="Unpin")).to_be_focused()
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_text("and 1 alias is refused at once")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".messages")).to_contain_text("bob@brightwater.example was removed.")


def _a_search_works_without_script(browser: Browser, stage: Stage) -> None:
    context = browser.new_context(base_url=stage.url, java_script_enabled=False)
    context.add_cookies([stage.cookie("viewer")])
    page = context.new_page()
    page.goto(_users(stage))
    page.get_by_role("searchbox", name=BOX).fill("p7@")
    page.get_by_role("searchbox", name=BOX).press("Enter")
    expect(page.get_by_role("link", name="Person 7")).to_be_visible()
    expect(page.get_by_role("link", name="Person 0")).to_have_count(0)
    expect(page.get_by_role("link", name="Add by hand")).to_have_count(0)
    context.close()
