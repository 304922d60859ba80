"""A filter says yes, no or undecided of every record, whatever it holds and in whatever order the rules stand."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.errors import BadFilter
from mailroll.reconcile.filters.judgement import Filter, Judgement, Truth
from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, RuleOperator
from mailroll.reconcile.known import UNSET, Unset, Value
from tests.reconcile.filters.written import ATTRIBUTES, NEGATIVE, groups, judged, memberships, rules, truth, values

YES, NO, UNDECIDED = Truth
NOT = {YES: NO, NO: YES, UNDECIDED: UNDECIDED}
Have = dict[str, Value | Unset]
Member = dict[str, bool | Unset]

KNOWN: Have = {"department": "Sales", "size": 3}


def shuffled(group: RuleGroup, chance: st.DataObject) -> RuleGroup:
    members = [shuffled(each, chance) if isinstance(each, RuleGroup) else each for each in group.members]
    return RuleGroup(group.join, tuple(chance.draw(st.permutations(members))))


def negated(group: RuleGroup) -> RuleGroup:
    opposite = NEGATIVE | {negative: positive for positive, negative in NEGATIVE.items()}
    return RuleGroup(
        Join.ANY if group.join is Join.ALL else Join.ALL,
        tuple(
            negated(each) if isinstance(each, RuleGroup) else Rule(each.field, opposite[each.operator], each.value)
            for each in group.members
        ),
    )


@given(groups(), values(), memberships(), st.data())
def test_every_record_is_judged_and_the_order_of_rules_never_counts(
    group: RuleGroup, have: Have, member: Member, chance: st.DataObject
) -> None:
    one = judged(group, have, member)
    assert one == judged(shuffled(group, chance), have, member)
    assert one.rule is None or judged(RuleGroup(Join.ALL, (one.rule,)), have, member).truth is one.truth


def test_the_rule_that_is_named_does_not_depend_on_the_order_inside_of_groups() -> None:
    early, middle, late = (Rule(name, RuleOperator.IS_SET) for name in ("companyName", "department", "userType"))
    one = RuleGroup(Join.ALL, (RuleGroup(Join.ANY, (early, late)), RuleGroup(Join.ANY, (middle, late))))
    turned = RuleGroup(Join.ALL, (RuleGroup(Join.ANY, (late, early)), RuleGroup(Join.ANY, (middle, late))))
    have: Have = {"userType": None}
    assert judged(one, have) == judged(turned, have) == Judgement(UNDECIDED, early)


@given(groups(least=1), groups(least=1), values(), memberships())
def test_groups_join_by_the_laws_of_three_values(one: RuleGroup, other: RuleGroup, have: Have, member: Member) -> None:
    found = {judged(each, have, member).truth for each in (one, other)}
    every = judged(RuleGroup(Join.ALL, (one, other)), have, member).truth
    some = judged(RuleGroup(Join.ANY, (one, other)), have, member).truth
    assert every is (NO if NO in found else UNDECIDED if UNDECIDED in found else YES)
    assert some is (YES if YES in found else UNDECIDED if UNDECIDED in found else NO)


@given(groups(negatable=True, least=1), values(), memberships())
def test_a_filter_turned_round_rule_by_rule_says_the_opposite(group: RuleGroup, have: Have, member: Member) -> None:
    assert judged(negated(group), have, member).truth is NOT[judged(group, have, member).truth]


@given(groups(), values(), memberships(), values())
def test_what_becomes_known_never_turns_a_truth_round(group: RuleGroup, have: Have, member: Member, more: Have) -> None:
    before = judged(group, have, member).truth
    known = more | {name: value for name, value in have.items() if value is not UNSET}
    if before is not UNDECIDED and all(have.get(name, UNSET) is not UNSET or name not in have for name in known):
        assert judged(group, known, member).truth is before


@given(rules())
def test_a_property_that_was_not_read_leaves_every_rule_open(rule: Rule) -> None:
    unknown: Member = {"one": UNSET, "two": UNSET, "three": UNSET}
    assert judged(RuleGroup(Join.ALL, (rule,)), {}, unknown) == Judgement(UNDECIDED, rule)
    assert judged(RuleGroup(Join.ALL, (rule,)), {rule.field: UNSET}, unknown) == Judgement(UNDECIDED, rule)


@given(groups(), groups())
def test_filters_are_equal_where_their_rules_are(one: RuleGroup, other: RuleGroup) -> None:
    first, second = Filter.of(one, ATTRIBUTES), Filter.of(other, ATTRIBUTES)
    assert (first == second) is (one == other)
    assert hash(first) == hash(Filter.of(one, ATTRIBUTES))


@pytest.mark.parametrize(
    ("field", "operator", "value", "has", "expected"),
    [
        # text, whatever the case of its letters
        ("department", "is", "SALES", "Sales", YES),
        ("department", "is", "strasse", "Straße", YES),
        ("department", "is not", "sales", "Sales", NO),
        ("department", "contains", "ALE", "Sales", YES),
        ("department", "does not contain", "ale", "Sales", NO),
        ("department", "starts with", "sa", "Sales", YES),
        ("department", "ends with", "ES", "Sales", YES),
        ("department", "ends with", "sa", "Sales", NO),
        ("department", "is one of", ["IT", "sales"], "Sales", YES),
        ("department", "is one of", ["IT"], "Sales", NO),
        ("department", "is set", None, "Sales", YES),
        ("department", "is set", None, "", NO),
        ("department", "is not set", None, "Sales", NO),
        # what looks equal is equal, on both sides
        ("department", "is", "Sales ", "Sales", YES),
        ("department", "is", "Sales", "Sales ", YES),
        ("department", "is", "Sales", "Sales\u00a0", YES),
        ("department", "is", "B\u00fcro", "Bu\u0308ro", YES),
        ("department", "is", "bu\u0308ro", "B\u00dcRO", YES),
        ("department", "is not", "Sales ", "Sales", NO),
        ("department", "is one of", ["IT", "Sales\u3000"], "Sales", YES),
        ("department", "is", "Bad Homburg", "Bad\u00a0Homburg", YES),
        ("department", "contains", "\u00fcr", "Bu\u0308ro", YES),
        ("department", "matches", "^b.ro$", "Bu\u0308ro ", YES),
        ("department", "matches", "Bu\u0308ro", "B\u00fcro", YES),
        ("department", "is set", None, "\u00a0", NO),
        ("proxyAddresses", "is", "x ", ("x",), YES),
        # a blank at the edge of a part is the edge of a word
        ("department", "starts with", "Sales ", "Sales", YES),
        ("department", "starts with", "Dr ", "Drexler", NO),
        ("department", "ends with", " GmbH", "Kern GmbH", YES),
        ("department", "contains", " x", "ax", NO),
        # expressions are searched for anywhere
        ("department", "matches", "a.e", "SALES", YES),
        ("department", "matches", "^a", "Sales", NO),
        ("department", "matches", "(?-i)^sales$", "Sales", NO),
        ("department", "does not match", "^s", "Sales", NO),
        ("department", "matches", "^.$", "\ud800", YES),
        # known to be empty is not the same as not known
        ("department", "is", "Sales", None, NO),
        ("department", "is not", "Sales", None, YES),
        ("department", "contains", "Sales", None, NO),
        ("department", "does not contain", "Sales", None, YES),
        ("department", "matches", ".*", None, NO),
        ("department", "is set", None, None, NO),
        ("department", "is not set", None, None, YES),
        ("size", "less than", 3, None, NO),
        ("size", "is set", None, None, NO),
        ("accountEnabled", "is", False, None, NO),
        ("accountEnabled", "is not", False, None, YES),
        # a value of another type says nothing
        ("department", "is", "1", 1, UNDECIDED),
        ("department", "is not", "1", 1, UNDECIDED),
        ("accountEnabled", "is", True, 1, UNDECIDED),
        ("accountEnabled", "is set", None, "yes", UNDECIDED),
        ("size", "is", 1, True, UNDECIDED),
        ("size", "is", 1, float("nan"), UNDECIDED),
        ("size", "is set", None, "1", UNDECIDED),
        ("createdDateTime", "is set", None, "2026", UNDECIDED),
        ("proxyAddresses", "is", "x", "x", UNDECIDED),
        # truth, sizes and times
        ("accountEnabled", "is", True, True, YES),
        ("accountEnabled", "is not", True, False, YES),
        ("accountEnabled", "is set", None, False, YES),
        ("size", "greater than", 2, 3, YES),
        ("size", "greater than", 3, 3, NO),
        ("size", "less than", 3.5, 3, YES),
        ("size", "is", 3, 3.0, YES),
        ("size", "is one of", [1, 3], 3, YES),
        ("size", "is set", None, 0, YES),
        ("createdDateTime", "greater than", "2026-01-01", datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC), YES),
        ("createdDateTime", "less than", "2026-01-01T01:00:00+01:00", datetime(2026, 1, 1, tzinfo=UTC), NO),
        ("createdDateTime", "is", "2026-01-01", datetime(2026, 1, 1), YES),  # noqa: DTZ001 - taken as UTC
        # several texts: any of them, and for the negative operators none
        ("proxyAddresses", "ends with", "@d.example", ("SMTP:a@d.example", "smtp:a@e.example"), YES),
        ("proxyAddresses", "contains", "f.example", ("SMTP:a@d.example",), NO),
        ("proxyAddresses", "does not contain", "e.example", ("SMTP:a@d.example", "smtp:a@e.example"), NO),
        ("proxyAddresses", "does not contain", "e.example", frozenset(), YES),
        ("proxyAddresses", "is not", "x", None, YES),
        ("proxyAddresses", "is set", None, (), NO),
        ("proxyAddresses", "is set", None, ("x",), YES),
    ],
)
def test_a_rule_asks_what_it_says(field: str, operator: str, value: Any, has: Value, expected: Truth) -> None:
    assert truth(field, operator, value, has) is expected


def test_membership_is_asked_of_the_group_that_the_rule_names() -> None:
    several = RuleGroup(Join.ALL, (Rule("memberOf", RuleOperator.ONE_OF, ("one", "two")),))
    assert judged(several, {}, {"one": False, "two": True}).truth is YES
    assert judged(several, {}, {"one": UNSET, "two": True}).truth is YES
    assert judged(several, {}, {"one": UNSET, "two": False}).truth is UNDECIDED
    assert judged(several, {}, {"one": False, "two": False}).truth is NO
    outside = RuleGroup(Join.ALL, (Rule("memberOf", RuleOperator.IS_NOT, "one"),))
    assert judged(outside, {}, {"one": True}).truth is NO
    assert judged(outside, {}, {"one": False}).truth is YES
    assert judged(outside, {}, {"one": UNSET}).truth is UNDECIDED


def test_a_filter_says_what_has_to_be_read_for_it() -> None:
    group = RuleGroup(
        Join.ANY, (Rule("memberOf", RuleOperator.IS, "one"), RuleGroup(Join.ALL, (Rule("size", RuleOperator.IS, 1),)))
    )
    made = Filter.of(group, ATTRIBUTES)
    assert made.fields == {"memberOf", "size"}
    assert made.memberships == {"one"}


def test_an_empty_filter_selects_everyone() -> None:
    for join in Join:
        assert judged(RuleGroup(join), {}) == Judgement(YES)


def test_the_rule_that_decided_is_named_and_where_several_did_none_is() -> None:
    sales, large = Rule("department", RuleOperator.IS, "Sales"), Rule("size", RuleOperator.GREATER, 9)
    assert judged(RuleGroup(Join.ALL, (sales, large)), KNOWN) == Judgement(NO, large)
    assert judged(RuleGroup(Join.ANY, (sales, large)), KNOWN) == Judgement(YES, sales)
    assert judged(RuleGroup(Join.ALL, (sales, large)), {"department": "Sales"}) == Judgement(UNDECIDED, large)
    assert judged(RuleGroup(Join.ANY, (sales, large)), {"department": "IT", "size": 1}) == Judgement(NO)
    assert judged(RuleGroup(Join.ALL, (sales,)), KNOWN) == Judgement(YES, sales)


def test_rules_that_these_attributes_do_not_allow_are_refused_before_anything_is_judged() -> None:
    with pytest.raises(BadFilter):
        Filter.of(RuleGroup(Join.ALL, (Rule("department", RuleOperator.MATCHES, "("),)), ATTRIBUTES)
    with pytest.raises(BadFilter):
        Filter.of(RuleGroup(Join.ALL, (Rule("gone", RuleOperator.IS, "x"),)), ATTRIBUTES)
