"""A preview as it is laid out: an address is in one piece as long as there is room for it."""

from playwright.sync_api import Page

from tests.console.browser.stage import Stage
from tests.console.browser.watching import sideways

_PIECES = """() => [...document.querySelectorAll('.plan .where')].map(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return range.getClientRects().length;
})"""


def test_an_address_is_not_broken_while_a_column_beside_it_is_empty(page: Page, stage: Stage) -> None:
    page.goto(f"/domains/{stage.customer.domain.name}/runs/{stage.preview.id}/")
    cell = page.locator(".plan .where").first
    cell.evaluate("cell => { cell.textContent = 'a.rather.long-name.of-somebody@brightwater.example'; }")
    pieces = page.evaluate(_PIECES)
    assert pieces
    assert set(pieces) == {1}
    # One that no column has room for is broken after all, and the page stays as wide as the screen.
    cell.evaluate("cell => { cell.textContent = 'x'.repeat(60) + '@' + 'brightwater.'.repeat(9) + 'example'; }")
    assert page.evaluate(_PIECES)[0] > 1
    assert sideways(page) == 0
