"""An installation with something of every kind that a restore must not believe."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session

from mailroll.accounts.models import Invitation, Membership, Operator, Role, Token, Visit
from mailroll.connections.consent import tokens
from mailroll.connections.models import ConsentLink
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.sync.models import Run, RunRequest, RunState, Trigger
from mailroll.sync.schedules import schedule
from tests.sync.conftest import customer, simulator, tenant
from tests.sync.world import DOMAIN, Customer

__all__ = ["customer", "simulator", "tenant"]

BY_HAND = "by-hand.example"


@dataclass(frozen=True)
class Installation:
    """A customer whose list is kept by syncs, one whose list is kept by hand, and who looks after both."""

    customer: Customer
    operator: Operator
    link: ConsentLink
    by_hand: Domain

    @property
    def now(self) -> datetime:
        return self.customer.time()


@pytest.fixture
def installation(customer: Customer) -> Installation:
    """One preview waits, five removals are held, a run is asked for, and automatic sync is on."""
    customer.time.at = datetime.now(UTC)
    acting = customer.acting
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.sync()
    schedule.opened(customer.preview(), acting)
    customer.tenant.add_user("New Joiner", local="joiner")
    customer.preview()
    schedule.switch_on(customer.domain, acting)
    now = customer.time()
    RunRequest.objects.create(domain=customer.domain, trigger=Trigger.MANUAL, actor="test:priya", asked_at=now)
    by_hand = edit.add_domain(customer.domain.organization, BY_HAND, acting)
    edit.add_user(by_hand, f"ann@{BY_HAND}", acting)
    operator = Operator.objects.create_user("priya@northgate.example")
    place = customer.domain.organization
    Membership.objects.create(operator=operator, organization=place, role=Role.ADMINISTRATOR.value)
    Invitation.objects.create(
        email="new@northgate.example",
        organization=place,
        role=Role.VIEWER.value,
        token_hash="0" * 64,
        invited_by=operator,
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    Visit.objects.create(
        operator=operator, address="192.0.2.1", agent="a browser", methods=[], began_at=now, seen_at=now
    )
    Session.objects.create(session_key="k", session_data="x", expire_date=now + timedelta(hours=1))
    token = Token.objects.create(name="mx1", purposes=["gateway"], digest=b"1" * 32, created_at=now)
    token.organizations.add(place)
    link = ConsentLink(
        domain=customer.domain,
        source=customer.source,
        created_by=operator,
        token_hash=b"2" * 32,
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    link.sealed_token = _sealed(link)
    link.save()
    assert Run.objects.filter(state=RunState.HELD).exists()
    assert Run.objects.filter(state=RunState.PLANNED).exists()
    return Installation(customer, operator, link, by_hand)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mailroll.backup"


def _sealed(link: ConsentLink) -> str:
    return tokens.seal(link.id, {"token": "a-token"})
