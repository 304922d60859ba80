"""A filter is counted before it is used: how many it selects, whom it leaves out, and by which rule."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.filters.attributes import Attribute, AttributeType
from mailroll.reconcile.filters.counter import COMMON, RuleTally, SampledPerson, common_values, count
from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, RuleOperator
from mailroll.reconcile.known import UNSET, Unset, Value
from tests.reconcile.filters.written import ATTRIBUTES, groups, values, written

SALES = Rule("department", RuleOperator.IS, "Sales")
ENABLED = Rule("accountEnabled", RuleOperator.IS, True)
INSIDE = Rule("memberOf", RuleOperator.IS, "one")

PEOPLE = (
    SampledPerson("Ann", {"department": "Sales", "accountEnabled": True}, groups={"one": True}),
    SampledPerson("Ben", {"department": "IT", "accountEnabled": True}, groups={"one": False}),
    SampledPerson("Cleo", {"department": None, "accountEnabled": True}, groups={"one": False}),
    SampledPerson("Front desk", {"department": "Sales", "accountEnabled": False}, shared=True, groups={"one": False}),
    SampledPerson("Dora", {"accountEnabled": True}, groups={"one": UNSET}),
)


@given(groups(), st.lists(st.tuples(values(), st.booleans()), max_size=4))
def test_everyone_is_counted_once(group: RuleGroup, having: list[tuple[dict[str, Value | Unset], bool]]) -> None:
    people = [SampledPerson(str(number), have, shared=shared) for number, (have, shared) in enumerate(having)]
    counted = count(group, ATTRIBUTES, people)
    out = sum(number for _, number in counted.left_out)
    assert counted.matching + counted.undecided + out == counted.total == len(people)
    assert all(tally.yes + tally.no + tally.undecided == len(people) for tally in counted.by_rule.values())
    assert counted.shared_dropped <= out
    common_values(ATTRIBUTES, people)


def test_a_count_says_who_is_left_out_by_which_rule() -> None:
    counted = count(RuleGroup(Join.ALL, (SALES, RuleGroup(Join.ANY, (INSIDE, ENABLED)))), ATTRIBUTES, PEOPLE)
    assert (counted.matching, counted.total, counted.undecided) == (1, 5, 1)
    assert counted.by_rule == {
        "all[0]": RuleTally(2, 2, 1),
        "all[1].any[0]": RuleTally(1, 3, 1),
        "all[1].any[1]": RuleTally(4, 1, 0),
    }
    assert counted.left_out == (("department is not “Sales”", 2), ("None of the rules", 1))
    assert counted.examples_in == (("Ann", ""),)
    assert counted.examples_out == (
        ("Ben", "department is “IT”"),
        ("Cleo", "department is not “Sales”"),
        ("Front desk", "None of the rules"),
    )
    assert counted.not_counted == frozenset()


def test_shared_mailboxes_that_a_rule_on_sign_in_drops_are_counted() -> None:
    counted = count(RuleGroup(Join.ALL, (ENABLED,)), ATTRIBUTES, PEOPLE)
    assert counted.shared_dropped == 1
    assert counted.examples_in[0] == ("Ann", "accountEnabled is true")
    assert counted.examples_out == (("Front desk", "accountEnabled is false"),)


def test_fields_that_the_reading_lacks_are_named() -> None:
    assert count(written("companyName", "is", "x"), ATTRIBUTES, PEOPLE).not_counted == {"companyName"}
    assert count(RuleGroup(Join.ALL, (INSIDE,)), ATTRIBUTES, PEOPLE[4:]).not_counted == {"memberOf"}
    out = count(RuleGroup(Join.ALL, (INSIDE,)), ATTRIBUTES, PEOPLE[1:2])
    assert out.not_counted == frozenset()
    assert out.examples_out == (("Ben", "memberOf is not “one”"),)


def test_the_values_that_most_people_have_are_found_with_how_many() -> None:
    found = common_values(
        ATTRIBUTES,
        (
            *PEOPLE,
            SampledPerson("Eve", {"proxyAddresses": ("a", "b"), "department": "", "size": 3, "other": "x"}),
            SampledPerson(
                "Fay", {"proxyAddresses": (), "createdDateTime": datetime(2026, 1, 31, tzinfo=UTC), "size": UNSET}
            ),
        ),
    )
    assert found == {
        "department": (("Sales", 2), ("empty", 2), ("IT", 1)),
        "accountEnabled": (("true", 4), ("false", 1)),
        "size": (("3", 1),),
        "proxyAddresses": (("a", 1), ("b", 1), ("empty", 1)),
        "createdDateTime": (("2026-01-31", 1),),
    }
    once = Attribute("licences", AttributeType.TEXTS, "Products.", called=lambda spellings: spellings[-1:])
    people = (SampledPerson("Gus", {"licences": ("id", "part", "Name")}), SampledPerson("Hal", {"licences": UNSET}))
    assert common_values((once,), people) == {"licences": (("Name", 1),)}
    many = common_values(ATTRIBUTES, [SampledPerson(str(number), {"size": number}) for number in range(20)])
    assert len(many["size"]) == COMMON
