"""Whether anybody makes the runs: workers show every few seconds that they live."""

from mailroll import promises
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, spell, warns
from mailroll.sync import tasks
from mailroll.sync.locks import domain_lock
from mailroll.sync.workers import standstill
from mailroll.sync.workers.standstill import WorkerTask

_WITHIN = promises.in_words(promises.WORKER)


def examine(_: Circumstances) -> Diagnosis:
    alive, jobs_count = tasks.workers(), tasks.waiting()
    if holders := domain_lock.silent_holders():
        first, number = holders[0], len(holders)
        others = f" So it is with {spell(number - 1, 'other domain', 'other domains')}." if number > 1 else ""
        return (warns if alive else fails)(
            f"Since {first.since:%Y-%m-%d %H:%M} UTC a worker is silent and keeps {first.domain} from being synced:"
            f" process {first.process}, session {first.session} of the database.{others}",
            "Let it go on where it is stopped (kill -CONT, or unpause its container), or end it. Where it cannot be"
            f" reached: SELECT pg_terminate_backend({first.session}). Another worker then makes the run, and what this"
            " one still does counts for nothing.",
        )
    jobs = spell(jobs_count, "job waits", "jobs wait")
    if alive and (still := standstill.newest(WorkerTask.TICK)) is not None:
        return (warns if alive > 1 else fails)(
            f"Since {still.since:%Y-%m-%d %H:%M} UTC the database refuses to tell a worker what is due ({still.error}),"
            " so it asks for no automatic sync. What people ask for is made.",
            "See the log of the worker and that of PostgreSQL, which names the statement; it is tried again by itself.",
        )
    if alive and (still := standstill.newest(WorkerTask.PULSE)) is not None:
        return warns(
            f"Since {still.since:%Y-%m-%d %H:%M} UTC the database refuses what a worker needs to ask many directories"
            f" at once ({still.error}). Each domain gets a run in its place, which takes longer.",
            "See the log of the worker and that of PostgreSQL; it is tried again by itself.",
        )
    if alive:
        return good(f"{spell(alive, 'worker was', 'workers were')} seen within {_WITHIN}; {jobs}.")
    return fails(
        f"No worker was seen within {_WITHIN}, so no domain is synced; {jobs}.",
        "Start one: mailroll worker, or mailroll serve.",
    )
