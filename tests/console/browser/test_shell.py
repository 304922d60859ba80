"""The shell by keyboard, on a phone, in both themes, and without script."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from tests.console.browser.stage import Stage
from tests.console.browser.watching import Complaints

DARK = "rgb(17, 21, 26)"
LIGHT = "rgb(255, 255, 255)"


def test_the_shell_is_led_by_keys_folds_on_a_phone_and_keeps_a_theme(page: Page, stage: Stage) -> None:
    _keys_lead_past_the_bar_to_the_look_up_and_to_the_domains(page, stage)
    _keys_go_from_row_to_row_and_their_list_says_so_and_switches_them_off(page, stage)
    _dark_and_light_are_chosen_and_kept(page)
    _menus_close_with_escape_and_hold_the_navigation_of_a_phone(page)
    _the_tab_where_one_is_stands_in_sight_on_a_phone(page, stage)


def _keys_lead_past_the_bar_to_the_look_up_and_to_the_domains(page: Page, stage: Stage) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Add domain")).to_be_focused()
    # The look-up, but not while one types.
    page.goto("/")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Would we accept this address?")
    expect(box).to_be_focused()
    page.keyboard.type("gd/")
    expect(box).to_have_value("gd/")
    page.goto(f"/domains/{stage.customer.domain.name}/runs/")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url(f"{stage.url}/")


def _keys_go_from_row_to_row_and_their_list_says_so_and_switches_them_off(page: Page, stage: Stage) -> None:
    page.goto(f"/domains/{stage.customer.domain.name}/users/")
    first, second = page.locator("tbody > tr").nth(0), page.locator("tbody > tr").nth(1)
    page.keyboard.press("j")
    expect(first.get_by_role("link").first).to_be_focused()
    page.keyboard.press("j")
    expect(second.get_by_role("link").first).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(first.get_by_role("link").first).to_be_focused()
    name = first.get_by_role("link").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    # The list says what they do on this page.
    page.goto(f"/domains/{stage.customer.domain.name}/users/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.get_by_text("Next row, row before")).to_be_visible()
    keys.get_by_role("checkbox", name="Use these keys in this browser").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(keys).to_be_hidden()
    expect(page.get_by_role("searchbox", name="Would we accept this address?")).not_to_be_focused()
    page.goto("/domains/add/")
    page.locator("details.person > summary").click()
    page.get_by_role("button", name="Keys", exact=True).click()
    expect(keys.get_by_text("Look an address up")).to_be_visible()
    expect(keys.get_by_text("Next row, row before")).to_be_hidden()
    keys.get_by_role("checkbox").check()
    keys.get_by_role("button", name="Close").click()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Would we accept this address?")).to_be_focused()


def _menus_close_with_escape_and_hold_the_navigation_of_a_phone(page: Page) -> None:
    page.goto("/")
    opener = page.locator("details.person > summary")
    opener.click()
    expect(page.get_by_role("button", name="Dark")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Dark")).to_be_hidden()
    expect(opener).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    link = page.get_by_role("navigation", name="Console").get_by_role("link", name="Connections")
    expect(link).to_be_hidden()
    page.locator("summary[aria-label=Menu]").click()
    link.click()
    page.wait_for_url(re.compile("/connections/$"))


def _the_tab_where_one_is_stands_in_sight_on_a_phone(page: Page, stage: Stage) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/domains/{stage.customer.domain.name}/runs/")
    tab = page.get_by_role("link", name="Activity", exact=True)
    expect(tab).to_have_attribute("aria-current", "page")
    expect(tab).to_be_in_viewport(ratio=0.9)


def _dark_and_light_are_chosen_and_kept(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/domains/add/")
    expect(page.locator("html")).to_have_css("background-color", LIGHT)
    page.locator("details.person > summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page).to_have_url(re.compile("/domains/add/$"))
    expect(page.locator("html")).to_have_css("background-color", DARK)
    page.goto("/")
    expect(page.locator("html")).to_have_css("background-color", DARK)
    page.locator("details.person > summary").click()
    page.get_by_role("button", name="System").click()
    expect(page.locator("html")).to_have_css("background-color", LIGHT)


def test_times_are_in_the_zone_of_the_browser_and_a_domain_is_added_without_script(
    browser: Browser, stage: Stage, complaints: Complaints
) -> None:
    _times_are_shown_in_the_zone_of_the_browser(browser, stage)
    _a_domain_is_added_without_script(browser, stage, complaints)


def _a_domain_is_added_without_script(browser: Browser, stage: Stage, complaints: Complaints) -> None:
    context = browser.new_context(base_url=stage.url, java_script_enabled=False)
    context.add_cookies([stage.cookie("owner")])
    complaints.listen(context)
    complaints.expected = ("the server responded with a status of 422",)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Add domain").click()
    page.get_by_label("Domain", exact=True).fill("halefinch")
    # Of several, none is chosen beforehand.
    page.get_by_label("Organization").select_option(index=1)
    page.get_by_role("button", name="Add domain").click()
    expect(page.get_by_label("Domain", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Domain", exact=True).fill("halefinch.example")
    page.get_by_role("button", name="Add domain").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("halefinch.example")
    expect(page.locator(".messages")).to_contain_text("halefinch.example was added. Next, add a source.")
    context.close()


def _times_are_shown_in_the_zone_of_the_browser(browser: Browser, stage: Stage) -> None:
    context = browser.new_context(base_url=stage.url, timezone_id="Pacific/Auckland")
    context.add_cookies([stage.cookie("owner")])
    page = context.new_page()
    page.goto("/")
    page.goto(f"/domains/{stage.customer.domain.name}/")
    shown = page.locator("dl.facts time").first
    exact = shown.get_attribute("title") or ""
    assert exact.endswith("Z")
    there = datetime.fromisoformat(exact).astimezone(ZoneInfo("Pacific/Auckland"))
    expect(shown).to_contain_text(f"{there:%H:%M}")
    context.close()
