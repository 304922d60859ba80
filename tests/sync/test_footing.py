"""A run by the schedule that looks only at what is new says and does what one does that looks at everything."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from django.db import connection

from mailroll.connectors.base import ListingMarks
from mailroll.sync.footings import steady_state
from mailroll.sync.footings.footing import Footing, hash_of
from mailroll.sync.models import ListingTrace, MailboxAccess, Run, RunState, SteadyState, Trigger
from mailroll.sync.runs import decide, make
from mailroll.sync.workers import housekeeping
from mailroll_simulator import Tenant
from tests.sync import world
from tests.sync.test_unchanged import anew, listings, settle
from tests.sync.world import DOMAIN, Customer, failure

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE: Final = 40
ROUNDS: Final = 4


@pytest.fixture
def tenant() -> Tenant:
    """Not everybody in it is of this domain, or can be taken."""
    made = world.tenant(PEOPLE)
    made.add_shared_mailbox("Reception", local="reception")
    made.add_group("All staff", kind="distribution", local="all")
    made.add_contact("Cleaner", mail=f"cleaner@{DOMAIN}")
    made.add_guest("A guest", mail="guest@somewhere.example")
    made.change_user(made.user(f"p6@{DOMAIN}"), proxyAddresses=[f"SMTP:p6@{DOMAIN}", f"smtp:two words@{DOMAIN}"])
    # Two want one address.
    for name in ("p7", "p8"):
        made.change_user(
            made.user(f"{name}@{DOMAIN}"), proxyAddresses=[f"SMTP:{name}@{DOMAIN}", f"smtp:sales@{DOMAIN}"]
        )
    return made


def automatic(customer: Customer) -> Run:
    customer.domain.refresh_from_db()
    return make.carry_out(customer.domain, Trigger.AUTOMATIC, uuid4(), customer.acting)


def said(run: Run) -> dict[str, object]:
    """All that a run says of the tenant and the roll, in whatever order it says whom it left out."""
    return {
        "counts": {name: number for name, number in run.counts.items() if name not in _OF_EFFECT},
        "findings": [finding for finding in run.findings if finding["of"] == "reading"],
        "sources": run.sources,
        "tenants": run.tenants,
        "digest": run.shown_digest or run.digest,
        "fingerprint": run.fingerprint,
        "skips": sorted(run.skips.values_list("external_id", "name", "address"), key=str),
    }


_OF_EFFECT: Final = {"looked_at", "create", "update", "retire", "restore", "adopt", "users_after", "billable_after"}
"""What a run counts of that part of its plan which took effect; the digest is of all of it."""


def _person(tenant: Tenant, chance: Random) -> str:
    return chance.choice([user.id for user in tenant.users if user.text("displayName").startswith("Person")])


def _addresses(tenant: Tenant, chance: Random) -> None:
    """Aliases that come, go, move and are wanted by several."""
    user = tenant.user(_person(tenant, chance))
    own = user.text("mail").partition("@")[0]
    names = [f"alias{chance.randrange(6)}" for _ in range(chance.randrange(3))] + ["sales", "p1"][: chance.randrange(3)]
    texts = [f"SMTP:{own}@{DOMAIN}", *(f"smtp:{name}@{DOMAIN}" for name in names if name != own)]
    tenant.change_user(user, proxyAddresses=texts)


CHANGES: Final[tuple[Callable[[Tenant, Random], object], ...]] = (
    _addresses,
    _addresses,
    lambda t, c: t.change_user(_person(t, c), displayName=f"Person called {c.randrange(100)}"),
    lambda t, c: t.change_user(_person(t, c), accountEnabled=c.random() < 0.5),
    lambda t, c: t.delete_user(_person(t, c)),
    lambda t, c: t.add_user(f"Person {c.randrange(1000)}", local=f"new{c.randrange(10**6)}"),
    lambda t, c: t.remove_licence(_person(t, c)),
    lambda t, c: t.add_guest(f"Guest {c.randrange(100)}", mail=f"guest{c.randrange(10**6)}@somewhere.example"),
    lambda t, c: t.change_group(next(iter(t.groups)), displayName=f"Staff {c.randrange(100)}"),
    lambda t, c: t.add_contact("Plumber", mail=f"plumber{c.randrange(10**6)}@{DOMAIN}"),
)


def test_it_says_what_a_look_at_everything_says_and_does_that(customer: Customer) -> None:
    chance = Random(3)
    customer.sync()
    settle(customer)
    fewer = 0
    for _ in range(ROUNDS):
        for _ in range(chance.randint(1, 3)):
            chance.choice(CHANGES)(customer.tenant, chance)
        # It asks new mailboxes what they are for, and what is known of mailboxes is part of what counts for everybody.
        shown = customer.preview()
        asked = listings(customer)
        run = automatic(customer)
        assert run.state in {RunState.APPLIED, RunState.UNCHANGED, RunState.HELD}, run.error
        assert said(run) == said(shown)
        if "looked_at" in run.counts:
            fewer += 1
            assert run.counts["looked_at"] < PEOPLE
            assert listings(customer) == asked + 1
        if run.waits is not None:
            decide.release(run.id, "They left.", customer.acting)
        customer.time.pass_(minutes=1)
        anew()
        settle(customer)
    assert fewer >= ROUNDS // 2


def test_one_mailbox_that_refuses_speaks_for_nobody_else(customer: Customer) -> None:
    # Nothing is open, so that nobody who told is looked at beside the new one.
    for name in ("p6", "p7", "p8"):
        user = customer.tenant.user(f"{name}@{DOMAIN}")
        customer.tenant.change_user(user, proxyAddresses=[f"SMTP:{name}@{DOMAIN}"])
    customer.sync()
    settle(customer)
    joiner = customer.tenant.add_user("Joiner", local="joiner")
    customer.simulator.faults.on("mailbox_forbidden", path=f"/users/{joiner.id}/mailboxSettings*")
    for state in (RunState.APPLIED, RunState.UNCHANGED):
        run = automatic(customer)
        assert run.state == state, run.error
        assert "mailboxes_silent" not in {finding["code"] for finding in run.findings}
        assert MailboxAccess.objects.get().refusal is None
        customer.time.pass_(minutes=1)
    assert f"joiner@{DOMAIN}" in customer.roll()


def test_who_holds_what_a_new_one_wants_is_looked_at_and_so_is_who_is_gone(customer: Customer) -> None:
    customer.sync()
    settle(customer)
    customer.tenant.add_user("Joiner", local="joiner", aliases=[f"p20@{DOMAIN}"])
    run = automatic(customer)
    assert (run.state, "looked_at" in run.counts, run.counts["create"]) == (RunState.APPLIED, True, 1)
    # Nobody told of the holder: without a look at it, the address would be wanted by one alone.
    assert f"p20@{DOMAIN}" in set(run.skips.values_list("address", flat=True))
    assert customer.roll()[f"p20@{DOMAIN}"].display_name != "Joiner"
    customer.time.pass_(minutes=1)
    assert customer.preview().state == RunState.UNCHANGED
    anew()
    settle(customer)
    customer.tenant.delete_user(customer.tenant.user(f"p20@{DOMAIN}"))
    run = automatic(customer)
    assert (run.state, "looked_at" in run.counts, run.counts["retire"]) == (RunState.APPLIED, True, 1)
    customer.time.pass_(minutes=1)
    assert customer.preview().state == RunState.UNCHANGED


def _as_kept(row: SteadyState, **other: object) -> dict[str, Any]:
    """Another footing, as a run would have kept it."""
    assert isinstance(row.footing, dict)
    values = {**row.footing, **other}
    return {"footing": values, "footing_hash": hash_of(values, bytes(row.left_out or b""))}


def _showing(row: SteadyState, **other: object) -> dict[str, Any]:
    """Another footing, by what its connection showed."""
    of_each = (row.footing or {})["of_each"]
    return _as_kept(row, of_each={key: {**each, **other} for key, each in of_each.items()})


def _damage() -> dict[str, Any]:
    """Take one object away from what is kept."""
    row = ListingTrace.objects.get()
    ListingTrace.objects.update(trace=bytes(row.trace)[32:])
    return {}


MOVED: Final[tuple[Callable[[SteadyState], dict[str, Any]], ...]] = (
    lambda _: {"said": "0" * 64},
    lambda _: {"footing": None},
    lambda row: _showing(row, beside="another basis"),
    lambda row: _as_kept(row, taking=dict.fromkeys((row.footing or {})["taking"], 1)),
    # Damage, by one object: it is no footing.
    lambda _: _damage(),
    lambda row: {"left_out": bytes(row.left_out or b"") + bytes(16)},
    lambda row: {"footing": {**(row.footing or {}), "users": [str(UUID(int=1))]}},
    lambda row: {"until": row.made_at},
)


def test_everything_is_looked_at_for_a_person_and_where_anything_else_moved(customer: Customer) -> None:
    customer.sync()
    settle(customer)
    for number, move in enumerate(MOVED):
        customer.tenant.delete_user(customer.tenant.user(f"p{number}@{DOMAIN}"))
        assert "looked_at" not in customer.preview().counts
        moved = move(SteadyState.objects.get())
        SteadyState.objects.filter(domain=customer.domain).update(**moved)
        run = automatic(customer)
        assert "looked_at" not in run.counts, number
        assert (run.state, run.counts["retire"]) == (RunState.APPLIED, 1)
        anew()
        settle(customer)
    # Another listing, and not one object of it is another.
    another = _showing(SteadyState.objects.get(), listing="0" * 64)
    SteadyState.objects.filter(domain=customer.domain).update(imprint="0" * 64, **another)
    run = automatic(customer)
    assert (run.state, "looked_at" in run.counts) == (RunState.UNCHANGED, False)
    housekeeping.clear(SteadyState.objects.get().until + timedelta(seconds=1))
    assert not SteadyState.objects.exists()


def test_marks_that_are_not_what_was_written_are_taken_for_none(customer: Customer) -> None:
    customer.sync()
    settle(customer)
    whole = bytes(ListingTrace.objects.get().marks)
    assert shown(customer)
    # One object more in the first block: each of those behind it would be looked for in the wrong place.
    for number, kept in enumerate((b"", bytes([*whole[:16], whole[16] + 1, *whole[17:]]), b"none")):
        ListingTrace.objects.update(marks=kept)
        assert not shown(customer)
        customer.tenant.delete_user(customer.tenant.user(f"p{number}@{DOMAIN}"))
        run = automatic(customer)
        assert (run.state, run.counts["retire"], "looked_at" in run.counts) == (RunState.APPLIED, 1, True)
        anew()
        settle(customer)


def test_behind_a_crash_of_the_database_everybody_is_compared_once(customer: Customer) -> None:
    """Of what stands for each object PostgreSQL keeps no log: then it is gone, and nothing else is."""
    customer.sync()
    settle(customer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence::text FROM pg_class WHERE oid = 'sync_listingtrace'::regclass")
        assert cursor.fetchone() == ("u",)
        cursor.execute("TRUNCATE sync_listingtrace")
    for is_part in (False, True):
        customer.tenant.delete_user(customer.tenant.user(f"p{int(is_part)}@{DOMAIN}"))
        run = automatic(customer)
        assert (run.state, run.counts["retire"], "looked_at" in run.counts) == (RunState.APPLIED, 1, is_part)
        settle(customer)


def shown(customer: Customer) -> ListingMarks:
    kept = Footing.opened(SteadyState.objects.get())
    assert kept is not None
    return kept.shown(customer.connection.id)


def test_a_footing_of_an_older_form_has_everything_compared_once(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(steady_state, "_FORMAT", 6)
        customer.sync()
        settle(customer)
    row = SteadyState.objects.get()
    older = [{k: v for k, v in each.items() if k != "marks_hash"} for each in (row.footing or {})["of_each"].values()]
    keys = (row.footing or {})["of_each"]
    kept = _as_kept(row, of_each=dict(zip(keys, older, strict=True)))
    SteadyState.objects.update(**kept)
    ListingTrace.objects.update(marks=b"")
    for is_part in (False, True):
        customer.tenant.delete_user(customer.tenant.user(f"p{int(is_part)}@{DOMAIN}"))
        run = automatic(customer)
        assert (run.state, run.counts["retire"], "looked_at" in run.counts) == (RunState.APPLIED, 1, is_part)
        settle(customer)


_NO_ROOM: Final = """
    CREATE FUNCTION pg_temp.no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END$$;
    CREATE TRIGGER no_room BEFORE UPDATE ON sync_listingtrace EXECUTE FUNCTION pg_temp.no_room();
"""


def test_a_disk_that_has_no_room_for_a_trace_is_said_to_be_full(customer: Customer) -> None:
    customer.sync()
    settle(customer)
    customer.tenant.delete_user(customer.tenant.user(f"p0@{DOMAIN}"))
    with connection.cursor() as cursor:
        cursor.execute(_NO_ROOM)
    try:
        run = automatic(customer)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS no_room ON sync_listingtrace")
    assert (run.state, failure(run)["code"]) == (RunState.FAILED, "database_disk_full")
    assert f"p0@{DOMAIN}" in customer.roll()


def test_hashes_are_stored_as_they_are() -> None:
    """To look for what repeats in 3 MB of them took six times as long as to write them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, attstorage::text FROM pg_attribute"
            " WHERE attrelid = 'sync_listingtrace'::regclass AND attname IN ('trace', 'marks')"
        )
        storage = dict(cursor.fetchall())

    assert storage == {"trace": "e", "marks": "e"}  # EXTERNAL: beside the row, and not made smaller
