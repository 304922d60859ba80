"""A database that 30bf84c made is migrated, and has every row that it had; see the README beside this file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.adapter import get_adapter
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings

from mailroll.accounts import installation, trail
from mailroll.audit.actor import Acting
from mailroll.connections import credentials, filters, key_rotation
from mailroll.directory import queries
from mailroll.reconcile.filters.model import Join
from mailroll.reconcile.imports import Missing
from mailroll.reconcile.leads import lead
from mailroll.reconcile.plan import Action
from mailroll.sealing import MisplacedError
from mailroll.sync import imports
from mailroll.sync.plans import plan_rows

# pytest-django makes a database only where a test that it collected is marked so.
pytestmark = pytest.mark.django_db

DUMP = Path(__file__).with_name("rows-30bf84c.sql")
KEY = "s6eX1sK0gGBvGxnMqLPMHfdGmIRQ9i8pQyVRFkKq7LQ="
PRIYA = "priya@northgate.example"
HERE, THERE = uuid4(), uuid4()
CONNECTED = """
    INSERT INTO public.accounts_auditentry (at, actor, organization, action, subject, details)
    SELECT '2026-11-01 09:00+00', 'operator:x', %s, 'source.connected', 'a.example',
           jsonb_build_object('tenant', 't', 'source', 's', 'shared_with', others)
    FROM unnest(%s::jsonb[]) AS others
"""
"""What nobody did in the database that was dumped: a tenant was connected for two organizations, and for one."""
DOMAIN = "brightwater.example"

# By the names of their classes, which stay where tables and apps change.
ROWS = {
    "Address": 49,
    "AuditEntry": 175,
    "Authenticator": 3,
    "CertificateDraft": 1,
    "Connection": 4,
    "ConsentAttempt": 5,
    "ConsentLink": 4,
    "Domain": 10,
    "DomainAlias": 1,
    "Exemption": 1,
    "Group": 14,
    "Invitation": 4,
    "MailboxPurpose": 39,
    "Membership": 7,
    "Operator": 7,
    "Organization": 6,
    "Owner": 10,
    "ProcrastinateEvent": 8,
    "ProcrastinateJob": 6,
    "ProcrastinateWorker": 1,
    "Run": 26,
    "RunChange": 105,
    "RunProgress": 25,
    "RunRequest": 6,
    "RunSkip": 90,
    "Sample": 2,
    "Schedule": 3,
    # Three were there; a migration ended all sessions, so that each has a row that can end it.
    "Session": 0,
    # Two were there; a migration wrote down for the third organization on top that nothing is demanded.
    "SignInPolicy": 3,
    "Source": 9,
    "StaticNote": 2,
    "StaticUpload": 1,
    "User": 45,
}
# PostgreSQL writes the casts and brackets of a definition otherwise once it has read its own writing.
SCHEMA = r"""
    SELECT belongs_to, name, regexp_replace(definition, '[()]|::[a-z ]+(\[\])?', '', 'g') FROM (
        SELECT table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default, collation_name)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
        UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    ) AS everything (belongs_to, name, definition)
