"""A sample is what live counts are made of: everything that a filter can name, of the people of one domain."""

import json
from typing import Any

from django.db import connection as database

from mailroll.connections import filters
from mailroll.reconcile.filters.counter import FilterCount, RuleTally, SampledPerson, count
from mailroll.reconcile.filters.model import RuleGroup
from mailroll.sync.models import Sample
from mailroll.sync.samples import intake, pack, view
from mailroll.sync.samples.view import SampleView
from mailroll.sync.workers import tick
from tests.sync.world import DOMAIN, Customer


def only(customer: Customer, field: str, operator: str, value: object) -> RuleGroup:
    return filters.check(customer.source, {"all": [{"field": field, "operator": operator, "value": value}]})


def look(customer: Customer, *named: str) -> SampleView:
    return view.sampled(customer.source, frozenset(named), customer.acting)


def queued() -> list[dict[str, Any]]:
    with database.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name LIKE '%%sample' AND status = 'todo'")
        return [json.loads(args) for (args,) in cursor.fetchall()]


def done() -> None:
    with database.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'todo'")


def taken(customer: Customer, *named: str) -> tuple[SampledPerson, ...]:
    look(customer, *named)
    done()
    intake.take(customer.connection.id, customer.time())
    people = look(customer, *named).people
    assert people is not None
    return people


def counted(customer: Customer, group: RuleGroup, people: tuple[SampledPerson, ...]) -> FilterCount:
    return count(group, filters.attributes(customer.source), people)


def test_a_sample_is_asked_for_once_and_taken_by_a_worker(customer: Customer) -> None:
    assert look(customer) == SampleView(None, asked=True)
    assert look(customer) == SampleView(None, asked=True)
    assert queued() == [{"connection_id": str(customer.connection.id)}]
    intake.take(customer.connection.id, customer.time())
    seen = look(customer)
    assert (len(seen.people or ()), seen.asked, seen.partial, seen.fault) == (12, False, False, "")


def test_people_are_counted_by_every_property_and_by_kind(customer: Customer) -> None:
    for number in range(4):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", department="Sales", companyName="Brightwater")
    customer.tenant.add_shared_mailbox("Info", local="info")
    customer.sync()
    people = taken(customer)
    sales = counted(customer, only(customer, "department", "is", "Sales"), people)
    assert (sales.matching, sales.total, sales.undecided) == (4, 13, 0)
    assert sales.by_rule == {"all[0]": RuleTally(4, 9, 0)}
    assert counted(customer, only(customer, "kind", "is", "shared"), people).matching == 1
    dropped = counted(customer, only(customer, "accountEnabled", "is", "true"), people)
    assert (dropped.matching, dropped.shared_dropped) == (12, 1)


def test_members_of_a_group_are_counted_once_it_was_named(customer: Customer) -> None:
    group = customer.tenant.add_group("Clinic", members=[customer.tenant.user(f"p{n}@{DOMAIN}") for n in range(3)])
    rule = only(customer, "memberOf", "is", "Clinic")
    people = taken(customer)
    assert counted(customer, rule, people).not_counted == {"memberOf"}
    assert counted(customer, rule, taken(customer, "Clinic")).matching == 3
    nobody = only(customer, "memberOf", "is", "No such group")
    assert counted(customer, nobody, taken(customer, "No such group")).undecided == 12
    assert group.id in {each.id for each in look(customer).groups}


def test_an_old_sample_serves_until_the_newer_one_is_there_and_is_dropped_after_a_day(customer: Customer) -> None:
    taken(customer)
    customer.time.pass_(minutes=16)
    seen = look(customer)
    assert (len(seen.people or ()), seen.asked) == (12, True)
    assert len(queued()) == 1
    # Whoever was asked has died: somebody else is asked.
    done()
    customer.time.pass_(minutes=11)
    assert look(customer).asked
    assert len(queued()) == 1
    customer.time.pass_(hours=25)
    assert look(customer).people is None
    # It has been asked for once more: whoever takes it finds its row, and where that one dies, it goes as well.
    tick.fill(customer.time(), 0, leaves_quiet=False)
    assert Sample.objects.exists()
    customer.time.pass_(minutes=11)
    tick.fill(customer.time(), 0, leaves_quiet=False)
    assert not Sample.objects.exists()
    # Its job may still come, and is taken for what it was asked for.
    intake.take(customer.connection.id, customer.time())
    assert len(look(customer).people or ()) == 12


def test_what_went_wrong_is_told(customer: Customer) -> None:
    customer.simulator.faults.on("forbidden")
    look(customer)
    intake.take(customer.connection.id, customer.time())
    seen = look(customer)
    assert seen.people is None
    assert "is missing" in seen.fault
    assert not seen.asked


def test_a_source_without_a_connection_has_nothing_to_count(customer: Customer) -> None:
    customer.source.connection = None
    customer.source.connection_id = None
    assert look(customer) == SampleView(None)


def test_people_of_other_domains_of_the_tenant_are_not_in_it(customer: Customer) -> None:
    customer.tenant.add_domain("other.example")
    customer.tenant.add_user("Elsewhere", local="else", domain="other.example")
    assert len(taken(customer)) == 12


def test_of_a_large_tenant_the_first_are_kept(customer: Customer) -> None:
    people = taken(customer)
    contents = pack.unpack(bytes(Sample.objects.get().data or b""))
    assert len(contents.people) == len(people) == 12
    assert not contents.partial
