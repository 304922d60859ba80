"""What a run makes of every sort of mailbox, and how seldom it asks what they are for."""

from collections.abc import Sequence

import psycopg
import pytest
from django.db import connection as database

from mailroll.connections import check, connections
from mailroll.connectors.base import MailboxAnswers
from mailroll.directory.models import User
from mailroll.reconcile.model import ExternalId, Kind
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync.models import MailboxAccess, MailboxPurpose, PurposeState, Run, RunState
from mailroll.sync.purposes import mailbox_survey
from mailroll.sync.purposes.mailbox_survey import _Asking
from mailroll_simulator import Tenant
from tests.sync.world import DOMAIN, PERMISSIONS, Customer

MAILBOXES = "/$batch"


def asked(customer: Customer) -> int:
    """How many batches went out since the last time, and forget them. A check sends one of its own."""
    checks = [seen for seen in customer.simulator.requests.to("/users") if "displayName" not in seen.query]
    found = len(customer.simulator.requests.to(MAILBOXES)) - sum(seen.path == "/users" for seen in checks)
    customer.simulator.requests.clear()
    return found


def kind(customer: Customer, local: str) -> tuple[str, bool, str]:
    user = customer.user(f"{local}@{DOMAIN}")
    return user.kind, user.billable, user.kind_rule


def withdraw(customer: Customer, *names: str) -> None:
    (principal,) = customer.tenant.principals.values()
    principal.roles = tuple(name for name in PERMISSIONS if name not in names)


def refusal(customer: Customer) -> str | None:
    """Why no mailbox tells what it is for, by its code."""
    row = MailboxAccess.objects.get(connection=customer.connection)
    return row.refusal["code"] if row.refusal else None


def silence(run: Run) -> str:
    """What a run says to do about mailboxes that do not tell, or nothing."""
    found = [finding["facts"] for finding in run.findings if finding["code"] == "mailboxes_silent"]
    assert len(found) < 2
    return str(dict(found[0])["help"]) if found else ""


def furnish(tenant: Tenant) -> None:
    tenant.add_shared_mailbox("Sales", local="sales")
    tenant.add_room("Board room", local="board")
    tenant.add_equipment("Van", local="van")


def test_mailboxes_without_a_person_are_marked_and_not_billed(customer: Customer) -> None:
    furnish(customer.tenant)
    run = customer.sync()
    assert (run.counts["users_after"], run.counts["billable_after"]) == (15, 12)
    assert kind(customer, "sales") == ("shared", False, ReasonCode.PURPOSE)
    assert kind(customer, "board") == ("room", False, ReasonCode.PURPOSE)
    assert kind(customer, "van") == ("equipment", False, ReasonCode.PURPOSE)
    assert kind(customer, "p0") == ("user", True, ReasonCode.LICENSED)


def test_what_is_known_is_not_asked_again_until_something_changes(customer: Customer) -> None:
    furnish(customer.tenant)
    customer.sync()
    assert asked(customer) == 1
    assert customer.sync().state == RunState.UNCHANGED
    assert asked(customer) == 0
    customer.tenant.convert_to_shared(f"p0@{DOMAIN}")
    customer.sync()
    assert asked(customer) == 1
    assert kind(customer, "p0") == ("shared", False, ReasonCode.PURPOSE)
    customer.time.pass_(days=31)
    customer.sync()
    assert asked(customer) == 1


def test_without_the_permission_sign_in_tells_and_what_was_once_seen_stays(customer: Customer) -> None:
    customer.tenant.add_shared_mailbox("Sales", local="sales")
    customer.sync()
    withdraw(customer, "MailboxSettings.Read", "Place.Read.All")
    customer.tenant.add_room("Board room", local="board")
    customer.tenant.add_shared_mailbox("Info", local="info", enabled=True)
    customer.sync()
    assert kind(customer, "sales") == ("shared", False, ReasonCode.PURPOSE)
    assert kind(customer, "board") == ("shared-or-resource", False, ReasonCode.BLOCKED)
    assert kind(customer, "info") == ("unlicensed", False, ReasonCode.NO_PLAN)


def test_where_all_mailboxes_refuse_nobody_is_asked_until_something_is_granted(customer: Customer) -> None:
    furnish(customer.tenant)
    for number in range(mailbox_survey.FEW * 3):
        customer.tenant.add_user(f"Joiner {number}", local=f"j{number}")
    withdraw(customer, "MailboxSettings.Read")
    run = customer.sync()
    assert asked(customer) == 2
    assert refusal(customer) == "mailboxes_refuse"
    assert "MailboxSettings.Read" in silence(run)
    customer.tenant.add_shared_mailbox("Info", local="info")
    run = customer.sync()
    assert asked(customer) == 0
    assert silence(run)
    check.check(customer.connection, customer.domain, customer.acting)
    asked(customer)
    customer.sync()
    assert asked(customer) == 0  # the run before knew as much
    withdraw(customer)
    customer.sync()
    assert asked(customer) == 0
    check.check(customer.connection, customer.domain, customer.acting)
    run = customer.sync()
    assert (refusal(customer), silence(run)) == (None, "")
    assert kind(customer, "info") == ("shared", False, ReasonCode.PURPOSE)


