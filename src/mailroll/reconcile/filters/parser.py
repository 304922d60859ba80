"""Filters from JSON and back: what cannot be used is refused with every problem at its place, never half taken."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Final

from mailroll.reconcile.errors import BadFilter, FilterProblem
from mailroll.reconcile.filters.attributes import OPERATORS, Attribute, by_spelling
from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, RuleOperator
from mailroll.reconcile.filters.value_check import BadValueError, Single, check

DEPTH: Final = 5
MEMBERS: Final = 200

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_OPERATORS: Final = {rule_operator.value: rule_operator for rule_operator in RuleOperator} | {
    "equals": RuleOperator.IS,
    "does not equal": RuleOperator.IS_NOT,
}
_RULE: Final = frozenset({"field", "operator", "value"})


def parse(data: object, attributes: Iterable[Attribute]) -> RuleGroup:
    """Return the filter, with every field by its own name; raises `BadFilter` with all problems there are."""
    reader = _Reader(by_spelling(attributes))
    group = reader.group(data, "", 1)
    if reader.problems:
        raise BadFilter(
            "filter_invalid",
            "; ".join(f"{problem.path or 'filter'}: {problem.message}" for problem in reader.problems[:3]),
            "Nothing was saved." if len(reader.problems) <= 3 else f"And {len(reader.problems) - 3} more problems.",  # noqa: PLR2004
            problems=tuple(reader.problems),
        )
    return group


class _Reader:
    """One reading of one filter, which goes on after a problem so that all are told at once."""

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self.problems: list[FilterProblem] = []
        self._attributes = attributes
        self._names = {spelling: attribute.name for spelling, attribute in attributes.items()}
        self._members = 0

    def group(self, data: object, path: str, depth: int) -> RuleGroup:
        joins = [join for join in Join if isinstance(data, dict) and join in data]
        if not isinstance(data, dict) or not joins:
            self._add(path, "not_a_group", "A filter is an object with “all” or “any” and a list of rules.")
            return RuleGroup()
        if len(data) > 1:
            self._add(path, "unknown_keys", f"A group has “all” or “any”, nothing else: remove {_rest(data, joins)}.")
        join = joins[0]
        members = data[join]
        if not isinstance(members, list | tuple):
            self._add(f"{path}.{join}", "not_a_list", f"“{join}” is a list of rules and groups.")
            return RuleGroup()
        if depth > DEPTH:
            self._add(path, "too_deep", f"Groups can stand in each other {DEPTH} deep. Move these rules further out.")
            return RuleGroup()
        if not members and depth > 1:
            self._add(path, "group_empty", "This group has no rules. Add a rule, or remove the group.")
        return RuleGroup(join, tuple(self._read_members(members, f"{path}.{join}", depth)))

    def _read_members(self, members: Iterable[object], path: str, depth: int) -> Iterable[Rule | RuleGroup]:
        for index, member in enumerate(members):
            self._members += 1
            if self._members > MEMBERS:
                if self._members == MEMBERS + 1:
                    self._add("", "too_many_rules", f"A filter has at most {MEMBERS} rules and groups. Remove some.")
                return
            member_path = f"{path}[{index}]"
            if isinstance(member, dict) and not _RULE.isdisjoint(member):
                rule = self._rule(member, member_path)
                if rule is not None:
                    yield rule
            else:
                yield self.group(member, member_path, depth + 1)

    def _rule(self, data: Mapping[object, object], path: str) -> Rule | None:
        unknown = [key for key in data if key not in _RULE]
        if unknown:
            self._add(path, "unknown_keys", f"A rule has field, operator and value: remove {_names(unknown)}.")
        attribute = self._field(data.get("field"), f"{path}.field")
        operator = self._operator(data.get("operator"), attribute, f"{path}.operator")
        if attribute is None or operator is None:
            return None
        try:
            return Rule(attribute.name, operator, check(data.get("value"), operator, attribute))
        except BadValueError as bad:
            self._add(f"{path}.value", bad.code, bad.message)
            return None

    def _field(self, name: object, path: str) -> Attribute | None:
        if name is None or name == "":
            self._add(path, "field_missing", "Choose a field.")
            return None
        if not isinstance(name, str):
            self._add(path, "field_unknown", "A field is named by a text.")
            return None
        attribute = self._attributes.get(name.strip().casefold())
        if attribute is None:
            close = get_close_matches(name[:100].strip().casefold(), self._names, n=1)
            hint = f"Do you mean {self._names[close[0]]}?" if close else "Choose one of the list."
            self._add(path, "field_unknown", f"There is no field “{_short(name)}”. {hint}")
        return attribute

    def _operator(self, word: object, attribute: Attribute | None, path: str) -> RuleOperator | None:
        operator = _OPERATORS.get(" ".join(word.lower().split())) if isinstance(word, str) else None
        if not word:
            self._add(path, "operator_missing", "Choose how to compare.")
        elif operator is None:
            self._add(
                path, "operator_unknown", f"There is no operator “{_short(word)}”. Use one of {_operators(attribute)}."
            )
        elif attribute is not None and operator not in OPERATORS[attribute.type]:
            self._add(
                path,
                "operator_not_for_type",
                f"“{operator}” cannot be asked of {attribute.name}. Use one of {_operators(attribute)}.",
            )
            return None
        return operator

    def _add(self, path: str, code: str, message: str) -> None:
        self.problems.append(FilterProblem(path.lstrip("."), code, message))


def _operators(attribute: Attribute | None) -> str:
    return ", ".join(RuleOperator if attribute is None else OPERATORS[attribute.type])


def _rest(data: Mapping[object, object], joins: list[Join]) -> str:
    return _names([key for key in data if key != joins[0]])


def _names(keys: list[object]) -> str:
    return ", ".join(f"“{_short(key)}”" for key in keys[:3])


def _short(word: object) -> str:
    """Return a word of the input for a sentence: never long, never a half of a character."""
    text = word if isinstance(word, str) else type(word).__name__
    return (text if len(text) <= 40 else text[:39] + "…").encode(errors="replace").decode()  # noqa: PLR2004


def to_json(group: RuleGroup) -> dict[str, Json]:
    """Return the filter as JSON, which `parse` reads back equal."""
    return {
        group.join.value: [
            _rule_json(member) if isinstance(member, Rule) else to_json(member) for member in group.members
        ]
    }


def _rule_json(rule: Rule) -> dict[str, Json]:
    fields: dict[str, Json] = {"field": rule.field, "operator": rule.operator.value}
    if isinstance(rule.value, tuple):
        return fields | {"value": [_plain(element) for element in rule.value]}
    return fields if rule.value is None else fields | {"value": _plain(rule.value)}


def _plain(value: Single) -> Json:
    return value.isoformat() if isinstance(value, datetime) else value
