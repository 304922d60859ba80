"""Every page in a browser: no finding of axe in either theme, no scrolling sideways on a phone, no complaint.

With MAILROLL_SCREENSHOTS, a folder, each page is also kept there as a picture.
"""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.console.browser import axe
from tests.console.browser.pages import SHOTS, Shot
from tests.console.browser.stage import Stage
from tests.console.browser.watching import Complaints, sideways

NOT_OK = tuple(f"the server responded with a status of {status}" for status in (403, 404, 410))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(
    context: BrowserContext, page: Page, stage: Stage, complaints: Complaints, theme: Literal["light", "dark"]
) -> None:
    complaints.expected = NOT_OK
    axe.carry(context)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    found = []
    for shot in SHOTS:
        show(context, page, stage, shot)
        keep(page, f"{shot.name}-{theme}")
        found += [f"{shot.name}: {finding}" for finding in axe.findings(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [390, 320])
def test_no_page_scrolls_sideways_on_a_phone(
    context: BrowserContext, page: Page, stage: Stage, complaints: Complaints, width: int
) -> None:
    complaints.expected = NOT_OK
    page.set_viewport_size({"width": width, "height": 844})
    found = []
    for shot in SHOTS:
        show(context, page, stage, shot)
        keep(page, f"{shot.name}-{width}")
        if beyond := sideways(page):
            found.append(f"{shot.name}: {beyond} px")
    assert not found, "\n".join(found)


def show(context: BrowserContext, page: Page, stage: Stage, shot: Shot) -> None:
    context.clear_cookies()
    if shot.who != "anonymous":
        context.add_cookies([stage.cookie(shot.who)])
    response = page.goto(shot.path(stage))
    assert response is not None
    assert response.status == shot.status, shot.name


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("MAILROLL_SCREENSHOTS"):
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
