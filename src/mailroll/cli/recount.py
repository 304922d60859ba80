"""The command that makes anew what the database keeps of every domain."""

from dataclasses import asdict

from mailroll.cli.output import Output, answers
from mailroll.sync.standings import repair
from mailroll.sync.standings.repair import Repaired


@answers
def recount() -> Output:
    """Make anew what lists are read from: each domain's number of users, how it stands, their sums, and runs of a day.

    They are kept up to date by the database itself, and a worker does this once a day. Do it by hand after rows were
    written past the database's triggers, as by a restore of single tables.
    """
    found = repair.repair()
    wrong = f"{found.counts:,} had another number of users, {found.standings:,} stood otherwise"
    if found.sums:
        wrong += f", of {found.sums:,} organization{'' if found.sums == 1 else 's'} other sums were kept"
    if found.quarters:
        wrong += f", for {found.quarters:,} quarter-hour{'' if found.quarters == 1 else 's'} other numbers of runs"
    looked = f"Looked at {found.domains:,} domain{'' if found.domains == 1 else 's'}."
    fine = found == Repaired(found.domains, 0, 0)
    text = f"{looked} {'All were as they should be' if fine else wrong}."
    return Output(asdict(found), text)
