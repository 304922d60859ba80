"""Whether the directory of a connection tells of changes at once, or why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mailroll.accounts import installation
from mailroll.connections.models import ChangeSubscription, Connection
from mailroll.reconcile.model import ObjectType
from mailroll.settings import Switch
from mailroll.sync.notifications import coverage


class NoticeState(StrEnum):
    """How being told stands. Whatever it is, automatic syncs go on at their times."""

    OFF = "off"
    """Somebody set it off, for the whole installation."""
    NO_ADDRESS = "no_address"
    """Microsoft cannot reach the installation, by what its address is."""
    UNWANTED = "unwanted"
    """No domain is synced by itself through this connection, or none was read yet."""
    AWAITED = "awaited"
    """A worker is to ask for it, or the directory has not answered."""
    TOLD = "told"
    PARTLY = "partly"
    """Changes of users are told, and those of groups are not."""
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class NoticeStanding:
    """How it stands, and what went wrong at last (code, message, help), where something did.

    Of another connection, by which this one's changes are told too, nothing is said but how it stands.
    """

    state: NoticeState
    problem: Mapping[str, str] | None = None
    groups: bool = False
    """Whether groups are among what is told."""


def notices_of(connection: Connection) -> NoticeStanding:
    own = installation.settings()
    if own.notifications is Switch.OFF:
        return NoticeStanding(NoticeState.OFF)
    if own.notification_url is None:
        return NoticeStanding(NoticeState.NO_ADDRESS)
    leader = coverage.leader(connection.id)
    if leader is None:
        return NoticeStanding(NoticeState.UNWANTED)
    types = coverage.types(leader)
    rows = {row.type: row for row in ChangeSubscription.objects.filter(connection=leader)}
    faults = [row.problem for type_ in sorted(types, reverse=True) if (row := rows.get(type_)) and row.problem]
    problem = faults[0] if faults and leader == connection.id else None
    active_types = {type_ for type_ in types if (row := rows.get(type_)) is not None and row.remote_id}
    if active_types == types:
        return NoticeStanding(NoticeState.TOLD, problem, groups=ObjectType.GROUP in active_types)
    if ObjectType.USER in active_types:
        return NoticeStanding(NoticeState.PARTLY, problem)
    return NoticeStanding(NoticeState.FAILS if faults else NoticeState.AWAITED, problem)
