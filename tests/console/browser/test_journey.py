"""The eleven steps, clicked through by a newcomer: the demo as it is, its worker, and a simulated Microsoft 365."""

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cli import demonstration
from tests.cli.demonstration import Open
from tests.console.browser.watching import Complaints

ADMINISTRATOR, CLERK, PASSWORD = (
    "admin@coldharbour.onmicrosoft.com",
    "hannah.igbinedion@coldharbour.example",
    "Simulated-1",
)
DOMAIN = "coldharbour.example"


@pytest.fixture
def demo() -> Iterator[Open]:
    # Below /tmp itself: the database's account must be able to reach the folder.
    with tempfile.TemporaryDirectory(prefix="mailroll-journey-") as folder:
        Path(folder).chmod(0o755)
        with demonstration.opened(folder) as console:
            yield console


@pytest.fixture
def page(demo: Open, browser: Browser, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(base_url=demo.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(30_000)
    complaints.listen(context)
    yield context.new_page()
    context.close()


def sign_in(page: Page, demo: Open) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill("priya@northgate.example")
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Domains", level=1)).to_be_visible()


def sign_in_at_microsoft(page: Page, account: str) -> None:
    page.locator("input[name=other_account]").fill(account)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def back_to_user_sync(page: Page) -> None:
    page.get_by_role("link", name=f"User Sync of {DOMAIN}").first.click()


def told(demo: Open, answer: str) -> None:
    """Ask as a mail server until it is told this, a minute at the most: the server hears of a change a moment later."""
    never, last = Event(), ""
    for _ in range(600):
        if (last := demo.answer()) == answer:
            return
        never.wait(0.1)
    pytest.fail(f"{demo.lookup}: {last}")


def test_a_newcomer_walks_through_all_eleven_steps(page: Page, demo: Open) -> None:
    # 1 to 3: sign in, go to the domain, its tab User Sync.
    sign_in(page, demo)
    page.get_by_role("link", name=DOMAIN).first.click()
    expect(page.get_by_role("link", name="User Sync", exact=True)).to_have_attribute("aria-current", "page")
    slider = page.get_by_role("switch", name="Enable Automatic User Sync")
    expect(slider).not_to_be_checked()
    expect(page.get_by_text("after you have looked at a preview")).to_be_visible()
    # 4 and 5: the second section, Add, and Choose under Office 365.
    expect(page.get_by_role("heading", name="User Sources")).to_be_visible()
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_role("button", name="Choose Office 365").click()
    # 6: an ordinary user is refused, in plain words, and nothing is stored.
    page.get_by_role("link", name="Connect Office 365").click()
    sign_in_at_microsoft(page, CLERK)
    expect(page.get_by_text("this account may not give consent")).to_be_visible()
    expect(page.get_by_text("Nothing was stored and nothing was changed.")).to_be_visible()
    # 6 to 8: an administrator signs in, accepts, and is back at the source.
    page.goto(f"/domains/{DOMAIN}/user-sync/")
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Connect Office 365").click()
    sign_in_at_microsoft(page, ADMINISTRATOR)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Connected to Office 365").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("61 mailboxes of coldharbour.example can be read")).to_be_visible()
    told(demo, "cannot_say")
    # 9: the blue arrow, and a preview.
    back_to_user_sync(page)
    page.get_by_role("button", name="Preview", exact=True).click()
    apply = page.get_by_role("button", name=re.compile("^Sync & Save"))
    expect(apply).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Within all limits.")).to_be_visible()
    told(demo, "later")
    # 10: the slider.
    back_to_user_sync(page)
    slider.click()
    expect(page.get_by_text("On.", exact=False).first).to_be_visible()
    page.reload()
    expect(slider).to_be_checked()
    # 11: Sync & Save applies, and a second one finds nothing to do.
    page.get_by_role("button", name=re.compile("^Sync & Save")).click()
    expect(page.get_by_text("Applied").first).to_be_visible(timeout=60_000)
    told(demo, "accept")
    by_command = subprocess.run(shlex.split(demo.command), check=False, capture_output=True, text=True)  # noqa: S603
    assert (by_command.returncode, by_command.stderr) == (0, ""), by_command
    back_to_user_sync(page)
    page.get_by_role("button", name=re.compile("^Sync & Save")).click()
    expect(page.get_by_text("Everything is as it should be", exact=False).first).to_be_visible(timeout=60_000)
