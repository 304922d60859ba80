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
    repairs = repair.repair()
    wrong = f"{repairs.counts:,} had another number of users, {repairs.standings:,} stood otherwise"
    if repairs.sums:
        wrong += f", of {repairs.sums:,} organization{'' if repairs.sums == 1 else 's'} other sums were kept"
    if repairs.quarters:
        wrong += f", for {repairs.quarters:,} quarter-hour{'' if repairs.quarters == 1 else 's'} other numbers of runs"
    looked = f"Looked at {repairs.domains:,} domain{'' if repairs.domains == 1 else 's'}."
    fine = repairs == Repaired(repairs.domains, 0, 0)
    text = f"{looked} {'All were as they should be' if fine else wrong}."
    return Output(asdict(repairs), text)
