"""Cases in plain text: what the roll has, what the sources say, and what shall come of it.

The first line is the truth that the case shows. Then sections, each a heading and rows of cells parted by `|`:

    The roll                      name | source, `by hand` or `another domain` | addresses | words
    Source first, adopts          name | addresses, `none`, `not said` or `unreadable` | words
    Source second, only FIELD OPERATOR VALUE, no groups, no contacts, guests, hybrid, Clinic is NAME and NAME
    Asked by id                   the same, or `gone`; belongs to the source above it
    Asked for groups              name | groups, or `none`; who is missing here cannot be asked about
    Expected plan                 action | name | addresses afterwards | words | reasons
    Applied at once, Waits        the two parts of the plan, in the same form
    Findings                      code | level
    Left out                      name | address, or nothing for the whole object | reason

A section that is missing is empty, apart from the parts, which are then not looked at. `Person 1-40` stands for forty
rows, `#` for the number in each. Addresses are written as Exchange writes them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from uuid import UUID

from mailroll.reconcile.addresses import Address, DomainName, ProxyRole
from mailroll.reconcile.filters.judgement import Filter
from mailroll.reconcile.filters.model import RuleOperator
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.memberships import Groups
from mailroll.reconcile.model import (
    BILLABLE_KINDS,
    Current,
    ExternalId,
    Kind,
    ObjectType,
    Purpose,
    Reading,
    Record,
    RollUser,
    Scope,
    Selection,
    Snapshot,
    SourceSpec,
    State,
    Unreadable,
)
from mailroll.reconcile.plan import Change, Plan
from mailroll.reconcile.reasons import KIND_RULES, ReasonCode, Skip
from tests.reconcile.outcome import hashed
from tests.reconcile.world import (
    ALIAS_DOMAIN,
    OTHER_TENANT,
    SCOPE,
    TENANT,
    VERIFIED,
    WRONG_TENANT,
    address,
    oid,
    only,
    proxies,
    record,
    roll,
    snapshot,
    source,
    user,
)

EXPECTATIONS: Final = ("Expected plan", "Applied at once", "Waits", "Findings", "Left out")
_RANGE: Final = re.compile(r"(.+) (\d+)-(\d+)")
_KINDS: Final = {"licensed": Kind.USER} | {kind.value: kind for kind in Kind if kind is not Kind.USER}
_RULES: Final = {f"by {rule.value}": rule for rule in KIND_RULES}
_TYPES: Final = {Kind.GROUP: ObjectType.GROUP, Kind.CONTACT: ObjectType.CONTACT}

Row = tuple[str, ...]


@dataclass
class Case:
    """A case as read: what goes in, and the rows that shall come out, by section."""

    title: str
    users: list[RollUser] = field(default_factory=list)
    elsewhere: dict[Address, str] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    expected: dict[str, list[Row]] = field(default_factory=dict)
    objects: dict[str, ExternalId] = field(default_factory=dict)
    removed: set[UUID] = field(default_factory=set)
    groups: dict[ExternalId, frozenset[str]] = field(default_factory=dict)

    def asking(self, asked: Groups) -> Groups:
        """Answer which groups users are in, as far as the case says."""
        return {key: self.groups[key] for key in asked if key in self.groups}

    @property
    def scope(self) -> Scope:
        return replace(SCOPE, removed=frozenset(self.removed))

    @property
    def current(self) -> Current:
        return roll(*self.users, elsewhere=self.elsewhere)

    def name(self, external_id: str | None) -> str:
        return next((name for name, key in self.objects.items() if key == external_id), "?")


def read(path: Path) -> Case:
    """Read one file."""
    lines = [line.rstrip() for line in path.read_text(encoding="utf-8").splitlines()]
    case = Case(lines[0])
    sections = list(_sections(lines[1:]))
    sources = {label: _source(heading, label, place) for place, (heading, label, _) in enumerate(sections, 1) if label}
    asked: dict[str, list[Row]] = {}
    above = ""
    for heading, label, rows in sections:
        above = label or above
        if heading == "Asked by id":
            asked[above] = rows
    for heading, label, rows in sections:
        if heading == "The roll":
            for row in rows:
                _seat(case, row, sources)
        elif label:
            _reading(case, heading, sources[label], rows, asked.get(label, []))
        elif heading in EXPECTATIONS:
            case.expected[heading] = sorted(rows)
        elif heading == "Asked for groups":
            case.groups = {oid(name, TENANT): frozenset(_words(groups)) - {"none"} for name, groups in rows}
        elif heading != "Asked by id":
            raise ValueError(f"{path.name}: there is no section {heading!r}")
    return case


def _sections(lines: Iterable[str]) -> Iterator[tuple[str, str, list[Row]]]:
    """Yield heading, label of the source or nothing, and rows."""
    heading, rows = "", list[Row]()
    for line in [*lines, "end"]:
        if line.startswith(" "):
            rows += _expanded(tuple(cell.strip() for cell in line.split("|")))
        elif line:
            if heading:
                source_of = heading.split(",", maxsplit=1)[0].removeprefix("Source ")
                yield heading, source_of if heading.startswith("Source ") else "", rows
            heading, rows = line, []


def _expanded(row: Row) -> Iterator[Row]:
    found = next((match for cell in row if (match := _RANGE.fullmatch(cell))), None)
    if found is None:
        yield row
        return
    for number in range(int(found[2]), int(found[3]) + 1):
        yield tuple(f"{found[1]} {number}" if cell == found[0] else cell.replace("#", str(number)) for cell in row)


def _source(heading: str, label: str, place: int) -> SourceSpec:
    words = _words(heading)
    rule = next((word.removeprefix("only ") for word in words if word.startswith("only ")), "")
    selection = Selection(
        _only(rule) if rule else None,
        groups="no groups" not in words,
        contacts="no contacts" not in words,
        guests="guests" in words,
    )
    return replace(source(label, place, adopts="adopts" in words), selection=selection)


def _only(rule: str) -> Filter:
    field, rest = rule.split(" ", 1)
    operator = max((one for one in RuleOperator if rest.startswith(one.value)), key=lambda one: len(one.value))
    return only(field, operator, rest.removeprefix(operator.value).strip() or None)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _seat(case: Case, row: Row, sources: dict[str, SourceSpec]) -> None:
    """Put one row of the roll into the case."""
    name, keeper, texts, *rest = row
    held = proxies(*_words(texts)) if texts != "none" else ()
    if keeper == "another domain":
        case.elsewhere |= {address(proxy.text): "another domain" for proxy in held}
        return
    owner = None if keeper == "by hand" else sources.get(keeper) or source(keeper)
    tenant = OTHER_TENANT if keeper == "outside" else TENANT
    ordered = sorted(held, key=lambda proxy: proxy.role is not ProxyRole.PRIMARY)
    words = _words(rest[0]) if rest else []
    made = user(name, *(proxy.text for proxy in ordered), owner=owner, tenant=tenant, retired="retired" in words)
    kind = next((_KINDS[word] for word in words if word in _KINDS), made.state.kind)
    rule = next((_RULES[word] for word in words if word in _RULES), made.state.rule)
    before = replace(
        made.state,
        kind=kind,
        billable=owner is not None and kind in BILLABLE_KINDS and not {"retired", "not billed"} & set(words),
        display_name=next((word.removeprefix("called ") for word in words if word.startswith("called ")), name),
        group=next((word.removeprefix("in ") for word in words if word.startswith("in ")), made.state.group),
        former=tuple(sorted(address(word.split()[1]) for word in words if word.startswith("formerly "))),
        rule=ReasonCode.KIND_BY_HAND if "kind by hand" in words else rule,
        object_type=_TYPES.get(kind, ObjectType.USER) if owner is not None else None,
        kept="kept" in words,
    )
    case.users.append(
        hashed(
            replace(
                made,
                state=before,
                pinned="pinned" in words,
                exempt="exempt" in words,
                kind_by_hand="kind by hand" in words,
                group_by_hand="group by hand" in words,
            )
        )
    )
    if owner is not None:
        case.objects[name] = oid(name, tenant)


def _reading(case: Case, heading: str, of: SourceSpec, rows: list[Row], asked: list[Row]) -> None:
    """Turn one source's rows into its reading."""
    words = _words(heading)
    tenant = OTHER_TENANT if of.label == "outside" else TENANT
    for row in (*rows, *asked):
        case.objects[row[0]] = oid(row[0], tenant)
    if "removed" in words:
        case.removed.add(of.id)
        return
    if "not read" in words:
        case.readings.append(Reading(of, None))
        return
    listed = [_record(row, tenant) for row in rows if row[1] != "unreadable"]
    broken = [_unreadable(row, tenant) for row in rows if row[1] == "unreadable"]
    shot: Snapshot = snapshot(
        *listed,
        tenant=tenant,
        verified=_verified(words),
        unreadable=tuple(broken),
        asked={oid(row[0], tenant): None if row[1] == "gone" else _record(row, tenant) for row in asked},
    )
    clinic = next((word.removeprefix("Clinic is ") for word in words if word.startswith("Clinic is ")), None)
    if clinic is not None:
        members = frozenset(oid(name.strip(), tenant) for name in clinic.split(" and "))
        shot = replace(shot, memberships={"Clinic": UNSET if clinic == "not known" else members})
    shot = replace(shot, hybrid="hybrid" in words)
    if "another directory answered" in words:
        shot = replace(shot, tenant=WRONG_TENANT)
    case.readings.append(Reading(of, shot))


