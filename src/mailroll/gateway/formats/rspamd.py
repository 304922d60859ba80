"""For Rspamd: maps of its multimap module, one key a line (rspamd.com/doc/modules/multimap.html).

A second word in a line would be taken for the name of a symbol. A rule of type `rcpt` without a filter asks for the
address, then for the domain alone (`match_addr` in its multimap.lua): a bare name takes everybody. The second map,
with `filter = "email:domain"`, holds the names whose list counts, so that a rule can ask for both.
"""

from collections.abc import Sequence

from mailroll.gateway.formats.base import Form, Lines, ListFile, keys
from mailroll.gateway.lists import ListedDomain, Moment


def _recipients(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    for domain in domains:
        for key in keys(moment, domain):
            text = key.text.removeprefix("@")
            # Outside quotes a number sign begins a comment anywhere, and a slash at the beginning an expression
            # (`rspamd_parse_kv_list` in map_helpers.c); no address holds a quote or a backslash.
            yield f'"{text}"\n' if "#" in text or text.startswith("/") else f"{text}\n"


def _domains(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    for domain in domains:
        if domain.open(moment.at) is None:
            yield from (f"{spelling}\n" for spelling in domain.spellings)


RSPAMD = Form(
    "rspamd",
    (ListFile("recipients.map", "text/plain", _recipients), ListFile("domains.map", "text/plain", _domains)),
    tags="Rspamd takes tags off by itself.",
)
