"""The consent page: who may grant, what the app is told, and what was granted."""

from typing import Any

import pytest

from simulator.tests.entrance import ADMIN, BACK, CLERK, FIRM, GRAPH_SCOPE, OTHER, PLUMBER, Entrance

APPS = "apps@firm.example"
GUEST = "gus_elsewhere.example#EXT#@firm.onmicrosoft.com"


def test_a_consent_is_told_with_tenant_scope_and_state(entrance: Entrance) -> None:
    assert entrance.accept(entrance.consent_page()).told == {
        "admin_consent": "True",
        "tenant": FIRM,
        "scope": "https://graph.microsoft.com/User.Read.All https://graph.microsoft.com/Domain.Read.All",
        "state": "state-2",
    }


def test_on_the_shared_path_the_administrators_tenant_is_taken(entrance: Entrance) -> None:
    told = entrance.accept(entrance.consent_page("organizations"), account=PLUMBER).told
    assert told["tenant"] == OTHER
    assert entrance.token(OTHER).status == 200


def test_a_privileged_role_administrator_may_consent_too(entrance: Entrance) -> None:
    assert entrance.accept(entrance.consent_page(OTHER), account=PLUMBER).told["admin_consent"] == "True"


@pytest.mark.parametrize("account", [CLERK, APPS, GUEST])
def test_whoever_may_not_consent_is_stuck_on_a_page(entrance: Entrance, account: str) -> None:
    entrance.sim.withdraw(entrance.app, entrance.tenant())
    answer = entrance.accept(entrance.consent_page(), account=account)
    assert answer.status == 200
    assert "AADSTS90094" in answer.text
    assert "Need admin approval" in answer.text
    assert entrance.app.client_id not in entrance.tenant().principals


def test_from_that_page_a_link_leads_back_with_a_refusal(entrance: Entrance) -> None:
    answer = entrance.accept(entrance.consent_page(), account=CLERK)
    assert f"{BACK}?error=access_denied&amp;" in answer.text
    assert "admin_consent=True" in answer.text


def test_an_administrator_of_another_tenant_has_no_say(entrance: Entrance) -> None:
    answer = entrance.accept(entrance.consent_page(), account=PLUMBER)
    assert "AADSTS50020" in answer.text


def test_a_declined_consent_names_no_tenant_and_says_admin_consent_all_the_same(entrance: Entrance) -> None:
    told = entrance.client.press(entrance.consent_page(), "Cancel").told
    assert (told["error"], told["admin_consent"], told["state"]) == ("access_denied", "True", "state-2")
    assert told["error_description"].startswith("AADSTS65004: ")
    assert told["error_uri"].endswith("code=65004")
    assert "tenant" not in told


def test_the_older_version_has_its_own_word_and_no_scope(entrance: Entrance) -> None:
    assert entrance.client.press(entrance.consent_page(version=1), "Cancel").told["error"] == "permission_denied"
    told = entrance.accept(entrance.consent_page(version=1)).told
    assert told == {"admin_consent": "True", "tenant": FIRM, "state": "state-2"}


@pytest.mark.parametrize("name", ["common", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"])
def test_there_is_no_consent_for_nobody_in_particular(entrance: Entrance, name: str) -> None:
    answer = entrance.consent_page(name)
    assert answer.status == 400
    assert "AADSTS9001023" in answer.text


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"client_id": "aaaaaaaa-0000-4000-8000-000000000000"}, "AADSTS700016"),
        ({"redirect_uri": "https://attacker.example/"}, "AADSTS50011"),
        ({"redirect_uri": f"{BACK}/"}, "AADSTS50011"),
    ],
)
def test_a_stranger_gets_a_page_and_no_redirect(entrance: Entrance, fields: dict[str, Any], number: str) -> None:
    answer = entrance.consent_page(**fields)
    assert answer.status == 400
    assert number in answer.text


@pytest.mark.parametrize("scope", ["https://graph.microsoft.com/User.Read.All", "openid", f"{GRAPH_SCOPE} User.Read"])
def test_permissions_cannot_be_listed_one_by_one(entrance: Entrance, scope: str) -> None:
    told = entrance.consent_page(scope=scope).told
    assert told["error"] == "invalid_scope"
    assert told["admin_consent"] == "True"


def test_sign_in_scopes_go_with_the_default_one(entrance: Entrance) -> None:
    assert entrance.consent_page(scope=f"{GRAPH_SCOPE} openid profile").status == 200


def test_a_new_consent_takes_the_place_of_the_old_one(entrance: Entrance) -> None:
    entrance.app.permissions = ("Domain.Read.All",)
    entrance.accept(entrance.consent_page())
    assert entrance.tenant().principals[entrance.app.client_id].roles == ("Domain.Read.All",)


def test_the_page_shows_what_is_asked_for_and_for_whom(entrance: Entrance) -> None:
    page = entrance.consent_page().text
    assert "<code>User.Read.All</code>" in page
    assert "Roll &lt;Console&gt;" in page
    assert ADMIN in page


def test_a_consent_given_on_the_page_takes_its_time_to_spread(entrance: Entrance) -> None:
    entrance.sim.clock.stop()
    entrance.sim.withdraw(entrance.app, entrance.tenant())
    entrance.sim.login.consent_delay = 60
    entrance.accept(entrance.consent_page())
    assert entrance.refused() == (400, "unauthorized_client", 700016)
    entrance.sim.clock.advance(61)
    assert entrance.token().status == 200


# -- forged callbacks


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("tenant", {"tenant": OTHER}),
        ("no_tenant", {"tenant": None}),
        ("no_state", {"state": None}),
        ("error_with_consent", {"error": "access_denied"}),
    ],
)
def test_a_callback_can_be_forged(entrance: Entrance, kind: str, changed: dict[str, str | None]) -> None:
    right = entrance.accept(entrance.consent_page()).told
    entrance.sim.faults.on("forged_callback", kind=kind)
    told = entrance.client.press(entrance.consent_page(), "Accept").told
    assert {name: told.get(name) for name in right | changed if told.get(name) != right.get(name)} | {
        name: told.get(name) for name in changed
    } == changed
    assert entrance.sim.requests[-1].fault == "forged_callback"


def test_a_forged_callback_can_carry_another_state(entrance: Entrance) -> None:
    entrance.sim.faults.on("forged_callback", kind="other_state")
    assert entrance.accept(entrance.consent_page()).told["state"] not in {"state-2", ""}


def test_an_error_beside_a_consent_grants_nothing(entrance: Entrance) -> None:
    entrance.sim.withdraw(entrance.app, entrance.tenant())
    entrance.sim.faults.on("forged_callback", kind="error_with_consent")
    assert entrance.accept(entrance.consent_page()).told["tenant"] == FIRM
    assert entrance.app.client_id not in entrance.tenant().principals


def test_a_success_can_be_told_though_nothing_was_granted(entrance: Entrance) -> None:
    entrance.sim.withdraw(entrance.app, entrance.tenant())
    entrance.sim.faults.on("consent_not_granted")
    assert entrance.accept(entrance.consent_page()).told["admin_consent"] == "True"
    assert entrance.refused() == (400, "unauthorized_client", 700016)
    assert entrance.sim.requests.to("/", server="front")[-1].fault == "consent_not_granted"
