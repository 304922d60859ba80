"""Any roll, any edits: each address has one owner, hashes are true, and a plan made before is refused."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.directory import edit
from mailroll.directory.addresses import OWN
from mailroll.directory.models import Address, Group
from mailroll.reconcile.errors import MailrollError, Refused
from mailroll.reconcile.model import Current, Kind, RollUser
from mailroll.reconcile.plan import Action, Change, Touched, fingerprint
from tests.directory.rolls import ACTING, Roll
from tests.reconcile.outcome import hashed

PEOPLE = tuple(f"p{i}" for i in range(4))
LOCALS = tuple(f"a{i}" for i in range(6))
GROUPS = ("Main", "Sales", "Gruppe Ä")

Deed = Callable[[Roll], None]


def _on_user(deed: Callable[..., None], name: str, *given_: object) -> Deed:
    return lambda roll: deed(roll.domain, roll.key(name), *given_, ACTING)


def _alias(deed: Callable[..., None], name: str, local: str) -> Deed:
    return lambda roll: deed(roll.domain, roll.key(name), roll.address(local), ACTING)


def _add(local: str, alias: str, group: str) -> Deed:
    def deed(roll: Roll) -> None:
        aliases = [roll.address(alias)]
        edit.add_user(roll.domain, roll.address(local), ACTING, aliases=aliases, group=group)

    return deed


def _on_group(deed: Callable[..., object], group: str, *given_: object) -> Deed:
    def done(roll: Roll) -> None:
        found = Group.objects.filter(domain=roll.domain, name=group).first()
        if found is not None:
            deed(roll.domain, found.id, *given_, ACTING)

    return done


_name, _local, _group = st.sampled_from(PEOPLE), st.sampled_from(LOCALS), st.sampled_from(GROUPS)
_plain = (
    *(edit.pin, edit.unpin, edit.exempt, edit.unexempt, edit.unset_kind, edit.leave_group_to_sync),
    *(edit.restore, edit.unkeep, edit.remove_user),
)
_deeds = st.one_of(
    st.builds(_on_user, st.sampled_from(_plain), _name),
    st.builds(_on_user, st.just(edit.set_kind), _name, st.sampled_from(Kind)),
    st.builds(_on_user, st.just(edit.move_user), _name, _group),
    st.builds(_on_user, st.just(edit.rename_user), _name, st.sampled_from(("Ann", "Bob"))),
    st.builds(_alias, st.sampled_from((edit.add_alias, edit.remove_alias)), _name, _local),
    st.builds(_add, _local, _local, _group),
    st.builds(_on_group, st.just(edit.rename_group), _group, st.sampled_from((*GROUPS, "Shop"))),
    st.builds(_on_group, st.just(edit.remove_group), _group),
)


@st.composite
def _held(draw: st.DrawFn) -> dict[str, tuple[list[str], bool, bool, str]]:
    """Draw people with addresses of their own: managed or not, retired or not, in a group."""
    held: dict[str, list[str]] = {name: [] for name in PEOPLE}
    for local in LOCALS:
        if (name := draw(st.sampled_from((*PEOPLE, None)))) is not None:
            held[name].append(local)
    return {
        name: (locals_, draw(st.booleans()), draw(st.booleans()), draw(_group))
        for name, locals_ in held.items()
        if locals_
    }


@pytest.mark.django_db
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(people=_held(), deeds=st.lists(_deeds, min_size=1, max_size=6))
def test_edits_keep_one_owner_an_address_and_true_hashes_and_end_old_plans(
    roll: Roll, people: dict[str, tuple[list[str], bool, bool, str]], deeds: list[Deed]
) -> None:
    with transaction.atomic():
        roll.domain.refresh_from_db()
        roll.has(
            *(
                (name, roll.state(name, *held, owner=roll.owner.id if managed else None, retired=gone, group=group))
                for name, (held, managed, gone, group) in people.items()
            )
        )
        for deed in deeds:
            before = roll.current()
            with suppress(MailrollError):
                deed(roll)
            after = roll.current()
            _is_whole(after)
            _refuses_plans_of(roll, before, after)
        transaction.set_rollback(True)


def _is_whole(now: Current) -> None:
    held = [address for user in now.users for address in user.state.addresses]
    assert len(held) == len(set(held)) == Address.objects.filter(OWN).count()
    for user in now.users:
        assert user.state.addresses or user.state.retired
        assert user == hashed(user)


def _refuses_plans_of(roll: Roll, before: Current, after: Current) -> None:
    """Hold that a plan for a user whom an edit changed cannot be applied, and one for any other user can."""
    roll.domain.refresh_from_db()
    now = {user.id: user for user in after.users}
    for had in before.users:
        plan = roll.plan(_retirement(had))
        made_for = fingerprint(plan, Touched.within(plan, before))
        same = made_for == fingerprint(plan, Touched.within(plan, after))
        assert same == (now.get(had.id) == had)
        if not same:
            with pytest.raises(Refused), transaction.atomic():
                roll.apply(plan, before)


def _retirement(user: RollUser) -> Change:
    return Change(Action.RETIRE, user.id, user.state, replace(user.state, retired=not user.state.retired), ())
