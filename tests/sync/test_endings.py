"""From a lost alias to an unknown address, and what waits to become known: what `explain` says on the way."""

import pytest
from django.db import connection

from mailroll.connections import sources
from mailroll.directory import edit, models
from mailroll.directory.lifecycle import Stage
from mailroll.directory.models import WaitingAddress
from mailroll.insight.why.addresses import explain
from mailroll.insight.why.users import explain_user
from mailroll.reconcile.addresses import Address
from mailroll.sync.models import RunState
from mailroll.sync.runs import decide, make
from tests.sync.test_filtered_runs import take_only
from tests.sync.world import DOMAIN, Customer

P1, SALES = f"p1@{DOMAIN}", f"sales@{DOMAIN}"

pytestmark = pytest.mark.django_db(transaction=True)


def _stage(customer: Customer, address: str = SALES) -> Stage:
    return explain(address, customer.time()).stage


def _codes(customer: Customer, address: str = SALES) -> set[str]:
    return {step.code for step in explain(address, customer.time()).steps}


def _has(customer: Customer, local: str, *aliases: str) -> None:
    proxies = [f"SMTP:{local}@{DOMAIN}", *(f"smtp:{alias}@{DOMAIN}" for alias in aliases)]
    customer.tenant.change_user(customer.tenant.user(f"{local}@{DOMAIN}"), proxyAddresses=proxies)


def _waiting(customer: Customer) -> set[str]:
    return set(WaitingAddress.objects.filter(domain=customer.domain).values_list("address", flat=True))


@pytest.fixture
def lost(customer: Customer) -> Customer:
    """P1 has lost `sales`."""
    _has(customer, "p1", "sales")
    customer.sync()
    _has(customer, "p1")
    customer.time.pass_(minutes=15)
    customer.sync()
    return customer


def test_an_alias_that_was_lost_is_accepted_then_put_off_then_unknown(lost: Customer) -> None:
    assert (_stage(lost), _codes(lost)) == (Stage.ENDING, {"address_ending", "address_accepted"})
    assert [one.address for one in explain_user(lost.user(P1), lost.time()).lost] == [SALES]
    assert lost.roll()[P1].aliases == ()
    lost.time.pass_(minutes=15)
    assert lost.sync().state == RunState.UNCHANGED
    lost.time.pass_(hours=23)
    assert _stage(lost) is Stage.ENDING
    lost.time.pass_(hours=1)
    assert (_stage(lost), _codes(lost)) == (Stage.LATER, {"address_ending", "address_put_off"})
    lost.time.pass_(hours=24)
    assert _stage(lost) is Stage.ENDED
    assert {"not_in_list", "former_address", "address_ended"} <= _codes(lost)
    assert explain_user(lost.user(P1), lost.time()).lost == ()


def test_it_is_accepted_until_a_reading_that_nobody_doubts_lacks_it(lost: Customer) -> None:
    lost.time.pass_(hours=30)
    for number in range(12):
        lost.tenant.change_user(lost.tenant.user(f"p{number}@{DOMAIN}"), proxyAddresses=[], mail=None)
    lost.sync()
    lost.preview()
    assert _stage(lost) is Stage.ENDING
    for number in range(12):
        _has(lost, f"p{number}")
    lost.preview()
    assert _stage(lost) is Stage.ENDING
    lost.sync()
    assert _stage(lost) is Stage.LATER
    lost.time.pass_(hours=24)
    assert _stage(lost) is Stage.ENDED