def _verified(words: list[str]) -> frozenset[DomainName]:
    if "domain not verified" in words:
        return frozenset()
    return VERIFIED - {ALIAS_DOMAIN} if "alias domain not verified" in words else VERIFIED


def _unreadable(row: Row, tenant: str) -> Unreadable:
    known = tuple(word.removeprefix("mail ") for word in _words(row[2])) if len(row) > 2 else ()
    return Unreadable(None if row[0] == "?" else oid(row[0], tenant), "wrong_type", "", row[0], known)


def _record(row: Row, tenant: str) -> Record:
    name, texts, *rest = row
    words = _words(rest[0]) if rest else []
    made = record(name, *(_words(texts) if texts not in {"none", "not said"} else ()), tenant=tenant)
    called = [word.removeprefix("called ") for word in words if word.startswith("called ")]
    return replace(
        made,
        proxies=UNSET if texts == "not said" else made.proxies,
        mail=next((word.removeprefix("mail ") for word in words if word.startswith("mail ")), None),
        display_name=UNSET if "name not said" in words else (called or [name])[0],
        mailbox_plan=UNSET if "plan not said" in words else "no plan" not in words,
        guest="guest" in words,
        type=next((ObjectType(word) for word in words if word in ("group", "contact")), ObjectType.USER),
        plan_lapsed="plan lapsed" in words,
        agent="agent" in words,
        purpose=_purpose(words),
        place="listed as room" in words,
        account_enabled=UNSET if "sign-in not said" in words else "blocked" not in words,
        synced=UNSET if "synced not said" in words else True if "synced" in words else None,
        mail_enabled="no mail" not in words,
        flaws=tuple(word.removeprefix("odd ") for word in words if word.startswith("odd ")),
        attributes={
            "department": UNSET
            if "department not said" in words
            else next((word.removeprefix("of ") for word in words if word.startswith("of ")), None)
        },
    )


