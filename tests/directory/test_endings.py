"""What a user lost ends in its time, and blocks nobody meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit, endings, load, queries
from mailroll.directory.edit import Static
from mailroll.directory.lifecycle import Lifetime, Stage
from mailroll.directory.models import Address, User, WaitingAddress
from mailroll.directory.statics import by_address
from mailroll.reconcile.addresses import in_order
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.plan import Plan
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.resolve import leave
from tests.directory.rolls import NOON, Roll

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)

Lose = Callable[[Roll], None]


def _lives(roll: Roll, name: str) -> dict[str, Lifetime]:
    found = queries.lives([roll.key(name)], roll.domain).get(roll.key(name), ())
    return {life.address.partition("@")[0]: life for life in found}


def _lost(roll: Roll) -> None:
    """Ann has lost the alias `sales`."""
    roll.has(("ann", roll.state("ann", "ann", "sales")))
    roll.becomes(("ann", roll.state("ann", "ann", "sales"), roll.state("ann", "ann")))


def _retired(roll: Roll) -> None:
    """Ann has retired, with `ann` and `sales`."""
    before = roll.state("ann", "ann", "sales")
    roll.has(("ann", before))
    roll.becomes(("ann", before, leave(before, (), retired=True)))


def test_an_address_that_a_sync_takes_away_ends_and_is_not_held(roll: Roll, other: Roll) -> None:
    _lost(roll)
    assert _lives(roll, "ann") == {
        "ann": Lifetime(roll.address("ann")),
        "sales": Lifetime(roll.address("sales"), own=False, ending_since=NOON),
    }
    roll.expect(("ann", roll.state("ann", "ann")))
    assert roll.current().ending == {roll.address("sales"): roll.key("ann")}
    (listed,) = queries.users(roll.domain)
    assert (listed.address, listed.aliases) == (roll.address("ann"), ())
    assert queries.listed(User.objects.get(id=listed.id)) == listed
    assert not load.elsewhere(other.domain.id, [roll.address("sales")])


def test_after_a_rename_the_old_primary_address_ends(roll: Roll) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    roll.becomes(("ann", roll.state("ann", "ann"), roll.state("ann", "ann.smith")))
    assert {name: (life.own, life.ending_since) for name, life in _lives(roll, "ann").items()} == {
        "ann.smith": (True, None),
        "ann": (False, NOON),
    }


def test_an_address_that_comes_back_to_its_user_is_in_service_as_before(roll: Roll) -> None:
    _lost(roll)
    endings.confirm(roll.domain.id, [roll.address("sales")], NOON + HOUR)
    roll.becomes(("ann", roll.state("ann", "ann"), roll.state("ann", "ann", "sales")))
    assert _lives(roll, "ann")["sales"] == Lifetime(roll.address("sales"))


def test_a_retired_users_addresses_end_with_it_and_it_takes_back_its_own_alone(roll: Roll, acting: Acting) -> None:
    """Also where it lost another one at the very moment it retired."""
    _lost(roll)
    ann = roll.state("ann", "ann")
    retired = leave(ann, (), retired=True)
    roll.becomes(("ann", ann, retired))
    roll.expect(("ann", retired))
    assert {life.stage(NOON) for life in _lives(roll, "ann").values()} == {Stage.ENDING}
    edit.restore(roll.domain, roll.key("ann"), acting)
    assert _lives(roll, "ann")["ann"] == Lifetime(roll.address("ann"))
    assert not _lives(roll, "ann")["sales"].own


def test_who_loses_the_primary_address_after_it_retired_is_not_accepted_again(roll: Roll) -> None:
    _retired(roll)
    endings.confirm(roll.domain.id, [roll.address("sales")], NOON + HOUR)
    had = roll.current().users[0].state
    roll.becomes(("ann", had, leave(had, {roll.address("ann")}, retired=True)), ("bob", None, roll.state("bob", "ann")))
    (life,) = _lives(roll, "ann").values()
    assert life == Lifetime(roll.address("sales"), ending_since=NOON, confirmed_at=NOON + HOUR)
    assert roll.current().users != ()


@pytest.mark.parametrize("lose", [_lost, _retired])
def test_an_address_that_ends_goes_to_whoever_is_given_it(
    roll: Roll, other: Roll, acting: Acting, lose: object
) -> None:
    assert callable(lose)
    lose(roll)
    edit.add_user(roll.domain, roll.address("bob"), acting, aliases=[roll.address("sales")])
    assert "sales" not in _lives(roll, "ann")
    ann = next(user for user in roll.current().users if user.id == roll.key("ann"))
    assert ann.state.former == ((roll.address("sales"),) if ann.state.retired else ())
    assert ann.hash == load.users(roll.domain.id, [ann.id])[0].hash
    assert Address.objects.get(address=roll.address("sales")).ending_since is None


@pytest.mark.parametrize("lose", [_lost, _retired])
def test_another_domain_takes_it_over_as_well(roll: Roll, other: Roll, lose: Lose) -> None:
    lose(roll)
    taken = other.state("bob", "bob", aliases=(roll.address("sales"),))
    other.has(("bob", taken))
    other.expect(("bob", taken))
    (ann,) = roll.current().users
    assert roll.address("sales") not in ann.state.addresses
    assert ann.state.former == ((roll.address("sales"),) if ann.state.retired else ())


@pytest.mark.parametrize("number", [1, 500], ids=["few end", "many end"])
def test_who_wants_many_addresses_takes_over_those_that_end(roll: Roll, other: Roll, number: int) -> None:
    old_names = [f"old{place}" for place in range(number)]
    had, has = roll.state("ann", "ann", *old_names), roll.state("ann", "ann")
    roll.has(("ann", had))
    roll.becomes(("ann", had, has))
    wanted = in_order([*map(roll.address, old_names), *(other.address(f"alias{place}") for place in range(1_000))])
    taken = other.state("bob", "bob", aliases=wanted)
    other.has(("bob", taken))
    other.expect(("bob", taken))
    assert _lives(roll, "ann").keys() == {"ann"}


def test_a_retired_user_that_lost_everything_is_shown_and_cannot_come_back(roll: Roll, acting: Acting) -> None:
    _retired(roll)
    edit.add_user(roll.domain, roll.address("sales"), acting, aliases=[roll.address("ann")])
    (gone,) = (user for user in queries.users(roll.domain) if user.retired_at)
    assert gone.address is None
    with pytest.raises(Refused) as refused:
        edit.restore(roll.domain, gone.id, acting)
    assert refused.value.code == "address_taken"


def test_a_static_address_takes_one_that_ends(roll: Roll, acting: Acting) -> None:
    _lost(roll)
    assert by_address(roll.domain, NOON.date(), roll.address("sales")) is None
    edit.add_static(roll.domain, Static(roll.address("sales")), acting)
    prepared = edit.prepare(roll.domain, [(2, Static(roll.address("ann")))])
    assert [problem.field for problem in prepared.problems] == ["address"]
    assert by_address(roll.domain, NOON.date(), roll.address("sales")) is not None


def test_what_a_person_takes_away_is_unknown_at_once(roll: Roll, acting: Acting) -> None:
    user = edit.add_user(roll.domain, roll.address("bob"), acting, aliases=[roll.address("b")])
    edit.remove_alias(roll.domain, user, roll.address("b"), acting)
    assert not Address.objects.filter(address=roll.address("b")).exists()
    static = edit.add_static(roll.domain, Static(roll.address("desk")), acting)
    edit.remove_static(roll.domain, static, acting)
    _lost(roll)
    ann = roll.state("ann", "ann")
    roll.becomes(("ann", ann, leave(ann, (), retired=True)))
    edit.remove_user(roll.domain, roll.key("ann"), acting)
    assert set(Address.objects.values_list("address", flat=True)) == {roll.address("bob")}


def test_who_goes_by_a_persons_word_ends_without_a_reading(roll: Roll) -> None:
    """By a file, or as a source was removed: nothing would ever confirm it."""
    ann, bob = roll.state("ann", "ann"), roll.state("bob", "bob")
    roll.has(("ann", ann), ("bob", bob))
    in_file = roll.change("ann", ann, leave(ann, (), retired=True))
    roll.apply(Plan.of(roll.domain.id, roll.domain.revision, (), [in_file]))
    removed = roll.change("bob", bob, leave(bob, (), retired=True))
    roll.apply(roll.plan(replace(removed, reasons=(Reason.of(ReasonCode.SOURCE_REMOVED),))))
    for name in ("ann", "bob"):
        assert _lives(roll, name)[name].confirmed_at == NOON
        assert _lives(roll, name)[name].stage(NOON + 49 * HOUR) is Stage.ENDED


def test_a_reading_confirms_only_what_ended_before_it_began(roll: Roll, other: Roll) -> None:
    _lost(roll)
    sales = roll.address("sales")
    endings.confirm(roll.domain.id, [sales], NOON)
    endings.confirm(other.domain.id, [sales], NOON + HOUR)
    endings.confirm(roll.domain.id, [roll.address("ann")], NOON + HOUR)
    assert Address.objects.filter(confirmed_at__isnull=False).count() == 0
    for hours in (1, 2):
        endings.confirm(roll.domain.id, [sales], NOON + hours * HOUR)
    assert Address.objects.get(address=sales).confirmed_at == NOON + HOUR
    assert roll.current().ending == {}


def test_an_address_that_is_assigned_waits_no_more(roll: Roll, acting: Acting) -> None:
    for name in ("bob", "ann", "new"):
        WaitingAddress.objects.create(domain=roll.domain, address=roll.address(name), since=NOON)
    roll.has(("ann", roll.state("ann", "ann")))
    edit.add_user(roll.domain, roll.address("bob"), acting)
    assert list(WaitingAddress.objects.values_list("address", flat=True)) == [roll.address("new")]
    edit.exempt(roll.domain, roll.key("ann"), acting, [roll.address("new")])
    assert not WaitingAddress.objects.exists()
