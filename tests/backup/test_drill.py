"""The drill: a backup under load, brought back elsewhere, is the same roll, and nothing in it is trusted."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from mailroll.accounts.models import Invitation, Operator, Token, Visit
from mailroll.audit.models import AuditEntry
from mailroll.backup import archive, contents, maker
from mailroll.connections import credentials
from mailroll.connections.models import Connection, ConsentLink, Source
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain, Restoration, Serving
from mailroll.gateway.answers import Answer, answer
from mailroll.gateway.follower import follow
from mailroll.gateway.models import MissingRows
from mailroll.gateway.recipients import StoredRoll
from mailroll.reconcile.errors import Refused
from mailroll.sync.models import RequestOutcome, Run, RunRequest, RunState, SteadyState
from mailroll.sync.schedules import schedule
from tests.backup.conftest import BY_HAND, Installation
from tests.backup.elsewhere import another_database
from tests.cli.commands import mailroll
from tests.console.pages import words
from tests.gateway.copies import filled
from tests.sync.world import DOMAIN

pytestmark = pytest.mark.django_db(transaction=True)


class UnderLoad(archive.BackupWriter):
    """Once the first table is written, everybody else does what they do: a sync takes effect."""

    meanwhile: "Installation"
    done = False

    def put(self, name: str, pieces: Iterable[bytes]) -> tuple[int, str]:
        written = super().put(name, pieces)
        if not self.done and name.startswith("tables/"):
            self.done = True
            with ThreadPoolExecutor(1) as beside:
                beside.submit(self._sync).result()
        return written

    def _sync(self) -> None:
        try:
            self.meanwhile.customer.sync()
        finally:
            connections.close_all()


def told(address: str, installation: Installation) -> str:
    """What Python says; the database's own function has to say the same."""
    verdict = answer(address, StoredRoll(), installation.now).answer
    with connection.cursor() as cursor:
        cursor.execute("SELECT gateway.answer(%s, %s)", [address, installation.now])
        assert cursor.fetchone()[0] == verdict.value
    return verdict


def test_a_backup_under_load_comes_back_elsewhere_with_nothing_in_it_trusted(
    installation: Installation, file: Path
) -> None:
    customer = installation.customer
    customer.tenant.add_user("Later Joiner", local="later")
    before = list(queries.users(customer.domain))
    with archive.writing(file) as into, maker.snapshot() as cursor:
        into.__class__, into.meanwhile = UnderLoad, installation  # type: ignore[attr-defined]
        maker.write(into, cursor, contents.ours(), installation.now, ("a key",), None)
    assert f"later@{DOMAIN}" in customer.roll()
    server = filled()
    with another_database():
        restored = mailroll("restore", str(file), "--json")
        assert restored.exit_code == 0, restored
        assert list(queries.users(customer.domain)) == before
        assert restored.document["switched_off"] == [DOMAIN]
        assert restored.document["watched"] == [BY_HAND]
        assert restored.document["discarded_plans"] == 3
        assert [one["opens"] for one in restored.document["secrets"]] == [True]

        assert told(f"p9@{DOMAIN}", installation) is Answer.ACCEPT
        assert told(f"later@{DOMAIN}", installation) is Answer.CANNOT_SAY
        assert told(f"who@{DOMAIN}", installation) is Answer.CANNOT_SAY
        assert told(f"joined-since@{BY_HAND}", installation) is Answer.ACCEPT
        # A server that was there all the time has its own copy, and lets nobody go whom nothing accounts for.
        follow(server)
        assert answer(f"later@{DOMAIN}", server, installation.now).answer is Answer.ACCEPT
        assert answer(f"who@{DOMAIN}", server, installation.now).answer is Answer.CANNOT_SAY
        assert MissingRows.objects.get().sample == [f"joiner@{DOMAIN}", f"later@{DOMAIN}"]

        assert set(Run.objects.values_list("state", flat=True)) == {RunState.APPLIED, RunState.DISCARDED}
        assert list(RunRequest.objects.values_list("outcome", flat=True)) == [RequestOutcome.CANCELLED]
        assert not Session.objects.exists()
        assert not SteadyState.objects.exists()
        assert not Visit.objects.filter(ended_at=None).exists()
        assert not Invitation.objects.filter(withdrawn_at=None).exists()
        assert not ConsentLink.objects.filter(ended_at=None).exists()
        assert Token.objects.filter(revoked_at=None).exists()
        assert not Source.objects.exclude(read_at=None).exists()
        read = credentials.access(Connection.objects.get())
        assert read.values["secret"] == customer.secret
        assert AuditEntry.objects.latest("id").action == "installation.restored"
        assert Restoration.objects.get().made_at == installation.now

        domain = Domain.objects.get(name=DOMAIN)
        for switch in (schedule.switch_on, schedule.switch_on_unseen):
            with pytest.raises(Refused) as refused:
                switch(domain, customer.acting)
            assert refused.value.code == "preview_after_restore"
        # What was seen before the backup unlocks nothing.
        for run in Run.objects.all():
            schedule.opened(run, customer.acting)
        with pytest.raises(Refused):
            schedule.switch_on(domain, customer.acting)
        preview = customer.preview()
        schedule.opened(preview, customer.acting)
        schedule.switch_on(Domain.objects.get(name=DOMAIN), customer.acting)

        customer.sync()
        assert told(f"later@{DOMAIN}", installation) is Answer.ACCEPT
        assert told(f"who@{DOMAIN}", installation) is Answer.UNKNOWN