def test_where_all_mailboxes_refuse_a_few_are_asked_again_once_in_a_while(customer: Customer) -> None:
    for number in range(mailbox_survey.FEW * 3):
        customer.tenant.add_user(f"Joiner {number}", local=f"j{number}")
    customer.tenant.add_shared_mailbox("Sales", local="sales")
    withdraw(customer, "MailboxSettings.Read")
    customer.sync()
    asked(customer)
    customer.time.pass_(minutes=61)
    customer.sync()
    assert asked(customer) == 1
    customer.time.pass_(minutes=61)
    customer.sync()
    assert asked(customer) == 0
    withdraw(customer)
    customer.time.pass_(minutes=61)
    customer.sync()
    assert refusal(customer) is None
    assert MailboxPurpose.objects.filter(state=PurposeState.UNKNOWN).count() == 0
    assert kind(customer, "sales") == ("shared", False, ReasonCode.PURPOSE)


def test_mailboxes_on_premises_are_no_reason_to_consent(customer: Customer) -> None:
    for user in customer.tenant.users:
        customer.tenant.change_user(user, onPremisesSyncEnabled=True)
        user.on_premises = True
    run = customer.sync()
    assert refusal(customer) == "mailboxes_elsewhere"
    assert "mark the connection as hybrid" in silence(run)
    asked(customer)
    customer.sync()
    assert asked(customer) == 0
    connections.set_hybrid(customer.connection, customer.acting, on=True)
    customer.domain.refresh_from_db()
    run = customer.sync()
    assert (refusal(customer), silence(run)) == (None, "")


def test_one_mailbox_in_the_cloud_shows_what_those_on_premises_hide(customer: Customer) -> None:
    for user in customer.tenant.users:
        customer.tenant.change_user(user, onPremisesSyncEnabled=True)
        user.on_premises = True
    customer.tenant.add_user("Cloud", local="cloud")
    customer.sync()
    assert refusal(customer) is None
    MailboxPurpose.objects.all().delete()
    withdraw(customer, "MailboxSettings.Read")
    customer.sync()
    assert refusal(customer) == "mailboxes_refuse"


def test_in_a_tenant_without_exchange_nobody_is_asked_again(customer: Customer) -> None:
    customer.tenant.exchange = False
    assert customer.sync().state == RunState.APPLIED
    assert refusal(customer) == "no_exchange"
    asked(customer)
    customer.sync()
    assert asked(customer) == 0


def test_rooms_are_known_by_the_list_of_places_alone(customer: Customer) -> None:
    withdraw(customer, "MailboxSettings.Read")
    customer.tenant.add_room("Board room", local="board")
    customer.sync()
    assert kind(customer, "board") == ("room", False, ReasonCode.PLACE)


def test_a_mailbox_that_may_not_be_read_is_unknown_and_never_none(customer: Customer) -> None:
    mailbox = customer.tenant.add_shared_mailbox("Sales", local="sales")
    customer.sync()
    MailboxPurpose.objects.all().delete()
    mailbox.barred = True
    assert customer.sync().state == RunState.UNCHANGED
    row = MailboxPurpose.objects.get(object__endswith=mailbox.id)
    assert (row.state, row.tries) == (PurposeState.UNKNOWN, 1)
    assert kind(customer, "sales") == ("shared", False, ReasonCode.PURPOSE)
    asked(customer)
    customer.sync()
    assert asked(customer) == 0
    customer.time.pass_(hours=2)
    customer.sync()
    # That one, and others who show that the refusal is its own.
    assert asked(customer) == 2
    row.refresh_from_db()
    assert row.tries == 2
    assert refusal(customer) is None


def test_a_fault_of_the_mailboxes_own_service_fails_no_run(customer: Customer) -> None:
    customer.simulator.faults.on("batch_missing_response", share=1.0)
    customer.tenant.add_shared_mailbox("Sales", local="sales")
    run = customer.sync()
    assert run.state == RunState.APPLIED
    assert kind(customer, "sales") == ("shared-or-resource", False, ReasonCode.BLOCKED)
    customer.simulator.faults.clear()
    customer.time.pass_(hours=2)
    customer.sync()
    assert kind(customer, "sales") == ("shared", False, ReasonCode.PURPOSE)


