"""Exports: whole at every moment whatever fails, new only where something changed, and never smaller on trust."""

import json
import shutil
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from errno import EIO
from pathlib import Path
from typing import TextIO

import pytest
from django.db import connection, transaction

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.customers import erasure
from mailroll.directory import edit
from mailroll.directory.models import Address, Organization, Serving
from mailroll.gateway.departures import StoredDepartures
from mailroll.gateway.export import Exported, Shrunk, Wish, accept, export
from mailroll.gateway.formats import FORMS
from mailroll.gateway.generations import MANIFEST, Disk, Generations
from mailroll.gateway.lists import Moment
from mailroll.gateway.recipients import StoredRoll
from mailroll.gateway.stored_lists import StoredMoment
from mailroll.reconcile.errors import BadInput, Broken, Retry
from tests.directory.rolls import ACTING, NOON
from tests.gateway.conftest import ALIAS, NAME, Shelf
from tests.gateway.test_answers import DAY, HOUR, fill

# The ledger counts by transaction: within one of the test's own, what happens first and what later cannot be told.
pytestmark = pytest.mark.django_db(transaction=True)

TEXTHASH = FORMS["texthash"]
ALL = Wish(TEXTHASH, None)


class Here:
    """A listing of the roll as it is, at a time of the test's own."""

    def __init__(self, at: timedelta = timedelta()) -> None:
        self._at = NOON + at

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        with transaction.atomic():
            yield StoredMoment(self._at, StoredRoll())


