"""The list of users put together: rows, chips, heads, and the retired below."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.paginator import Page

from mailroll.console.tables import Chip, cut_page
from mailroll.console.templatetags.marks import kind_of
from mailroll.console.users import list_query, words
from mailroll.directory import queries, user_list
from mailroll.directory.lifecycle import Lifetime, Stage
from mailroll.directory.models import Domain
from mailroll.directory.queries import ListedUser
from mailroll.directory.user_list import ListSort, ListStanding, WantedUsers
from mailroll.insight import history
from mailroll.promises import KEPT

_STATES = {
    ListStanding.LISTED: "In the list",
    ListStanding.RETIRED: "Retired",
    ListStanding.PINNED: "Pinned",
    ListStanding.KEPT: "Kept",
    ListStanding.EXEMPT: "Exempt",
    ListStanding.BY_HAND: "By hand",
}


@dataclass(frozen=True, slots=True)
class UserRow:
    user: ListedUser
    billed: str
    aliases: str
    event: history.Event | None


@dataclass(frozen=True, slots=True)
class Gone:
    """A retired user: why, what becomes of mail for it, and until when it can come back at the least.

    `life` is that of its primary address; None where all its addresses moved on. `stage`: where in it that is.
    """

    user: ListedUser
    why: str
    released_by: str
    life: Lifetime | None
    stage: Stage | None
    kept_until: datetime | None


@dataclass(frozen=True, slots=True)
class ShownUsers:
    """What the template reads. `retired`: how many retired ones the search finds, of whom `gone` are shown.

    `narrowing`, `restoring`: what the list is narrowed by, and what shall be restored at once is.
    """

    wanted: WantedUsers
    rows: Sequence[UserRow]
    gone: Sequence[Gone]
    page: "Page[int]"
    states: Sequence[Chip]
    kinds: Sequence[Chip]
    groups: Sequence[Chip]
    """The largest where there are very many, by name."""
    group_count: int
    heads: Sequence[tuple[str, str, str]]
    retired: int
    narrowing: Sequence[tuple[str, str]]
    restoring: Sequence[tuple[str, str]]
    empty: bool


def compose(domain: Domain, wanted_users: WantedUsers, now: datetime) -> ShownUsers:
    """1. Find the page  2. say of each row what happened last, or why it retired  3. link to every other choice."""
    page = user_list.list_users(domain, wanted_users)
    counted = page.counted
    narrowed = wanted_users.kind is not None or wanted_users.group is not None or wanted_users.billable
    retired = page.users if wanted_users.standing is ListStanding.RETIRED else ()
    if (
        wanted_users.standing is ListStanding.LISTED
        and not narrowed
        and page.number == 1
        and counted.standings[ListStanding.RETIRED]
    ):
        retired = page.retired
    in_list = () if wanted_users.standing is ListStanding.RETIRED else page.users
    total = sum(counted.standings[standing] for standing in (ListStanding.LISTED, ListStanding.RETIRED))
    return ShownUsers(
        wanted=wanted_users,
        rows=_rows(domain, in_list),
        gone=_gone_users(domain, retired, now),
        page=cut_page(counted.shown, page.number, user_list.PAGE)[0],
        states=[
            Chip(
                "" if standing is ListStanding.LISTED else standing,
                said,
                wanted_users.standing is standing,
                counted.standings[standing],
            )
            for standing, said in _STATES.items()
            if counted.standings[standing]
            or standing in {ListStanding.LISTED, ListStanding.RETIRED, wanted_users.standing}
        ],
        kinds=_kinds(wanted_users, counted),
        groups=[
            Chip(
                "" if wanted_users.group == group.id else str(group.id),
                group.name,
                wanted_users.group == group.id,
                count,
            )
            for group, count in counted.groups.items()
        ],
        group_count=counted.group_count,
        heads=[
            list_query.head("User", ListSort.NAME, wanted_users),
            list_query.head("Kind", ListSort.KIND, wanted_users),
            list_query.head("Billable", ListSort.BILLABLE, wanted_users),
            list_query.head("Group", ListSort.GROUP, wanted_users),
            list_query.head("Source", ListSort.SOURCE, wanted_users),
        ],
        retired=counted.standings[ListStanding.RETIRED],
        narrowing=list_query.fields(wanted_users),
        restoring=list_query.fields(replace(wanted_users, standing=ListStanding.RETIRED)),
        empty=not total and not wanted_users.text and not narrowed and wanted_users.standing is ListStanding.LISTED,
    )


def _kinds(wanted_users: WantedUsers, counted: user_list.ChoiceCounts) -> list[Chip]:
    chips = [
        Chip(kind, kind_of(kind)[1], wanted_users.kind is kind, count, kind_of(kind)[0])
        for kind, count in sorted(counted.kinds.items(), key=lambda kind_count: -kind_count[1])
        if count or wanted_users.kind is kind
    ]
    return [Chip("", "Every kind", wanted_users.kind is None), *chips]


def _rows(domain: Domain, users: Sequence[ListedUser]) -> list[UserRow]:
    events = history.latest(domain, [user.id for user in users])
    return [UserRow(user, words.billed(user), words.aliases(user), events.get(user.id)) for user in users]


def _gone_users(domain: Domain, users: Sequence[ListedUser], now: datetime) -> list[Gone]:
    retirements = history.retirements(domain, [user.id for user in users])
    lives = queries.lives([user.id for user in users], domain)
    own = {key: next((life for life in several if life.own), None) for key, several in lives.items()}
    return [_gone_user(user, retirements.get(user.id), own.get(user.id), now) for user in users]


def _gone_user(user: ListedUser, retirement: history.Retirement | None, life: Lifetime | None, now: datetime) -> Gone:
    restorable_until = user.retired_at + KEPT if user.retired_at else None
    return Gone(
        user,
        retirement.why if retirement else "",
        retirement.released_by if retirement else "",
        life,
        None if life is None else life.stage(now),
        restorable_until,
    )
