"""The trail moved from `accounts` to an app of its own, with every row."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from mailroll.audit.models import AuditEntry


def _back() -> StateApps:
    """Take the tables back to when the trail was in `accounts`."""
    MigrationExecutor(connection).migrate([("accounts", "0005_audit_by_user"), ("audit", None)])
    return MigrationExecutor(connection).loader.project_state([("accounts", "0005_audit_by_user")]).apps


def _forward() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.fixture
def before(transactional_db: None) -> Iterator[StateApps]:
    try:
        yield _back()
    finally:
        _forward()


def test_the_trail_moves_with_every_entry_and_back(before: StateApps) -> None:
    """One test, as each way migrates half of everything."""
    rows = before.get_model("accounts", "AuditEntry").objects
    earlier = rows.create(actor="cli:root", action="domain.added", subject="example.com", details={"domain": "1"})
    ours, theirs = str(uuid4()), str(uuid4())
    for others in ([theirs], []):
        details = {"tenant": "t", "source": "s", "shared_with": others}
        rows.create(
            actor="operator:x", action="source.connected", subject="a.example", organization=ours, details=details
        )
    _forward()

    # Entries written before are there after it.
    kept, first, second, apart = AuditEntry.objects.order_by("id")
    assert (kept.id, kept.at, kept.actor, kept.details) == (earlier.id, earlier.at, "cli:root", {"domain": "1"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'audit_auditentry'")
        assert {"audit_by_organization", "audit_by_user"} <= {name for (name,) in cursor}

    # None of them names another organization.
    assert first.details == second.details == {"tenant": "t", "source": "s"}
    assert (apart.action, apart.subject, apart.organization) == ("connection.tenant_shared", "t", None)
    assert apart.details == {"source": "s", "organization": ours, "others": [theirs]}
    assert apart.at == first.at

    # New ones follow, and the move can be taken back with them.
    assert AuditEntry.objects.create(actor="cli:root", action="domain.removed", subject="example.com").id > apart.id
    assert _back().get_model("accounts", "AuditEntry").objects.count() == 5
