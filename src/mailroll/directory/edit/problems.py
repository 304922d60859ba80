"""Everything that is wrong with what a person gave, field by field, so that a form can say it beside each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from mailroll.reconcile.errors import BadInput, Refused


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """`field` is the name of the argument that the sentence is about."""

    field: str
    message: str


class Malformed(BadInput):
    """Some of what was given cannot be taken; `problems` has all of it."""

    problems: Sequence[FieldProblem] = ()

    @classmethod
    def of(cls, code: str, problems: Iterable[FieldProblem]) -> Self:
        all_problems = tuple(problems)
        error = cls(code, " ".join(problem.message for problem in all_problems), "Mend that and try again.")
        error.problems = all_problems
        return error


class Taken(Refused):
    """Addresses that somebody else has; `problems` has all of them."""

    problems: Sequence[FieldProblem] = ()

    @classmethod
    def of(cls, problems: Iterable[FieldProblem]) -> Self:
        all_problems = tuple(problems)
        error = cls(
            "address_taken",
            " ".join(problem.message for problem in all_problems),
            "Leave it out, or free it there first.",
        )
        error.problems = all_problems
        return error
