"""Many quiet domains at once, and how many rows a plan of the database goes through for them."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db import connection

from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.directory.models import Domain, Owner, ProvedBy
from mailroll.reconcile.model import ObjectType
from mailroll.sync.footings import ground
from mailroll.sync.models import (
    QuietSpell,
    Schedule,
    SteadyState,
)
from mailroll.sync.sources import since, source_list
from tests.sync.world import Customer


def crowd(customer: Customer, number: int) -> None:
    """Have many more domains of the customer, in two organizations, where a run would leave them: quiet and due."""
    small = edit.add_organization("Small", customer.acting)
    large, state = customer.domain.organization, SteadyState.objects.get()
    (_, question), *_ = source_list.sources(customer.domain, [ObjectType.USER])
    begun = since.opened(state.since, customer.domain.id, question.access, customer.time())
    assert begun is not None
    begun = replace(begun, cursors=tuple(each for each in begun.cursors if each.type is ObjectType.USER))
    domains = [
        Domain(organization=large if place else small, name=f"d{place}.example", proved_at=customer.time(),
               proved_by=ProvedBy.TOP, has_source=True)
        for place in range(number)
    ]  # fmt: skip
    Domain.objects.bulk_create(domains)
    owners = Owner.objects.bulk_create(Owner(domain=domain, label="Microsoft 365") for domain in domains)
    common = {"connection": customer.connection, "tenant": customer.tenant.id, "group": "Main", "precedence": 1}
    Source.objects.bulk_create(
        Source(owner=owner, domain=owner.domain, groups=False, contacts=False, **common) for owner in owners
    )
    users = replace(question.wanted, groups=False, contacts=False)
    SteadyState.objects.bulk_create(
        SteadyState(domain=domain, run=state.run, place="", said="", imprint="", made_at=state.made_at,
                    until=state.until, since=since.seal(begun, domain.id, question.access, users))
        for domain in domains
    )  # fmt: skip
    at = customer.time()
    Schedule.objects.bulk_create(Schedule(domain=one, automatic=True, jitter=0, next_run_at=at) for one in domains)
    QuietSpell.objects.bulk_create(
        QuietSpell(domain=one, types=[ObjectType.USER], began_at=at, until=state.until) for one in domains
    )
    # As autovacuum does some time after so many rows came: without, each statement is planned for the few of before.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for spell in QuietSpell.objects.all():
        spell.ground = ground.read(spell.domain_id).whole
        spell.save()


def rows_gone_through(domains: Collection[UUID]) -> int:
    """Count the rows that a look at our own side goes through, for all of some domains at once."""
    explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) WITH RECURSIVE {ground.GROUNDS} SELECT * FROM grounds"
    with connection.cursor() as cursor:
        cursor.execute(explain, ground.values(domains))
        ((plan,),) = cursor.fetchall()
    nodes, rows = [plan[0]["Plan"]], 0.0
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", ())
        rows += node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
    return int(rows)
