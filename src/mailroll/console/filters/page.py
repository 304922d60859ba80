"""What the editor shows: boxes of rules with their faults and counts, and what is dangerous about the filter."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailroll.console.filters.draft import Draft, LineSort
from mailroll.reconcile.errors import BadFilter, FilterProblem
from mailroll.reconcile.filters.attributes import OPERATORS, Attribute, AttributeType, by_spelling
from mailroll.reconcile.filters.counter import EMPTY, MEMBERSHIP, SIGN_IN, FilterCount, RuleTally
from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, RuleOperator, rules
from mailroll.reconcile.filters.parser import DEPTH, parse

JOINS = ((Join.ALL.value, "All of these must be true"), (Join.ANY.value, "At least one of these must be true"))
_WORDS = {Join.ALL: "and", Join.ANY: "or"}
_PARTS = ("field", "operator", "value")
_UNFINISHED = frozenset({"field_missing", "operator_missing", "value_missing", "list_missing"})
_HINTS = {
    AttributeType.TEXT: "Text",
    AttributeType.TEXTS: "Text",
    AttributeType.BOOLEAN: "true or false",
    AttributeType.NUMBER: "A number",
    AttributeType.TIME: "2026-01-31",
    AttributeType.MEMBERSHIP: "Name or address of a group",
}
_TYPES = {
    AttributeType.TEXT: "as text",
    AttributeType.TEXTS: "several texts",
    AttributeType.BOOLEAN: "true or false",
    AttributeType.NUMBER: "a number",
    AttributeType.TIME: "a time",
    AttributeType.MEMBERSHIP: "a group",
}

_PlacedProblem = tuple[int | None, str, FilterProblem]
"""A problem, with the line and the part of it that it is about; no line where it is about none."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as it is shown. `faults`: by part of the rule, in the order told."""

    index: int
    number: int
    depth: int
    word: str
    field: str
    name: str
    operator: str
    value: str
    operators: tuple[str, ...]
    hint: str
    wants_value: bool
    faults: Mapping[str, str]
    tally: RuleTally | None
    focus: bool
    is_box: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A group as it is shown."""

    index: int
    depth: int
    word: str
    join: str
    members: tuple["RuleLine | Box", ...]
    may_nest: bool
    fault: str
    is_box: bool = True


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field that can be completed: its name, meaning, and the values found here."""

    name: str
    help: str
    operators: str
    hint: str
    values: tuple[tuple[str, str], ...]
    aliases: str


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft and what is wrong with it. `group`: the filter, where nothing is; `countable`: what can be counted."""

    draft: Draft
    group: RuleGroup | None
    countable: RuleGroup
    paths: Mapping[str, int]
    problems: tuple[_PlacedProblem, ...] = ()

    @property
    def problems_so_far(self) -> tuple[_PlacedProblem, ...]:
        """What can be said while somebody is still writing."""
        return tuple(problem for problem in self.problems if problem[2].code not in _UNFINISHED)


def check(draft: Draft, attributes: Sequence[Attribute]) -> CheckedDraft:
    """Try the draft as a filter. What has a problem is left out of the count."""
    data, paths = draft.written()
    try:
        group = parse(data, attributes)
    except BadFilter as bad:
        problems = tuple((*_place(problem, paths), problem) for problem in bad.problems)
    else:
        return CheckedDraft(draft, group, group, paths)
    wrong = {index for index, _, _ in problems if index is not None}
    rest, paths = draft.written(wrong)
    try:
        return CheckedDraft(draft, None, parse(rest, attributes), paths, problems)
    except BadFilter:
        # Too deep or too much: nothing of it can be counted.
        return CheckedDraft(draft, None, RuleGroup(), {}, problems)


def boxes(
    checked: CheckedDraft,
    attributes: Sequence[Attribute],
    problems: Sequence[_PlacedProblem],
    counted: FilterCount | None,
    *,
    focus: int | None,
) -> tuple[Box, ...]:
    """Draw a draft with these problems and counts."""
    draft, drawing = checked.draft, _Drawing(checked, by_spelling(attributes), problems, counted, focus)
    return tuple(drawing.box(index, _WORDS[draft.join] if place else "") for place, index in enumerate(draft.members()))


def choices(
    attributes: Sequence[Attribute], values_by_field: Mapping[str, tuple[tuple[str, str], ...]]
) -> tuple[FieldChoice, ...]:
    """Return the fields that can be completed, with the values they have here."""
    return tuple(
        FieldChoice(
            attribute.name,
            f"{attribute.help.rstrip('.')}, {_TYPES[attribute.type]}.",
            "|".join(OPERATORS[attribute.type]),
            _HINTS[attribute.type],
            _values(attribute, values_by_field.get(attribute.name, ())),
            " ".join(attribute.aliases),
        )
        for attribute in attributes
    )


def missing_groups(checked: CheckedDraft, unknown: Collection[str]) -> tuple[_PlacedProblem, ...]:
    """Say at its field which group is not there: such a rule is no mistake of form, and may come to be true."""
    problems: list[_PlacedProblem] = []
    for path, rule in rules(checked.countable):
        values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
        for name in values if rule.field == MEMBERSHIP else ():
            if name in unknown:
                words = f"There is no group “{name}” here. As long as that is so, the rule changes nobody."
                problems.append(
                    (checked.paths.get(path), "value", FilterProblem(f"{path}.value", "group_unknown", words))
                )
    return tuple(problems)


def lines(parts: Sequence[RuleLine | Box]) -> Iterator[RuleLine]:
    """Yield the rules of boxes, from top to bottom."""
    for part in parts:
        if isinstance(part, RuleLine):
            yield part
        else:
            yield from lines(part.members)


def drops_shared(group: RuleGroup) -> bool:
    """Whether a rule asks that people may sign in, with nothing beside it that keeps those who may not."""
    asks = {rule for _, rule in rules(group) if rule.field == SIGN_IN}
    wants = Rule(SIGN_IN, RuleOperator.IS, True), Rule(SIGN_IN, RuleOperator.IS_NOT, False)  # noqa: FBT003 - values of rules
    keeps = Rule(SIGN_IN, RuleOperator.IS, False), Rule(SIGN_IN, RuleOperator.IS_NOT, True)  # noqa: FBT003
    return not asks.isdisjoint(wants) and asks.isdisjoint(keeps)


class _Drawing:
    def __init__(
        self,
        checked: CheckedDraft,
        attributes: Mapping[str, Attribute],
        problems: Sequence[_PlacedProblem],
        counted: FilterCount | None,
        focus: int | None,
    ) -> None:
        self._draft, self._known, self._number, self._focus = checked.draft, attributes, 0, focus
        self._faults: dict[tuple[int, str], str] = {}
        for index, part, problem in problems:
            if index is not None:
                self._faults.setdefault((index, part), problem.message)
        tallies, paths = {} if counted is None else counted.by_rule, checked.paths
        self._tallies = {paths[path]: tally for path, tally in tallies.items() if path in paths}

    def box(self, index: int, word: str) -> Box:
        node = self._draft.nodes[index]
        members: list[RuleLine | Box] = []
        for member in self._draft.members(index):
            joint = _WORDS[node.join] if members else ""
            drawn = self._draft.nodes[member].sort is LineSort.RULE
            members.append(self._line(member, joint) if drawn else self.box(member, joint))
        # The filter itself is the first level, the boxes on the page are the second.
        may_nest = node.depth + 2 <= DEPTH
        fault = self._faults.get((index, ""), "")
        return Box(index, node.depth, word, node.join.value, tuple(members), may_nest, fault)

    def _line(self, index: int, word: str) -> RuleLine:
        node = self._draft.nodes[index]
        attribute = self._known.get(node.field.strip().casefold())
        kind = None if attribute is None else attribute.type
        operators = tuple(operator.value for operator in (RuleOperator if kind is None else OPERATORS[kind]))
        # What somebody chose stays chosen, also where it does not go with the field: then the fault tells.
        if node.operator and node.operator not in operators:
            operators = (*operators, node.operator)
        self._number += 1
        return RuleLine(
            index,
            self._number,
            node.depth,
            word,
            node.field,
            "" if attribute is None else attribute.name,
            node.operator,
            node.value,
            operators,
            _hint(kind, node.operator),
            node.operator not in {RuleOperator.IS_SET.value, RuleOperator.IS_NOT_SET.value},
            {part: self._faults[index, part] for part in (*_PARTS, "") if (index, part) in self._faults},
            self._tallies.get(index),
            index == self._focus,
        )


def _hint(kind: AttributeType | None, operator: str) -> str:
    if kind is None:
        return "Choose a field first"
    return "Several, with commas between" if operator == RuleOperator.ONE_OF else _HINTS[kind]


def _place(problem: FilterProblem, paths: Mapping[str, int]) -> tuple[int | None, str]:
    """Return the line and the part of it that a problem is about."""
    path, _, part = problem.path.rpartition(".")
    if part in _PARTS and path in paths:
        return paths[path], part
    return paths.get(problem.path), ""


def _values(attribute: Attribute, values: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the values found here, then those that are possible besides."""
    have = {value for value, _ in values}
    possible = ("true", "false") if attribute.type is AttributeType.BOOLEAN else attribute.choices
    return (*values, *((value, "") for value in possible if value not in have and value != EMPTY))
