"""Names that people take for one another, such as modern.example and rnodern.example.

Two names look alike where they have the same skeleton, as Unicode defines it (UTS 39, section 4). The table is that of
confusable-homoglyphs, which keeps Unicode's confusables.txt.
"""

import unicodedata
from collections.abc import Collection
from functools import cache
from string import ascii_lowercase, digits
from typing import Final

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.expressions import Combinable

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory import tree
from mailroll.directory.models import Domain, DomainAlias
from mailroll.reconcile.addresses import DomainName, u_labels

_LETTERS: Final = f"{ascii_lowercase}{digits}-."
_MARK = "\u200e"
"""The table has it around letters that are written from the right."""


def look_alikes(name: str, among: Collection[str]) -> list[str]:
    """Return those names (in A-labels) that look like this one and are others, in order."""
    name_skeleton = skeleton(name)
    return sorted(other for other in set(among) if other != name and skeleton(other) == name_skeleton)


def find_look_alikes(name: str) -> list[str]:
    """Return the names that look like this one of all domains and alias domains there are, in order.

    The database maps the letters of ASCII, of which nearly all names are, and has an index of what that comes to; the
    others are looked at here. Who may see what is found is for the caller to ask.
    """
    alike = Q(shape=skeleton(name)) | ~Q(unicode_name="")
    rows = [kind.objects.annotate(shape=_in_sql()).filter(alike) for kind in (Domain, DomainAlias)]
    return look_alikes(name, {domain_name for query in rows for domain_name in query.values_list("name", flat=True)})


@cache
def _in_sql() -> Combinable:
    """What `skeleton` returns of a name in ASCII: each of its letters is mapped by itself."""
    shapes = {letter: _shape(letter) for letter in _LETTERS}
    others = {letter: shape for letter, shape in shapes.items() if shape != letter}
    ones = {letter: shape for letter, shape in others.items() if len(shape) == 1}
    letters, stand_for = Value("".join(ones)), Value("".join(ones.values()))
    mapped: Combinable = Func(F("name"), letters, stand_for, function="translate", output_field=TextField())
    for letter, shape in others.items():
        if len(shape) != 1:
            mapped = Func(mapped, Value(letter), Value(shape), function="replace", output_field=TextField())
    return mapped


def note_look_alikes(domain: Domain, acting: Acting) -> list[str]:
    """Note at the top of its organizations which names there a new domain looks like, and return them.

    There alone: whoever added it would learn by trying which domains others have.
    """
    top = tree.above(domain.organization).filter(parent=None).order_by("id").first()
    if top is None:
        return []
    look_alikes: list[str] = sorted(tree.names_below(top, find_look_alikes(domain.name)))
    if look_alikes:
        note(acting, "domain.looks_like", Subject(domain.name, top.id), like=look_alikes)
    return look_alikes


def skeleton(name: str) -> str:
    """What is left of a name (in A-labels) when letters that look alike are one."""
    spelling = u_labels(DomainName(name)) or name
    return _shape(spelling)


def _shape(text: str) -> str:
    # Twice, as a capital letter may stand for what looks like it: 0 is O in the table, and o is another letter.
    return _mapped(_mapped(text).casefold())


def _mapped(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFD", "".join(map(_prototype, parts)))


@cache
def _prototype(letter: str) -> str:
    """The letters that stand for all that look like this one. A letter knows its prototype, which knows all of its."""
    # Ten megabytes, which only whoever adds a domain or looks at one needs.
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415

    kin = confusables_data.get(letter, [])
    if len(kin) != 1:
        return letter
    other: str = kin[0]["c"].strip(_MARK)
    if len(other) == 1 and len(confusables_data.get(other, [])) == 1:
        # A pair: which of the two is the prototype cannot be told, and need not be.
        return min(letter, other)
    return other
