"""What waits in a held run, and for what, in one sentence for every page."""

from mailroll.insight import run_queries
from mailroll.sync.models import Run


def sentence(run: Run) -> str:
    """Say it as in “5 removals wait for you”; without the full stop."""
    for_whom = "you" if run_queries.for_release(run) else "another reading"
    phrase = counted(run)
    if not phrase:
        return f"A run is held and waits for {for_whom}"
    return f"{phrase} {'waits' if phrase.startswith('1 ') else 'wait'} for {for_whom}"


def counted(run: Run) -> str:
    """Say “5 removals”, or “60 changes” where it is not for removals that it waits; nothing where there are none."""
    number = run_queries.to_release(run)
    noun = "change" if run_queries.held_whole(run) else "removal"
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""
