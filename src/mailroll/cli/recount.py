"""The command that makes anew what the database keeps of every domain."""

from mailroll.cli.output import Output, answers
from mailroll.sync.standings import repair


@answers
def recount() -> Output:
    """Make anew what lists of domains are read from: each domain's number of users, how it stands, and their sums.

    They are kept up to date by the database itself, and a worker does this once a day. Do it by hand after rows were
    written past the database's triggers, as by a restore of single tables.
    """
    found = repair.repair()
    document = {
        "domains": found.domains,
        "counts": found.counts,
        "standings": found.standings,
        "sums": found.sums,
    }
    wrong = f"{found.counts:,} had another number of users, {found.standings:,} stood otherwise"
    if found.sums:
        wrong += f", of {found.sums:,} organization{'' if found.sums == 1 else 's'} other sums were kept"
    looked = f"Looked at {found.domains:,} domain{'' if found.domains == 1 else 's'}."
    fine = not (found.counts or found.standings or found.sums)
    text = f"{looked} {'All were as they should be' if fine else wrong}."
    return Output(document, text)
