"""Tokens: kept nowhere as a text, good for what they were made for, and invisible to other customers."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.accounts import tokens
from mailroll.accounts.models import Membership, Operator, Token
from mailroll.accounts.tokens import TokenPurpose
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACTING = Acting("cli:root", lambda: NOW)
SECOND = timedelta(seconds=1)


def organization(name: str, parent: Organization | None = None) -> Organization:
    return Organization.objects.create(name=name, parent=parent)


def operator(name: str, place: Organization, role: str = "administrator") -> Operator:
    made = Operator.objects.create_user(f"{name}@example.com")
    Membership.objects.create(operator=made, organization=place, role=role)
    return made


def token(*places: Organization, expires_at: datetime | None = None) -> tuple[Token, str]:
    return tokens.create("mx1", places, [TokenPurpose.GATEWAY], ACTING, expires_at=expires_at)


def test_a_token_reaches_its_organization_and_all_below_and_nobody_else() -> None:
    top = organization("Provider")
    place = organization("Brightwater", top)
    below = organization("Brightwater North", place)
    organization("Harbour", top)
    made, text = token(place)
    found = tokens.bearer(text, TokenPurpose.GATEWAY, NOW)
    assert found is not None
    assert (found.token, found.name, found.organizations) == (made.id, "mx1", frozenset({place.id, below.id}))


def test_the_text_is_kept_nowhere_and_looks_like_a_secret() -> None:
    _, text = token(organization("Brightwater"))
    assert re.fullmatch(r"mailroll_[0-9A-Za-z]{49}", text)
    rows = [*Token.objects.values(), *AuditEntry.objects.values()]
    assert text not in str(rows)
    assert text[9:52] not in str(rows)


def test_no_two_tokens_are_alike() -> None:
    place = organization("Brightwater")
    assert len({token(place)[1] for _ in range(20)}) == 20


def test_what_was_mistyped_is_not_looked_up(django_assert_num_queries: object) -> None:
    _, text = token(organization("Brightwater"))
    spoilt = [text[:-1], text + "0", text[:20] + ("x" if text[20] != "x" else "y") + text[21:], text.upper(), ""]
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert [tokens.bearer(one, TokenPurpose.GATEWAY, NOW) for one in spoilt] == [None] * 5


@given(st.text())
def test_no_text_is_too_odd_to_be_judged(text: str) -> None:
    assert not tokens.well_formed(text)
    assert not tokens.well_formed(tokens.PREFIX + text)


def test_every_chance_makes_a_well_formed_text() -> None:
    for chance in (bytes(32), b"\xff" * 32, bytes(range(32))):
        assert tokens.well_formed(tokens._text(chance))


def test_a_token_ends_when_it_expires_or_is_revoked() -> None:
    place = organization("Brightwater")
    made, text = token(place, expires_at=NOW + timedelta(days=1))
    assert tokens.bearer(text, TokenPurpose.GATEWAY, NOW + timedelta(days=1) - SECOND)
    assert tokens.bearer(text, TokenPurpose.GATEWAY, NOW + timedelta(days=1)) is None
    tokens.revoke(made, ACTING)
    tokens.revoke(made, ACTING)
    assert tokens.bearer(text, TokenPurpose.GATEWAY, NOW) is None
    notes = AuditEntry.objects.order_by("id").values_list("action", "subject", "organization")
    assert list(notes) == [("token.added", "mx1", place.id), ("token.revoked", "mx1", place.id)]


def test_a_token_is_good_for_its_purposes_alone() -> None:
    made, text = token(organization("Brightwater"))
    Token.objects.filter(id=made.id).update(purposes=["another"])
    assert tokens.bearer(text, TokenPurpose.GATEWAY, NOW) is None


def test_last_use_is_written_once_a_minute_at_most() -> None:
    made, text = token(organization("Brightwater"))

    def used(after: timedelta) -> datetime | None:
        tokens.bearer(text, TokenPurpose.GATEWAY, NOW + after)
        made.refresh_from_db()
        return made.last_used_at

    assert used(timedelta()) == NOW
    assert used(59 * SECOND) == NOW
    assert used(60 * SECOND) == NOW + 60 * SECOND


@pytest.mark.parametrize(
    ("name", "purposes", "expires_at", "code"),
    [
        (" ", [TokenPurpose.GATEWAY], None, "token_unnamed"),
        ("mx1", [], None, "token_for_nothing"),
        ("mx1", [TokenPurpose.GATEWAY], NOW, "token_expired"),
    ],
)
def test_a_token_that_is_no_use_is_not_made(
    name: str, purposes: list[TokenPurpose], expires_at: datetime | None, code: str
) -> None:
    with pytest.raises(BadInput) as problem:
        tokens.create(name, [organization("Brightwater")], purposes, ACTING, expires_at=expires_at)
    assert problem.value.code == code
    with pytest.raises(BadInput):
        tokens.create("mx1", [], [TokenPurpose.GATEWAY], ACTING)
    assert not Token.objects.exists()


def test_administrators_make_tokens_for_what_is_theirs() -> None:
    top = organization("Provider")
    place, other = organization("Brightwater", top), organization("Harbour", top)
    boss, technician = operator("boss", place), operator("tech", place, "technician")
    provider = operator("provider", top)

    def make(by: Operator, *places: Organization) -> Token:
        return tokens.create_by("mx1", places, [TokenPurpose.GATEWAY], by=by, now=NOW)[0]

    make(boss, place)
    make(provider, place, other)
    for by, places in ((technician, [place]), (boss, [other]), (boss, [place, other]), (boss, [top])):
        with pytest.raises(BadInput) as problem:
            make(by, *places)
        assert problem.value.code == "organization_unknown"
    assert AuditEntry.objects.filter(actor="operator:boss@example.com").count() == 1


def test_another_customers_token_is_neither_seen_nor_revoked() -> None:
    top = organization("Provider")
    place, other = organization("Brightwater", top), organization("Harbour", top)
    own, theirs, shared, above = (token(*places)[0] for places in ([place], [other], [place, other], [top]))
    boss, provider = operator("boss", place), operator("provider", top)
    viewer = operator("viewer", place, "viewer")
    assert set(tokens.seen_by(boss)) == {own}
    assert set(tokens.seen_by(viewer)) == set()
    assert set(tokens.seen_by(provider)) == {own, theirs, shared, above}
    for hidden in (theirs.id, shared.id, above.id, uuid4()):
        with pytest.raises(BadInput) as problem:
            tokens.revoke_by(hidden, by=boss, now=NOW)
        assert problem.value.code == "token_unknown"
    tokens.revoke_by(own.id, by=boss, now=NOW)
    revoked: set[UUID] = set(Token.objects.exclude(revoked_at=None).values_list("id", flat=True))
    assert revoked == {own.id}


def test_a_token_is_found_by_its_name_while_only_one_that_works_has_it() -> None:
    place = organization("Brightwater")
    first, _ = token(place)
    assert tokens.find("mx1") == tokens.find(str(first.id)) == first
    second, _ = token(place)
    with pytest.raises(BadInput) as problem:
        tokens.find("mx1")
    assert problem.value.code == "token_ambiguous"
    tokens.revoke(first, ACTING)
    assert tokens.find("mx1") == second
    with pytest.raises(BadInput):
        tokens.find("mx2")


def test_a_token_of_an_organization_that_is_gone_reads_nothing() -> None:
    place = organization("Brightwater")
    _, text = token(place)
    place.delete()
    found = tokens.bearer(text, TokenPurpose.GATEWAY, NOW)
    assert found is not None
    assert found.organizations == frozenset()
