"""For Exim: files for its `lsearch*@` lookup (exim.org, specification, chapter 9.3).

The lookup tries the address, then `*@domain`, then `*`, which no list of ours holds. Exim folds no case: the question
is lowered with `${lc:...}`.
"""

from collections.abc import Sequence

from mailroll.gateway.formats.base import Form, Lines, ListFile, keys
from mailroll.gateway.lists import ListedDomain, Moment


def _recipients(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    for domain in domains:
        for key in keys(moment, domain):
            text = f"*{key.text}" if key.text.startswith("@") else key.text
            # Only in quotes is a number sign at the beginning no comment; no address holds a quote or a backslash.
            yield f'"{text}": OK\n' if text.startswith("#") else f"{text}: OK\n"


def _domains(_moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    yield from (f"{spelling}: OK\n" for domain in domains for spelling in domain.spellings)


EXIM = Form(
    "exim",
    (ListFile("recipients", "text/plain", _recipients), ListFile("domains", "text/plain", _domains)),
    tags="Exim takes none off in a lookup: look the address up as it is, then without the plus sign and what follows.",
)
