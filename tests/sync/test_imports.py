"""A file of users as a run: planned, guarded, applied and kept apart from what sources say."""

import threading

import pytest
from django.db import connection

from mailroll.audit.models import AuditEntry
from mailroll.connections import sources
from mailroll.connections.models import Source
from mailroll.directory import edit, queries
from mailroll.directory.edit import BadList, Static
from mailroll.directory.models import Address, DomainAlias, Group, User
from mailroll.directory.sheets.users import lines
from mailroll.insight import run_queries
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.imports import Missing
from mailroll.sync import imports
from mailroll.sync.locks.domain_lock import AlreadyRunning, alone
from mailroll.sync.models import Run, RunSkip, RunState, Trigger
from mailroll.sync.runs import decide
from mailroll.sync.schedules import schedule
from tests.sync.world import DOMAIN, Customer


def _file(*locals_: str, head: str = "address,display_name,group") -> bytes:
    return "\n".join([head, *(one.replace("@", f"@{DOMAIN}") for one in locals_)]).encode()


def _preview(customer: Customer, content: bytes, missing: Missing = Missing.STAYS) -> Run:
    return imports.preview(content, missing, customer.domain, customer.acting)


def _by_hand(customer: Customer, *names: str) -> None:
    for name in names:
        edit.add_user(customer.domain, f"{name}@{DOMAIN}", customer.acting)


def _hand_made(customer: Customer) -> list[str]:
    return sorted(
        one.address for one in customer.everyone() if not one.managed_by and one.address and not one.retired_at
    )


def test_a_preview_writes_nothing_and_applies_exactly_what_it_showed(customer: Customer) -> None:
    customer.sync()
    customer.domain.refresh_from_db()
    read_at = customer.domain.read_at
    customer.time.pass_(hours=1)
    run = _preview(customer, _file("fax@,Fax,Machines", "p1@,Somebody,Main"))
    assert (run.trigger, run.state) == (Trigger.IMPORT, RunState.PLANNED)
    assert _hand_made(customer) == []
    done = decide.apply(run.id, customer.acting)
    assert done.state == RunState.APPLIED
    made = customer.user(f"fax@{DOMAIN}")
    assert (made.owner_id, made.display_name, made.group.name, made.kind) == (None, "Fax", "Machines", "user")
    assert Group.objects.filter(domain=customer.domain, name="Machines").exists()
    (skip,) = RunSkip.objects.filter(run=run)
    assert (skip.address, skip.reason["code"]) == (f"p1@{DOMAIN}", "kept_by_source")
    assert customer.user(f"p1@{DOMAIN}").display_name == "Person 1"
    customer.domain.refresh_from_db()
    assert customer.domain.read_at == read_at
    assert AuditEntry.objects.filter(action="run.applied", details__run=str(run.id)).exists()


ODD = (
    "\u5c71\u7530\u3000\u592a\u90ce",
    "a\x01b\nc",
    "Bu\u0308ro ",
    "\u05e9\u05e8\u05d4\u200f",
    "\u00a0",
    "'=x",
    "\u202ex",
)


def test_importing_what_was_exported_changes_nothing_whatever_became_of_the_source(customer: Customer) -> None:
    customer.sync()
    edit.add_domain_alias(customer.domain, "old.example", customer.acting)
    source = Source.objects.get(domain=customer.domain)
    users = list(User.objects.filter(domain=customer.domain).order_by("id"))
    for user, name in zip(users, ODD, strict=False):
        User.objects.filter(id=user.id).update(display_name=name, kind="group")
    group = Group.objects.get(domain=customer.domain, name=users[0].group.name)
    Group.objects.filter(id=group.id).update(name="Bu\u0308ro\x01")
    Address.objects.filter(user=users[10]).delete()
    Address.objects.filter(user=users[11]).update(address="old@old.example")
    DomainAlias.objects.all().delete()
    sources.remove_keeping_users(source, customer.acting)
    content = "".join(lines(queries.users(customer.domain))).encode()
    for missing in Missing:
        run = _preview(customer, content, missing)
        assert (run.state, run.counts["unchanged"]) == (RunState.UNCHANGED, len(users))


