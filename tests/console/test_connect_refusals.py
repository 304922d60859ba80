"""Pages of a consent that is refused, forged, stale or overtaken: they say why, and nothing is connected."""

import re
from typing import Any

import pytest

from mailroll.accounts.models import Membership, Role
from mailroll.connections import sources
from mailroll.connections.models import Connection, ConsentAttempt
from mailroll.directory import edit
from simulator.tests.entrance import CLERK, FIRM, OTHER, PLUMBER
from tests.connections.consents import Scene, audited, operator
from tests.console.connecting import HERE, Browser, text


def refused(browser: Browser, url: str, headline: str) -> str:
    """Open the page of a refusal: it is whole, names the two checks, and nothing was changed."""
    response = browser.follow(url)
    assert response.status_code == 200
    page = text(response)
    assert f"Not connected: {headline}" in page
    assert "Nothing was stored and nothing was changed." in page
    assert "Address of the Console: right" in page
    assert "Account:" in page
    assert "What to do" in page
    assert "For support" in page
    assert browser.scene.secret not in response.content.decode()
    browser.scene.nothing_changed()
    assert len(audited("connect.refused")) == 1
    return page


def stray(browser: Browser, response: Any, *, noted: bool = True) -> None:
    """See that nobody is told more than that it is too old.

    A state that is nobody's is not even noted: anybody can make up any number of them.
    """
    assert response.status_code == 403
    page = text(response)
    assert "Not connected: this link was used or is too old" in page
    assert browser.scene.domain.name not in page
    assert bool(audited("connect.refused")) is noted


def test_an_ordinary_user_is_refused_in_plain_words(browser: Browser) -> None:
    url = browser.location(browser.back(browser.at_microsoft(browser.click(), CLERK)))
    page = refused(browser, url, "this account may not give consent")
    assert CLERK in page
    assert "Account: not an administrator" in page
    assert "Try again with another account" in page
    assert "AADSTS90094" in page


def test_after_a_refusal_the_first_button_starts_again(browser: Browser, scene: Scene) -> None:
    url = browser.location(browser.back(browser.at_microsoft(browser.click(), CLERK)))
    found = re.search(r'href="(/connect/start/[^"]+)"', browser.follow(url).content.decode())
    assert found is not None
    consent = browser.location(browser.back(browser.at_microsoft(browser.location(browser.get(found.group(1))))))
    waiting = browser.location(browser.back(browser.at_microsoft(consent, press="Accept")))
    assert browser.location(browser.follow(waiting)) == browser.source()


@pytest.mark.parametrize("leg", ["sign-in", "consent"])
def test_declining_is_told_as_declining(browser: Browser, leg: str) -> None:
    url = browser.click()
    if leg == "consent":
        url = browser.location(browser.back(browser.at_microsoft(url)))
    page = browser.location(browser.back(browser.at_microsoft(url, press="Cancel")))
    refused(browser, page, "the request was declined")


# Each kind is seen through in the tests of consent; the page is one.
@pytest.mark.parametrize("kind", ["nonce", "signature"])
def test_a_forged_id_token_has_its_page(browser: Browser, scene: Scene, kind: str) -> None:
    scene.simulator.faults.on("forged_id_token", kind=kind)
    url = browser.location(browser.back(browser.at_microsoft(browser.click())))
    refused(browser, url, "the proof of sign-in does not hold")


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        ("tenant", "consent was reported for another tenant"),
        ("no_tenant", "the proof of sign-in does not hold"),
        ("error_with_consent", "the request was declined"),
    ],
)
def test_a_forged_callback_has_its_page(browser: Browser, scene: Scene, kind: str, headline: str) -> None:
    scene.simulator.consent(scene.app, scene.tenant(1))
    scene.simulator.faults.on("forged_callback", kind=kind)
    consent = browser.location(browser.back(browser.at_microsoft(browser.click())))
    url = browser.location(browser.back(browser.at_microsoft(consent, press="Accept")))
    refused(browser, url, headline)


def test_a_callback_made_up_by_somebody_who_is_signed_in_connects_nothing(browser: Browser, scene: Scene) -> None:
    scene.simulator.consent(scene.app, scene.tenant(1))
    stray(browser, browser.back({"admin_consent": "True", "tenant": OTHER}), noted=False)
    stray(browser, browser.back({"admin_consent": "True", "tenant": OTHER, "state": "x"}), noted=False)
    scene.nothing_changed()


