"""The look-up by keyboard, and without script."""

from typing import Literal

from playwright.sync_api import Browser, Page, expect

from tests.console.browser import axe
from tests.console.browser.looks import keep
from tests.console.browser.stage import Stage
from tests.console.browser.watching import sideways

Theme = Literal["light", "dark"]
LOOKS: tuple[tuple[Theme, int], ...] = (("light", 1280), ("dark", 1280), ("light", 390))
BOX = "Would we accept this address?"


def test_an_address_is_looked_up_while_one_types_and_accepted_without_script(
    browser: Browser, page: Page, stage: Stage
) -> None:
    _an_address_is_looked_up_by_keyboard_from_any_page(page)
    for theme, width in LOOKS:
        _the_answer_drops_down_while_one_types(browser, stage, theme, width)
    _without_script_an_address_is_looked_up_and_accepted(browser, stage)


def _an_address_is_looked_up_by_keyboard_from_any_page(page: Page) -> None:
    page.goto("/connections/")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name=BOX)
    expect(box).to_be_focused()
    page.keyboard.type("p7@brightwater.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accepted: p7@brightwater.example")
    expect(box).to_have_value("p7@brightwater.example")


def _the_answer_drops_down_while_one_types(browser: Browser, stage: Stage, theme: Theme, width: int) -> None:
    context = browser.new_context(base_url=stage.url, color_scheme=theme, viewport={"width": width, "height": 900})
    context.add_cookies([stage.cookie("owner")])
    axe.carry(context)
    page = context.new_page()
    page.goto("/")
    page.keyboard.press("/")
    box, answer = page.get_by_role("searchbox", name=BOX), page.get_by_role("dialog", name="The answer")
    page.keyboard.type("night-desk")
    expect(answer).to_be_hidden()
    page.keyboard.type("@brightwater.example")
    expect(answer).to_contain_text("Not accepted: night-desk@brightwater.example")
    expect(page.locator("#lookup-said")).to_contain_text("Not accepted: night-desk@brightwater.example")
    expect(answer.get_by_role("button", name="Accept now")).to_be_visible()
    assert axe.findings(page) == []
    assert not sideways(page)
    keep(page, f"24-answer-{theme}-{width}")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(answer).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("night-desk@brightwater.example")
    page.keyboard.press("Control+a")
    page.keyboard.type("p7@brightwater.example")
    expect(answer).to_contain_text("Accepted: p7@brightwater.example")
    keep(page, f"24-answer-accepted-{theme}-{width}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accepted: p7@brightwater.example")
    context.close()


def _without_script_an_address_is_looked_up_and_accepted(browser: Browser, stage: Stage) -> None:
    context = browser.new_context(base_url=stage.url, java_script_enabled=False)
    context.add_cookies([stage.cookie("owner")])
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox", name=BOX).fill("night-desk@brightwater.example")
    page.get_by_role("searchbox", name=BOX).press("Enter")
    page.get_by_label("What for").fill("Dynamic list of the night desk")
    page.get_by_role("button", name="Accept now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accepted: night-desk@brightwater.example")
    context.close()
