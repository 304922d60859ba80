"""Names that people take for one another, such as modern.example and rnodern.example.

Two names look alike where they have the same skeleton, as Unicode defines it (UTS 39, section 4). The table is that of
confusable-homoglyphs, which keeps Unicode's confusables.txt.
"""

import unicodedata
from collections.abc import Collection
from functools import cache

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory import tree
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import DomainName, u_labels

_MARK = "\u200e"
"""The table has it around letters that are written from the right."""


def look_alikes(name: str, among: Collection[str]) -> list[str]:
    """Return those names (in A-labels) that look like this one and are others, in order."""
    wanted = skeleton(name)
    return sorted(other for other in set(among) if other != name and skeleton(other) == wanted)


def note_look_alikes(domain: Domain, acting: Acting) -> list[str]:
    """Note at the top of its organizations which names there a new domain looks like, and return them.

    There alone: whoever added it would learn by trying which domains others have.
    """
    top = tree.above(domain.organization).filter(parent=None).order_by("id").first()
    if top is None:
        return []
    found = look_alikes(domain.name, tree.names_around(top))
    if found:
        note(acting, "domain.looks_like", Subject(domain.name, top.id), like=found)
    return found


def skeleton(name: str) -> str:
    """What is left of a name (in A-labels) when letters that look alike are one."""
    shown = u_labels(DomainName(name)) or name
    # Twice, as a capital letter may stand for what looks like it: 0 is O in the table, and o is another letter.
    return _mapped(_mapped(shown).casefold())


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
