"""Forms with a line for each key: for Postfix, Exim, Rspamd, and for programs as CSV and JSON."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from itertools import chain
from typing import Final

from mailroll.gateway.formats.base import Form, Lines, ListFile, ListKey, Write, keys
from mailroll.gateway.lists import ListedDomain, Moment

_PLAIN: Final = "text/plain"
_NDJSON: Final = "application/x-ndjson"


def _by_key(line: Callable[[ListKey, ListedDomain], str]) -> Write:
    def lines(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
        return (line(key, domain) for domain in domains for key in keys(moment, domain))

    return lines


def _by_name(ending: str) -> Write:
    def lines(_moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
        return (f"{spelling}{ending}\n" for domain in domains for spelling in domain.spellings)

    return lines


def _texthash(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    for domain in domains:
        unwritable = set[str]()
        for key in keys(moment, domain):
            # A line that begins so is a comment, and quotes do not help: Postfix 3.7 keeps them as part of the key.
            if key.text.startswith("#"):
                unwritable.add(key.text.rpartition("@")[2])
            else:
                yield f"{key.text} OK\n"
        if domain.open(moment.at) is None:
            # Whoever cannot be named must not be refused.
            yield from (f"@{name} OK\n" for name in sorted(unwritable))


# `texthash` tables (postconf.org/DATABASE_README.html). A running smtpd keeps the table that it has read: Postfix is
# reloaded after a change.
TEXTHASH: Final = Form(
    "texthash",
    (ListFile("recipients", _PLAIN, _texthash), ListFile("relay_domains", _PLAIN, _by_name(" OK"))),
    # postconf.org/postconf.5.html#recipient_delimiter: the whole address is asked for first, then the one without.
    tags="Set recipient_delimiter = + in main.cf; Postfix then takes tags off for every domain alike.",
)


def _exim(key: ListKey, _: ListedDomain) -> str:
    text = f"*{key.text}" if key.text.startswith("@") else key.text
    # Only in quotes is a number sign at the beginning no comment; no address holds a quote or a backslash.
    return f'"{text}": OK\n' if text.startswith("#") else f"{text}: OK\n"


# Files for its `lsearch*@` lookup (exim.org, specification, chapter 9.3), which tries the address, then `*@domain`,
# then `*`, which no list of ours holds. Exim folds no case: the question is lowered with `${lc:...}`.
EXIM: Final = Form(
    "exim",
    (ListFile("recipients", _PLAIN, _by_key(_exim)), ListFile("domains", _PLAIN, _by_name(": OK"))),
    tags="Exim takes none off in a lookup: look the address up as it is, then without the plus sign and what follows.",
)


def _rspamd(key: ListKey, _: ListedDomain) -> str:
    text = key.text.removeprefix("@")
    # Outside quotes a number sign begins a comment anywhere, and a slash at the beginning an expression
    # (`rspamd_parse_kv_list` in map_helpers.c); no address holds a quote or a backslash.
    return f'"{text}"\n' if "#" in text or text.startswith("/") else f"{text}\n"


def _closed_names(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    return _by_name("")(moment, [domain for domain in domains if domain.open(moment.at) is None])


# Maps of its multimap module, one key a line (rspamd.com/doc/modules/multimap.html): a second word would be taken for
# the name of a symbol. A rule of type `rcpt` without a filter asks for the address, then for the domain alone
# (`match_addr` in its multimap.lua): a bare name takes everybody. The second map, with `filter = "email:domain"`, holds
# the names whose list counts, so that a rule can ask for both.
RSPAMD: Final = Form(
    "rspamd",
    (ListFile("recipients.map", _PLAIN, _by_key(_rspamd)), ListFile("domains.map", _PLAIN, _closed_names)),
    tags="Rspamd takes tags off by itself.",
)


def _row(cells: Iterable[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _csv(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    rows = _by_key(lambda key, domain: _row((key.text, key.because.value, domain.served.name)))
    return chain([_row(("address", "because", "domain"))], rows(moment, domains))


def _csv_domains(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    yield _row(("name", "domain", "accepts_all", "plus_tags"))
    for domain in domains:
        tags = "yes" if domain.served.plus_tags else "no"
        for spelling in domain.spellings:
            yield _row((spelling, domain.served.name, domain.open(moment.at) or "", tags))


_ASK_TWICE: Final = "Ask for the whole address first, then for the one without the plus sign and what follows it."

# As RFC 4180 has it, with a head. Keys stand as they are, also where a spreadsheet would take one for a formula:
# programs compare them letter by letter.
CSV: Final = Form(
    "csv",
    (ListFile("recipients.csv", "text/csv", _csv), ListFile("domains.csv", "text/csv", _csv_domains)),
    tags=_ASK_TWICE,
)


def _json(**document: object) -> str:
    # Non-ASCII is escaped: some readers part lines at U+2028 as well.
    return f"{json.dumps(document)}\n"


def _json_domains(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    for domain in domains:
        opened, tags = domain.open(moment.at), domain.served.plus_tags
        yield _json(domain=domain.served.name, names=domain.spellings, accepts_all=opened, plus_tags=tags)


_json_keys: Final = _by_key(
    lambda key, listed_domain: _json(address=key.text, because=key.because, domain=listed_domain.served.name)
)
JSON_LINES: Final = Form(
    "jsonl",
    (ListFile("recipients.jsonl", _NDJSON, _json_keys), ListFile("domains.jsonl", _NDJSON, _json_domains)),
    tags=_ASK_TWICE,
)