def test_a_state_works_once_and_in_its_own_browser(browser: Browser, scene: Scene) -> None:
    carried = browser.at_microsoft(browser.click())
    thief = Browser(scene)
    thief.sign_in(operator("eve@firm.example", scene.organization))
    stray(thief, thief.back(carried))
    stray(thief, Browser(scene).back(carried))
    consent = browser.location(browser.back(carried))
    stray(browser, browser.back(carried))
    accepted = browser.at_microsoft(consent, press="Accept")
    stray(thief, thief.back(accepted))
    waiting = browser.location(browser.back(accepted))
    stray(browser, browser.back(accepted))
    scene.nothing_changed()
    assert thief.follow(waiting).status_code == 404
    assert browser.location(browser.follow(waiting)) == browser.source()


def test_a_parameter_given_twice_counts_as_not_given(browser: Browser) -> None:
    carried = browser.at_microsoft(browser.click())
    twice = {**carried, "state": [carried["state"], "other"]}
    stray(browser, browser.console.get("/connect/callback/", twice, headers={"host": HERE}), noted=False)


def test_an_old_state_is_refused(browser: Browser, scene: Scene) -> None:
    carried = browser.at_microsoft(browser.click())
    ConsentAttempt.objects.update(expires_at=scene.time())
    stray(browser, browser.back(carried))


def test_a_start_of_another_session_is_refused(browser: Browser, scene: Scene) -> None:
    found = re.search(r'href="(/connect/start/[^"]+)"', browser.get(browser.source()).content.decode())
    assert found is not None
    thief = Browser(scene)
    thief.sign_in(operator("eve@firm.example", scene.organization))
    assert thief.get(found.group(1)).status_code == 403
    anybody = Browser(scene)
    assert anybody.get(found.group(1)).status_code == 302
    assert not ConsentAttempt.objects.exists()


def test_a_tenant_without_the_domain_is_refused_with_its_domains(browser: Browser) -> None:
    page = refused(browser, browser.consented(PLUMBER), "this tenant does not own firm.example")
    assert "Its domains are: other.example" in page


def test_a_role_that_is_taken_away_half_way_ends_it(browser: Browser, scene: Scene) -> None:
    waiting = browser.consented()
    Membership.objects.update(role=Role.VIEWER.value)
    page = refused(browser, waiting, "you may not connect sources here")
    assert "Connect again" not in page


def test_losing_every_role_half_way_ends_it_too(browser: Browser, scene: Scene) -> None:
    waiting = browser.consented()
    Membership.objects.all().delete()
    response = browser.follow(waiting)
    assert response.status_code == 403
    assert "you may not connect sources here" in text(response)
    assert [each["code"] for each in audited("connect.refused")] == ["role_missing"]
    scene.nothing_changed()


def test_a_source_that_is_removed_half_way_is_gone(browser: Browser, scene: Scene) -> None:
    waiting = browser.consented()
    sources.remove_keeping_users(sources.find(scene.domain, scene.source.owner_id), scene.acting)
    assert browser.follow(waiting).status_code == 404
    assert not Connection.objects.exists()


def test_two_organizations_do_not_get_one_tenant(browser: Browser, scene: Scene) -> None:
    browser.follow(browser.consented())
    stranger = edit.add_organization("Stranger", scene.acting)
    scene.domain = scene.domain_of(stranger, "second.example")
    scene.tenant().add_domain("second.example")
    scene.source = sources.choose(scene.domain, "microsoft365", scene.acting)
    second = Browser(scene)
    second.sign_in(operator("sam@stranger.example", stranger))
    url = second.location(second.back(second.at_microsoft(second.click())))
    page = text(second.follow(url))
    assert "Not connected: this tenant is connected elsewhere in this Console" in page
    assert "Firm Ltd" not in page
    assert scene.source_now().connection is None


def test_a_source_keeps_its_tenant(browser: Browser, scene: Scene) -> None:
    browser.follow(browser.consented())
    url = browser.location(browser.back(browser.at_microsoft(browser.click(), PLUMBER)))
    assert "Not connected: this is not the tenant this source had" in text(browser.follow(url))
    assert scene.source_now().tenant == FIRM


def test_a_guest_is_refused_in_plain_words(browser: Browser, scene: Scene) -> None:
    guest = next(user for user in scene.tenant().users if user.home_tenant is not None)
    # A guest signs in only where the tenant is named; somebody may well have bent the address to that.
    url = browser.click().replace("/organizations/", f"/{FIRM}/")
    page = browser.location(browser.back(browser.at_microsoft(url, guest.upn)))
    refused(browser, page, "a guest may not give consent")
