"""Judging a record by a filter: yes, no, or undecided where a property is not known (Kleene's three values)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

from mailroll.reconcile.filters.attributes import Attribute, AttributeType, by_spelling
from mailroll.reconcile.filters.expressions import searcher
from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, RuleOperator, rules
from mailroll.reconcile.filters.parser import parse, to_json
from mailroll.reconcile.known import UNSET, Unset, Value
from mailroll.reconcile.text import alike, folded, tidy

Values = Mapping[str, Value | Unset]
MemberOf = Callable[[str], bool | Unset]


class Truth(Enum):
    """Whether a filter selects a user. `UNDECIDED` keeps everything about it as it is."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`rule`: the one that decided, or that left it open; None where several did together."""

    truth: Truth
    rule: Rule | None = None


_Judge = Callable[[Values, MemberOf], Judgement]
_Test = Callable[[Value], bool | None]
"""What a rule says of a value that is known; None where the value is not of the attribute's type."""

_NEGATIVE: Final = {
    RuleOperator.IS_NOT: RuleOperator.IS,
    RuleOperator.CONTAINS_NOT: RuleOperator.CONTAINS,
    RuleOperator.MATCHES_NOT: RuleOperator.MATCHES,
    RuleOperator.IS_NOT_SET: RuleOperator.IS_SET,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter made ready to judge many records. Two are equal where their rules are.

    `fields`: what it has to know of a record. `memberships`: the groups it names, as the rules have them.
    """

    group: RuleGroup
    fields: frozenset[str] = field(compare=False)
    memberships: frozenset[str] = field(compare=False)
    _judge: _Judge = field(compare=False, repr=False)

    @classmethod
    def of(cls, group: RuleGroup, attributes: Iterable[Attribute]) -> "Filter":
        """Make a filter ready; raises `BadFilter` where these attributes do not allow it."""
        all_attributes = tuple(attributes)
        checked = parse(to_json(group), all_attributes)
        types = {attribute.name: attribute.type for attribute in by_spelling(all_attributes).values()}
        filter_rules = [rule for _, rule in rules(checked)]
        return cls(
            checked,
            frozenset(rule.field for rule in filter_rules),
            frozenset(
                group
                for rule in filter_rules
                if types[rule.field] is AttributeType.MEMBERSHIP
                for group in _several(rule.value)
                if isinstance(group, str)
            ),
            _group(_ordered(checked), types),
        )

    def judge(self, values: Values, member_of: MemberOf) -> Judgement:
        """Judge one record; never raises for a value, whatever it is. The order of rules never counts."""
        return self._judge(values, member_of)


def _group(group: RuleGroup, types: Mapping[str, AttributeType]) -> _Judge:
    judges = tuple(
        _group(member, types) if isinstance(member, RuleGroup) else _rule(member, types[member.field])
        for member in group.members
    )
    if len(judges) == 1:
        return judges[0]
    decisive, other = (Truth.NO, Truth.YES) if group.join is Join.ALL else (Truth.YES, Truth.NO)
    together = Judgement(other if judges else Truth.YES)

    def judge(values: Values, member_of: MemberOf) -> Judgement:
        result = together
        for member_judge in judges:
            judgement = member_judge(values, member_of)
            if judgement.truth is decisive:
                return judgement
            if judgement.truth is Truth.UNDECIDED and result is together:
                result = judgement
        return result

    return judge


def _ordered(group: RuleGroup) -> RuleGroup:
    """Return the group in one order however it was written: then the rule that is named as deciding is the same too.

    What stands inside is ordered first, for groups are told apart by it.
    """
    members = (_ordered(member) if isinstance(member, RuleGroup) else member for member in group.members)
    return RuleGroup(group.join, tuple(sorted(members, key=_order)))


def _order(member: Rule | RuleGroup) -> tuple[int, str]:
    """Whatever takes longer goes later: expressions, then groups."""
    if isinstance(member, RuleGroup):
        return 2, repr(member)
    return int(member.operator in {RuleOperator.MATCHES, RuleOperator.MATCHES_NOT}), repr(member)


def _rule(rule: Rule, kind: AttributeType) -> _Judge:
    positive = _NEGATIVE.get(rule.operator, rule.operator)
    yes, no, undecided = (Judgement(truth, rule) for truth in Truth)
    if positive is not rule.operator:
        yes, no = no, yes
    if kind is AttributeType.MEMBERSHIP:
        return _membership(_several(rule.value), yes, no, undecided)
    name, test = rule.field, _test(positive, rule.value, kind)

    def judge(values: Values, _: MemberOf) -> Judgement:
        value = values.get(name, UNSET)
        result = None if value is UNSET else test(value)
        return undecided if result is None else yes if result else no

    return judge


def _membership(groups: tuple[object, ...], yes: Judgement, no: Judgement, undecided: Judgement) -> _Judge:
    def judge(_: Values, member_of: MemberOf) -> Judgement:
        answers = [member_of(group) for group in groups if isinstance(group, str)]
        return yes if True in answers else undecided if UNSET in answers else no

    return judge


def _test(operator: RuleOperator, operand: object, kind: AttributeType) -> _Test:
    """Return the test of a positive operator, for values of a type."""
    if kind in {AttributeType.TEXT, AttributeType.TEXTS}:
        text = _text_test(operator, operand)
        return _single_test(text) if kind is AttributeType.TEXT else _any(text)
    value_of = _VALUES[kind]
    if operator is RuleOperator.IS_SET:
        return lambda value: None if value is not None and value_of(value) is None else value is not None
    several = frozenset(_several(operand))

    def judge(value: Value) -> bool | None:
        if value is None:
            return False
        comparable = value_of(value)
        if comparable is None:
            return None
        if operator is RuleOperator.GREATER:
            return bool(comparable > operand)
        return bool(comparable < operand) if operator is RuleOperator.LESS else comparable in several

    return judge


def _boolean(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Value) -> float | None:
    # Only what is not a number differs from itself.
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value == value else None  # noqa: PLR0124


def _time(value: Value) -> datetime | None:
    """A time without a zone is taken as UTC."""
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _several(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


_VALUES: Final[Mapping[AttributeType, Callable[[Value], Any]]] = {
    AttributeType.BOOLEAN: _boolean,
    AttributeType.NUMBER: _number,
    AttributeType.TIME: _time,
}
"""Each takes a value of its type as it is, and anything else as None."""


def _text_test(operator: RuleOperator, operand: object) -> Callable[[str], bool]:
    """Compare both sides as they look: case, blanks around and the form of accents tell no two texts apart.

    In a part of a text, a blank at its edge stands for the edge of a word.
    """
    if operator is RuleOperator.IS_SET:
        return lambda value: bool(alike(value))
    if operator is RuleOperator.MATCHES:
        search = searcher(str(operand))
        return lambda value: search(tidy(value))
    several = frozenset(folded(str(wanted_text)) for wanted_text in _several(operand))
    part = folded(f"|{operand}|")[1:-1]
    match operator:
        case RuleOperator.CONTAINS:
            return lambda value: part in f" {folded(value)} "
        case RuleOperator.STARTS:
            return lambda value: f"{folded(value)} ".startswith(part.lstrip())
        case RuleOperator.ENDS:
            return lambda value: f" {folded(value)}".endswith(part.rstrip())
        case _:
            return lambda value: folded(value) in several


def _single_test(test: Callable[[str], bool]) -> _Test:
    """A text that is known to be empty has nothing that could be asked for."""
    return lambda value: test(value) if isinstance(value, str) else False if value is None else None


def _any(test: Callable[[str], bool]) -> _Test:
    def judge(value: Value) -> bool | None:
        if value is None:
            return False
        if not isinstance(value, tuple | frozenset) or not all(isinstance(text, str) for text in value):
            return None
        return any(map(test, value))

    return judge