def test_importing_what_was_exported_changes_nothing(customer: Customer) -> None:
    customer.sync()
    _by_hand(customer, "fax", "door")
    edit.add_static(customer.domain, Static(f"lists@{DOMAIN}"), customer.acting)
    content = "".join(lines(queries.users(customer.domain))).encode()
    for missing in Missing:
        run = _preview(customer, content, missing)
        assert (run.state, run.counts["unchanged"]) == (RunState.UNCHANGED, 15)


def test_a_bad_file_makes_no_run(customer: Customer) -> None:
    with pytest.raises(BadList):
        _preview(customer, _file("fax@,Fax,Main", "bob,Bob,Main"))
    assert not Run.objects.exists()
    assert not User.objects.exists()


def test_a_file_that_replaces_is_held_where_too_many_go(customer: Customer) -> None:
    customer.sync()
    _by_hand(customer, *"abcdef")
    done = imports.run(_file("a@,A,Main", "new@,New,Main"), Missing.RETIRES, customer.domain, customer.acting)
    assert done.state == RunState.APPLIED
    assert done.waits_in is not None
    assert len(_hand_made(customer)) == 7
    held = done.waits_in
    assert {"users": "5", "total": "6", "limit": "3"} in [finding["facts"] for finding in held.findings]
    # What sources say neither ends it nor is ended by it.
    customer.sync()
    held.refresh_from_db()
    assert held.state == RunState.HELD
    decide.release(held.id, "Agreed with the customer", customer.acting)
    assert _hand_made(customer) == [f"a@{DOMAIN}", f"new@{DOMAIN}"]


def test_a_newer_import_ends_what_an_older_one_left(customer: Customer) -> None:
    customer.sync()
    _by_hand(customer, *"abcdef")
    first = _preview(customer, _file("a@,A,Main"), Missing.RETIRES)
    preview = customer.preview()
    customer.time.pass_(minutes=1)
    imports.run(_file("z@,Z,Main"), Missing.STAYS, customer.domain, customer.acting)
    first.refresh_from_db()
    preview.refresh_from_db()
    assert first.state == RunState.SUPERSEDED
    assert preview.state == RunState.UNCHANGED
    assert len(_hand_made(customer)) == 7


def test_a_plan_that_has_moved_on_is_refused(customer: Customer) -> None:
    _by_hand(customer, "fax")
    run = _preview(customer, _file("fax@,Fax,Main"))
    edit.rename_user(customer.domain, customer.user(f"fax@{DOMAIN}").id, "Other", customer.acting)
    with pytest.raises(Refused) as problem:
        decide.apply(run.id, customer.acting)
    assert problem.value.code == "plan_moved_on"
    assert customer.user(f"fax@{DOMAIN}").display_name == "Other"


def test_an_import_is_no_sync_to_anybody(customer: Customer) -> None:
    run = imports.run(_file("fax@,Fax,Main"), Missing.STAYS, customer.domain, customer.acting)
    now = customer.time()
    assert run.state == RunState.APPLIED
    assert not run_queries.board(customer.domain, customer.time(), 1).ever_applied
    waiting = _preview(customer, _file("fax@,Faxes,Main"))
    assert waiting.state == RunState.PLANNED
    assert run_queries.waiting_preview(customer.domain, now) is None
    schedule.opened(waiting, customer.acting)
    assert not schedule.view(customer.domain, now).previewed
    assert schedule.view(customer.domain, now).last is None


@pytest.mark.django_db(transaction=True)
def test_one_run_of_a_domain_at_a_time(customer: Customer) -> None:
    found: list[BaseException] = []

    def bring() -> None:
        try:
            _preview(customer, _file("fax@,Fax,Main"))
        except AlreadyRunning as error:
            found.append(error)
        finally:
            connection.close()

    with alone(customer.domain.id, customer.time()):
        thread = threading.Thread(target=bring)
        thread.start()
        thread.join()
    assert len(found) == 1
    assert not Run.objects.exists()
