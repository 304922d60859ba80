"""The look-up by keyboard, and without script."""

from playwright.sync_api import Browser, Page, expect

from tests.console.browser.stage import Stage

BOX = "Would we accept this address?"


def test_an_address_is_looked_up_by_keyboard_from_any_page(page: Page, stage: Stage) -> None:
    page.goto("/connections/")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name=BOX)
    expect(box).to_be_focused()
    page.keyboard.type("p7@brightwater.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accepted: p7@brightwater.example")
    expect(box).to_have_value("p7@brightwater.example")


def test_without_script_an_address_is_looked_up_and_accepted(browser: Browser, stage: Stage) -> None:
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
