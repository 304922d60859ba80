"""A whole list of static addresses: what it would add and change, everything that is wrong with it, and its writing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory import load, queries, rows
from mailroll.directory.edit import claims, statics
from mailroll.directory.edit.domains import lock
from mailroll.directory.edit.problems import FieldProblem
from mailroll.directory.edit.single import decided
from mailroll.directory.edit.statics import About, Static
from mailroll.directory.models import Domain
from mailroll.reconcile import model, storage
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.imports import tie
from mailroll.reconcile.model import State

_NAMED = 100
"""Addresses named in an audit entry."""

Row = tuple[int, Static]
"""A line of the list and what it gives."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with one line of a list, as a person counts lines."""

    line: int
    field: str
    message: str


class BadList(BadInput):
    """A list of which nothing can be taken; `problems` has all that is wrong with it, line by line."""

    problems: Sequence[LineProblem] = ()

    @classmethod
    def of(cls, problems: Iterable[LineProblem]) -> Self:
        sorted_problems = tuple(sorted(problems, key=lambda problem: problem.line))
        problems_shown = " ".join(f"Line {problem.line}: {problem.message}" for problem in sorted_problems[:5])
        more = f" And {len(sorted_problems) - 5:,} more." if len(sorted_problems) > 5 else ""  # noqa: PLR2004 - as shown
        error = cls("list_malformed", problems_shown + more, "Mend that and try again; nothing was changed.")
        error.problems = sorted_problems
        return error


@dataclass(frozen=True, slots=True)
class StaticStep:
    """One static address before and after. `had` is None where it is new."""

    had: model.RollUser | None
    state: State
    was: About | None
    about: About

    @property
    def changes(self) -> bool:
        return self.had is None or (self.had.state, self.was or About()) != (self.state, self.about)

    @property
    def gone(self) -> tuple[Address, ...]:
        """The addresses it would no longer have."""
        had = self.had.state.addresses if self.had else ()
        return tuple(address for address in had if address not in self.state.addresses)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a list would do; `digest` names it, so that exactly this is done or nothing."""

    added: tuple[StaticStep, ...]
    changed: tuple[StaticStep, ...]
    unchanged: int
    problems: tuple[LineProblem, ...]

    @property
    def digest(self) -> str:
        steps = (
            [
                str(step.had.id) if step.had else "",
                storage.state_to_json(step.had.state if step.had else None),
                storage.state_to_json(step.state),
                step.about.owner,
                step.about.note,
                str(step.about.review or ""),
            ]
            for step in (*self.added, *self.changed)
        )
        return storage.sha256("mailroll-statics-1", steps)


def prepare(domain: Domain, lines: Sequence[Row]) -> Prepared:
    """Compare a list with the roll and say what it would do; nothing is written.

    1. Every line for itself, then lines that share an address.
    2. Tie lines to the static addresses that they are about.
    3. Addresses that somebody else has, and does not give up by this very list.
    """
    problems = list(_faults(lines, domain)) or list(_repeated(lines))
    if problems:
        return Prepared((), (), 0, tuple(problems))
    line_addresses = [tuple(claims.good(static.wanted)) for _, static in lines]
    users_by_id = {user.id: user for user in statics.all_of(domain)}
    primaries = {user.state.primary: user.id for user in users_by_id.values() if user.state.primary is not None}
    holders = {address: user.id for user in users_by_id.values() for address in user.state.addresses}
    about = tie(line_addresses, primaries, holders)
    meant = frozenset(user for user in about if user is not None)
    problems = list(_address_problems(lines, line_addresses, meant, domain))
    was = statics.kept(domain, list(meant))
    steps = [
        StaticStep(
            users_by_id[user] if user else None,
            statics.state_of(static, users_by_id[user].state if user else None),
            was.get(user) if user else None,
            statics.about_of(static, was.get(user) if user else None),
        )
        for (_, static), user in zip(lines, about, strict=True)
    ]
    changed = tuple(step for step in steps if step.had is not None and step.changes)
    added = tuple(step for step in steps if step.had is None)
    return Prepared(added, changed, len(steps) - len(added) - len(changed), tuple(problems))


def add_statics(domain: Domain, lines: Sequence[Row], acting: Acting, *, digest: str | None = None) -> Prepared:
    """Add and change static addresses by a list: all of it or nothing, in one transaction.

    With the `digest` of what was shown, only exactly that is done. Raises `BadList` and `Refused` (`list_moved_on`).
    """
    with transaction.atomic():
        lock(domain)
        prepared = prepare(domain, lines)
        if prepared.problems:
            raise BadList.of(prepared.problems)
        if digest is not None and digest != prepared.digest:
            raise Refused(
                "list_moved_on",
                "The static addresses have changed since this was shown, so nothing was written.",
                "Look at it again: this is what it would do now.",
            )
        steps = {step.had.id if step.had else uuid4(): step for step in (*prepared.added, *prepared.changed)}
        try:
            with transaction.atomic():
                _write(steps, domain, acting.now())
        except IntegrityError as clash:
            # Only this domain is locked: another one may have taken an address at this moment.
            again = prepare(domain, lines)
            raise (BadList.of(again.problems) if again.problems else clash) from clash
        note(
            acting,
            "statics.imported",
            domain,
            added=len(prepared.added),
            changed=len(prepared.changed),
            addresses=[step.state.primary or "" for step in list(steps.values())[:_NAMED]],
        )
    return prepared


def _write(steps: Mapping[UUID, StaticStep], domain: Domain, now: datetime) -> None:
    writes = [
        rows.Write(
            user,
            step.had.state if step.had else None,
            step.state,
            decided(step.had) if step.had else rows.UNDECIDED,
        )
        for user, step in steps.items()
    ]
    rows.write(domain.id, writes, now)
    statics.write_notes(domain, {user: step.about for user, step in steps.items()})


def _faults(lines: Sequence[Row], domain: Domain) -> Iterator[LineProblem]:
    accepted = queries.accepted(domain)
    for line, static in lines:
        for problem in statics.problems_of(static, domain, accepted):
            yield LineProblem(line, problem.field, problem.message)


def _repeated(lines: Sequence[Row]) -> Iterator[LineProblem]:
    first_lines: dict[Address, int] = {}
    for line, static in lines:
        for address in dict.fromkeys(claims.good(static.wanted)):
            if address in first_lines:
                yield LineProblem(line, "address", f"{address} stands in line {first_lines[address]} already.")
            else:
                first_lines[address] = line


def _address_problems(
    lines: Sequence[Row], line_addresses: Sequence[Sequence[Address]], meant: frozenset[UUID], domain: Domain
) -> Iterator[LineProblem]:
    """Whoever is meant by a line keeps only what that line says, so what such a one has is free for the others."""
    all_addresses = [address for row_addresses in line_addresses for address in row_addresses]
    holders, elsewhere = statics.held_here(domain, all_addresses), load.elsewhere(domain.id, all_addresses)
    for (line, _), addresses in zip(lines, line_addresses, strict=True):
        for address in addresses:
            if address in elsewhere:
                problem = FieldProblem("address", f"{address} is in use in another domain.")
            elif address in holders and holders[address] not in meant:
                problem = FieldProblem("address", f"{address} belongs to another user of {domain.name}.")
            else:
                continue
            yield LineProblem(line, problem.field, problem.message)
