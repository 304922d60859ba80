"""Every page in a browser: no finding of axe in either theme, no scrolling sideways on a phone, no complaint.

With MAILROLL_SCREENSHOTS, a folder, each page is also kept there as a picture.
"""

import os
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Literal

from playwright.sync_api import BrowserContext, Page

from tests.console.browser import axe
from tests.console.browser.conftest import DESKTOP
from tests.console.browser.pages import SHOTS, Shot
from tests.console.browser.stage import Stage
from tests.console.browser.watching import Complaints, sideways

LOOKS: tuple[tuple[Literal["light", "dark"], Callable[[Page], list[str]]], ...] = (
    ("light", axe.findings),
    ("dark", axe.findings_of_colour),
)
WIDTHS = (390, 320)
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
            found += _findings(page, shot)
    assert not found, "\n".join(found)


def _findings(page: Page, shot: Shot) -> list[str]:
    """Look at one page as it is loaded: what differs between themes and widths is styles alone."""
    found = findings_in_both_themes(page, shot.name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        keep(page, f"{shot.name}-{width}")
        if beyond := sideways(page):
            found.append(f"{shot.name}: {beyond} px too wide for {width}")
    page.set_viewport_size(DESKTOP)
    return found


def findings_in_both_themes(page: Page, name: str) -> list[str]:
    """What axe finds in the page as it stands; it is left in the light."""
    found = []
    for theme, look in LOOKS:
        page.emulate_media(color_scheme=theme)
        keep(page, f"{name}-{theme}")
        found += [f"{name}-{theme}: {finding}" for finding in look(page)]
    page.emulate_media(color_scheme="light")
    return found


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


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("MAILROLL_SCREENSHOTS"):
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
