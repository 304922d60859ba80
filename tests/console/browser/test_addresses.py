"""Tables of addresses as they are laid out: an address is in one piece as long as another column has room."""

from playwright.sync_api import Page

from tests.console.browser.stage import Stage
from tests.console.browser.watching import sideways

_LONG = "a.long-name.of-somebody.else@brightwater.example"
_PIECES = """address => {
 const range = document.createRange();
 range.selectNodeContents(address);
 return range.getClientRects().length;
}"""
_ROOM = """() => {
 const main = document.querySelector('main');
 const inside = main.clientWidth - parseFloat(getComputedStyle(main).paddingLeft) * 2;
 return inside - document.querySelector('table').offsetWidth;
}"""


_TABLES = {"users/": ".users-table tbody th small", "static/": "table tbody th a"}
"""Where they are, and their addresses."""


def test_an_address_is_not_broken_while_another_column_has_room(page: Page, stage: Stage) -> None:
    for place, address in _TABLES.items():
        _lay_out(page, stage, place, address)


def _lay_out(page: Page, stage: Stage, place: str, address: str) -> None:
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