def _purpose(words: list[str]) -> Purpose | Unset | None:
    if "no mailbox" in words:
        return None
    return next((Purpose(word.removeprefix("purpose ")) for word in words if word.startswith("purpose ")), UNSET)


def shown(case: Case, plan: Plan) -> list[Row]:
    """Write a plan in the form that cases expect it in."""
    return sorted(_change(case, change) for change in plan.changes)


def _change(case: Case, change: Change) -> Row:
    after = change.after
    assert after is not None
    reasons = ", ".join(reason.code for reason in change.reasons)
    return (change.action, case.name(after.external_id), _held(after), ", ".join(_described(case, after)), reasons)


def _held(state: State) -> str:
    if state.primary is None:
        return "none"
    return ", ".join((f"SMTP:{state.primary}", *(f"smtp:{alias}" for alias in state.aliases)))


def _described(case: Case, state: State) -> Iterator[str]:
    yield "licensed" if state.kind is Kind.USER else state.kind.value
    if not state.retired and state.billable != (state.kind in BILLABLE_KINDS):
        yield "not billed"
    if state.display_name != case.name(state.external_id):
        yield f"called {state.display_name}"
    for one in state.former:
        yield f"formerly {one}"


def left_out(case: Case, skips: Iterable[Skip]) -> list[Row]:
    return sorted((case.name(skip.external_id), skip.address or "", skip.reason.code.value) for skip in skips)