def test_the_first_run_asks_a_few_and_later_ones_the_rest(customer: Customer) -> None:
    for number in range(mailbox_survey.AT_FIRST):
        customer.tenant.add_user(f"Joiner {number}", local=f"j{number}")
    customer.tenant.add_shared_mailbox("Sales", local="sales")
    customer.sync()
    assert MailboxPurpose.objects.count() == mailbox_survey.AT_FIRST
    # The most telling are asked first.
    assert kind(customer, "sales")[0] == "shared"
    customer.sync()
    assert MailboxPurpose.objects.count() == User.objects.count() == mailbox_survey.AT_FIRST + 13


def test_while_somebody_asks_a_tenant_nobody_else_does(customer: Customer) -> None:
    customer.tenant.add_shared_mailbox("Sales", local="sales")
    key = f"mailroll:purposes:{customer.tenant.id}"
    with psycopg.connect(**database.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        assert customer.sync().state == RunState.APPLIED
        assert asked(customer) == 0
        # By word: of a session that is closed the database hears a moment later.
        other.execute("SELECT pg_advisory_unlock_all()")
    customer.sync()
    assert asked(customer) == 1
    assert kind(customer, "sales")[0] == "shared"


def test_a_tenant_is_asked_by_one_process_at_a_time(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    """So at most one batch of an application is on its way, of which Exchange answers four at a time."""
    free, answered = [], _Asking._answers

    async def watched(asking: _Asking, piece: Sequence[ExternalId]) -> MailboxAnswers:
        key = f"mailroll:purposes:{customer.tenant.id}"
        with psycopg.connect(**database.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
            row = other.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key]).fetchone()
            free.append(row)
        return await answered(asking, piece)

    monkeypatch.setattr(_Asking, "_answers", watched)
    customer.tenant.add_shared_mailbox("Sales", local="sales")
    assert customer.sync().state == RunState.APPLIED
    assert set(free) == {(False,)}


def test_in_a_hybrid_tenant_who_comes_from_on_premises_is_a_person(customer: Customer) -> None:
    customer.tenant.add_user(
        "Ann",
        local="ann",
        licence=None,
        onPremisesSyncEnabled=True,
        mail=f"ann@{DOMAIN}",
        proxyAddresses=[f"SMTP:ann@{DOMAIN}"],
    )
    customer.sync()
    assert kind(customer, "ann") == ("unlicensed", False, ReasonCode.NO_MAILBOX)
    connections.set_hybrid(customer.connection, customer.acting, on=True)
    customer.sync()
    assert kind(customer, "ann") == ("user", True, ReasonCode.HYBRID)
    connections.set_hybrid(customer.connection, customer.acting, on=False)
    customer.sync()
    assert kind(customer, "ann") == ("unlicensed", False, ReasonCode.NO_MAILBOX)


@pytest.mark.parametrize("by_plan", [False, True])
def test_a_tenant_that_was_not_renewed_keeps_its_people_until_the_plans_have_ended(
    customer: Customer, *, by_plan: bool
) -> None:
    if by_plan:
        withdraw(customer, "Organization.Read.All")
    billed = customer.sync().counts["billable_after"]
    for status in ("Warning", "Suspended", "LockedOut"):
        customer.tenant.lapse("O365_BUSINESS_PREMIUM", status)
        assert customer.sync().counts["billable_after"] == billed
    assert kind(customer, "p0") == (Kind.USER, True, ReasonCode.LAPSED)
    customer.tenant.lapse("O365_BUSINESS_PREMIUM", "Deleted")
    assert customer.sync().counts["billable_after"] == 0
    assert kind(customer, "p0") == (Kind.UNLICENSED, False, ReasonCode.NO_PLAN)


def test_an_agent_receives_mail_and_is_nobody_to_bill(customer: Customer) -> None:
    customer.tenant.add_agent("Ada", local="ada")
    customer.sync()
    assert kind(customer, "ada") == (Kind.AGENT, False, ReasonCode.IS_AGENT)


def test_a_person_that_loses_the_mailbox_is_no_longer_billed_and_stays(customer: Customer) -> None:
    customer.sync()
    person = customer.tenant.user(f"p0@{DOMAIN}")
    customer.tenant.remove_licence(person)
    customer.tenant.change_user(person, mail=f"p0@{DOMAIN}", proxyAddresses=[f"SMTP:p0@{DOMAIN}"])
    person.purpose = None
    run = customer.sync()
    assert run.counts["retire"] == 0
    assert kind(customer, "p0") == (Kind.UNLICENSED, False, ReasonCode.NO_MAILBOX)
    change = Run.objects.get(id=run.id).changes.get()
    assert [reason["code"] for reason in change.reasons] == ["kind_changed", "billable_changed", "no_mailbox"]
