"""Tokens on the Gateway tab: shown once, listed for those who may make them, revoked."""

from datetime import timedelta

from django.test import Client

from mailroll.accounts import tokens
from mailroll.accounts.models import Token
from mailroll.accounts.tokens import TokenPurpose
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from tests.console.pages import buttons, words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

URL = f"/domains/{DOMAIN}/gateway/"


def test_a_token_is_shown_once_and_works(customer: Customer, owner: Client) -> None:
    answer = owner.post(f"{URL}tokens/", {"name": "mx1", "expires": "2099-03-01"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    html = answer.content.decode()
    text = html.partition('id="token">')[2].partition("<")[0]
    bearer = tokens.bearer(text, TokenPurpose.GATEWAY, customer.time())
    assert bearer is not None
    assert bearer.organizations == {customer.domain.organization_id}
    page = owner.get(URL)
    assert text not in page.content.decode()
    assert "mx1" in words(page)
    assert "2099" in words(page)
    assert text not in str(list(AuditEntry.objects.values())) + str(dict(owner.session))


def test_what_makes_no_token_is_said(customer: Customer, owner: Client) -> None:
    for sent, said in (
        ({}, "Name what will use it"),
        ({"name": "  "}, "Name what will use it"),
        ({"name": "mx1", "expires": "soon"}, "“soon” is not a day"),
        ({"name": "mx1", "expires": "2001-01-01"}, "cannot end before it begins"),
    ):
        answer = owner.post(f"{URL}tokens/", sent)
        assert (answer.status_code, said in words(answer), Token.objects.exists()) == (422, True, False), sent


def test_a_revoked_token_is_told_and_cannot_be_revoked_again(customer: Customer, owner: Client) -> None:
    organization = customer.domain.organization
    made, text = tokens.create("mx1", [organization], [TokenPurpose.GATEWAY], customer.acting)
    assert "Revoke mx1" in buttons(owner.get(URL))
    page = owner.post(f"{URL}tokens/{made.id}/revoke/", follow=True)
    assert "The token “mx1” no longer works." in words(page)
    assert "Revoke mx1" not in buttons(page)
    assert tokens.bearer(text, TokenPurpose.GATEWAY, customer.time()) is None


def test_one_that_expired_is_told(customer: Customer, owner: Client) -> None:
    ends = customer.time() + timedelta(hours=1)
    made, _ = tokens.create(
        "mx1", [customer.domain.organization], [TokenPurpose.GATEWAY], customer.acting, expires_at=ends
    )
    Token.objects.filter(id=made.id).update(expires_at=customer.time() - timedelta(days=1))
    assert "Expired" in words(owner.get(URL))


def test_a_token_of_others_is_neither_seen_nor_revoked(customer: Customer, owner: Client) -> None:
    other = edit.add_organization("Elsewhere", customer.acting)
    made, _ = tokens.create("far-away", [other], [TokenPurpose.GATEWAY], customer.acting)
    both, _ = tokens.create(
        "both-of-us", [other, customer.domain.organization], [TokenPurpose.GATEWAY], customer.acting
    )
    page = words(owner.get(URL))
    assert "far-away" not in page
    assert "both-of-us" not in page
    for one in (made, both):
        assert owner.post(f"{URL}tokens/{one.id}/revoke/").status_code == 404
    assert Token.objects.filter(revoked_at=None).count() == 2


def test_who_may_not_make_tokens_sees_none(customer: Customer, people: People) -> None:
    tokens.create("mx1", [customer.domain.organization], [TokenPurpose.GATEWAY], customer.acting)
    assert "mx1" not in words(people.client("technician").get(URL))
    assert people.client("technician").post(f"{URL}tokens/", {"name": "mx2"}).status_code == 403
