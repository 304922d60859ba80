"""For programs: CSV as RFC 4180 has it, with a head.

Keys stand as they are, also where a spreadsheet would take one for a formula: programs compare them letter by letter.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from mailroll.gateway.formats.base import Form, Lines, ListFile, keys
from mailroll.gateway.lists import ListedDomain, Moment


def _recipients(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    yield _line(("address", "because", "domain"))
    for domain in domains:
        yield from (_line((key.text, key.because.value, domain.served.name)) for key in keys(moment, domain))


def _domains(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    yield _line(("name", "domain", "accepts_all", "plus_tags"))
    for domain in domains:
        because = domain.open(moment.at)
        tags = "yes" if domain.served.plus_tags else "no"
        for spelling in domain.spellings:
            yield _line((spelling, domain.served.name, "" if because is None else because.value, tags))


def _line(cells: Iterable[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


CSV = Form(
    "csv",
    (ListFile("recipients.csv", "text/csv", _recipients), ListFile("domains.csv", "text/csv", _domains)),
    tags="Ask for the whole address first, then for the one without the plus sign and what follows it.",
)
