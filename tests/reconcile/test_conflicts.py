"""Two claims to one address: told with both sides, and the rule that settled it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from mailroll.reconcile.conflicts import ConflictRule
from mailroll.reconcile.explain import finding_sentence, sentence
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Current, Reading
from mailroll.reconcile.reasons import Reason, ReasonCode
from tests.reconcile.outcome import hashed
from tests.reconcile.world import (
    DIRECTORY,
    FIRST,
    OTHER_TENANT,
    OUTSIDE,
    SECOND,
    address,
    ask,
    oid,
    record,
    roll,
    snapshot,
    user,
)

_ANN = record("Ann", "SMTP:info@d.example")


def _told(current: Current, *readings: Reading) -> Reason:
    """Why the one who lost did not get the address."""
    (skip,) = [skip for skip in ask(current, readings).skips if skip.reason.code is ReasonCode.CONFLICT]
    return skip.reason


def _sides(facts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(facts[name] for name in ("rule", "holder_name", "holder_by", "wanted_name", "wanted_by"))


def test_who_has_the_address_keeps_it_from_another_object() -> None:
    bob = user("Bob", "bob@d.example", "info@d.example")
    listing = snapshot(record("Bob", "SMTP:bob@d.example", "smtp:info@d.example"), _ANN)
    why = _told(roll(bob), Reading(FIRST, listing))
    assert _sides(why.facts) == ("holds", "Bob", "first", "Ann", "first")
    assert (why.facts["holder"], why.facts["wanted"]) == ("bob@d.example", "info@d.example")
    assert why.facts["source"] == str(FIRST.id)
    assert sentence(why, DIRECTORY) == (
        "Bob (bob@d.example, first) has this address, and Ann (info@d.example, first) wants it too."
        " Who has it keeps it."
    )


@pytest.mark.parametrize(("owners", "by"), [({FIRST.id: "Staff"}, "Staff"), ({}, "another source")])
def test_who_belongs_to_a_source_that_is_not_read_is_told_by_its_name(owners: Mapping[UUID, str], by: str) -> None:
    current = replace(roll(user("Bob", "info@d.example")), owners=owners)
    assert _sides(_told(current, Reading(SECOND, snapshot(_ANN))).facts)[:3] == ("holds", "Bob", by)


def test_what_a_person_made_stays_and_says_so() -> None:
    desk = user("Desk", "info@d.example", owner=None)
    why = _told(roll(desk), Reading(FIRST, snapshot(_ANN)))
    assert _sides(why.facts) == ("by_hand", "Desk", "", "Ann", "first")
    assert "Desk (info@d.example, made by hand)" in sentence(why, DIRECTORY)


def test_who_was_taken_over_from_its_source_stays_as_it_is() -> None:
    ann = user("Ann", "old@d.example")
    taken_over = hashed(replace(ann, state=replace(ann.state, owner=None)))
    why = _told(roll(taken_over), Reading(FIRST, snapshot(_ANN)))
    assert _sides(why.facts) == ("taken_over", "Ann", "", "Ann", "first")


def test_of_two_who_have_it_not_the_pinned_one_goes_first() -> None:
    gus = hashed(replace(user("Gus", "g@d.example", owner=OUTSIDE, tenant=OTHER_TENANT), pinned=True))
    ann = user("Ann", "a@d.example", owner=SECOND)
    wants_too = record("Gus", "SMTP:g@d.example", "smtp:info@d.example", tenant=OTHER_TENANT)
    why = _told(
        roll(gus, ann),
        Reading(OUTSIDE, snapshot(wants_too, tenant=OTHER_TENANT)),
        Reading(SECOND, snapshot(record("Ann", "SMTP:a@d.example", "smtp:info@d.example"))),
    )
    assert _sides(why.facts) == ("pinned", "Gus", "outside", "Ann", "second")


def test_of_two_new_ones_the_earlier_source_s_goes_first() -> None:
    gus = snapshot(record("Gus", "SMTP:info@d.example", tenant=OTHER_TENANT), tenant=OTHER_TENANT)
    why = _told(roll(), Reading(FIRST, snapshot(_ANN)), Reading(OUTSIDE, gus))
    assert _sides(why.facts) == ("precedence", "Ann", "first", "Gus", "outside")


def test_of_two_new_ones_of_one_source_the_object_id_decides() -> None:
    why = _told(roll(), Reading(FIRST, snapshot(_ANN, record("Bob", "SMTP:info@d.example"))))
    first, second = sorted(("Ann", "Bob"), key=oid)
    assert _sides(why.facts) == ("object", first, "first", second, "first")
    assert (why.facts["holder_kind"], why.facts["wanted_kind"]) == ("user", "user")


def test_a_side_without_a_name_is_called_by_its_address_and_an_unsaid_name_stays_the_one_it_had() -> None:
    bob, cid = user("Bob", "bob@d.example", "info@d.example"), user("Cid", "cid@d.example")
    nameless = replace(record("Bob", "SMTP:bob@d.example", "smtp:info@d.example"), display_name="")
    known = replace(record("Cid", "SMTP:cid@d.example", "smtp:info@d.example"), display_name=UNSET)
    why = _told(roll(bob, cid), Reading(FIRST, snapshot(nameless, known)))
    assert sentence(why, DIRECTORY).startswith("bob@d.example (first) has")
    assert why.facts["wanted_name"] == "Cid"
    new = replace(_ANN, display_name=UNSET, mailbox_plan=UNSET)
    facts = _told(roll(bob, cid), Reading(FIRST, snapshot(nameless, new))).facts
    assert (facts["wanted_name"], facts["wanted_kind"]) == ("", "")


def test_who_has_it_in_another_domain_is_nobody_s_business() -> None:
    current = roll(elsewhere={address("info@d.example"): "another domain"})
    (skip,) = ask(current, [Reading(FIRST, snapshot(_ANN))]).skips
    assert skip.reason.code is ReasonCode.CONFLICT_ELSEWHERE
    assert not [name for name in skip.reason.facts if name.startswith("holder")]
    assert skip.reason.facts["wanted_name"] == "Ann"


def test_a_conflict_of_before_the_sides_were_told_can_still_be_read() -> None:
    said = sentence(Reason.of(ReasonCode.CONFLICT, holder="bob@d.example"), DIRECTORY)
    assert said.startswith("bob@d.example has this address")


def test_one_conflict_is_told_as_one_and_several_as_several() -> None:
    one, several = (Finding.of(FindingCode.CONFLICTS, Level.WARNING, addresses=number) for number in (1, 2))
    assert finding_sentence(one, DIRECTORY).startswith("1 address is claimed by more than one user.")
    assert finding_sentence(several, DIRECTORY).startswith("2 addresses are claimed by more than one user.")


@pytest.mark.parametrize("rule", ConflictRule)
def test_every_rule_has_its_words(rule: ConflictRule) -> None:
    assert rule.settled.endswith(".")
