"""Previews and runs as they are laid out: what there is room for is in one piece."""

from playwright.sync_api import Page

from tests.console.browser.stage import Stage
from tests.console.browser.watching import sideways

_PIECES = """cells => [...document.querySelectorAll(cells)].map(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return range.getClientRects().length;
})"""


def test_neither_an_address_nor_who_made_a_run_is_broken_while_there_is_room(page: Page, stage: Stage) -> None:
    page.goto(f"/domains/{stage.customer.domain.name}/runs/{stage.preview.id}/")
    cell = page.locator(".plan .where").first
    cell.evaluate("cell => { cell.textContent = 'a.rather.long-name.of-somebody@brightwater.example'; }")
    pieces = page.evaluate(_PIECES, ".plan .where")
    assert pieces
    assert set(pieces) == {1}
    # One that no column has room for is broken after all, and the page stays as wide as the screen.
    cell.evaluate("cell => { cell.textContent = 'x'.repeat(60) + '@' + 'brightwater.'.repeat(9) + 'example'; }")
    assert page.evaluate(_PIECES, ".plan .where")[0] > 1
    assert sideways(page) == 0
    # Who made a run, while the result has room.
    page.goto(f"/domains/{stage.customer.domain.name}/runs/?unfold=on")
    failure = "Failed: Consent was withdrawn by an administrator of Brightwater, or the registration was deleted."
    page.locator(".history [data-at=result]").last.evaluate("(cell, text) => { cell.textContent = text; }", failure)
    page.locator(".history .by").first.evaluate(
        "cell => { cell.textContent = 'root, on the command line, Sync & Save'; }"
    )
    assert page.evaluate(_PIECES, ".history .by")[0] == 1
    assert sideways(page) == 0