"""


def model(name: str) -> Any:
    """Find a model wherever it lies; of two with one name, ours."""
    found = [each for each in apps.get_models() if each.__name__ == name]
    (only,) = [each for each in found if each.__module__.startswith("mailroll.")] or found
    return only


def schema() -> set[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        return set(cursor.fetchall())


@pytest.fixture(scope="module")
def migrated(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[set[tuple[str, str, str]]]:
    """Have the models look into the migrated dump; gives the tables of a database that was made anew."""
    own = connection.settings_dict["NAME"]
    name = f"{own}_rows"
    with django_db_blocker.unblock():
        new = schema()
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
        _look_into(name)
        try:
            with connection.cursor() as cursor:
                cursor.execute(DUMP.read_text(encoding="utf-8"))
                cursor.execute(CONNECTED, [HERE, [f'["{THERE}"]', "[]"]])
            # The dump has settings for its session, which ends here.
            connection.close()
            # With the key of the installation that was dumped: a migration opens secrets and seals them anew.
            with override_settings(MAILROLL=replace(django_settings.MAILROLL, secret_keys=(KEY,))):
                installation.sealer.cache_clear()
                call_command("migrate", verbosity=0)
            yield new
        finally:
            installation.sealer.cache_clear()
            _look_into(own)
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            connection.close()


def _look_into(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def database(migrated: object, settings: Settings) -> Iterator[None]:
    """The migrated dump, for one test: what the test writes is taken back."""
    settings.MAILROLL = replace(settings.MAILROLL, secret_keys=(KEY,))
    installation.sealer.cache_clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    installation.sealer.cache_clear()


def test_no_migration_is_missing_and_none_is_left(database: None) -> None:
    call_command("migrate", check_unapplied=True, verbosity=0)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_tables_are_those_of_a_new_database(database: None, migrated: set[tuple[str, str, str]]) -> None:
    assert schema() == migrated


def test_every_row_is_there(database: None) -> None:
    # Of the two that were added, one became two.
    assert {name: model(name)._base_manager.count() for name in ROWS} == {**ROWS, "AuditEntry": ROWS["AuditEntry"] + 3}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {django_settings.CACHES['default']['LOCATION']}")
        assert cursor.fetchone() == (6,)


def test_every_secret_opens(database: None) -> None:
    opened = key_rotation.reseal(Acting("test", lambda: datetime.now(UTC)))
    assert (opened.connections, opened.consent, opened.second_factors) == (3, 8, 2)
    read = credentials.access(model("Connection").objects.get(cloud="global"))
    assert read.values["secret"] == "a-secret-of-the-global-cloud"


def test_what_a_second_factor_keeps_opens_for_its_operator_only(database: None) -> None:
    decrypt, other = get_adapter().decrypt, model("Operator").objects.create(email="other@example.com")
    factors = model("Authenticator").objects.exclude(type="webauthn")
    for name, row in [("secret", factors.get(type="totp")), ("seed", factors.get(type="recovery_codes"))]:
        assert decrypt(row.data[name]).isalnum()
        factors.filter(pk=row.pk).update(user=other)
        with pytest.raises(MisplacedError):
            decrypt(factors.get(pk=row.pk).data[name])


def test_a_held_run_is_found_with_the_plan_that_its_digest_names(database: None) -> None:
    held = model("Run").objects.get(state="held")
    assert plan_rows.read(held).counts[Action.RETIRE] == 9
    assert model("Run").objects.filter(waits_in=held).latest("started_at").waits == held
    for run in model("Run").objects.exclude(digest=""):
        plan = plan_rows.read(run)
        leads = run.changes.order_by("position").values_list("lead", flat=True)
        assert list(leads) == [lead(change) for change in plan.changes]


def test_the_audit_trail_tells_of_a_release(database: None) -> None:
    entries = trail.visible(model("Operator").objects.get(email=PRIYA))
    (entry,) = trail.page(trail.narrowed(entries, text="run.released"), None).entries
    assert (entry.actor, entry.details["reason"]) == (f"operator:{PRIYA}", "They left the fleet")


def test_entries_of_the_trail_keep_their_ids_and_name_no_other_organization(database: None) -> None:
    entries = model("AuditEntry").objects
    assert set(range(1, 176)) <= set(entries.values_list("id", flat=True))
    shared, alone, apart = entries.filter(id__gt=175).order_by("id")
    assert (shared.actor, shared.organization, shared.at.month) == ("operator:x", HERE, 11)
    assert shared.details == alone.details == {"tenant": "t", "source": "s"}
    assert (apart.action, apart.subject, apart.organization) == ("connection.tenant_shared", "t", None)
    assert apart.details == {"source": "s", "organization": str(HERE), "others": [str(THERE)]}
    assert apart.at == shared.at
    assert entries.create(actor="cli:root", action="domain.removed", subject="example.com").id > apart.id


def test_the_filter_of_a_source_is_read(database: None) -> None:
    read = filters.read(model("Source").objects.get(filter__isnull=False))
    assert (read.join, len(read.members)) == (Join.ANY, 3)


def test_users_are_listed_with_the_retired_and_with_what_people_said_of_them(database: None) -> None:
    retired = [each for each in queries.users(queries.domain("brightwater-freight.example")) if each.retired_at]
    assert sorted(each.display_name for each in retired) == [f"Driver {number}" for number in range(6)]
    roll = {each.display_name: each for each in queries.users(queries.domain(DOMAIN))}
    assert (roll["Person 7"].pinned, roll["Person 7"].group) == (True, "Clinical")
    assert roll["Söntje Größer"].aliases == ("s.groesser@brightwater.test",)
    static = model("StaticNote").objects.get(responsible="Tom Ellery")
    assert (static.user.kind, static.review_on) == ("static", date(2026, 3, 1))


def test_new_rows_come_after_those_there(database: None) -> None:
    """Sequences go with their tables: the next key is free."""
    before = set(model("RunChange").objects.values_list("id", flat=True))
    content = b"address,display_name,group\nnew@two.example,Somebody New,Elsewhere\n"
    run = imports.run(content, Missing.STAYS, queries.domain("two.example"), Acting("test", lambda: datetime.now(UTC)))
    assert run.state == "applied"
    (change,) = model("RunChange").objects.filter(run=run.id)
    assert change.id > max(before)
