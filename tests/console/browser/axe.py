"""axe-core, run in a page: what it finds against WCAG 2.2 AA, in a form that can be read.

axe.min.js is version 4.14.1 from the npm package axe-core, MPL-2.0, as published; its SHA-256 stands below.
"""

import hashlib
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

FILE = Path(__file__).with_name("axe.min.js")
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""Those of the rules above that read colours: the entries of `cat.color` in axe-core's doc/rule-descriptions.md."""
_RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.split("\\n").slice(1, 3).join(" ").trim()}`));
}"""


def carry(context: BrowserContext) -> None:
    """Have every page of this context bring axe; so it needs no hole in the page's own policy."""
    content = FILE.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise AssertionError("axe.min.js is not the file that was published")
    # A page is left by way of an empty one, where nobody looks.
    context.add_init_script(f"if (location.href !== 'about:blank') {{ {content.decode()} }}")


def findings(page: Page) -> list[str]:
    """What axe finds in the whole of a page: what a bar at the bottom covers for now can be scrolled to."""
    size = page.viewport_size
    if size is None:
        return _run(page, _RULES)
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], whole)})
    try:
        return _run(page, _RULES)
    finally:
        page.set_viewport_size(size)


def findings_of_colour(page: Page) -> list[str]:
    """What a page that was looked at in one theme can still lack in the other."""
    return _run(page, _RULES_OF_COLOUR)


def _run(page: Page, rules: list[str]) -> list[str]:
    found: list[str] = page.evaluate(_RUN, rules)
    return found
