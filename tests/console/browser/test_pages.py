"""Every page in a browser: no finding of axe in either theme, no scrolling sideways on a phone, no complaint."""

from itertools import groupby

from playwright.sync_api import BrowserContext, Page

from tests.console.browser import axe
from tests.console.browser.looks import findings
from tests.console.browser.pages import SHOTS, Shot
from tests.console.browser.stage import Stage
from tests.console.browser.watching import Complaints

NOT_OK = tuple(f"the server responded with a status of {status}" for status in (403, 404, 410))


def test_every_page_reads_well_in_both_themes_and_fits_on_a_phone(
    context: BrowserContext, page: Page, stage: Stage, complaints: Complaints
) -> None:
    complaints.expected = NOT_OK
    axe.carry(context)
    page.emulate_media(reduced_motion="reduce")
    found = []
    for who, shots in groupby(sorted(SHOTS, key=lambda shot: shot.who), key=lambda shot: shot.who):
        enter(context, page, stage, who)
        for shot in shots:
            show(page, stage, shot)
            found += findings(page, shot.name)
    assert not found, "\n".join(found)


def enter(context: BrowserContext, page: Page, stage: Stage, who: str) -> None:
    # Left first: a page that asks for something by itself would ask without a session. But not for each page, as the
    # browser starts a process for what comes after an empty one, and compiles axe anew in it.
    page.goto("about:blank")
    context.clear_cookies()
    if who != "anonymous":
        context.add_cookies([stage.cookie(who)])


def show(page: Page, stage: Stage, shot: Shot) -> None:
    response = page.goto(shot.path(stage))
    assert response is not None
    assert response.status == shot.status, shot.name
