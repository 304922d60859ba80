"""A filter in words."""

import pytest

from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, RuleOperator
from mailroll.reconcile.filters.words import contrary, sentence, summary
from tests.reconcile.filters.written import written


@pytest.mark.parametrize(
    ("field", "operator", "value", "words"),
    [
        ("department", "is", "Sales", "department is “Sales”"),
        ("department", "is not set", None, "department is not set"),
        ("department", "is one of", ["a"], "department is one of “a”"),
        ("department", "is one of", ["a", "b", "c"], "department is one of “a”, “b” or “c”"),
        ("department", "is one of", list("abcdefg"), "department is one of “a”, “b”, “c”, “d” and 3 more"),
        ("department", "contains", "x" * 80, f"department contains “{'x' * 59}…”"),
        ("accountEnabled", "is", True, "accountEnabled is true"),
        ("size", "less than", 2.5, "size less than 2.5"),
        ("createdDateTime", "greater than", "2026-01-31", "createdDateTime greater than 2026-01-31"),
        ("createdDateTime", "less than", "2026-01-31T08:00:00Z", "createdDateTime less than 2026-01-31 08:00:00 UTC"),
    ],
)
def test_a_rule_reads_as_a_sentence(field: str, operator: str, value: object, words: str) -> None:
    (rule,) = written(field, operator, value).members
    assert isinstance(rule, Rule)
    assert sentence(rule) == words


def test_a_filter_is_summed_up_by_its_only_rule_or_by_how_many_there_are() -> None:
    rule = Rule("memberOf", RuleOperator.IS, "MR-Clinical")
    assert summary(RuleGroup()) == "everyone"
    assert summary(RuleGroup(Join.ANY, (RuleGroup(Join.ALL, (rule,)),))) == "memberOf is “MR-Clinical”"
    assert summary(RuleGroup(Join.ALL, (rule, RuleGroup(Join.ANY, (rule, rule))))) == "3 rules"


@pytest.mark.parametrize(
    ("operator", "value", "words"),
    [
        ("is", "x", "department is not “x”"),
        ("does not contain", "x", "department contains “x”"),
        ("starts with", "x", "department does not start with “x”"),
        ("is one of", ["x", "y"], "department is none of “x” or “y”"),
        ("is set", None, "department is not set"),
    ],
)
def test_the_contrary_of_a_rule_says_what_holds_of_those_it_leaves_out(
    operator: str, value: object, words: str
) -> None:
    (rule,) = written("department", operator, value).members
    assert isinstance(rule, Rule)
    assert contrary(rule) == words
