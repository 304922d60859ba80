"""Makes, renews and ends the subscriptions of one connection, and keeps what came of it in their rows.

Nothing that fails here fails anything else: what nobody tells of is found by the next automatic sync.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from mailroll.connections import credentials, outside, refusals
from mailroll.connections.access import Access
from mailroll.connections.models import ChangeSubscription, Connection
from mailroll.connections.subscriptions import states
from mailroll.connectors import registry
from mailroll.connectors.notices import Notice, NoticeGone, Notices, NoticeTaken
from mailroll.reconcile.errors import MailrollError, Refused, Retry
from mailroll.reconcile.model import ObjectType
from mailroll.sealing import SealingError

LIFE: Final = timedelta(days=7)
"""How long a subscription is asked for. Graph gives 41,760 minutes at the most (concepts/includes/
change-notifications-subscription-lifetime); what nobody ended ends by itself, and troubles show, in a week."""
_RENEWED_AFTER: Final = (0.5, 0.7)
"""The parts of its life between which it is renewed, each at its own."""
_PATIENCE, _PATIENCE_MAX = timedelta(minutes=5), timedelta(hours=6)
_TRIES: Final = 3
"""How often it is tried to end one that is not wanted any more."""


@dataclass(frozen=True, slots=True)
class _Attended:
    """What came of one subscription: one that tells, or none with an error, or neither where it was ended.

    `is_gone`: with an error, whether the one that there was is there no more.
    """

    notice: Notice | None = None
    error: MailrollError | None = None
    is_gone: bool = False


def attend(connection: Connection, types: Collection[ObjectType], url: str | None, now: datetime) -> None:
    """Look after those that are due, make those that are missing, and end those that nobody wants.

    One at a time for each connection.
    """
    for type_ in types if url is not None else ():
        ChangeSubscription.objects.get_or_create(connection=connection, type=type_, defaults={"attend_at": now})
    rows = [
        row
        for row in ChangeSubscription.objects.filter(connection=connection).order_by("type")
        if row.attend_at <= now or (_is_stale(row, types, url) and not (row.failures and row.remote_id))
    ]
    if not rows:
        return
    try:
        access = credentials.access(connection)
    except MailrollError as error:
        results = [_Attended(error=error) for _ in rows]
    except SealingError as fault:
        results = [_Attended(error=Refused(fault.code, fault.message, fault.help)) for _ in rows]
    else:
        kept_types = {row.type for row in rows if row.type in types} if url is not None else set()
        results = outside.ask(_attended(access, rows, kept_types, url or "", now + LIFE))
    for row, result in zip(rows, results, strict=True):
        _keep(row, result, connection, now, is_wanted=url is not None and row.type in types, url=url or "")


def _is_stale(row: ChangeSubscription, types: Collection[ObjectType], url: str | None) -> bool:
    """Whether it is not one that would be made now."""
    return url is None or row.type not in types or (bool(row.remote_id) and not _is_ours(row, url))


def _is_ours(row: ChangeSubscription, url: str) -> bool:
    return row.url == url and bytes(row.state_hash) == states.digest(states.issue(row.id))


async def _attended(
    access: Access, rows: Sequence[ChangeSubscription], types: Collection[str], url: str, ends_at: datetime
) -> list[_Attended]:
    try:
        async with registry.notices_of(access.kind, access.values) as notices:
            return [await _attend_subscription(notices, row, url if row.type in types else "", ends_at) for row in rows]
    except MailrollError as error:
        return [_Attended(error=error) for _ in rows]


async def _attend_subscription(notices: Notices, row: ChangeSubscription, url: str, ends_at: datetime) -> _Attended:
    """Renew it where that can be, else end it and make another; without an address only end it."""
    is_gone = False
    try:
        if url and row.remote_id and _is_ours(row, url):
            with suppress(NoticeGone):
                return _Attended(await notices.renew(row.remote_id, ends_at))
        elif row.remote_id:
            await notices.end(row.remote_id)
        is_gone = True
        return (
            _Attended(await _begin_subscription(notices, row.id, ObjectType(row.type), url, ends_at))
            if url
            else _Attended()
        )
    except MailrollError as error:
        return _Attended(error=error, is_gone=is_gone)


async def _begin_subscription(notices: Notices, row: UUID, type_: ObjectType, url: str, ends_at: datetime) -> Notice:
    """Make one; where there is one to this address that no row knows, its maker died before it could say so."""
    state = states.issue(row)
    try:
        return await notices.begin(type_, url, state, ends_at)
    except NoticeTaken:
        notice_ids = await notices.at(url, type_)
        if not notice_ids:
            raise
        for notice_id in notice_ids:
            await notices.end(notice_id)
        return await notices.begin(type_, url, state, ends_at)


def _keep(
    row: ChangeSubscription, result: _Attended, connection: Connection, now: datetime, *, is_wanted: bool, url: str
) -> None:
    row.attended_at = now
    if result.error is None:
        if result.notice is None:
            row.delete()
            return
        row.remote_id, row.url = result.notice.id, url
        row.state_hash = states.digest(states.issue(row.id))
        row.ends_at = min(result.notice.ends_at, now + LIFE)
        row.failures, row.problem = 0, None
        row.attend_at = now + (row.ends_at - now) * _between(row.id, *_RENEWED_AFTER)
    else:
        row.failures += 1
        if not is_wanted and row.failures >= _TRIES:
            row.delete()  # it ends by itself
            return
        error = refusals.reword(result.error, connection)
        row.problem = error.as_json()
        row.attend_at = now + _patience(row, error)
        if result.is_gone or (row.ends_at is not None and row.ends_at <= now):
            row.remote_id, row.ends_at = "", None
    row.save()


def _patience(row: ChangeSubscription, error: MailrollError) -> timedelta:
    least_wait = timedelta(seconds=min(error.after, 86_400.0)) if isinstance(error, Retry) else timedelta()
    wait = min(_PATIENCE * (1 << min(row.failures - 1, 10)), _PATIENCE_MAX)
    return max(wait, least_wait) * _between(row.id, 1.0, 1.2)


def _between(row: UUID, least: float, most: float) -> float:
    """Return a number between two that is the row's own, so that what began together does not go on together."""
    return least + (most - least) * (row.int % 1000) / 1000
