"""The documentation in a browser: as it is built, and under the policy of every page of the Console."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from mailroll.console.server.asgi import Receive, Scope, Send
from mailroll.console.server.help import Help
from tests import documentation
from tests.console.browser import axe
from tests.console.browser.conftest import DESKTOP
from tests.console.browser.looks import findings
from tests.console.browser.watching import Complaints
from tests.console.server.serving import answering

PAGES = ("how-to/monitor/", "reference/settings/")


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with answering(Help(_nothing, documentation.site())) as port:
        yield f"http://127.0.0.1:{port}/help/"


def test_axe_and_the_policy_find_nothing_in_either_theme_or_on_a_phone(
    browser: Browser, site: str, complaints: Complaints
) -> None:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    axe.carry(context)
    complaints.listen(context)
    page = context.new_page()
    for name in PAGES:
        page.goto(f"{site}{name}")
        page.wait_for_load_state("networkidle")
        assert findings(page, f"help-{name}") == []
        page.set_viewport_size({"width": 390, "height": 900})
        assert axe.findings(page) == [], name
        page.set_viewport_size(DESKTOP)
    context.close()


def test_one_finds_a_code_by_searching_and_lands_at_its_words(
    browser: Browser, site: str, complaints: Complaints
) -> None:
    context = browser.new_context()
    complaints.listen(context)
    page = context.new_page()
    page.goto(site)
    page.get_by_role("button", name="Search").click()
    box = page.locator("input[type=text], input[type=search]").last
    expect(box).to_be_focused()
    box.fill("consent_missing")
    page.get_by_text("The tenant has not consented to this application").first.click()
    expect(page).to_have_url(re.compile(r"/help/reference/errors/[^#]*#consent_missing$"))
    expect(page.locator("#consent_missing")).to_be_in_viewport()
    context.close()
