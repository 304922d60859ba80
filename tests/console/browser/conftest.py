"""A browser before the running Console, and a provider with customers in every state to look at."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright
from pytest_django import Settings

from mailroll.settings import CloudName
from tests.console.browser import components
from tests.console.browser.apart import apart
from tests.console.browser.serving import served
from tests.console.browser.stage import Stage, build
from tests.console.browser.watching import Complaints
from tests.sync.conftest import customer, simulator, tenant
from tests.sync.world import PERMISSIONS, Customer

DESKTOP = ViewportSize(width=1440, height=900)
PATIENCE = 120_000
"""Milliseconds, for a machine that is busy with others."""

__all__ = ["customer", "simulator", "tenant"]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; started once for the tests of this folder.

    Not for the session: as long as it is open its event loop runs in this thread, and no run of a domain can be made.
    """
    with opened_browser() as opened:
        yield opened


@contextmanager
def opened_browser(*options: str) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, and Django takes that for code that must not block.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=_executable(), args=options)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _executable() -> str | None:
    """Debian's shell without windows, else its whole Chromium, at half as much again; else Playwright's shell."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture
def console(transactional_db: None) -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture
def stage(customer: Customer, console: str, settings: Settings, tmp_path: Path) -> Stage:
    settings.ROOT_URLCONF = components.__name__
    app = customer.simulator.register_app(
        display_name="Mailroll", permissions=PERMISSIONS, redirect_uris=(f"{console}/connect/callback/",)
    )
    secret = tmp_path / "secret"
    secret.write_text(app.add_secret())
    settings.MAILROLL = replace(
        settings.MAILROLL,
        url=console,
        custom_pages_url=customer.simulator.front_url,
        m365_client_id=app.client_id,
        m365_secret_file=secret,
        m365_cloud=CloudName.CUSTOM,
    )
    # Pages know no other clock than the real one; some hours back, for what happens on the stage takes them.
    customer.time.at = datetime.now(UTC) - timedelta(hours=3)
    return apart(lambda: build(customer, console))


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    kept = Complaints()
    yield kept
    assert kept.heard == []


@pytest.fixture
def context(browser: Browser, stage: Stage, complaints: Complaints) -> Iterator[BrowserContext]:
    """A browser in which the owner is signed in."""
    made = browser.new_context(base_url=stage.url, viewport=DESKTOP, locale="en-GB")
    made.set_default_timeout(PATIENCE)
    made.add_cookies([stage.cookie("owner")])
    complaints.listen(made)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
