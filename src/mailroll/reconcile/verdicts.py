"""The verdict on one object: take, keep, absent or later; and how the opinions of several sources become one."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailroll.reconcile.mapping import Entry
from mailroll.reconcile.model import SourceSpec
from mailroll.reconcile.reasons import Reason


@dataclass(frozen=True, slots=True)
class Take:
    """A source takes the object: its user shall be as the entry says."""

    entry: Entry
    source: SourceSpec


@dataclass(frozen=True, slots=True)
class Keep:
    """The object is there and cannot be judged: its user stays as it is.

    `by_choice`: it is the filter of the source that cannot be decided, so another source may take the object.
    """

    reason: Reason
    by_choice: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """The object is known to have no place here. `by_choice`: a switch or the filter of the source leaves it out."""

    reason: Reason
    by_choice: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """A source takes the object after one whose filter cannot be decided.

    It gets a user that is its own already, or nobody's. Any other user stays as it is, for `reason`.
    """

    entry: Entry
    source: SourceSpec
    reason: Reason


Opinion = Take | Keep | Absent
"""What one source says of one object."""
Verdict = Opinion | Later
"""What all of them say of it. An object without a verdict was neither shown nor asked for, and stays."""


def combine(opinions: Sequence[Opinion]) -> Verdict:
    """Make one verdict of the opinions on one object, given in the order in which the sources are tried.

    1. The first source that takes the object has it, or has it later where an undecided filter comes before it.
    2. Otherwise not knowing beats knowing: one opinion to keep it is enough.
    3. Otherwise it is absent. What a source chose says more about the cause than what the object lacks.
    """
    first = opinions[0]
    if isinstance(first, Take) or len(opinions) == 1:
        return first
    keep = min((one for one in opinions if isinstance(one, Keep)), key=lambda one: one.by_choice, default=None)
    undecided = False
    for one in opinions:
        if isinstance(one, Take):
            return Later(one.entry, one.source, keep.reason) if keep is not None and undecided else one
        undecided |= isinstance(one, Keep) and one.by_choice
    return keep or max((one for one in opinions if isinstance(one, Absent)), key=lambda one: one.by_choice)
