"""Everything of an organization in one file: all of it, nothing of anybody else, no credential, one moment."""

import csv
import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from mailroll.accounts.models import Token
from mailroll.accounts.trail import Audience
from mailroll.audit import clock
from mailroll.audit.models import AuditEntry
from mailroll.connections.models import Connection
from mailroll.customers import archive
from mailroll.customers.extracts import EXTRACTS
from mailroll.directory import edit
from mailroll.directory.models import Address, Domain, Group, User
from mailroll.sync.models import Run, RunChange, RunSkip
from tests.cli.commands import mailroll
from tests.console.people import confirm
from tests.customers.neighbours import Street, build
from tests.sync.world import DOMAIN, Customer

LEFT = {
    # What follows from the rest, is of a moment, or is a credential.
    *("directory_census", "sync_domainstanding", "sync_standing_mark", "sync_steadystate", "sync_quietspell"),
    "sync_listingtrace",
    # What is added up of the former, and counted of changes that are taken out themselves.
    *("sync_standingsum", "sync_changesummary"),
    *("sync_runprogress", "directory_rollcount", "directory_rollmark", "directory_rollsurvey"),
    *("directory_departure", "gateway.feed", "gateway.noted", "gateway_missingrows", "directory_waitingaddress"),
    *("directory_staticupload", "sync_addressquestion", "sync_sample", "sync_unfinishedreading"),
    *("sync_mailboxaccess", "sync_mailboxpurpose", "connections_certificatedraft", "connections_dnsproof"),
    *("connections_consentattempt", "connections_consentlink", "connections_changesubscription"),
}


@pytest.fixture
def street(customer: Customer) -> Street:
    return build(customer)


def taken(pieces: Iterable[bytes]) -> dict[str, list[Any]]:
    """Read an archive back; what is CSV as lists, what is JSON Lines as values."""
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as file:
        assert file.testzip() is None
        manifest = json.loads(file.read("manifest.json"))
        assert set(file.namelist()) == {*manifest["files"], "manifest.json"}
        found: dict[str, list[Any]] = {"manifest": [manifest]}
        for name, told in manifest["files"].items():
            content = file.read(name)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (told["bytes"], told["sha256"])
            text = content.decode()
            if name.endswith(".csv"):
                found[name] = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
            else:
                found[name.removesuffix(".jsonl")] = [json.loads(line) for line in text.splitlines()]
                assert told["lines"] == len(found[name.removesuffix(".jsonl")])
        return found


def test_it_has_everything_of_the_house_nothing_of_next_door_and_no_credential(street: Street) -> None:
    packed = b"".join(archive.pieces(street.house, Audience(None), clock.now()))
    found = taken([packed])
    here = Domain.objects.exclude(id=street.domain_next_door.id)
    names = set(here.values_list("name", flat=True))
    assert {row["domain"] for row in found["domains"]} == names
    assert {row["id"] for row in found["organizations"]} == {str(street.house.id), str(street.branch.id)}
    expected = {
        "users": User.objects.filter(domain__in=here),
        "addresses": Address.objects.filter(domain__in=here),
        "groups": Group.objects.filter(domain__in=here),
        "runs": Run.objects.filter(domain__in=here),
        "changes": RunChange.objects.filter(run__domain__in=here),
        "skips": RunSkip.objects.filter(run__domain__in=here),
        "audit": AuditEntry.objects.filter(organization__in=[street.house.id, street.branch.id]),
    }
    assert {name: len(found[name]) for name in expected} == {name: rows.count() for name, rows in expected.items()}
    assert min(len(rows) for name, rows in found.items() if name != "skips") > 0
    # As CSV there is a head, and the same rows.
    assert len(found["users.csv"]) == len(found["users"]) + 1
    assert found["static_addresses.csv"][1][1] == "lists@branch.brightwater.example"
    text = json.dumps([rows for name, rows in found.items() if name != "people.csv"])
    # The neighbour has a role here, and a token is for both: that much is the house's own.
    assert text.count("coldharbour") == text.count("nina@coldharbour.example")
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        content = b"".join(file.read(name) for name in file.namelist()).decode()
    sealed = Connection.objects.get(id=street.customer.connection.id).sealed_credential
    assert sealed
    secrets = [sealed, street.boss.password, *(bytes(token.digest).hex() for token in Token.objects.all())]
    assert [secret for secret in secrets if secret in content] == []
    assert "sealed-" not in content


def test_a_table_of_customers_is_taken_out_or_left_out_on_purpose(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT CASE WHEN table_schema = 'public' THEN '' ELSE table_schema || '.' END || table_name"
            " FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema IN ('public', 'gateway') AND table_type = 'BASE TABLE'"
            " AND column_name IN ('domain_id', 'organization_id', 'run_id', 'connection_id', 'source_id')"
        )
        tables = {name for (name,) in cursor.fetchall()}
    selects = " ".join(extract.select for extract in EXTRACTS)
    assert {name for name in tables - LEFT if name not in selects} == set()


def test_it_is_of_one_moment_whatever_happens_meanwhile(street: Street) -> None:
    pieces = archive.pieces(street.house, Audience(None), clock.now(), size=1)
    first = next(pieces)
    before = User.objects.filter(domain=street.customer.domain).count()

    def join() -> None:
        edit.add_user(street.customer.domain, f"late@{DOMAIN}", street.customer.acting)
        connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(join).result()
    found = taken([first, *pieces])
    assert sum(row["domain"] == DOMAIN for row in found["users"]) == before
    assert User.objects.filter(domain=street.customer.domain).count() == before + 1


def test_the_command_makes_a_new_file_for_its_owner_alone(street: Street, tmp_path: Path) -> None:
    file = tmp_path / "house.zip"
    done = mailroll("organization", "export", street.house.name, str(file), "--json")
    assert (done.exit_code, done.document["bytes"]) == (0, file.stat().st_size)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert taken([file.read_bytes()])["audit"][-1]["action"] == "organization.exported"
    again = mailroll("organization", "export", street.house.name, str(file), "--json")
    assert again.document["error"]["code"] == "file_unwritable"
    assert file.stat().st_size == done.document["bytes"]
    nowhere = mailroll("organization", "export", street.house.name, str(tmp_path / "no" / "folder.zip"), "--json")
    assert nowhere.document["error"]["code"] == "file_unwritable"
    assert list(tmp_path.iterdir()) == [file]


def test_an_administrator_takes_it_out_of_the_console_after_confirming(street: Street, client: Any) -> None:
    url = reverse("console:organization-export", args=[street.house.id])
    client.force_login(street.boss)
    asked = client.post(url)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    confirm(client)
    assert b"It holds personal data" in client.get(url).content
    answer = client.post(url)
    found = taken(answer.streaming_content)
    assert found["manifest"][0]["organization"]["name"] == street.house.name
    # Of what the provider did here, nobody learns from where.
    assert {entry["client"] for entry in found["audit"] if entry["actor"].startswith("operator:root")} == {""}
    assert client.get(reverse("console:organization-export", args=[street.provider.id])).status_code == 404
