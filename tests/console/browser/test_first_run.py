"""The first run in a browser: from the printed link to the first domain, the second factor between them."""

import time
from base64 import b32decode
from collections.abc import Iterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from mailroll.accounts.first_run import LINK
from mailroll.settings import Demand
from tests.console.browser import axe
from tests.console.browser.apart import apart
from tests.console.browser.conftest import DESKTOP
from tests.console.browser.test_pages import LOOKS, NOT_OK, WIDTHS, keep
from tests.console.browser.watching import Complaints, sideways
from tests.console.people import PASSWORD


@pytest.fixture
def page(browser: Browser, console: str, complaints: Complaints, settings: Settings) -> Iterator[Page]:
    """A browser before a Console that has nobody."""
    settings.MAILROLL = replace(settings.MAILROLL, url=console, second_factor=Demand.TECHNICIANS)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
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
    found = _looked_at(page, "14-first-run-sign-in")
    offered = apart(LINK.offer)
    assert offered is not None
    link = reverse("console:start-link", args=(offered[0],))
    page.goto(link)
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    found += _looked_at(page, "14-first-run")
    page.get_by_label("Name", exact=True).fill("Priya Raman")
    page.get_by_label("E-mail").fill("priya@northgate.example")
    page.get_by_label("Password", exact=True).fill("northgate")
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_label("Name of the organization").fill("Northgate IT")
    page.get_by_role("button", name="Create and go on").click()
    expect(page.get_by_text("This is not the same password.")).to_be_visible()
    found += _looked_at(page, "14-first-run-faults")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Create and go on").click()
    expect(page.get_by_text("A role of yours asks for a second factor.")).to_be_visible()
    page.get_by_role("link", name="Set up").click()
    key = page.locator("#totp-key").inner_text()
    page.get_by_label("Code").fill(_code(key))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    found += _looked_at(page, "14-first-run-codes")
    page.get_by_role("link", name="Add the first domain").click()
    page.get_by_label("Domain").fill("northgate.example")
    page.get_by_role("button", name="Add domain").click()
    expect(page.get_by_text("northgate.example was added.")).to_be_visible()
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    found += _looked_at(page, "14-first-run-ended")
    assert not found, "\n".join(found)


def _code(key: str) -> str:
    return TOTP(b32decode(key), 6, SHA1(), 30, enforce_key_length=False).generate(int(time.time())).decode()  # noqa: S303 - RFC 6238


def _looked_at(page: Page, name: str) -> list[str]:
    found = []
    for theme, look in LOOKS:
        page.emulate_media(color_scheme=theme)
        keep(page, f"{name}-{theme}")
        found += [f"{name} {theme}: {finding}" for finding in look(page)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        keep(page, f"{name}-{width}")
        if beyond := sideways(page):
            found.append(f"{name}: {beyond} px too wide for {width}")
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    return found
