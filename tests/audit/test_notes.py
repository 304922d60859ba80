"""The audit trail: it stands or falls with what it tells of."""

from uuid import uuid4

import pytest
from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.audit.notes import Subject, note


class _Broke(Exception):
    pass


def _break_after_recording() -> None:
    note(Acting("cli:root"), "domain.added", Subject("example.com"))
    raise _Broke


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_what() -> None:
    organization = uuid4()
    note(Acting("cli:root"), "domain.added", Subject("example.com", organization), revision=1)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.organization) == ("cli:root", "domain.added", organization)
    assert (entry.subject, entry.details) == ("example.com", {"revision": 1})
    assert entry.at is not None


@pytest.mark.django_db
def test_an_entry_is_gone_when_what_it_tells_of_is_rolled_back() -> None:
    with pytest.raises(_Broke), transaction.atomic():
        _break_after_recording()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_a_fault_of_the_caller() -> None:
    with pytest.raises(RuntimeError):
        note(Acting("cli:root"), "domain.added", Subject("example.com"))
    assert not AuditEntry.objects.exists()
