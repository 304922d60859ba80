"""A domain with U-labels and an alias domain, and one user who has whatever addresses a test gives."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from mailroll.directory import edit
from mailroll.directory.models import Address, Domain, WaitingAddress
from tests.directory.rolls import ACTING, NOON
from tests.gateway.memory import Copy

NAME, SHOWN = "xn--bcher-kva.example", "bücher.example"
ALIAS = "books.example"


@dataclass(frozen=True)
class Shelf:
    """The domain under test, whose rows are written as they are, without any use case between."""

    domain: Domain
    user: UUID

    def has(self, address: str, ending: timedelta | None = None, confirmed: timedelta | None = None) -> None:
        """Give the user an address: since when it ends, and when that was confirmed, seen from noon."""
        Address.objects.create(
            address=address,
            user_id=self.user,
            domain=self.domain,
            is_primary=False,
            ending_since=None if ending is None else NOON + ending,
            confirmed_at=None if confirmed is None else NOON + confirmed,
        )

    def awaits(self, address: str) -> None:
        WaitingAddress.objects.create(domain=self.domain, address=address, since=NOON)

    def clear(self) -> None:
        Address.objects.filter(domain=self.domain).delete()
        WaitingAddress.objects.filter(domain=self.domain).delete()

    def set(self, **columns: object) -> None:
        Domain.objects.filter(id=self.domain.id).update(**columns)


@pytest.fixture
def shelf(db: None) -> Shelf:
    organization = edit.add_organization("Bücher", ACTING)
    domain = edit.add_domain(organization, SHOWN, ACTING)
    edit.add_domain_alias(domain, ALIAS, ACTING, proved=True)
    user = edit.add_user(domain, f"first@{NAME}", ACTING)
    made = Shelf(domain, user)
    made.clear()
    return made


def sql(function: str, asked: str, at: datetime = NOON) -> str | None:
    """Ask a function of the database by its name."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT gateway.{function}(%s, %s)", [asked, at])
        said: str | None = cursor.fetchone()[0]
    return said


@pytest.fixture
def copy() -> Copy:
    made = Copy()
    made.add("xn--bcher-kva.example", "bob@xn--bcher-kva.example", shown="bücher.example")
    made.add("harbour.example", "ann@harbour.example")
    return made
