"""What people write is taken whole or refused whole, with every problem at its place."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.errors import BadFilter, FilterProblem
from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, RuleOperator
from mailroll.reconcile.filters.model import rules as rules_of
from mailroll.reconcile.filters.parser import parse, to_json
from tests.reconcile.filters.written import ATTRIBUTES, groups, written


def problems(data: object) -> tuple[FilterProblem, ...]:
    with pytest.raises(BadFilter) as refused:
        parse(data, ATTRIBUTES)
    assert refused.value.message
    return refused.value.problems


def said(data: object) -> dict[str, str]:
    return {each.path: each.message for each in problems(data)}


def one(field: object, operator: object, value: object = None) -> dict[str, object]:
    return {"all": [{"field": field, "operator": operator, "value": value}]}


@given(groups())
def test_a_filter_is_read_back_as_it_was_written(group: RuleGroup) -> None:
    assert parse(json.loads(json.dumps(to_json(group))), ATTRIBUTES) == group


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("all", "any", "field", "operator", "value", "x")) | st.just("field"),
            inner | st.sampled_from(("is", "department", "size", "is one of", "matches", "createdDateTime")),
            max_size=3,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_is_given_is_a_filter_or_refused_with_its_problems(data: object) -> None:
    refused = None
    try:
        assert parse(to_json(parse(data, ATTRIBUTES)), ATTRIBUTES) == parse(data, ATTRIBUTES)
    except BadFilter as error:
        refused = error
    assert refused is None or refused.problems
    for each in refused.problems if refused else ():
        assert each.code
        assert each.message.endswith((".", "?"))


def test_names_aliases_and_the_words_of_equality_are_read_in_letters_of_either_case() -> None:
    assert parse(
        {
            "any": [
                {"field": "DEPARTMENT", "operator": "Equals", "value": "Sales"},
                {"field": "proxyaddress", "operator": "does  not equal", "value": "x"},
                {"field": " Created ", "operator": "greater than", "value": "2026-01-31"},
                {"field": "usertype", "operator": "is", "value": " guest"},
            ]
        },
        ATTRIBUTES,
    ) == RuleGroup(
        Join.ANY,
        (
            Rule("department", RuleOperator.IS, "Sales"),
            Rule("proxyAddresses", RuleOperator.IS_NOT, "x"),
            Rule("createdDateTime", RuleOperator.GREATER, datetime(2026, 1, 31, tzinfo=UTC)),
            Rule("userType", RuleOperator.IS, "Guest"),
        ),
    )


@pytest.mark.parametrize(
    ("field", "operator", "value", "meant"),
    [
        ("accountEnabled", "is", "yes", True),
        ("accountEnabled", "is", " False ", False),
        ("size", "is", "12", 12),
        ("size", "is", " -0.5", -0.5),
        ("size", "is one of", ["1", 2, 1], (1, 2)),
        ("createdDateTime", "is", "2026-01-31T08:00:00+02:00", datetime(2026, 1, 31, 6, tzinfo=UTC)),
        ("memberOf", "is", " MR-Clinical ", "MR-Clinical"),
        ("department", "is set", "", None),
        ("department", "contains", " x", " x"),
    ],
)
def test_values_are_taken_by_the_type_of_their_field(field: str, operator: str, value: object, meant: object) -> None:
    (rule,) = written(field, operator, value).members
    assert isinstance(rule, Rule)
    assert rule.value == meant
    assert type(rule.value) is type(meant)


@pytest.mark.parametrize(
    ("field", "operator", "value", "code"),
    [
        ("department", "is", None, "value_missing"),
        ("department", "is", "", "value_missing"),
        ("department", "is", "  ", "value_missing"),
        ("department", "is", 3, "value_type"),
        ("department", "is", "x" * 1001, "value_too_long"),
        ("department", "is", "a\0", "value_characters"),
        ("department", "is", "\ud800", "value_characters"),
        ("department", "matches", "x" * 1001, "value_too_long"),
        ("department", "matches", "(", "expression_invalid"),
        ("department", "matches", "(\\pL{1,30}){30}", "expression_invalid"),
        ("department", "is set", "x", "value_not_wanted"),
        ("department", "is not set", [], "value_not_wanted"),
        ("department", "is one of", "x", "list_missing"),
        ("department", "is one of", [], "list_missing"),
        ("department", "is one of", ["x"] * 501, "list_too_long"),
        ("department", "is one of", ["x", None], "value_missing"),
        ("userType", "is", "Gast", "value_choice"),
        ("accountEnabled", "is", "maybe", "value_type"),
        ("accountEnabled", "is", 1, "value_type"),
        ("size", "is", "many", "value_type"),
        ("size", "is", True, "value_type"),
        ("size", "is", float("nan"), "value_type"),
        ("size", "is", 10**400, "value_too_large"),
        ("createdDateTime", "is", "soon", "value_type"),
        ("createdDateTime", "is", 2026, "value_type"),
        ("createdDateTime", "is", "0001-01-01T00:00:00+02:00", "value_type"),
        ("memberOf", "is", "  ", "value_missing"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_at_the_value(field: str, operator: str, value: Any, code: str) -> None:
    assert [(each.path, each.code) for each in problems(one(field, operator, value))] == [("all[0].value", code)]


def test_all_problems_are_told_at_once_each_with_what_to_do() -> None:
    told = said(
        {
            "all": [
                {"field": "compnay", "operator": "is", "value": "x"},
                {"any": [{"field": "companyName", "operator": "matches", "value": "("}]},
                {"field": "accountEnabled", "operator": "contains", "value": "x"},
                {"field": "zzz", "operator": "like", "value": "x"},
                {"operator": 3, "extra": 1, 7: 1},
            ]
        }
    )
    assert told["all[0].field"] == "There is no field “compnay”. Do you mean companyName?"
    assert told["all[1].any[0].value"] == "This is not a regular expression that can be used: missing ): (."
    assert told["all[2].operator"] == (
        "“contains” cannot be asked of accountEnabled. Use one of is, is not, is set, is not set."
    )
    assert told["all[3].field"] == "There is no field “zzz”. Choose one of the list."
    assert told["all[3].operator"].startswith("There is no operator “like”. Use one of is, is not, contains,")
    assert told["all[4]"] == "A rule has field, operator and value: remove “extra”, “int”."
    assert told["all[4].field"] == "Choose a field."
    assert told["all[4].operator"].startswith("There is no operator “int”.")


def test_a_rule_without_field_or_operator_is_told_so() -> None:
    assert said(one("", "")) == {"all[0].field": "Choose a field.", "all[0].operator": "Choose how to compare."}
    assert said(one(["x"], "is")) == {"all[0].field": "A field is named by a text."}
    assert said(one("department" * 20, "is", "x")) == {
        "all[0].field": f"There is no field “{('department' * 20)[:39]}…”. Choose one of the list."
    }


@pytest.mark.parametrize("data", [None, [], "all", 3, {}, {"none": []}])
def test_what_is_no_group_is_told_at_the_filter_itself(data: object) -> None:
    assert said(data) == {"": "A filter is an object with “all” or “any” and a list of rules."}


def test_groups_are_lists_of_one_kind_and_never_empty_inside_another() -> None:
    assert said({"all": 3}) == {"all": "“all” is a list of rules and groups."}
    assert said({"all": [], "any": [], "x": 1}) == {"": "A group has “all” or “any”, nothing else: remove “any”, “x”."}
    assert said({"any": [{"all": []}]}) == {
        "any[0]": "This group has no rules. Add a rule, or remove the group.",
    }
    assert said({"any": [7]}) == {"any[0]": "A filter is an object with “all” or “any” and a list of rules."}


def nested(times: int) -> dict[str, object]:
    inner: dict[str, object] = one("department", "is", "x")
    for _ in range(times):
        inner = {"all": [inner]}
    return inner


def test_groups_stand_in_each_other_five_deep_and_no_deeper() -> None:
    assert isinstance(parse(nested(4), ATTRIBUTES), RuleGroup)
    for times in (5, 200, 100_000):
        assert [each.code for each in problems(nested(times))] == ["too_deep"]


def test_a_loop_of_groups_is_refused() -> None:
    loop: dict[str, list[object]] = {"all": []}
    loop["all"].append(loop)
    assert [each.code for each in problems(loop)] == ["too_deep"]


def test_a_filter_has_at_most_two_hundred_rules() -> None:
    rule = {"field": "department", "operator": "is", "value": "x"}
    assert len(list(rules_of(parse({"all": [rule] * 200}, ATTRIBUTES)))) == 200
    assert [each.code for each in problems({"all": [rule] * 100_000})] == ["too_many_rules"]
    assert len(problems({"all": [{"all": [one("x", "is", "x")] * 1000}] * 1000})) < 300


def test_the_message_names_the_first_problems_and_how_many_more_there_are() -> None:
    with pytest.raises(BadFilter) as refused:
        parse({"all": [{"field": "x", "operator": "is"}] * 5}, ATTRIBUTES)
    assert str(refused.value).count("There is no field “x”.") == 3
    assert str(refused.value).endswith("And 2 more problems.")


def test_every_rule_has_its_path() -> None:
    group = RuleGroup(
        Join.ALL, (Rule("size", RuleOperator.IS_SET), RuleGroup(Join.ANY, (Rule("size", RuleOperator.IS_NOT_SET),)))
    )
    assert [path for path, _ in rules_of(group)] == ["all[0]", "all[1].any[0]"]
