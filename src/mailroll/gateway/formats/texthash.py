"""For Postfix: `texthash` tables of recipients and of domains (postconf.org/DATABASE_README.html).

A running smtpd keeps the table that it has read: Postfix is reloaded after a change.
"""

from collections.abc import Sequence

from mailroll.gateway.formats.base import Form, Lines, ListFile, keys
from mailroll.gateway.lists import ListedDomain, Moment


def _recipients(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
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


def _domains(_moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    yield from (f"{spelling} OK\n" for domain in domains for spelling in domain.spellings)


TEXTHASH = Form(
    "texthash",
    (ListFile("recipients", "text/plain", _recipients), ListFile("relay_domains", "text/plain", _domains)),
    # postconf.org/postconf.5.html#recipient_delimiter: the whole address is asked for first, then the one without.
    tags="Set recipient_delimiter = + in main.cf; Postfix then takes tags off for every domain alike.",
)
