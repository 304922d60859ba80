"""Tokens that are refused and permissions that are missing."""

import base64
from collections.abc import Callable

import pytest

from mailroll.connectors.base import NoMailboxes
from mailroll.reconcile.errors import NeedsConsent, NotVerified, Retry
from tests.connectors.hostile import (
    CANARY,
    Authority,
    failed,
    one_after_another,
    reply,
)
from tests.connectors.readings import WHOLE, failing, reading

CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1800000000"}}}'


def challenged(encoded: str) -> dict[str, str]:
    return {"WWW-Authenticate": f'Bearer realm="", error="insufficient_claims", claims="{encoded}"'}


def test_a_token_that_ended_early_is_renewed_once(authority: Authority) -> None:
    w = reading(authority, one_after_another(failed(401, "InvalidAuthenticationToken"), WHOLE))
    assert [each.headers["authorization"] for each in w.server.asked] == ["Bearer token-1", "Bearer token-2"]


def test_a_token_that_is_always_refused_needs_a_person(authority: Authority) -> None:
    fault, w = failing(authority, one_after_another(failed(401, "InvalidAuthenticationToken")))
    assert isinstance(fault, NeedsConsent)
    assert (fault.code, len(w.server.asked), len(w.server.signed_in)) == ("token_refused", 2, 2)


def test_an_application_that_graph_does_not_know_yet_waits_some_minutes(authority: Authority) -> None:
    fault, w = failing(authority, one_after_another(failed(401, "Authorization_IdentityNotFound")))
    assert isinstance(fault, Retry)
    assert (fault.code, fault.after, len(w.server.signed_in)) == ("consent_spreading", 300.0, 2)


def test_a_token_of_another_cloud_is_told_as_one(authority: Authority) -> None:
    body = {"error": {"code": "InvalidAuthenticationToken", "message": "InvalidCloudInstance: no."}}
    fault, _ = failing(authority, one_after_another(reply(body, status=401)))
    assert (type(fault), fault.code) == (NotVerified, "wrong_cloud")


def test_a_tenant_without_exchange_says_so(authority: Authority) -> None:
    fault, _ = failing(authority, one_after_another(failed(401, "OrganizationFromTenantGuidNotFound")))
    assert (type(fault), fault.code) == (NoMailboxes, "no_exchange")


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_challenge_is_met_with_a_token_that_carries_the_claims(
    authority: Authority, encode: Callable[[bytes], bytes]
) -> None:
    encoded = encode(CLAIMS.encode()).decode().rstrip("=")
    w = reading(authority, one_after_another(failed(401, "x", headers=challenged(encoded)), WHOLE))
    assert b"claims=" not in w.server.signed_in[0].body
    assert b"claims=" in w.server.signed_in[1].body
    assert b"1800000000" in w.server.signed_in[1].body


def test_a_challenge_that_cannot_be_met_needs_a_person(authority: Authority) -> None:
    encoded = base64.b64encode(CLAIMS.encode()).decode()
    fault, w = failing(authority, one_after_another(failed(401, "x", headers=challenged(encoded))))
    assert isinstance(fault, NeedsConsent)
    assert (fault.code, len(w.server.signed_in)) == ("conditional_access", 2)


@pytest.mark.parametrize("encoded", ["!!!", "e30", "W10=", base64.b64encode(b"[" * 5000).decode(), "/w=="])
def test_a_challenge_that_is_none_is_met_with_a_plain_new_token(authority: Authority, encoded: str) -> None:
    w = reading(authority, one_after_another(failed(401, "x", headers=challenged(encoded)), WHOLE))
    assert len(w.server.signed_in) == 2


@pytest.mark.parametrize(
    ("code", "headers", "expected", "said"),
    [
        ("Authorization_RequestDenied", {}, "permission_missing", "User.Read.All"),
        ("", {}, "permission_missing", "User.Read.All"),
        ("Authorization_IdentityNotFound", {}, "consent_missing", "does not know this application"),
        ("Authorization_RequestDenied", challenged("e30="), "conditional_access", "Conditional Access"),
    ],
)
def test_a_refusal_names_what_is_missing(
    authority: Authority, code: str, headers: dict[str, str], expected: str, said: str
) -> None:
    fault, w = failing(authority, one_after_another(failed(403, code, headers=headers)))
    assert isinstance(fault, NeedsConsent)
    assert fault.code == expected
    assert said in str(fault)
    assert len(w.server.asked) == 1


def test_nothing_of_a_proxy_page_reaches_the_error(authority: Authority) -> None:
    body = f"<html>{CANARY}</html>".encode()
    fault, _ = failing(authority, one_after_another(reply(raw=body, status=403, headers={"Content-Type": "text/html"})))
    assert fault.code == "permission_missing"
