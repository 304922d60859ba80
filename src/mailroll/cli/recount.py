"""The command that makes anew what the database keeps of every domain."""

from typing import TypedDict

from mailroll.cli.output import Output, answers
from mailroll.sync.standings import repair


class RecountJson(TypedDict):
    """How many domains were looked at; of how many another number of users was kept, and another standing."""

    domains: int
    counts: int
    standings: int


@answers
def recount() -> Output:
    """Make anew what lists of domains are read from: each domain's number of users, and how it stands.

    Both are kept up to date by the database itself, and a worker does this once a day. Do it by hand after rows were
    written past the database's triggers, as by a restore of single tables.
    """
    found = repair.repair()
    document: RecountJson = {"domains": found.domains, "counts": found.counts, "standings": found.standings}
    wrong = f"{found.counts:,} had another number of users, {found.standings:,} stood otherwise"
    looked = f"Looked at {found.domains:,} domain{'' if found.domains == 1 else 's'}."
    text = f"{looked} {wrong if found.counts or found.standings else 'All were as they should be'}."
    return Output(document, text)
