"""Two customers with a domain each, and who acts."""

from collections.abc import Iterable

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Owner
from tests.directory.rolls import ACTING, NOON, Roll


@pytest.fixture
def acting() -> Acting:
    """Whoever does what a test is about."""
    return Acting("test:priya", lambda: NOON)


def _rolls(names: Iterable[str]) -> Iterable[Roll]:
    for name in names:
        organization = edit.add_organization(f"Customer of {name}", ACTING)
        domain = edit.add_domain(organization, name, ACTING)
        yield Roll(domain, Owner.objects.create(domain=domain, label="Microsoft 365"))


@pytest.fixture
def rolls(db: None) -> tuple[Roll, Roll]:
    """Two customers."""
    mine, theirs = _rolls(["brightwater.example", "coldharbour.example"])
    return mine, theirs


@pytest.fixture
def roll(rolls: tuple[Roll, Roll]) -> Roll:
    return rolls[0]


@pytest.fixture
def other(rolls: tuple[Roll, Roll]) -> Roll:
    return rolls[1]
