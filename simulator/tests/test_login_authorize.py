"""The sign-in page and what it sends back."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from simulator.tests.entrance import (
    ADMIN,
    BACK,
    CLERK,
    FIRM,
    OTHER,
    PASSWORD,
    PLUMBER,
    Entrance,
    Form,
)


def test_signing_in_sends_a_code_and_the_state_back(entrance: Entrance) -> None:
    page = entrance.authorize("organizations")
    told = entrance.client.press(page, "Sign in", account=ADMIN, password=PASSWORD).told
    assert set(told) == {"code", "state", "session_state"}
    assert told["state"] == "state-1"


def test_both_hosts_show_the_same_page(entrance: Entrance) -> None:
    assert entrance.authorize().body == entrance.authorize(host=entrance.sim.login_url).body


def test_the_page_says_that_it_is_not_microsofts(entrance: Entrance) -> None:
    page = entrance.authorize()
    assert "<title>Simulated Microsoft sign-in (not Microsoft)</title>" in page.text


def test_the_page_runs_no_script_and_has_no_inline_style(entrance: Entrance) -> None:
    page = entrance.authorize()
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "form-action" not in policy  # a browser would hold it against the redirect to the app
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_the_pages_style_is_served_beside_it(entrance: Entrance) -> None:
    style = entrance.client.get(f"{entrance.sim.front_url}/simulated/style.css")
    assert (style.status, style.headers.get_content_type()) == (200, "text/css")


def test_names_on_the_page_are_escaped(entrance: Entrance) -> None:
    assert "Roll &lt;Console&gt;" in entrance.authorize().text
    assert "<Console>" not in entrance.authorize().text


def test_the_page_lists_accounts_with_role_and_password(entrance: Entrance) -> None:
    page = entrance.authorize()
    assert Form.on(page).choices[0] == ADMIN
    assert "Global administrator" in page.text
    assert f"<code>{PASSWORD}</code>" in page.text


def test_a_tenants_page_lists_its_own_accounts_alone(entrance: Entrance) -> None:
    assert PLUMBER not in Form.on(entrance.authorize(FIRM)).choices
    assert PLUMBER in Form.on(entrance.authorize("organizations")).choices


def test_a_blocked_account_is_not_listed(entrance: Entrance) -> None:
    assert "gone@firm.example" not in entrance.authorize().text


def test_a_login_hint_chooses_the_account(entrance: Entrance) -> None:
    page = entrance.authorize(login_hint=CLERK)
    assert entrance.client.press(page, "Sign in", password=PASSWORD).told["code"]


def test_cancel_sends_access_denied_back(entrance: Entrance) -> None:
    told = entrance.client.press(entrance.authorize(), "Cancel").told
    assert (told["error"], told["error_subcode"], told["state"]) == ("access_denied", "cancel", "state-1")
    assert told["error_description"].startswith("AADSTS65004: ")
    assert "\r\n" in told["error_description"]


@pytest.mark.parametrize(
    ("account", "password", "number"),
    [
        (CLERK, "wrong", 50126),
        ("nobody@firm.example", PASSWORD, 50034),
        ("gone@firm.example", PASSWORD, 50057),
        (PLUMBER, PASSWORD, 50020),
    ],
)
def test_a_failed_sign_in_stays_on_the_page(entrance: Entrance, account: str, password: str, number: int) -> None:
    page = entrance.client.press(entrance.authorize(), "Sign in", other_account=account, password=password)
    assert page.status == 200
    assert f"AADSTS{number}: " in page.text
    assert "Sign in" in Form.on(page).buttons


def test_a_guest_signs_in_where_the_tenant_is_named(entrance: Entrance) -> None:
    guest = "gus_elsewhere.example#EXT#@firm.onmicrosoft.com"
    named = entrance.client.press(entrance.authorize(FIRM), "Sign in", other_account=guest, password=PASSWORD)
    assert named.told["code"]
    shared = entrance.authorize("organizations", prompt="login")
    answer = entrance.client.press(shared, "Sign in", other_account=guest, password=PASSWORD)
    assert "AADSTS50034" in answer.text


def test_who_is_signed_in_goes_on_at_once(entrance: Entrance) -> None:
    entrance.code()
    assert entrance.authorize().told["code"]
    assert entrance.authorize(prompt="none").told["code"]


def test_the_session_has_a_cookie_of_its_own_name(entrance: Entrance) -> None:
    entrance.code()
    (cookie,) = entrance.client.jar
    assert cookie.name == "simulated_entra_session"
    assert cookie.has_nonstandard_attr("HttpOnly")


@pytest.mark.parametrize("prompt", ["login", "select_account", "consent"])
def test_a_prompt_asks_again(entrance: Entrance, prompt: str) -> None:
    entrance.code()
    assert entrance.authorize(prompt=prompt).status == 200


def test_a_hint_of_somebody_else_asks_again(entrance: Entrance) -> None:
    entrance.code()
    assert entrance.authorize(login_hint=CLERK).status == 200


def test_a_session_of_another_tenant_counts_for_nothing(entrance: Entrance) -> None:
    entrance.code()
    assert entrance.authorize(OTHER).status == 200


def test_a_silent_request_without_a_session_is_told_to_sign_in(entrance: Entrance) -> None:
    told = entrance.authorize(prompt="none").told
    assert told["error"] == "login_required"
    assert told["error_description"].startswith("AADSTS50058: ")


def test_signing_out_ends_the_session(entrance: Entrance) -> None:
    entrance.code()
    assert entrance.client.get(f"{entrance.sim.front_url}/{FIRM}/oauth2/v2.0/logout").status == 200
    assert entrance.authorize().status == 200


def test_signing_out_only_leads_to_registered_addresses(entrance: Entrance) -> None:
    url = f"{entrance.sim.front_url}/{FIRM}/oauth2/v2.0/logout"
    assert entrance.client.get(url, {"post_logout_redirect_uri": BACK}).location == BACK
    assert entrance.client.get(url, {"post_logout_redirect_uri": "https://attacker.example/"}).status == 200


@pytest.mark.parametrize(
    ("name", "fields", "number"),
    [
        (FIRM, {"client_id": None}, 900144),
        (FIRM, {"client_id": "unknown"}, 700016),
        (FIRM, {"redirect_uri": None}, 900971),
        (FIRM, {"redirect_uri": f"{BACK}/"}, 50011),
        (FIRM, {"redirect_uri": BACK.upper()}, 50011),
        (FIRM, {"redirect_uri": "https://attacker.example/"}, 50011),
        ("nobody.example", {}, 90002),
        ("consumers", {}, 90002),
    ],
)
def test_a_request_of_nobody_known_gets_a_page_and_no_redirect(
    entrance: Entrance, name: str, fields: dict[str, Any], number: int
) -> None:
    page = entrance.authorize(name, **fields)
    assert page.status == 400
    assert page.headers["Location"] is None
    assert f"AADSTS{number}: " in page.text


@pytest.mark.parametrize(
    ("fields", "word", "number"),
    [
        ({"response_type": None}, "invalid_request", 900144),
        ({"response_type": "code id_token"}, "unsupported_response_type", 700054),
        ({"scope": None}, "invalid_request", 900144),
        ({"response_mode": "pigeon"}, "invalid_request", 9002313),
        ({"prompt": "nicely"}, "invalid_request", 90023),
        ({"code_challenge": "x", "code_challenge_method": "S1"}, "invalid_request", 9002313),
    ],
)
def test_what_else_is_wrong_is_told_to_the_app(
    entrance: Entrance, fields: dict[str, Any], word: str, number: int
) -> None:
    told = entrance.authorize(**fields).told
    assert (told["error"], told["state"]) == (word, "state-1")
    assert told["error_description"].startswith(f"AADSTS{number}: ")


def test_a_single_tenant_app_has_no_shared_endpoint(entrance: Entrance) -> None:
    entrance.app.home_tenant = FIRM
    assert "AADSTS50194" in entrance.authorize("organizations").text
    assert "AADSTS700016" in entrance.authorize(OTHER).text
    assert entrance.authorize(FIRM).status == 200


def test_a_port_of_localhost_does_not_matter_but_all_else_does(entrance: Entrance) -> None:
    entrance.app.redirect_uris = ("http://localhost/back",)
    assert entrance.authorize(redirect_uri="http://localhost:4711/back").status == 200
    for wrong in ("http://localhost:4711/other", "http://user@localhost/back", "http://localhost\r\n/back"):
        assert "AADSTS50011" in entrance.authorize(redirect_uri=wrong).text


def test_an_answer_can_come_in_the_fragment(entrance: Entrance) -> None:
    page = entrance.authorize(response_mode="fragment")
    answer = entrance.client.press(page, "Sign in", account=ADMIN, password=PASSWORD)
    assert urlsplit(answer.location).query == ""
    assert answer.told["code"]


def test_an_answer_can_come_as_a_form(entrance: Entrance) -> None:
    page = entrance.authorize(response_mode="form_post")
    form = Form.on(entrance.client.press(page, "Sign in", account=ADMIN, password=PASSWORD))
    assert form.action == BACK
    assert (form.values["state"], bool(form.values["code"])) == ("state-1", True)


def test_a_redirect_uri_keeps_its_own_query(entrance: Entrance) -> None:
    entrance.app.redirect_uris = (f"{BACK}?brand=1",)
    page = entrance.authorize(redirect_uri=f"{BACK}?brand=1")
    assert entrance.client.press(page, "Cancel").told["brand"] == "1"
