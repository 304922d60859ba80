"""A customer connects with a link that an operator sends, and needs no account."""

import re
from urllib.parse import urlsplit

from mailroll.accounts import memberships
from mailroll.accounts.models import Role
from mailroll.connections.models import ConsentLink
from mailroll.directory import edit
from mailroll.directory.models import Organization
from simulator.tests.entrance import CLERK
from tests.connections.consents import HOME, Scene
from tests.console.connecting import BRAND, Browser, text


def linked(browser: Browser) -> str:
    browser.post(browser.url("source-link"), {"do": "make"})
    found = re.search(r"http://[^<]+/consent/[^<]+/", browser.get(browser.source()).content.decode())
    assert found is not None
    return found.group()


def test_a_customer_connects_with_a_link_and_no_account(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    assert "Not sent yet." in text(browser.get(browser.source()))
    customer = Browser(scene)
    page = text(customer.follow(url))
    assert "Firm Ltd asks to read the mailbox list of firm.example" in page
    assert "Opened" in text(browser.get(browser.source()))
    microsoft = customer.location(customer.follow(f"{url}go/"))
    consent = customer.location(customer.back(customer.at_microsoft(microsoft)))
    attempt = customer.location(customer.back(customer.at_microsoft(consent, press="Accept")))
    assert "Thank you. Firm Ltd can see that you accepted; you can close this page." in text(customer.follow(attempt))
    assert "Connected to Office 365." in text(browser.get(browser.source()))
    again = customer.follow(url)
    assert again.status_code == 410
    assert "This link no longer works." in text(again)
    assert customer.follow(f"{url}go/").status_code == 410
    assert Browser(scene).follow(attempt).status_code == 404


def test_the_page_of_a_link_says_that_the_provider_asks(browser: Browser, scene: Scene) -> None:
    provider = edit.add_organization("Northgate IT", scene.acting)
    Organization.objects.filter(id=scene.organization.id).update(parent=provider)
    memberships.grant(scene.operator, provider, Role.ADMINISTRATOR, scene.acting)
    url = linked(browser)
    customer = Browser(scene)
    page = text(customer.follow(url))
    assert "Northgate IT asks to read the mailbox list of firm.example" in page
    assert "of Northgate IT, who look after Firm Ltd in Mailroll, made this link on" in page
    assert "Call Northgate IT on a number that you know already" in page
    assert "Firm Ltd asks" not in page
    assert "What you accept at Microsoft is for the whole tenant" in page
    browser.post(browser.url("source-link"), {"do": "send", "to": "helen@firm.example"})
    assert re.search(r"sent this on \d+ \w+ to helen@firm\.example\.", text(customer.follow(url)))
    declined = text(customer.post(f"{urlsplit(url).path}decline/"))
    assert "Nothing was connected. Northgate IT can see that you do not want this" in declined


def test_a_customer_with_the_wrong_account_may_try_again(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    customer = Browser(scene)
    microsoft = customer.location(customer.follow(f"{url}go/"))
    attempt = customer.location(customer.back(customer.at_microsoft(microsoft, CLERK)))
    response = customer.follow(attempt)
    assert "Not connected: this account may not give consent" in text(response)
    assert url in response.content.decode()
    assert "Refused: " in text(browser.get(browser.source()))
    scene.nothing_changed()


def test_a_customer_may_not_want_this(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    customer = Browser(scene)
    path = urlsplit(url).path
    assert "Nothing was connected." in text(customer.post(f"{path}decline/"))
    assert customer.follow(url).status_code == 410
    assert "Refused: The person with the link does not want this." in text(browser.get(browser.source()))


def test_an_expired_link_and_one_that_never_was_are_the_same_page(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    ConsentLink.objects.update(expires_at=scene.time())
    customer = Browser(scene)
    old, never = customer.follow(url), customer.follow(f"{HOME}/consent/never-was/")
    assert (old.status_code, never.status_code) == (410, 410)
    assert text(old) == text(never)


def test_a_link_opened_at_another_address_goes_to_the_registered_one(browser: Browser, scene: Scene) -> None:
    url = linked(browser)
    customer = Browser(scene, host=BRAND)
    assert customer.location(customer.get(urlsplit(url).path)) == url
