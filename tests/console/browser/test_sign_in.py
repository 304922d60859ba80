"""Signing in with a browser: a passkey, kept by an authenticator that the browser itself plays."""

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mailroll.audit.models import AuditEntry
from tests.console.browser import axe
from tests.console.browser.apart import apart
from tests.console.browser.stage import Stage
from tests.console.browser.watching import Complaints
from tests.console.people import PASSWORD


def _key(page: Page) -> None:
    """Plug a security key in that answers at once, for whoever holds it."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_without_script_the_password_lets_in_and_a_passkey_does_alone(
    browser: Browser, page: Page, stage: Stage, complaints: Complaints
) -> None:
    _without_script_the_password_lets_in(browser, stage, complaints)
    _a_passkey_is_added_and_lets_in_alone(page, stage)


def _a_passkey_is_added_and_lets_in_alone(page: Page, stage: Stage) -> None:
    _key(page)
    page.context.add_cookies([stage.cookie("owner", confirmed=False)])
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name").fill("Blue key")
    page.get_by_label("Let it sign me in without a password").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(reverse("mfa_list_webauthn"))
    expect(page.get_by_role("rowheader", name="Blue key")).to_be_visible()
    page.goto("/")
    page.locator("details.person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Domains", exact=True)).to_be_visible()
    told = apart(lambda: AuditEntry.objects.filter(action="operator.signed_in").latest("id").details)
    assert told == {"methods": ["webauthn"]}


def test_a_passkey_is_the_second_factor(page: Page, stage: Stage) -> None:
    axe.carry(page.context)
    _key(page)
    page.context.add_cookies([stage.cookie("owner", confirmed=False)])
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("E-mail").fill(stage.people.owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    assert axe.findings(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Domains", exact=True)).to_be_visible()


def _without_script_the_password_lets_in(browser: Browser, stage: Stage, complaints: Complaints) -> None:
    context: BrowserContext = browser.new_context(base_url=stage.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page.get_by_label("E-mail").fill(stage.people.owner.email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("E-mail or password is not right.")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Domains", exact=True)).to_be_visible()
    context.close()