class Failing(Disk):
    """Fails at one step, counted from 1."""

    def __init__(self, step: int) -> None:
        self._left = step

    def _step(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise OSError(28, "No space left on device")

    def flush(self, file: TextIO) -> None:
        self._step()
        super().flush(file)

    def flush_folder(self, folder: Path) -> None:
        self._step()
        super().flush_folder(folder)

    def rename(self, old: Path, new: Path) -> None:
        self._step()
        super().rename(old, new)


def run(folder: Path, wish: Wish = ALL, disk: Disk | None = None, at: timedelta = timedelta()) -> Exported:
    generations = Generations(folder, disk or Disk())
    with generations.locked():
        return export(wish, Here(at), generations, StoredDepartures())


def delete(*addresses: str) -> None:
    """Delete rows as nothing of ours does: the test's one transaction may have meant to before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('mailroll.departures', '', true)")
    Address.objects.filter(address__in=addresses).delete()


def recipients(folder: Path) -> set[str]:
    return {line.split()[0] for line in (folder / "current" / "recipients").read_text("utf-8").splitlines()}


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    fill(shelf)
    return shelf


def test_a_generation_has_a_number_a_count_and_checksums(filled: Shelf, tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.changed, done.manifest.generation, done.manifest.count) == (True, 1, 6)
    manifest = json.loads((tmp_path / "current" / "manifest.json").read_text())
    assert manifest["files"] == done.manifest.files
    assert manifest["domains"] == [
        {"name": NAME, "names": [NAME, "bücher.example", ALIAS], "count": 6, "accepts_all": None}
    ]
    assert f"bob@{NAME}" in recipients(tmp_path)


def test_what_did_not_change_is_not_written_again(filled: Shelf, tmp_path: Path) -> None:
    run(tmp_path)
    before = (tmp_path / "current").resolve(), (tmp_path / "current" / "recipients").stat()
    done = run(tmp_path)
    assert (done.changed, done.manifest.generation) == (False, 1)
    assert ((tmp_path / "current").resolve(), (tmp_path / "current" / "recipients").stat()) == before
    filled.has(f"new@{NAME}")
    done = run(tmp_path)
    assert (done.changed, done.manifest.generation) == (True, 2)
    assert f"new@{NAME}" in recipients(tmp_path)


def test_three_generations_stay(filled: Shelf, tmp_path: Path) -> None:
    for number in range(5):
        filled.has(f"new{number}@{NAME}")
        run(tmp_path)
    assert sorted(each.name for each in (tmp_path / "generations").iterdir()) == ["000003", "000004", "000005"]


def test_the_list_is_whole_whatever_step_fails(filled: Shelf, tmp_path: Path) -> None:
    run(tmp_path)
    old = recipients(tmp_path)
    filled.has(f"new@{NAME}")
    new = old | {f"new@{NAME}", "new@bücher.example"}
    failed = 0
    for step in range(1, 20):
        try:
            run(tmp_path, disk=Failing(step))
        except Broken:
            failed += 1
        assert recipients(tmp_path) in (old, new), step
        assert set((tmp_path / "current").iterdir()) == {
            tmp_path / "current" / name for name in (".addresses", "recipients", "relay_domains", "manifest.json")
        }
        if recipients(tmp_path) == new:
            break
    assert failed >= 8
    assert not list((tmp_path / "generations").glob(".new-*"))
    assert run(tmp_path).changed is False


def test_what_a_killed_export_left_is_cleared_away(filled: Shelf, tmp_path: Path) -> None:
    run(tmp_path)
    left = tmp_path / "generations" / ".new-000002"
    left.mkdir()
    (left / "recipients").write_text("half a li")
    (tmp_path / ".current.new").symlink_to("generations/000002")
    filled.has(f"new@{NAME}")
    assert run(tmp_path).manifest.generation == 2
    assert f"new@{NAME}" in recipients(tmp_path)


def test_two_exports_at_once_are_one(filled: Shelf, tmp_path: Path) -> None:
    with Generations(tmp_path, Disk()).locked(), pytest.raises(Retry) as problem:
        run(tmp_path)
    assert problem.value.code == "export_under_way"


def test_addresses_that_vanish_without_a_reason_stay_in_the_list(filled: Shelf, tmp_path: Path) -> None:
    run(tmp_path)
    old = recipients(tmp_path)
    delete(f"bob@{NAME}", f"sales@{ALIAS}")
    filled.has(f"new@{NAME}")
    with pytest.raises(Shrunk) as problem:
        run(tmp_path)
    assert problem.value.code == "list_shrank"
    assert f"bob@{NAME}" in problem.value.message
    assert recipients(tmp_path) == old
    (missing,) = problem.value.missing
    assert (missing.name, missing.count, missing.first) == (NAME, 2, (f"bob@{NAME}", f"sales@{ALIAS}"))


def test_a_person_can_stand_for_what_is_missing(filled: Shelf, tmp_path: Path) -> None:
    run(tmp_path)
    delete(f"bob@{NAME}")
    with pytest.raises(Shrunk) as problem:
        run(tmp_path)
    delete(f"sales@{ALIAS}")
    accept(problem.value.missing, "restored from a backup", ACTING)
    with pytest.raises(Shrunk):
        run(tmp_path, replace(ALL, accepted=problem.value.missing))
    filled.has(f"sales@{ALIAS}")
    assert run(tmp_path, replace(ALL, accepted=problem.value.missing)).changed
    assert f"bob@{NAME}" not in recipients(tmp_path)
    entry = AuditEntry.objects.get(action="gateway.shrink_accepted")
    assert (entry.subject, entry.organization) == (NAME, filled.domain.organization_id)
    assert entry.details == {"reason": "restored from a backup", "addresses": 1, "first": [f"bob@{NAME}"]}


def test_who_ended_by_the_rules_goes(filled: Shelf, tmp_path: Path) -> None:
    run(tmp_path)
    assert f"left@{NAME}" in recipients(tmp_path)
    run(tmp_path, at=24 * HOUR)
    assert f"left@{NAME}" not in recipients(tmp_path)


def test_who_waited_in_vain_goes(filled: Shelf, tmp_path: Path) -> None:
    run(tmp_path)
    assert f"joiner@{NAME}" in recipients(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_waitingaddress")
    run(tmp_path)
    assert f"joiner@{NAME}" not in recipients(tmp_path)


def test_what_people_remove_goes(filled: Shelf, tmp_path: Path) -> None:
    Address.objects.filter(domain=filled.domain).delete()
    for local in ("first", "second"):
        edit.add_user(filled.domain, f"{local}@{NAME}", ACTING)
    third = edit.add_user(filled.domain, f"third@{NAME}", ACTING)
    edit.add_alias(filled.domain, third, f"3@{NAME}", ACTING)
    static = edit.add_static(filled.domain, edit.Static(f"list@{NAME}", (f"l@{NAME}",)), ACTING)
    run(tmp_path)
    edit.remove_alias(filled.domain, third, f"3@{NAME}", ACTING)
    run(tmp_path)
    edit.remove_static(filled.domain, static, ACTING)
    edit.remove_user(filled.domain, third, ACTING)
    run(tmp_path)
    assert {key for key in recipients(tmp_path) if key.endswith(NAME) and "postmaster" not in key} == {
        f"first@{NAME}",
        f"second@{NAME}",
        f"joiner@{NAME}",
    }


def test_a_domain_that_is_removed_goes_and_one_that_is_missing_does_not(filled: Shelf, tmp_path: Path) -> None:
    other = edit.add_domain(Organization.objects.get(), "harbour.example", ACTING)
    edit.add_user(other, "ann@harbour.example", ACTING)
    run(tmp_path)
    edit.remove_domain(other, ACTING)
    run(tmp_path)
    assert "ann@harbour.example" not in recipients(tmp_path)
    delete()
    with connection.cursor() as cursor:
        for table in ("address", "waitingaddress", "user", "domainalias", "group", "domain"):
            cursor.execute(f"DELETE FROM directory_{table}")
    with pytest.raises(Shrunk):
        run(tmp_path)
    assert f"bob@{NAME}" in recipients(tmp_path)


@pytest.mark.parametrize(("spoils", "removes"), [(True, False), (False, False), (False, True)])
def test_no_generation_brings_back_who_was_erased(
    filled: Shelf, tmp_path: Path, *, spoils: bool, removes: bool
) -> None:
    every, other = tmp_path / "every", tmp_path / "other"
    tenant = edit.add_organization("Harbour", ACTING)
    domain = edit.add_domain(tenant, "harbour.example", ACTING)
    edit.add_user(domain, "ann@harbour.example", ACTING)
    for number in range(2):
        filled.has(f"new{number}@{NAME}")
        run(every)
        run(other, Wish(TEXTHASH, (NAME,)))
    if spoils:
        (every / "generations" / "000001" / ".addresses").unlink()
    if removes:
        edit.remove_domain(domain, ACTING)
    erasure.erase(tenant, tenant.name, ACTING, although_served=True)
    for _ in range(2):
        run(every)
        run(other, Wish(TEXTHASH, (NAME,)))
        assert [place.name for place in (every / "generations").iterdir()] == ["000003"]
        assert sorted(place.name for place in (other / "generations").iterdir()) == ["000001", "000002"]
    assert f"bob@{NAME}" in recipients(every)


def test_an_erasure_leaves_what_another_organization_removed_under_that_name(filled: Shelf, tmp_path: Path) -> None:
    folders = []
    for name in ("Harbour", "Quay"):
        domain = edit.add_domain(edit.add_organization(name, ACTING), "harbour.example", ACTING)
        edit.add_user(domain, "ann@harbour.example", ACTING)
        folders.append(tmp_path / name)
        run(folders[-1])
        edit.remove_domain(domain, Acting("test:priya"))
        run(folders[-1])
    erasure.erase(Organization.objects.get(name="Harbour"), "Harbour", ACTING)
    for folder in folders:
        run(folder)
    kept_numbers = [sorted(place.name for place in (folder / "generations").iterdir()) for folder in folders]
    assert kept_numbers == [["000002"], ["000001", "000002"]]


def test_a_domain_that_is_there_keeps_its_older_files_though_a_person_stood_for_a_loss(
    filled: Shelf, tmp_path: Path
) -> None:
    run(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO directory_departure (domain_id) VALUES (%s)", [filled.domain.id])
    filled.has(f"new@{NAME}")
    run(tmp_path)
    assert sorted(place.name for place in (tmp_path / "generations").iterdir()) == ["000001", "000002"]


def test_an_erasure_accounts_for_nothing_of_a_domain_that_is_there(filled: Shelf, tmp_path: Path) -> None:
    """An alias domain that it gave up may have had the name; with an entry for all of it, its mail could be refused."""
    tenant = edit.add_organization("Harbour", ACTING)
    edit.remove_domain(edit.add_domain(tenant, "harbour.example", ACTING), ACTING)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_departure SET domain_id = %s", [filled.domain.id])
    run(tmp_path)
    erasure.erase(tenant, tenant.name, ACTING)
    delete(f"bob@{NAME}")
    with pytest.raises(Shrunk):
        run(tmp_path)


def test_a_generation_whose_removal_broke_off_does_not_stay(
    filled: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = edit.add_organization("Harbour", ACTING)
    domain = edit.add_domain(tenant, "harbour.example", ACTING)
    edit.add_user(domain, "ann@harbour.example", ACTING)
    run(tmp_path)
    erasure.erase(tenant, tenant.name, ACTING, although_served=True)

    def break_off(place: Path, **_: object) -> None:
        if (place / MANIFEST).exists():
            (place / MANIFEST).unlink()
            raise OSError(EIO, "broken")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", break_off)
        with pytest.raises(Broken):
            run(tmp_path)
    run(tmp_path)
    assert [place for place in tmp_path.rglob(".addresses") if b"ann@" in place.read_bytes()] == []


def test_a_domain_that_was_only_removed_can_be_gone_back_to(filled: Shelf, tmp_path: Path) -> None:
    other = edit.add_domain(Organization.objects.get(), "harbour.example", ACTING)
    edit.add_user(other, "ann@harbour.example", ACTING)
    run(tmp_path)
    edit.remove_domain(other, ACTING)
    (tmp_path / "generations" / "000000").mkdir()
    for _ in range(2):
        run(tmp_path)
    assert sorted(place.name for place in (tmp_path / "generations").iterdir()) == ["000000", "000001", "000002"]


def test_domains_are_dropped_by_asking_for_fewer(filled: Shelf, tmp_path: Path) -> None:
    other = edit.add_domain(Organization.objects.get(), "harbour.example", ACTING)
    edit.add_user(other, "ann@harbour.example", ACTING)
    run(tmp_path, Wish(TEXTHASH, (NAME, "harbour.example")))
    assert run(tmp_path, Wish(TEXTHASH, (NAME,))).changed
    assert "ann@harbour.example" not in recipients(tmp_path)
    with pytest.raises(BadInput) as problem:
        run(tmp_path, Wish(TEXTHASH, (NAME, "elsewhere.example")))
    assert problem.value.code == "domain_unknown"


def test_a_list_that_becomes_empty_takes_everybody(filled: Shelf, tmp_path: Path) -> None:
    run(tmp_path)
    Address.objects.filter(domain=filled.domain).update(ending_since=NOON - 9 * DAY, confirmed_at=NOON - 8 * DAY)
    run(tmp_path)
    assert f"@{NAME}" in recipients(tmp_path)


def test_a_change_of_how_a_domain_is_served_is_no_shrinking(filled: Shelf, tmp_path: Path) -> None:
    filled.set(serving=Serving.WATCH)
    run(tmp_path)
    assert f"@{NAME}" in recipients(tmp_path)
    filled.set(serving=Serving.SERVE)
    run(tmp_path)
    assert f"@{NAME}" not in recipients(tmp_path)


def test_a_folder_is_for_one_form(filled: Shelf, tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(BadInput) as problem:
        run(tmp_path, Wish(FORMS["exim"], None))
    assert problem.value.code == "folder_of_another_form"


@pytest.mark.parametrize("spoilt", ["", "[]", '{"form": "texthash"}', None])
def test_a_spoilt_generation_is_not_taken_for_none(filled: Shelf, tmp_path: Path, spoilt: str | None) -> None:
    run(tmp_path)
    manifest = tmp_path / "current" / "manifest.json"
    if spoilt is None:
        manifest.unlink()
    else:
        manifest.write_text(spoilt)
    with pytest.raises(Broken) as problem:
        run(tmp_path)
    assert problem.value.code == "generation_unreadable"


def test_a_full_disk_says_so(filled: Shelf, tmp_path: Path) -> None:
    with pytest.raises(Broken) as problem:
        run(tmp_path, disk=Failing(1))
    assert (problem.value.code, "No space left on device" in problem.value.message) == ("export_unwritable", True)


@pytest.mark.parametrize("spoilt", [b"\xff\n", b"domain what\n", None])
def test_a_spoilt_list_of_addresses_is_not_taken_for_an_empty_one(
    filled: Shelf, tmp_path: Path, spoilt: bytes | None
) -> None:
    run(tmp_path)
    addresses = tmp_path / "current" / ".addresses"
    if spoilt is None:
        addresses.unlink()
    else:
        addresses.write_bytes(spoilt)
    filled.has(f"new@{NAME}")
    with pytest.raises(Broken) as problem:
        run(tmp_path)
    assert problem.value.code == "generation_unreadable"


@pytest.mark.slow
def test_sixty_thousand_addresses_are_never_in_memory(filled: Shelf, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_address (address, user_id, domain_id, is_primary)"
            " SELECT %s || n || '@' || %s, %s, %s, false FROM generate_series(1, 60000) n",
            ["somebody.with.a.very.long.name.and.a.number.of.their.own.", NAME, filled.user, filled.domain.id],
        )
    tracemalloc.start()
    try:
        assert run(tmp_path).manifest.count == 60_006
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The file alone has 9 million octets.
    assert (tmp_path / "current" / "recipients").stat().st_size > 9_000_000
    assert peak < 6_000_000
