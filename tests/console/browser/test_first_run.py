"""The first run in a browser: from the printed link to the first domain, the second factor between them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from mailroll.accounts.first_run import LINK
from mailroll.settings import Demand
from tests.console.browser import axe, steps
from tests.console.browser.apart import apart
from tests.console.browser.conftest import DESKTOP
from tests.console.browser.looks import findings
from tests.console.browser.test_pages import NOT_OK
from tests.console.browser.watching import Complaints
from tests.console.people import PASSWORD


@pytest.fixture
def page(browser: Browser, console: str, complaints: Complaints, settings: Settings) -> Iterator[Page]:
    """A browser before a Console that has nobody."""
    settings.MAILROLL = replace(settings.MAILROLL, url=console, second_factor=Demand.TECHNICIANS)
    complaints.expected = (*NOT_OK, "the server responded with a status of 422")
    context = browser.new_context(base_url=console, viewport=DESKTOP, locale="en-GB", reduced_motion="reduce")
    axe.carry(context)
    complaints.listen(context)
    yield context.new_page()
    context.close()
    LINK.end()


def test_from_the_link_to_the_first_domain(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("Nobody has an account here yet.")).to_be_visible()
    found = findings(page, "14-first-run-sign-in")
    offered = apart(LINK.offer)
    assert offered is not None
    link = reverse("console:start-link", args=(offered[0],))
    page.goto(link)
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    found += findings(page, "14-first-run")
    steps.introduce(page, "northgate", PASSWORD)
    expect(page.get_by_text("This is not the same password.")).to_be_visible()
    found += findings(page, "14-first-run-faults")
    steps.introduce(page, PASSWORD, PASSWORD)
    expect(page.get_by_text("A role of yours asks for a second factor.")).to_be_visible()
    steps.set_up_app(page)
    found += findings(page, "14-first-run-codes")
    steps.add_first_domain(page, "northgate.example")
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    found += findings(page, "14-first-run-ended")
    assert not found, "\n".join(found)
