"""A backup that 30bf84c would have made comes back into this version, and its customers are synced again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from mailroll.accounts import installation
from mailroll.audit.actor import Acting
from mailroll.backup import archive, maker
from mailroll.backup.restorer import Restored, restore
from mailroll.connections.models import Source
from mailroll.directory import queries
from mailroll.directory.models import Address, Domain, User
from mailroll.sync.models import Run, RunState, Schedule
from mailroll.sync.runs import make
from mailroll_simulator import Simulator, Tenant
from tests.backup.elsewhere import another_database
from tests.migrations.reconnection import reconnect
from tests.migrations.test_dump import DOMAIN, DUMP, KEY, ROWS, model, schema
from tests.sync import world

pytestmark = pytest.mark.django_db(transaction=True)

ACTING = Acting("test:restore", lambda: datetime.now(UTC))
GONE = {"ConsentAttempt", "ProcrastinateEvent", "ProcrastinateJob", "ProcrastinateWorker", "Sample", "Session"} | {
    "StaticUpload"
}
"""What stays behind, or is made anew."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The dump as a backup: its tables as they were, and the names of its migrations."""
    made = tmp_path / "of-30bf84c.backup"
    with another_database("before"):
        with connection.cursor() as cursor:
            cursor.execute(DUMP.read_text(encoding="utf-8"))
        connection.close()
        with archive.writing(made) as into, maker.snapshot() as cursor:
            cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
            names = {name for (name,) in cursor.fetchall()}
            maker.write(into, cursor, names, datetime.now(UTC), (KEY,), None)
    return made


@pytest.fixture
def new(transactional_db: None) -> set[tuple[str, str, str]]:
    """The tables of a database that was made anew."""
    return schema()


@pytest.fixture
def restored(new: object, file: Path) -> Iterator[Restored]:
    """The installation that comes of it; with the key of then, as a migration opens secrets and seals them anew."""
    with another_database(), override_settings(MAILROLL=replace(django_settings.MAILROLL, secret_keys=(KEY,))):
        installation.sealer.cache_clear()
        yield restore(file, None, ACTING)
    installation.sealer.cache_clear()


def test_it_has_the_tables_and_rows_of_one_that_was_upgraded_and_syncs(
    restored: Restored, new: set[tuple[str, str, str]]
) -> None:
    """One test, as each restore migrates everything."""
    call_command("migrate", check_unapplied=True, verbosity=0)
    assert schema() == new
    counts = {name: model(name)._base_manager.count() for name in ROWS.keys() - GONE}
    counts["AuditEntry"] -= 1 + len(restored.distrusted.watched)
    assert counts == {name: ROWS[name] for name in counts}
    assert all(secret.opens for secret in restored.secrets)
    assert not Schedule.objects.filter(automatic=True).exists()
    assert not Run.objects.filter(state__in=["planned", "held", "reading", "applying"]).exists()
    assert not Domain.objects.exclude(read_at=None).exists()
    assert not Source.objects.exclude(read_at=None).exists()
    assert not Address.objects.exclude(confirmed_at=None).exists()
    assert not Domain.objects.filter(marks=None).exists()

    tenant, domain = world.tenant(), queries.domain(DOMAIN)
    before = User.objects.filter(domain=domain, retired_at=None).count()
    with world.simulated(tenant) as simulator:
        _reach(simulator, tenant)
        own = replace(
            django_settings.MAILROLL,
            custom_login_url=simulator.login_url,
            custom_graph_url=simulator.graph_url,
            custom_ca_file=simulator.ca_file,
        )
        with override_settings(MAILROLL=own):
            run = make.run(domain, ACTING)
    assert run.error is None
    assert run.state in {RunState.APPLIED, RunState.HELD, RunState.UNCHANGED}
    assert User.objects.filter(domain=domain, retired_at=None).count() >= before


def _reach(simulator: Simulator, tenant: Tenant) -> None:
    app = simulator.register_app(display_name="Mailroll", permissions=world.PERMISSIONS, redirect_uris=())
    simulator.consent(app, tenant)
    reconnect(
        tenant=tenant.id,
        login_url=simulator.login_url,
        graph_url=simulator.graph_url,
        ca_file=str(simulator.ca_file),
        client_id=app.client_id,
        secret=app.add_secret(),
    )
