"""Connecting in a browser: the click, Microsoft's pages, the wait, and the way back; and an account that may not."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings as console_settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from mailroll_simulator.objects import Role
from simulator.tests.entrance import PASSWORD
from tests.console.browser.stage import Stage
from tests.console.people import PASSWORD as OPERATORS


@pytest.fixture
def accounts(stage: Stage) -> tuple[str, str]:
    """Give the tenant the domain of the source that waits, an administrator and somebody who is none."""
    tenant = stage.customer.tenant
    tenant.add_domain(stage.connecting.domain.name)
    tenant.add_user("Ben Second", local="ben", domain=stage.connecting.domain.name)
    admin = tenant.add_user("Ada Admin", local="ada", roles=(Role.GLOBAL_ADMINISTRATOR,))
    clerk = tenant.add_user("Carl Clerk", local="carl")
    return admin.upn, clerk.upn


def editor(stage: Stage) -> str:
    return reverse("console:source", args=[stage.connecting.domain.name, stage.connecting.owner_id])


def sign_in(page: Page, account: str) -> None:
    page.get_by_label("Another account").or_(page.locator("input[name=other_account]")).first.fill(account)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def connected(page: Page, stage: Stage, account: str, link: str = "Connect Office 365") -> None:
    """Go all the way, waiting while consent spreads."""
    stage.customer.simulator.login.consent_delay = 2.0
    page.get_by_role("link", name=link, exact=True).click()
    sign_in(page, account)
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".note.is-ok")).to_contain_text("Connected to Office 365.")


def test_who_may_not_is_told_why_and_an_administrator_comes_back_to_the_source(
    context: BrowserContext, page: Page, stage: Stage, accounts: tuple[str, str]
) -> None:
    for script in (True, False):
        _who_confirms_on_the_way_gets_to_microsoft(context, stage, script=script)
    _a_customer_whose_tenant_is_connected_is_told_so(context, stage, accounts[0])
    _an_ordinary_account_is_told_why_not(page, stage, accounts[1])
    connected(page, stage, accounts[0], "Try again with another account")
    assert urlsplit(page.url).path == editor(stage)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Connected to Office 365")
    page.get_by_role("link", name=f"User Sync of {stage.connecting.domain.name}").click()
    expect(page).to_have_url(f"{stage.url}{reverse('console:user-sync', args=[stage.connecting.domain.name])}")


def _who_confirms_on_the_way_gets_to_microsoft(context: BrowserContext, stage: Stage, *, script: bool) -> None:
    """The form that confirms may not lead to another host: the browser would stop there without a word."""
    assert context.browser is not None
    fresh = context.browser.new_context(base_url=stage.url, java_script_enabled=script)
    fresh.add_cookies([stage.cookie("owner", confirmed=False)])
    page = fresh.new_page()
    page.goto(editor(stage))
    page.get_by_role("link", name="Connect Office 365", exact=True).click()
    page.get_by_label("Password").fill(OPERATORS)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("input[name=other_account]")).to_be_visible()
    fresh.close()


def test_it_works_without_script(context: BrowserContext, stage: Stage, accounts: tuple[str, str]) -> None:
    assert context.browser is not None
    plain = context.browser.new_context(base_url=stage.url, java_script_enabled=False)
    plain.add_cookies([stage.cookie("owner")])
    page = plain.new_page()
    page.goto(editor(stage))
    connected(page, stage, accounts[0])
    plain.close()


def _an_ordinary_account_is_told_why_not(page: Page, stage: Stage, account: str) -> None:
    page.goto(editor(stage))
    page.get_by_role("link", name="Connect Office 365", exact=True).click()
    sign_in(page, account)
    expect(page.get_by_role("alert")).to_contain_text("Not connected: this account may not give consent")
    expect(page.get_by_role("alert")).to_be_focused()


def test_another_name_of_the_console_is_left_and_come_back_to(
    context: BrowserContext, page: Page, stage: Stage, accounts: tuple[str, str], settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    brand = stage.url.replace("localhost", "127.0.0.1")
    cookie = stage.cookie("owner")
    context.clear_cookies()
    context.add_cookies([{"name": console_settings.SESSION_COOKIE_NAME, "value": cookie["value"], "url": brand}])
    page.goto(f"{brand}{editor(stage)}")
    expect(page.get_by_text("You will pass through localhost")).to_be_visible()
    connected(page, stage, accounts[0])
    assert page.url == f"{brand}{editor(stage)}"


def _a_customer_whose_tenant_is_connected_is_told_so(context: BrowserContext, stage: Stage, account: str) -> None:
    assert context.browser is not None
    stranger = context.browser.new_context(base_url=stage.url)
    page = stranger.new_page()
    page.goto(urlsplit(stage.link).path)
    page.get_by_role("link", name="Go to Microsoft and sign in").click()
    # The tenant is another organization's already, and whoever follows a link may not link it to two.
    sign_in(page, account)
    expect(page.get_by_role("alert")).to_contain_text("connected already, in another organization")
    stranger.close()