def test_a_retired_users_addresses_end_as_well(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(P1)
    customer.time.pass_(minutes=15)
    customer.sync()
    said = explain(P1, customer.time())
    assert (said.stage, "until a reading confirms" in said.reasons[-2]["message"]) == (Stage.ENDING, True)
    customer.time.pass_(hours=24)
    customer.sync()
    assert _stage(customer, P1) is Stage.LATER
    assert explain_user(customer.user(P1), customer.time()).stage is Stage.LATER
    customer.time.pass_(hours=25)
    customer.sync()
    assert _stage(customer, P1) is Stage.ENDED
    edit.restore(customer.domain, customer.user(P1).id, customer.acting)
    assert _stage(customer, P1) is Stage.IN_SERVICE


def test_an_alias_that_comes_back_is_in_service_even_after_it_ended(lost: Customer) -> None:
    lost.time.pass_(hours=50)
    lost.sync()
    lost.time.pass_(hours=50)
    assert _stage(lost) is Stage.ENDED
    _has(lost, "p1", "sales")
    lost.sync()
    assert (_stage(lost), lost.roll()[P1].aliases) == (Stage.IN_SERVICE, (SALES,))


def test_another_user_takes_it_over_without_a_conflict(lost: Customer) -> None:
    _has(lost, "p2", "sales")
    run = lost.sync()
    assert (run.findings, lost.roll()[f"p2@{DOMAIN}"].aliases) == ([], (SALES,))
    _has(lost, "p1", "sales")
    assert lost.sync().findings != []
    assert lost.roll()[f"p2@{DOMAIN}"].aliases == (SALES,)


def test_another_domain_takes_it_over(customer: Customer) -> None:
    shared, info = "shared.test", "info@shared.test"
    for name in (shared, "second.test"):
        customer.tenant.add_domain(name)
    second = edit.add_domain(customer.domain.organization, "second.test", customer.acting)
    sources.add(second, customer.connection, customer.acting)
    edit.add_domain_alias(customer.domain, shared, customer.acting)
    customer.tenant.add_user("Cy", local="cy", aliases=[info])
    customer.sync()
    _has(customer, "cy")
    customer.sync()
    assert (_stage(customer, info), customer.roll()[f"cy@{DOMAIN}"].aliases) == (Stage.ENDING, ())
    edit.remove_domain_alias(customer.domain, shared, customer.acting)
    edit.add_domain_alias(second, shared, customer.acting)
    customer.tenant.add_user("Di", local="di", domain="second.test", aliases=[info])
    run = make.run(second, customer.acting)
    assert (run.state, "address_conflict" in str(run.findings)) == (RunState.APPLIED, False)
    assert models.Address.objects.get(address=info, ending_since=None).domain_id == second.id


def test_what_a_preview_would_add_is_put_off_and_not_refused(customer: Customer) -> None:
    customer.sync()
    customer.tenant.add_user("New Joiner", local="joiner", aliases=[SALES])
    joiner = f"joiner@{DOMAIN}"
    preview = customer.preview()
    assert _waiting(customer) == {joiner, SALES}
    assert (_stage(customer, joiner), "waits_in_preview" in _codes(customer, joiner)) == (Stage.LATER, True)
    since = set(WaitingAddress.objects.values_list("since", flat=True))
    customer.time.pass_(minutes=5)
    decide.discard(preview.id, customer.acting)
    assert (_stage(customer, joiner), "address_waits" in _codes(customer, joiner)) == (Stage.LATER, True)
    customer.preview()
    assert set(WaitingAddress.objects.values_list("since", flat=True)) == since
    customer.sync()
    assert (_waiting(customer), _stage(customer, joiner)) == (set(), Stage.IN_SERVICE)


def test_a_newer_reading_says_what_waits_and_one_in_doubt_does_not(customer: Customer) -> None:
    customer.sync()
    customer.tenant.add_user("New Joiner", local="joiner")
    joiner = f"joiner@{DOMAIN}"
    customer.preview()
    customer.tenant.delete_user(joiner)
    customer.simulator.faults.on("token_error", code=65001)
    customer.preview()
    customer.simulator.faults.clear()
    assert _waiting(customer) == {joiner}
    customer.preview()
    assert (_waiting(customer), _stage(customer, joiner)) == (set(), Stage.ENDED)


def _answer(customer: Customer, address: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT gateway.answer(%s, %s)", [address, customer.time()])
        (answer,) = cursor.fetchone()
    return str(answer)


def test_where_nothing_was_ever_read_who_comes_is_neither_noted_nor_refused(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise SystemError

    joiner = f"joiner@{DOMAIN}"
    customer.preview()
    assert (_answer(customer, P1), _answer(customer, joiner)) == ("later", "cannot_say")
    with monkeypatch.context() as broken:
        broken.setattr(decide, "apply_own", dies)
        assert customer.sync().state == RunState.FAILED
        # Between its plan and its effect.
        assert (_waiting(customer), _answer(customer, P1), _answer(customer, joiner)) == (
            set(),
            "cannot_say",
            "cannot_say",
        )
    assert customer.sync().state == RunState.APPLIED
    assert (_waiting(customer), _answer(customer, P1), _answer(customer, joiner)) == (set(), "accept", "unknown")
    customer.tenant.add_user("New Joiner", local="joiner")
    with monkeypatch.context() as broken:
        broken.setattr(decide, "apply_own", dies)
        assert customer.sync().state == RunState.FAILED
        assert (_waiting(customer), _answer(customer, joiner)) == ({joiner}, "later")


def test_who_is_filtered_out_or_exempt_does_not_wait(customer: Customer) -> None:
    customer.tenant.change_user(customer.tenant.user(P1), department="Sales")
    take_only(customer, "department", "is", "Sales")
    run = customer.preview()
    assert _waiting(customer) == {P1}
    change = run.changes.get()
    edit.exempt_object(
        customer.domain, change.external_id, customer.acting, display_name="P", address=P1, addresses=[Address(P1)]
    )
    assert _waiting(customer) == set()
