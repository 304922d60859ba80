"""How a page is looked at: by axe in both themes, on a phone, and in pictures.

With MAILROLL_SCREENSHOTS, a folder, each look is also kept there as a picture.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Page

from tests.console.browser import axe
from tests.console.browser.watching import broken_buttons, sideways

LOOKS: Final[tuple[tuple[Literal["light", "dark"], Callable[[Page], list[str]]], ...]] = (
    ("light", axe.findings),
    ("dark", axe.findings_of_colour),
)
WIDTHS: Final = (390, 320)


def findings(page: Page, name: str) -> list[str]:
    """What is wrong with a page as it is loaded: what differs between themes and widths is styles alone."""
    found, size = findings_in_both_themes(page, name), page.viewport_size
    assert size is not None
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        keep(page, f"{name}-{width}")
        if (beyond := sideways(page)) > 0:
            found.append(f"{name}: {beyond} px too wide for {width}")
        if width == WIDTHS[0]:
            found += [f"{name}: a button in two lines: {words!r}" for words in broken_buttons(page)]
    page.set_viewport_size(size)
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


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("MAILROLL_SCREENSHOTS"):
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
