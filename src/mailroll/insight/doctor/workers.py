"""Whether anybody makes the runs: workers show every few seconds that they live."""

from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, spell
from mailroll.sync import tasks


def examine(_: Circumstances) -> Diagnosis:
    alive, waiting = tasks.workers(), tasks.waiting()
    jobs = spell(waiting, "job waits", "jobs wait")
    if alive:
        return good(f"{spell(alive, 'worker was', 'workers were')} seen within the last minute; {jobs}.")
    return fails(
        f"No worker was seen within the last minute, so no domain is synced; {jobs}.",
        "Start one: mailroll worker, or mailroll serve.",
    )
