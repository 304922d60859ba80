"""The demo as it is, clicked through by a newcomer: the eleven steps, and what can be made to happen.

With MAILROLL_PICTURE, a file, the picture of the README is kept there.
"""

import os
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
from tests.console.browser import axe, steps
from tests.console.browser.conftest import PATIENCE
from tests.console.browser.looks import findings
from tests.console.browser.watching import Complaints

ADMINISTRATOR, CLERK, PASSWORD = (
    "admin@coldharbour.onmicrosoft.com",
    "hannah.igbinedion@coldharbour.example",
    "Simulated-1",
)
DOMAIN, CONNECTED = "coldharbour.example", "brightwater.example"


@pytest.fixture(scope="module")
def demo() -> Iterator[Open]:
    # Below /tmp itself: the database's account must be able to reach the folder.
    with tempfile.TemporaryDirectory(prefix="mailroll-journey-") as folder:
        Path(folder).chmod(0o755)
        with demonstration.opened(folder) as console:
            yield console


@pytest.fixture
def page(demo: Open, browser: Browser, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(base_url=demo.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    complaints.listen(context)
    axe.carry(context)
    yield context.new_page()
    context.close()


def sign_in(page: Page, demo: Open) -> None:
    steps.sign_in(page, demo.password)
    expect(page.get_by_role("heading", name="Domains", level=1)).to_be_visible()


def confirm(page: Page, demo: Open) -> None:
    """Type the password once more: it holds for five minutes."""
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Continue").click()


def told(demo: Open, answer: str) -> None:
    """Ask as a mail server until it is told this: the server hears of a change a moment later."""
    never, last = Event(), ""
    for _ in range(3000):
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
    steps.choose_office_365(page)
    # 6: an ordinary user is refused, in plain words, and nothing is stored.
    page.get_by_role("link", name="Connect Office 365").click()
    confirm(page, demo)
    steps.sign_in_at_microsoft(page, CLERK, PASSWORD)
    expect(page.get_by_text("this account may not give consent")).to_be_visible()
    expect(page.get_by_text("Nothing was stored and nothing was changed.")).to_be_visible()
    # 6 to 8: an administrator signs in, accepts, and is back at the source.
    page.goto(f"/domains/{DOMAIN}/user-sync/")
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Connect Office 365").click()
    steps.sign_in_at_microsoft(page, ADMINISTRATOR, PASSWORD)
    steps.accept(page)
    expect(page.get_by_text("61 mailboxes of coldharbour.example can be read")).to_be_visible()
    told(demo, "cannot_say")
    # 9: the blue arrow, and a preview.
    steps.back_to_user_sync(page, DOMAIN)
    steps.preview(page)
    expect(page.get_by_text("Within all limits.")).to_be_visible()
    told(demo, "later")
    # 10: the slider.
    steps.back_to_user_sync(page, DOMAIN)
    steps.switch_on(page)
    # 11: Sync & Save applies, and a second one finds nothing to do.
    steps.sync(page)
    expect(page.get_by_text("Applied").first).to_be_visible()
    told(demo, "accept")
    by_command = subprocess.run(shlex.split(demo.command), check=False, capture_output=True, text=True)  # noqa: S603
    assert (by_command.returncode, by_command.stderr) == (0, ""), by_command
    steps.back_to_user_sync(page, DOMAIN)
    steps.sync(page)
    expect(page.get_by_text("Everything is as it should be", exact=False).first).to_be_visible()


def make_happen(page: Page, button: str) -> str:
    """Go the way of the ribbon, press a button for the connected customer, and follow the link; return the hint."""
    page.goto("/")
    page.get_by_role("link", name="Make something happen").click()
    tenant = page.locator("option", has_text=CONNECTED).get_attribute("value")
    page.get_by_label("Tenant").select_option(tenant)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("button", name=re.compile(f"^{button}")).click()
    hint = page.get_by_role("status").inner_text()
    look_at_the_panel(page)
    page.get_by_role("link", name=f"Look at {CONNECTED}").click()
    return hint


def look_at_the_panel(page: Page) -> None:
    assert findings(page, "panel") == []


def test_what_is_made_to_happen_shows_in_the_console(page: Page, demo: Open) -> None:
    sign_in(page, demo)
    # Somebody leaves: one removal, applied.
    hint = make_happen(page, "Let go")
    found = re.search("where (.*) is in the list, the next run retires it", hint)
    assert found is not None, hint
    steps.sync(page)
    expect(page.get_by_text("Applied").first).to_be_visible()
    expect(page.get_by_text(found[1]).first).to_be_visible()
    # Many are deleted: held, and nobody's mail is refused.
    assert "the next run holds these removals for a person. Mail for everybody goes on." in make_happen(page, "Delete")
    steps.sync(page)
    expect(
        page.get_by_text(re.compile(r"\d+ removals wait for you; mail for all \d+ users is accepted"))
    ).to_be_visible()
    if picture := os.environ.get("MAILROLL_PICTURE"):
        page.set_viewport_size({"width": 1200, "height": 760})
        page.screenshot(path=picture)
        page.set_viewport_size({"width": 1440, "height": 900})
    # Consent is withdrawn: the run says so, and where.
    assert "the next run cannot sign in any more, and says so." in make_happen(page, "Withdraw")
    steps.sync(page)
    withdrawn = "Consent was withdrawn by an administrator of Brightwater Joinery"
    expect(page.get_by_text(withdrawn, exact=False).first).to_be_visible()
    # All of it is taken back, and the next run finds everybody.
    page.goto("/")
    page.get_by_role("link", name="Make something happen").click()
    page.get_by_label("Tenant").select_option(page.locator("option", has_text=CONNECTED).get_attribute("value"))
    page.get_by_role("button", name="Show").click()
    page.get_by_role("button", name="Put this tenant back as it was").click()
    expect(page.get_by_role("status")).to_have_count(0)
    page.goto(f"/domains/{CONNECTED}/user-sync/")
    steps.sync(page)
    expect(page.get_by_text("Applied").first).to_be_visible()
