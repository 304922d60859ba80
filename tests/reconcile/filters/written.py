"""Attributes of every type, filters over them, and values right and wrong to judge."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from hypothesis import strategies as st

from mailroll.reconcile.filters.attributes import OPERATORS, Attribute, AttributeType
from mailroll.reconcile.filters.judgement import Filter, Judgement, Truth
from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, RuleOperator, RuleValue
from mailroll.reconcile.filters.parser import parse
from mailroll.reconcile.known import UNSET, Unset, Value

ATTRIBUTES: Final = (
    Attribute("department", AttributeType.TEXT, "The department."),
    Attribute("companyName", AttributeType.TEXT, "The company."),
    Attribute("userType", AttributeType.TEXT, "Member or Guest.", (), ("Member", "Guest")),
    Attribute("accountEnabled", AttributeType.BOOLEAN, "Whether sign-in is allowed."),
    Attribute("size", AttributeType.NUMBER, "A number."),
    Attribute("createdDateTime", AttributeType.TIME, "When it was made.", ("created",)),
    Attribute("proxyAddresses", AttributeType.TEXTS, "All addresses.", ("proxyAddress", "department")),
    Attribute("memberOf", AttributeType.MEMBERSHIP, "Groups."),
)
TYPES: Final = {each.name: each.type for each in ATTRIBUTES}
NEGATIVE: Final = {
    RuleOperator.IS: RuleOperator.IS_NOT,
    RuleOperator.CONTAINS: RuleOperator.CONTAINS_NOT,
    RuleOperator.MATCHES: RuleOperator.MATCHES_NOT,
    RuleOperator.IS_SET: RuleOperator.IS_NOT_SET,
}

_OLDEST: Final = datetime(1, 1, 1)  # noqa: DTZ001 - some directories have it for never
_TEXTS: Final = st.sampled_from(("Sales", "sales", "SALES team", "IT", "straße", "x"))
_TIMES: Final = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_WRITTEN: Final[Mapping[AttributeType, st.SearchStrategy[str | bool | int | float | datetime]]] = {
    AttributeType.TEXT: _TEXTS,
    AttributeType.TEXTS: _TEXTS,
    AttributeType.BOOLEAN: st.booleans(),
    AttributeType.NUMBER: st.integers(-3, 3) | st.floats(-3, 3),
    AttributeType.TIME: _TIMES,
    AttributeType.MEMBERSHIP: st.sampled_from(("one", "two", "three")),
}


@st.composite
def rules(draw: st.DrawFn, *, negatable: bool = False) -> Rule:
    attribute = draw(st.sampled_from(ATTRIBUTES))
    operators = OPERATORS[attribute.type]
    if negatable:
        operators = tuple(each for each in operators if each in {*NEGATIVE, *NEGATIVE.values()})
    operator = draw(st.sampled_from(operators))
    single = _WRITTEN[attribute.type]
    if attribute.choices and operator in {RuleOperator.IS, RuleOperator.IS_NOT, RuleOperator.ONE_OF}:
        single = st.sampled_from(attribute.choices)
    value: RuleValue = None
    if operator is RuleOperator.ONE_OF:
        value = tuple(draw(st.lists(single, min_size=1, max_size=3, unique=True)))
    elif operator not in {RuleOperator.IS_SET, RuleOperator.IS_NOT_SET}:
        value = draw(single)
    return Rule(attribute.name, operator, value)


def groups(*, negatable: bool = False, depth: int = 3, least: int = 0) -> st.SearchStrategy[RuleGroup]:
    members: st.SearchStrategy[Rule | RuleGroup] = rules(negatable=negatable)
    if depth > 1:
        members |= groups(negatable=negatable, depth=depth - 1, least=1)
    return st.builds(RuleGroup, st.sampled_from(Join), st.lists(members, min_size=least, max_size=3).map(tuple))


_RIGHT: Final[Mapping[AttributeType, st.SearchStrategy[Value]]] = {
    AttributeType.TEXT: _TEXTS | st.text(max_size=3),
    AttributeType.BOOLEAN: st.booleans(),
    AttributeType.NUMBER: st.integers(-3, 3) | st.floats(),
    AttributeType.TIME: st.datetimes(timezones=st.none() | st.just(timezone(timedelta(hours=2)))),
    AttributeType.TEXTS: st.lists(_TEXTS, max_size=3).map(tuple) | st.frozensets(_TEXTS, max_size=2),
    AttributeType.MEMBERSHIP: st.none(),
}
_WRONG: Final[st.SearchStrategy[Value | Unset]] = st.sampled_from(
    (
        UNSET,
        None,
        "",
        "\ud800",
        True,
        0,
        1.5,
        float("nan"),
        _OLDEST,
        _OLDEST.replace(tzinfo=UTC),
        (),
        (3,),
        frozenset("x"),
    )
)


def values() -> st.SearchStrategy[dict[str, Value | Unset]]:
    """Some attributes with values of their type or of another, and some that were not read."""
    return st.fixed_dictionaries({}, optional={name: _RIGHT[kind] | _WRONG for name, kind in TYPES.items()})


def memberships() -> st.SearchStrategy[dict[str, bool | Unset]]:
    answers: st.SearchStrategy[bool | Unset] = st.sampled_from((True, False, UNSET))
    return st.fixed_dictionaries(dict.fromkeys(("one", "two", "three"), answers))


def written(field: str, operator: str, value: object = None) -> RuleGroup:
    return parse({"all": [{"field": field, "operator": operator, "value": value}]}, ATTRIBUTES)


def judged(
    group: RuleGroup, have: Mapping[str, Value | Unset], member: Mapping[str, bool | Unset] | None = None
) -> Judgement:
    return Filter.of(group, ATTRIBUTES).judge(have, (member or {}).__getitem__)


def truth(field: str, operator: str, value: object, has: Value | Unset) -> Truth:
    return judged(written(field, operator, value), {field: has}).truth
