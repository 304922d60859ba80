"""A run of which everything is as it was at the last one: it does all that any run does, and plans nothing anew."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from mailroll.connections import filters, sources
from mailroll.connections.models import Connection, Source
from mailroll.connections.sources import SourceSwitch
from mailroll.directory import edit
from mailroll.directory.models import Address, Domain, User
from mailroll.reconcile.model import Kind
from mailroll.sync.models import MailboxPurpose, PurposeState, Run, RunProgress, RunState, SteadyState, Trigger
from mailroll.sync.plans import plan_rows
from mailroll.sync.purposes.cache import FRESH, days_early, number_of
from mailroll.sync.runs import make
from mailroll.sync.schedules import schedule
from tests.sync.test_filtered_runs import take_only
from tests.sync.world import DOMAIN, Customer

OTHER = "elsewhere.example"

pytestmark = pytest.mark.django_db(transaction=True)


def told(run: Run) -> dict[str, object]:
    """All that a run says, but for when and how long."""
    return {
        "state": run.state,
        "counts": run.counts,
        "findings": run.findings,
        "sources": run.sources,
        "tenants": run.tenants,
        "digest": run.digest,
        "fingerprint": run.fingerprint,
        "revision": run.revision,
        "changes": plan_rows.read(run).changes,
        "skips": list(run.skips.order_by("id").values_list("external_id", "name", "address", "reason")),
        "objects": RunProgress.objects.get(run=run).objects_read,
    }


def unlisted(said: dict[str, object]) -> dict[str, object]:
    """What a run says in the place of this, of which the directory told no change."""
    findings = said["findings"]
    assert isinstance(findings, list)
    note = {"code": "nothing_told", "facts": {}, "level": "note", "of": "reading"}
    parts = [[each for each in findings if each["of"] == part] for part in ("reading", "plan")]
    return said | {"objects": 0, "findings": [*parts[0], note, *parts[1]]}


def repeats(run: Run) -> bool:
    """Whether a run with nothing to do planned nothing anew: what it is made of is known from an earlier one."""
    found = SteadyState.objects.filter(domain=run.domain_id).first()
    return found is not None and found.run_id != run.id


def anew() -> None:
    SteadyState.objects.all().delete()


def settle(customer: Customer) -> None:
    """Sync until a run has nothing to do and the next one may repeat it."""
    for _ in range(4):
        customer.domain.refresh_from_db()
        if SteadyState.objects.filter(domain=customer.domain, run=customer.sync()).exclude(imprint="").exists():
            return
        customer.time.pass_(minutes=1)
    raise AssertionError


def listings(customer: Customer) -> int:
    """How often users were listed."""
    return sum("$top=999" in seen.query for seen in customer.simulator.requests.to("/users"))


@pytest.fixture
def steady(customer: Customer) -> Customer:
    """A customer of whom a run knows already that there is nothing to do. Not everybody in the tenant is theirs."""
    customer.tenant.add_domain(OTHER)
    customer.tenant.add_user("Elsewhere", local="only", domain=OTHER)
    customer.tenant.add_guest("A guest", mail="guest@somewhere.example")
    customer.tenant.add_shared_mailbox("Reception", local="reception")
    customer.tenant.add_room("Oak", local="oak")
    customer.tenant.add_group("All staff", kind="distribution", local="all")
    customer.tenant.add_contact("Cleaner", mail=f"cleaner@{DOMAIN}")
    _change(customer, "p6", proxyAddresses=[f"SMTP:p6@{DOMAIN}", f"smtp:two words@{DOMAIN}"])
    assert customer.sync().state == RunState.APPLIED
    settle(customer)
    return customer


def test_it_says_and_does_all_that_the_run_did_which_planned_it(steady: Customer) -> None:
    first = SteadyState.objects.get().run
    expected = told(first)
    assert first.counts["skipped"]
    assert first.skips.exists()
    # The schedule lists once more behind new cursors; then it goes by what the directory tells, and lists nobody.
    for trigger, by_delta in (
        (Trigger.MANUAL, False),
        (Trigger.AUTOMATIC, False),
        (Trigger.AUTOMATIC, True),
        (Trigger.PREVIEW, False),
    ):
        before, asked = Domain.objects.get(id=steady.domain.id).read_at, listings(steady)
        steady.time.pass_(minutes=20)
        steady.domain.refresh_from_db()
        run = make.carry_out(steady.domain, trigger, uuid4(), steady.acting)
        assert repeats(run)
        assert told(run) == (unlisted(expected) if by_delta else expected)
        assert run.read_at == steady.time()
        # A preview changes nothing; every other run makes the list as young as its reading.
        read_at = before if trigger is Trigger.PREVIEW else run.read_at
        assert Domain.objects.get(id=steady.domain.id).read_at == read_at
        assert Source.objects.get(owner=steady.source.owner_id).read_at == read_at
        assert listings(steady) == asked + (not by_delta)
        assert not list(steady.simulator.requests.to("/directoryObjects/getByIds"))
    anew()
    planned = steady.sync()
    assert not repeats(planned)
    assert told(planned) == expected


def test_what_changes_is_not_asked_for_twice_and_what_waited_for_it_waits_no_more(steady: Customer) -> None:
    objects = RunProgress.objects.get(run=SteadyState.objects.get().run).objects_read
    _change(steady, "p3", displayName="Somebody Else")
    asked = listings(steady)
    waiting = steady.preview()
    assert (waiting.state, waiting.counts["update"]) == (RunState.PLANNED, 1)
    assert listings(steady) == asked + 1
    assert RunProgress.objects.get(run=waiting).objects_read == objects
    _change(steady, "p3", displayName="Person 3")
    assert repeats(steady.sync())
    waiting.refresh_from_db()
    assert waiting.state == RunState.SUPERSEDED


def test_removals_that_waited_wait_no_more_once_everybody_is_back(steady: Customer) -> None:
    roll = steady.roll().keys()
    gone = [steady.tenant.user(f"p{number}@{DOMAIN}") for number in range(8)]
    for user in gone:
        steady.tenant.delete_user(user)
    held = steady.sync()
    assert held.state == RunState.HELD
    for user in gone:
        steady.tenant.restore_user(user.id)
    assert repeats(steady.sync())
    held.refresh_from_db()
    assert held.state == RunState.SUPERSEDED
    assert steady.roll().keys() == roll


def test_nothing_counts_longer_than_a_day_or_than_a_mailbox_or_under_another_clock(steady: Customer) -> None:
    made = SteadyState.objects.get()
    assert made.until == made.made_at + timedelta(days=1)
    steady.time.at = made.made_at - timedelta(seconds=1)
    assert not repeats(steady.sync())
    steady.time.at = SteadyState.objects.get().until
    assert not repeats(steady.sync())
    asked = MailboxPurpose.objects.filter(state=PurposeState.KNOWN)
    soon = steady.time() + timedelta(hours=1)
    for row in asked:
        early = timedelta(days=days_early(number_of(row.key), PurposeState.KNOWN))
        asked.filter(id=row.id).update(asked_at=soon - FRESH[PurposeState.KNOWN] + early)
    anew()
    steady.sync()
    assert SteadyState.objects.get().until == soon
    steady.time.at = soon
    assert not repeats(steady.sync())
    assert set(asked.values_list("asked_at", flat=True)) == {soon}


def test_while_an_address_ends_every_reading_may_confirm_it(steady: Customer) -> None:
    p1 = steady.tenant.user(f"p1@{DOMAIN}")
    steady.tenant.change_user(p1, proxyAddresses=[f"SMTP:p1@{DOMAIN}", f"smtp:sales@{DOMAIN}"])
    settle(steady)
    steady.tenant.change_user(p1, proxyAddresses=[f"SMTP:p1@{DOMAIN}"])
    assert steady.sync().state == RunState.APPLIED
    ending = Address.objects.filter(address=f"sales@{DOMAIN}", ending_since=steady.time())
    # A reading of the moment at which it began to end confirms nothing; the next one does.
    for confirmed in (None, steady.time() + timedelta(minutes=15)):
        run = steady.sync()
        assert run.state == RunState.UNCHANGED
        assert ending.get().confirmed_at == (None if confirmed is None else run.read_at)
        assert not SteadyState.objects.filter(run=run).exclude(imprint="").exists()
        steady.time.pass_(minutes=15)
    settle(steady)


def test_what_moved_while_it_was_read_is_read_again_and_compared(steady: Customer) -> None:
    SteadyState.objects.update(said="0" * 64)
    run = steady.sync()
    assert run.state == RunState.UNCHANGED
    assert not repeats(run)


def test_a_list_of_members_that_changed_is_no_reason_to_list_everybody_twice(steady: Customer) -> None:
    people = [steady.tenant.user(f"p{number}@{DOMAIN}") for number in range(12)]
    clinic = steady.tenant.add_group("Clinic", members=people)
    take_only(steady, "memberOf", "is", "Clinic")
    settle(steady)
    steady.tenant.remove_member(clinic, people[1])
    asked = listings(steady)
    run = steady.preview()
    assert (run.state, run.counts["retire"]) == (RunState.PLANNED, 1)
    assert listings(steady) == asked + 1


def _id(customer: Customer, name: str) -> UUID:
    return customer.user(f"{name}@{DOMAIN}").id


def _change(customer: Customer, name: str, **properties: object) -> None:
    user = customer.tenant.user(f"{name}@{DOMAIN}")
    customer.tenant.change_user(user, **properties)  # type: ignore[arg-type]


def _filter(customer: Customer) -> None:
    rule = {"field": "displayName", "operator": "is", "value": "Person 1"}
    schedule.save_filter(customer.source, filters.check(customer.source, {"all": [rule]}), customer.acting)


def _sibling(customer: Customer) -> None:
    domain = edit.add_domain(customer.domain.organization, OTHER, customer.acting)
    sources.add(domain, customer.connection, customer.acting)


Change = Callable[[Customer], object]

OUTSIDE: dict[str, Change] = {
    "somebody goes": lambda c: c.tenant.delete_user(c.tenant.user(f"p2@{DOMAIN}")),
    "an alias": lambda c: _change(c, "p3", proxyAddresses=[f"SMTP:p3@{DOMAIN}", f"smtp:three@{DOMAIN}"]),
    "a group": lambda c: c.tenant.change_group(next(iter(c.tenant.groups)), displayName="Everybody"),
    "a room": lambda c: c.tenant.add_room("Elm", local="elm"),
    "a product": lambda c: c.tenant.lapse("O365_BUSINESS_PREMIUM"),
}
"""What changes in the directory. After the last one plans are asked for by id, and nothing is repeated any more."""

INSIDE: dict[str, Change] = {
    "a pin": lambda c: edit.pin(c.domain, _id(c, "p1"), c.acting),
    "a kind by hand": lambda c: edit.set_kind(c.domain, _id(c, "p1"), Kind.SHARED, c.acting),
    "a user by hand": lambda c: edit.add_user(c.domain, f"hand@{DOMAIN}", c.acting),
    "a row": lambda c: User.objects.filter(id=_id(c, "p5")).update(display_name="Damaged"),
    "another name of the source": lambda c: sources.rename(c.source, "Head office", c.acting),
    "guests": lambda c: sources.set_switch(c.source, SourceSwitch.GUESTS, c.acting, on=True),
    "another domain of the tenant": _sibling,
    "hybrid": lambda c: Connection.objects.filter(id=c.connection.id).update(hybrid=True),
    "a purpose": lambda c: MailboxPurpose.objects.filter(purpose="shared").update(purpose="equipment"),
    "a filter": _filter,
}
"""What changes on our side."""


@pytest.mark.parametrize("changes", [OUTSIDE, INSIDE], ids=["outside", "inside"])
def test_whatever_changes_is_seen_at_once(steady: Customer, changes: dict[str, Change]) -> None:
    """After each change, a preview with what is known says what one says that knows nothing."""
    for number, (name, change) in enumerate(changes.items()):
        if number and not SteadyState.objects.filter(domain=steady.domain).exists():
            settle(steady)
        for row in (steady.domain, steady.source):
            row.refresh_from_db()
        change(steady)
        steady.domain.refresh_from_db()
        knowing = steady.preview()
        anew()
        assert told(knowing) == told(steady.preview()), name
