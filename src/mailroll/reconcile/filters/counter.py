"""What a filter would do to the people of a reading: how many it selects, whom it leaves out, and by which rule."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from mailroll.reconcile.filters.attributes import Attribute
from mailroll.reconcile.filters.judgement import Filter, Judgement, Truth, Values
from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, rules
from mailroll.reconcile.filters.words import contrary, sentence, value_words
from mailroll.reconcile.known import UNSET, Unset, Value

EXAMPLES: Final = 3
COMMON: Final = 8
"""Values of a field that are shown."""
SIGN_IN: Final = "accountEnabled"
"""False for most shared mailboxes and rooms, which receive mail all the same."""
MEMBERSHIP: Final = "memberOf"
EMPTY: Final = "empty"


@dataclass(frozen=True, slots=True)
class SampledPerson:
    """One user object of a reading. `shared`: a mailbox that nobody signs in to, as far as is known.

    `groups`: whether it is in each of the groups that were asked for, as rules name them.
    """

    name: str
    values: Values
    shared: bool = False
    groups: Mapping[str, bool | Unset] = field(default_factory=dict)

    def member_of(self, group: str) -> bool | Unset:
        return self.groups.get(group, UNSET)


@dataclass(frozen=True, slots=True)
class RuleTally:
    """How many a rule says yes, no and undecided of."""

    yes: int = 0
    no: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class FilterCount:
    """What a filter selects of the people of one reading.

    `by_rule` has a tally for every path; `left_out` says in words what leaves out how many, most first;
    examples are names with what decided. `not_counted`: fields that the reading lacks altogether. `shared_dropped`:
    shared mailboxes and rooms left out because nobody may sign in to them.
    """

    matching: int
    total: int
    undecided: int
    by_rule: Mapping[str, RuleTally]
    left_out: tuple[tuple[str, int], ...]
    examples_in: tuple[tuple[str, str], ...]
    examples_out: tuple[tuple[str, str], ...]
    not_counted: frozenset[str]
    shared_dropped: int
    read_at: datetime | None = None
    values: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


def count(group: RuleGroup, attributes: Iterable[Attribute], people: Iterable[SampledPerson]) -> FilterCount:
    """Judge everyone by the filter and by each of its rules alone; raises `BadFilter`."""
    all_attributes, everyone = tuple(attributes), tuple(people)
    whole_filter = Filter.of(group, all_attributes)
    alone = {path: Filter.of(RuleGroup(Join.ALL, (rule,)), all_attributes) for path, rule in rules(whole_filter.group)}
    judged = [(person, whole_filter.judge(person.values, person.member_of)) for person in everyone]
    out = [(person, judgement) for person, judgement in judged if judgement.truth is Truth.NO]
    truths = Counter(judgement.truth for _, judgement in judged)
    return FilterCount(
        matching=truths[Truth.YES],
        total=len(everyone),
        undecided=truths[Truth.UNDECIDED],
        by_rule={path: _tally(rule_filter, everyone) for path, rule_filter in alone.items()},
        left_out=tuple(Counter(_why_out(judgement) for _, judgement in out).most_common()),
        examples_in=_examples(judged, Truth.YES, _why_in),
        examples_out=_examples(judged, Truth.NO, _instead),
        not_counted=frozenset(
            name for name in whole_filter.fields if not any(_is_read(name, person, whole_filter) for person in everyone)
        ),
        shared_dropped=sum(
            person.shared and judgement.rule is not None and judgement.rule.field == SIGN_IN
            for person, judgement in out
        ),
    )


def common_values(
    attributes: Iterable[Attribute], people: Iterable[SampledPerson]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return for each field the values that most people have, with how many; fields that were not read are left out."""
    attributes_by_name = {attribute.name: attribute for attribute in attributes}
    counts: dict[str, Counter[str]] = {name: Counter() for name in attributes_by_name}
    for person in people:
        for name, value in person.values.items():
            if name in counts:
                counts[name].update(_value_texts(_choose_spellings(attributes_by_name[name], value)))
    return {name: tuple(counter.most_common(COMMON)) for name, counter in counts.items() if counter}


def _choose_spellings(attribute: Attribute, value: Value | Unset) -> Value | Unset:
    if attribute.called is None or not isinstance(value, tuple):
        return value
    return attribute.called(value)


def _is_read(name: str, person: SampledPerson, by: Filter) -> bool:
    if name == MEMBERSHIP:
        return any(person.member_of(group) is not UNSET for group in by.memberships)
    return person.values.get(name, UNSET) is not UNSET


def _tally(rule_filter: Filter, people: Iterable[SampledPerson]) -> RuleTally:
    truths = Counter(rule_filter.judge(person.values, person.member_of).truth for person in people)
    return RuleTally(truths[Truth.YES], truths[Truth.NO], truths[Truth.UNDECIDED])


def _examples(
    judged: Iterable[tuple[SampledPerson, Judgement]], truth: Truth, explain: Callable[[SampledPerson, Judgement], str]
) -> tuple[tuple[str, str], ...]:
    examples = ((person, judgement) for person, judgement in judged if judgement.truth is truth)
    return tuple((person.name, explain(person, judgement)) for person, judgement in islice(examples, EXAMPLES))


def _why_in(_: SampledPerson, judgement: Judgement) -> str:
    return "" if judgement.rule is None else sentence(judgement.rule)


def _why_out(judgement: Judgement) -> str:
    return "None of the rules" if judgement.rule is None else contrary(judgement.rule)


def _instead(person: SampledPerson, judgement: Judgement) -> str:
    """Say what the person has instead, where that is one plain value."""
    rule: Rule | None = judgement.rule
    value = None if rule is None else person.values.get(rule.field)
    if rule is None or value is UNSET or value is None or isinstance(value, tuple | frozenset):
        return _why_out(judgement)
    return f"{rule.field} is {value_words(value)}"


def _value_texts(value: Value | Unset) -> Iterable[str]:
    if value is UNSET:
        return ()
    if isinstance(value, tuple | frozenset):
        return map(str, value) if value else (EMPTY,)
    if value is None or value == "":
        return (EMPTY,)
    return (value_words(value).strip("“”"),)
