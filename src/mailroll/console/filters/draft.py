"""What stands in the editor: a flat list of groups and rules with their depth, which may not be a filter yet."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice, takewhile

from django.http import QueryDict

from mailroll.console import parameters
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.filters.model import Join, Rule, RuleGroup, RuleOperator, RuleValue
from mailroll.reconcile.filters.parser import DEPTH, MEMBERS, Json


class LineSort(StrEnum):
    GROUP = "group"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the editor. `depth` is that of the group it opens, or of the rule: the boxes on the page have 1."""

    sort: LineSort
    depth: int
    join: Join = Join.ALL
    field: str = ""
    operator: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A filter as it is being written: `join` is that of the boxes on the page; rules stand in boxes only."""

    join: Join = Join.ALL
    nodes: tuple[Node, ...] = (Node(LineSort.GROUP, 1),)

    def end(self, index: int) -> int:
        """Return the index behind everything that stands in a node."""
        node = self.nodes[index]
        if node.sort is LineSort.RULE:
            return index + 1
        inside = takewhile(lambda other: other.depth > node.depth, self.nodes[index + 1 :])
        return index + 1 + sum(1 for _ in inside)

    def members(self, index: int | None = None) -> Iterator[int]:
        """Yield the indexes of what stands directly in a group, or of the boxes on the page."""
        at, end = (0, len(self.nodes)) if index is None else (index + 1, self.end(index))
        while at < end:
            yield at
            at = self.end(at)

    def with_rule(self, index: int) -> tuple["Draft", int]:
        """Add an empty rule behind the rules of a group; return where it stands."""
        at = index + 1
        for member in self.members(index):
            if self.nodes[member].sort is LineSort.RULE:
                at = member + 1
        return self._with(at, Node(LineSort.RULE, self.nodes[index].depth + 1)), at

    def with_group(self, index: int | None) -> tuple["Draft", int]:
        """Add a group with an empty rule at the end of a group, or of the page; return where the rule stands."""
        at, depth = (len(self.nodes), 1) if index is None else (self.end(index), self.nodes[index].depth + 1)
        # What is added to rules that must all be true is a choice, and the other way round.
        around = (Join.ALL if self.nodes else Join.ANY) if index is None else self.nodes[index].join
        group = Node(LineSort.GROUP, depth, Join.ANY if around is Join.ALL else Join.ALL)
        return self._with(at, group, Node(LineSort.RULE, depth + 1)), at + 1

    def without(self, index: int) -> "Draft":
        return replace(self, nodes=self.nodes[:index] + self.nodes[self.end(index) :])

    def written(self, leaving_out: Collection[int] = ()) -> tuple[dict[str, Json], dict[str, int]]:
        """Return the filter as JSON, and which line each of its paths comes from. Empty groups are left out."""
        paths: dict[str, int] = {}
        members = self._members_json(self.members(), self.join.value, leaving_out, paths)
        return {self.join.value: members}, paths

    def _with(self, at: int, *nodes: Node) -> "Draft":
        return replace(self, nodes=self.nodes[:at] + nodes + self.nodes[at:])

    def _members_json(
        self, indexes: Iterator[int], path: str, leaving_out: Collection[int], paths: dict[str, int]
    ) -> list[Json]:
        members: list[Json] = []
        for index in indexes:
            node, member_path = self.nodes[index], f"{path}[{len(members)}]"
            if node.sort is LineSort.RULE:
                if index not in leaving_out:
                    paths[member_path] = index
                    members.append({"field": node.field, "operator": node.operator, "value": _value(node)})
                continue
            inside = self._members_json(self.members(index), f"{member_path}.{node.join}", leaving_out, paths)
            if inside:
                paths[member_path] = index
                members.append({node.join.value: inside})
        return members


def of_group(group: RuleGroup) -> Draft:
    """Return a filter as the editor shows it: rules that stand outside of a group get a box of their own."""
    loose = tuple(member for member in group.members if isinstance(member, Rule))
    boxes = [member for member in group.members if isinstance(member, RuleGroup)]
    if loose or not boxes:
        boxes.insert(0, RuleGroup(group.join, loose))
    return Draft(group.join, tuple(node for box in boxes for node in _nodes(box, 1)))


def of_json(data: object) -> Draft | None:
    """Return what cannot be used as a filter as far as it can be shown, so that it can be mended; None where not."""
    join, members = _opened(data)
    if join is None:
        return None
    loose = [member for member in members if _opened(member)[0] is None]
    groups = [member for member in members if _opened(member)[0] is not None]
    boxes = [{join.value: loose}, *groups] if loose or not groups else groups
    nodes = tuple(islice((node for box in boxes for node in _nodes_of_json(box, 1)), 2 * MEMBERS + 1))
    deepest = max(node.depth for node in nodes)
    return Draft(join, nodes) if len(nodes) <= 2 * MEMBERS and deepest <= DEPTH + 1 else None


def simplest(group: RuleGroup) -> RuleGroup:
    """Return the filter without boxes that only the editor needs; it selects the same."""
    if len(group.members) == 1 and isinstance(group.members[0], RuleGroup):
        return group.members[0]
    members: list[Rule | RuleGroup] = []
    for member in group.members:
        flat = isinstance(member, RuleGroup) and (member.join is group.join or len(member.members) == 1)
        members += member.members if isinstance(member, RuleGroup) and flat else (member,)
    return RuleGroup(group.join, tuple(members))


def of_form(form: QueryDict) -> Draft:
    """Read the lists of the form; raises `BadInput` where they do not fit each other, as a browser never sends them."""
    joins, rules = iter(form.getlist("join")), zip(*(form.getlist(name) for name in _RULE), strict=False)
    nodes: list[Node] = []
    if len(form.getlist("node")) > 2 * MEMBERS:
        raise _unreadable()
    try:
        root = Join(next(joins))
        for line in form.getlist("node"):
            sort, _, place = line.partition(" ")
            depth = parameters.number(place) or 0
            deepest = nodes[-1].depth + (nodes[-1].sort is LineSort.GROUP) if nodes else 1
            if not 1 <= depth <= min(deepest, DEPTH + 1):
                raise _unreadable()
            if LineSort(sort) is LineSort.GROUP:
                nodes.append(Node(LineSort.GROUP, depth, Join(next(joins))))
            else:
                nodes.append(Node(LineSort.RULE, depth, Join.ALL, *next(rules)))
    except (ValueError, StopIteration) as wrong:
        raise _unreadable() from wrong
    if any(node.sort is LineSort.RULE and node.depth == 1 for node in nodes):
        raise _unreadable()
    return Draft(root, tuple(nodes))


_RULE = ("field", "operator", "value")
_SIMPLE = str | bool | int | float


def _unreadable() -> BadInput:
    return BadInput("form_unreadable", "The form did not arrive whole.", "Load the page again, then repeat the change.")


def _nodes(group: RuleGroup, depth: int) -> Iterator[Node]:
    yield Node(LineSort.GROUP, depth, group.join)
    for member in sorted(group.members, key=lambda part: isinstance(part, RuleGroup)):
        if isinstance(member, Rule):
            yield Node(LineSort.RULE, depth + 1, Join.ALL, member.field, member.operator.value, in_field(member.value))
        else:
            yield from _nodes(member, depth + 1)


def _nodes_of_json(data: object, depth: int) -> Iterator[Node]:
    join, members = _opened(data)
    if join is None:
        rule = data if isinstance(data, dict) else {}
        words = (rule.get(name) for name in _RULE)
        field, operator, value = (in_field(word) if isinstance(word, _SIMPLE) else "" for word in words)
        if isinstance(rule.get("value"), list):
            value = in_field(tuple(element for element in rule["value"] if isinstance(element, str | int | float)))
        yield Node(LineSort.RULE, depth, Join.ALL, field, operator, value)
        return
    yield Node(LineSort.GROUP, depth, join)
    if depth <= DEPTH + 1:
        for member in sorted(members, key=lambda part: _opened(part)[0] is not None):
            yield from _nodes_of_json(member, depth + 1)


def _opened(data: object) -> tuple[Join | None, list[object]]:
    """Return the join and the members of what looks like a group."""
    joins = [join for join in Join if isinstance(data, dict) and isinstance(data.get(join.value), list)]
    return (joins[0], data[joins[0].value]) if joins and isinstance(data, dict) else (None, [])


def _value(node: Node) -> Json:
    if node.operator in {RuleOperator.IS_SET, RuleOperator.IS_NOT_SET}:
        return None
    if node.operator != RuleOperator.ONE_OF:
        return node.value
    # Several values stand in one field, with commas between; one that holds a comma stands in quotation marks.
    try:
        row = next(csv.reader([node.value], skipinitialspace=True), [])
    except csv.Error:
        return node.value
    return [cell.strip() for cell in row if cell.strip()]


def in_field(value: RuleValue) -> str:
    """Return a value as it stands in its field."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case tuple():
            return ", ".join(_quoted(in_field(element)) for element in value)
        case datetime():
            return value.isoformat().replace("T00:00:00+00:00", "").replace("+00:00", "Z")
        case _:
            return str(value)


def _quoted(text: str) -> str:
    if "," not in text and '"' not in text and text == text.strip():
        return text
    return '"' + text.replace('"', '""') + '"'
