"""For programs: one JSON object a line."""

import json
from collections.abc import Sequence

from mailroll.gateway.formats.base import Form, Lines, ListFile, keys
from mailroll.gateway.lists import ListedDomain, Moment

_NDJSON = "application/x-ndjson"


def _recipients(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    for domain in domains:
        for key in keys(moment, domain):
            yield _line({"address": key.text, "because": key.because, "domain": domain.served.name})


def _domains(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    for domain in domains:
        yield _line(
            {
                "domain": domain.served.name,
                "names": domain.spellings,
                "accepts_all": domain.open(moment.at),
                "plus_tags": domain.served.plus_tags,
            }
        )


def _line(document: dict[str, object]) -> str:
    # Non-ASCII is escaped: some readers part lines at U+2028 as well.
    return f"{json.dumps(document)}\n"


JSON_LINES = Form(
    "jsonl",
    (ListFile("recipients.jsonl", _NDJSON, _recipients), ListFile("domains.jsonl", _NDJSON, _domains)),
    tags="Ask for the whole address first, then for the one without the plus sign and what follows it.",
)
