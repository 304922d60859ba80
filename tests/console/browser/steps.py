"""What people do in the Console on their way from the first link to the first sync, for every test that goes it."""

import re
import time
from base64 import b32decode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect


def introduce(page: Page, password: str, again: str) -> None:
    """Fill the form of the first run."""
    page.get_by_label("Name", exact=True).fill("Priya Raman")
    page.get_by_label("E-mail").fill("priya@northgate.example")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Password again").fill(again)
    page.get_by_label("Name of the organization").fill("Northgate IT")
    page.get_by_role("button", name="Create and go on").click()


def set_up_app(page: Page) -> list[str]:
    """Set an authenticator app up where it is demanded; return the recovery codes."""
    page.get_by_role("link", name="Set up").click()
    key = page.locator("#totp-key").inner_text()
    page.get_by_label("Code").fill(_code(key))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return page.locator(".code pre").inner_text().split()


def _code(key: str) -> str:
    return TOTP(b32decode(key), 6, SHA1(), 30, enforce_key_length=False).generate(int(time.time())).decode()  # noqa: S303 - RFC 6238


def add_first_domain(page: Page, name: str) -> None:
    page.get_by_role("link", name="Add the first domain").click()
    page.get_by_label("Domain").fill(name)
    page.get_by_role("button", name="Add domain").click()
    expect(page.get_by_text(f"{name} was added.")).to_be_visible()


def sign_in(page: Page, password: str) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill("priya@northgate.example")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Continue").click()


def choose_office_365(page: Page) -> None:
    """From the tab User Sync to the page of a new source."""
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_role("button", name="Choose Office 365").click()


def sign_in_at_microsoft(page: Page, account: str, password: str) -> None:
    page.locator("input[name=other_account]").fill(account)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()


def accept(page: Page) -> None:
    """Consent as an administrator."""
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Connected to Office 365").first).to_be_visible()


def back_to_user_sync(page: Page, domain: str) -> None:
    page.get_by_role("link", name=f"User Sync of {domain}").first.click()


def preview(page: Page) -> None:
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("^Sync & Save"))).to_be_visible()


def switch_on(page: Page) -> None:
    """Have the domain sync by itself."""
    slider = page.get_by_role("switch", name="Enable Automatic User Sync")
    slider.click()
    expect(page.get_by_text("On.", exact=False).first).to_be_visible()
    page.reload()
    expect(slider).to_be_checked()


def sync(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Sync & Save")).click()