def test_who_was_entered_by_hand_since_is_accepted_until_a_person_looked(
    installation: Installation, file: Path, client: Client
) -> None:
    customer = installation.customer
    edit.add_user(customer.domain, f"scanner@{DOMAIN}", customer.acting)
    passed = edit.add_domain(customer.domain.organization, "passed.example", customer.acting)
    edit.set_serving(passed, replace(edit.ServingWay.of(passed), serving=Serving.PASS), customer.acting)
    with archive.writing(file) as into, maker.snapshot() as cursor:
        maker.write(into, cursor, contents.ours(), installation.now, ("a key",), None)
    edit.add_user(customer.domain, f"printer@{DOMAIN}", customer.acting)
    with another_database():
        restored = mailroll("restore", str(file), "--json")
        assert restored.document["watched"] == [DOMAIN, BY_HAND]
        assert Domain.objects.get(name=passed.name).serving == Serving.PASS
        customer.sync()
        assert Domain.objects.get(name=DOMAIN).read_at is not None
        assert told(f"printer@{DOMAIN}", installation) is Answer.ACCEPT
        client.force_login(Operator.objects.get())
        page = words(client.get(reverse("console:gateway", args=[DOMAIN])))
        assert "who was entered by hand between then and the restore was lost" in page
        served = mailroll("domain", "serving", DOMAIN, "--mode", "serve")
        assert served.exit_code == 0, served
        assert told(f"printer@{DOMAIN}", installation) is Answer.UNKNOWN
        assert "entered by hand" not in words(client.get(reverse("console:gateway", args=[DOMAIN])))


def test_who_was_the_first_by_hand_is_accepted_too_where_all_are_watched(
    installation: Installation, file: Path
) -> None:
    customer = installation.customer
    with archive.writing(file) as into, maker.snapshot() as cursor:
        maker.write(into, cursor, contents.ours(), installation.now, ("a key",), None)
    edit.add_user(customer.domain, f"printer@{DOMAIN}", customer.acting)
    with another_database():
        restored = mailroll("restore", str(file), "--watch-all", "--json")
        assert restored.document["watched"] == [DOMAIN, BY_HAND]
        customer.sync()
        assert told(f"printer@{DOMAIN}", installation) is Answer.ACCEPT
        assert mailroll("domain", "serving", DOMAIN, "--mode", "serve").exit_code == 0
        assert told(f"printer@{DOMAIN}", installation) is Answer.UNKNOWN


def test_a_backup_by_the_command_is_whole_and_for_its_owner_alone(installation: Installation, file: Path) -> None:
    made = mailroll("backup", str(file), "--json")
    assert (made.exit_code, made.document["rows"]["directory_user"]) == (0, 13)
    assert made.document["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    assert AuditEntry.objects.latest("id").action == "installation.backed_up"
    with archive.reading(file) as backup:
        assert json.loads(backup.raw_manifest)["keys_inside"] is False
        assert backup.manifest.migrations
    again = mailroll("backup", str(file), "--json")
    assert again.exit_code == 0
