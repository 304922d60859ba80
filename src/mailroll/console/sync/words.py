"""How a source stands, in the words of the User Sync tab: a mark beside what it is, and one sentence."""

from datetime import datetime
from typing import NamedTuple

from mailroll.connections import sources
from mailroll.connections.models import Source
from mailroll.connectors.words import parted
from mailroll.console.connect import connection_view
from mailroll.insight.source_standing import SourceStanding, Trouble


class WordedMark(NamedTuple):
    """A shape, and the words beside it."""

    state: str
    words: str


_OF_RUNS = {
    Trouble.FAILED: WordedMark("attention", "The last reading failed"),
    Trouble.UNANSWERED: WordedMark("attention", "Not read at the last run"),
    Trouble.DOUBTED: WordedMark("attention", "Its last answer is in doubt"),
}
"""What its connection does not tell; all else is said as beside the source's own name."""


def mark(source: Source, standing: SourceStanding, now: datetime) -> WordedMark:
    if standing.trouble is Trouble.REFUSED:
        return WordedMark("failed", "Access refused")
    if standing.trouble in _OF_RUNS:
        return _OF_RUNS[standing.trouble]
    return WordedMark(*connection_view.badge(source, now))


def detail(source: Source, standing: SourceStanding, *, error_shown: bool = False, awaited: bool = False) -> str:
    """Say what the mark means for this source.

    `error_shown`: its error stands on the page already. `awaited`: somebody has accepted at Microsoft.
    """
    connection = source.connection
    if awaited:
        # It is looked at only while their page is open, so nobody knows whether it counts by now.
        return (
            "Accepted at Microsoft, and that did not count there yet when it was last looked at."
            " Whoever accepted goes on by Edit, or by the link they were sent."
        )
    if connection is None:
        return f"Edit it to connect {sources.NAMES.get(source.kind, source.kind)}."
    about = f"Tenant {connection.health.get('tenant_name') or connection.tenant_id}"
    match standing.trouble:
        case Trouble.OFF:
            return f"{about}. Runs pass it over; its users stay."
        case Trouble.REFUSED | Trouble.FAILED if standing.error and not error_shown:
            return parted(standing.error["message"])[0]
        case Trouble.UNANSWERED | Trouble.DOUBTED:
            return f"{about}. The last run says why; its users stay."
        case Trouble.INCOMPLETE | Trouble.LESSENED:
            return f"{about} does not grant {', '.join(standing.permissions)}."
        case _:
            return about
