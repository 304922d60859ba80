"""Tables as they are laid out: an address, or who made a run, is in one piece as long as another column has room."""

from playwright.sync_api import Page

from tests.console.browser.stage import Stage
from tests.console.browser.watching import sideways

_LONG = "a.long-name.of-somebody.else@brightwater.example"
_PIECES = """address => {
 const range = document.createRange();
 range.selectNodeContents(address);
 return range.getClientRects().length;
}"""
_PIECES_OF_ALL = """cells => [...document.querySelectorAll(cells)].map(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return range.getClientRects().length;
})"""
_ROOM = """() => {
 const main = document.querySelector('main');
 const inside = main.clientWidth - parseFloat(getComputedStyle(main).paddingLeft) * 2;
 return inside - document.querySelector('table').offsetWidth;
}"""


_TABLES = {"users/": ".users-table tbody th small", "static/": "table tbody th a"}
"""Where they are, and their addresses."""


def test_what_is_read_as_one_is_not_broken_while_another_column_has_room(page: Page, stage: Stage) -> None:
    _neither_an_address_nor_who_made_a_run_is_broken_while_there_is_room(page, stage)
    for place, address in _TABLES.items():
        _an_address_is_not_broken_while_another_column_has_room(page, stage, place, address)


def _an_address_is_not_broken_while_another_column_has_room(page: Page, stage: Stage, place: str, address: str) -> None:
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(f"/domains/{stage.customer.domain.name}/{place}")
    cell = page.locator(address).first
    cell.evaluate("(address, text) => { address.textContent = text; }", _LONG)
    assert cell.evaluate(_PIECES) == 1
    assert page.evaluate(_ROOM) >= 0
    # One that no column has room for is broken after all, and the page stays as wide as the screen.
    cell.evaluate("(address, text) => { address.textContent = text; }", f"{'x' * 60}@{'brightwater.' * 9}example")
    assert cell.evaluate(_PIECES) > 1
    for width in (390, 800, 1200, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert sideways(page) == 0, width


def _neither_an_address_nor_who_made_a_run_is_broken_while_there_is_room(page: Page, stage: Stage) -> None:
    page.goto(f"/domains/{stage.customer.domain.name}/runs/{stage.preview.id}/")
    cell = page.locator(".plan .where").first
    cell.evaluate("cell => { cell.textContent = 'a.rather.long-name.of-somebody@brightwater.example'; }")
    pieces = page.evaluate(_PIECES_OF_ALL, ".plan .where")
    assert pieces
    assert set(pieces) == {1}
    # One that no column has room for is broken after all, and the page stays as wide as the screen.
    cell.evaluate("cell => { cell.textContent = 'x'.repeat(60) + '@' + 'brightwater.'.repeat(9) + 'example'; }")
    assert page.evaluate(_PIECES_OF_ALL, ".plan .where")[0] > 1
    assert sideways(page) == 0
    # Who made a run, while the result has room.
    page.goto(f"/domains/{stage.customer.domain.name}/runs/?unfold=on")
    failure = "Failed: Consent was withdrawn by an administrator of Brightwater, or the registration was deleted."
    page.locator(".history [data-at=result]").last.evaluate("(cell, text) => { cell.textContent = text; }", failure)
    page.locator(".history .by").first.evaluate(
        "cell => { cell.textContent = 'root, on the command line, Sync & Save'; }"
    )
    assert page.evaluate(_PIECES_OF_ALL, ".history .by")[0] == 1
    assert sideways(page) == 0
