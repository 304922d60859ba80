"""The way around what Microsoft 365 does not deliver, and users from a file, in a browser."""

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.console.browser.stage import Stage, answer
from tests.console.browser.watching import Complaints
from tests.sync.world import DOMAIN


def test_what_files_bring_is_looked_at_and_taken_in(
    page: Page, stage: Stage, complaints: Complaints, tmp_path: Path
) -> None:
    complaints.expected = ("the server responded with a status of 422",)
    _a_dynamic_list_is_accepted_after_its_address_came_from_powershells_file(page, tmp_path)
    _users_are_taken_along_changed_in_the_file_and_brought_back(page, stage, tmp_path)


def _a_dynamic_list_is_accepted_after_its_address_came_from_powershells_file(page: Page, tmp_path: Path) -> None:
    page.goto(reverse("console:user-sync", args=[DOMAIN]))
    page.get_by_role("link", name="Why, and what to do").click()
    expect(page.get_by_text("Get-DynamicDistributionGroup -ResultSize Unlimited").first).to_be_visible()
    page.get_by_role("link", name=f"Static addresses of {DOMAIN}").click()
    page.get_by_role("link", name="Import CSV").click()
    head = '#TYPE Selected.Microsoft.Exchange.Data\r\n"PrimarySmtpAddress","EmailAddresses"\r\n'
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text(f'{head}"sales@{DOMAIN}","Microsoft.Exchange.Data.ProxyAddressCollection"\r\n', "utf-16")
    good.write_text(f'{head}"sales@{DOMAIN}","SMTP:sales@{DOMAIN} smtp:selling@{DOMAIN}"\r\n', "utf-16")
    page.get_by_label("CSV file").set_input_files(bad)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed.")
    expect(page.get_by_text("This command joins it")).to_be_visible()
    page.get_by_label("CSV file").set_input_files(good)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("1 to add, 0 to change, 0 as they are.")).to_be_visible()
    page.get_by_role("button", name="Save: add 1, change 0").click()
    expect(page.locator(".messages")).to_contain_text("1 added, 0 changed.")
    page.get_by_role("link", name=f"Change sales@{DOMAIN}").click()
    page.get_by_label("Owner").fill("Tom Ellery")
    page.get_by_label("Review on").fill("2020-03-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Review was due on 1 Mar 2020")).to_be_visible()
    page.get_by_role("link", name=f"User Sync of {DOMAIN}").click()
    expect(page.get_by_text("2 due")).to_be_visible()


def _users_are_taken_along_changed_in_the_file_and_brought_back(page: Page, stage: Stage, tmp_path: Path) -> None:
    page.goto(reverse("console:users", args=[DOMAIN]))
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    file = tmp_path / "users.csv"
    download.value.save_as(file)
    text = file.read_text("utf-8-sig")
    assert text.count("\n") == stage.customer.domain.users.count() + 1
    file.write_text(f"{text}door@{DOMAIN},,Door phone,equipment,,Machines,,,,\n")
    page.get_by_role("link", name="Import CSV").click()
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import")
    expect(page.get_by_role("rowheader", name="Door phone")).to_be_visible()
    page.get_by_role("button", name="Sync & Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sync waiting")
    answer()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Applied")
    page.goto(f"{reverse('console:users', args=[DOMAIN])}?q=door@")
    expect(page.get_by_role("link", name="Door phone", exact=True)).to_be_visible()
