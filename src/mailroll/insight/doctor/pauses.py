"""Whether Microsoft wants to be left alone for a while: the schedule waits then, what a person asks for does not."""

from mailroll import promises
from mailroll.audit import clock
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, good, spell, warns
from mailroll.sync import shared_units


def examine(_: Circumstances) -> Diagnosis:
    standing = shared_units.pauses(clock.now())
    if standing.until is None:
        return good("Microsoft asks for no long pause.")
    phrase = spell(standing.number, "application or tenant", "applications or tenants")
    return warns(
        f"Microsoft asked to pause for {phrase}, the longest until {standing.until:%Y-%m-%d %H:%M} UTC. Their"
        " automatic syncs wait for that.",
        "They go on by themselves. Sync & Save, previews and checks ask Microsoft all the same: once in"
        f" {promises.in_words(promises.TRY)} where an application is to pause in all tenants.",
    )
