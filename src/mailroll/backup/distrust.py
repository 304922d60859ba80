"""What a restored installation no longer believes: everything that was read, waited, or was under way.

The directory has moved on since the backup. An old list would refuse who joined meanwhile, an old plan would remove who
came back, and a link that was used up meanwhile would work again.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from psycopg import sql

from mailroll.accounts.models import Invitation, Operator, Token, Visit
from mailroll.alerts.models import Alert
from mailroll.audit.actor import Acting
from mailroll.backup import contents
from mailroll.connections.consent.refusal import ENDED
from mailroll.connections.models import AttemptStep, ConsentAttempt, ConsentLink, Source
from mailroll.directory import edit, rollmarks
from mailroll.directory.models import Address, Domain, Serving, User
from mailroll.sync import states
from mailroll.sync.models import MailboxPurpose, RequestOutcome, Run, RunRequest, Schedule

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_INTERRUPTED: Final = {
    "code": "restored",
    "message": "This was under way when the backup was made that this installation was restored from.",
    "help": "Start it again.",
}


@dataclass(frozen=True, slots=True)
class Distrusted:
    """What was taken back, and what a person has to look through, as nobody can tell what became of it meanwhile."""

    switched_off: tuple[str, ...]
    """Domains whose automatic sync was on."""
    watched: tuple[str, ...]
    """Domains that no reading makes right, without a source or with users by hand, or all of them: who was entered by
    hand after the backup is lost. They are only watched until a person says otherwise."""
    discarded: int
    """Plans that waited."""
    operators: int
    tokens: int
    """Who could sign in, and which gateways could, when the backup was made: whatever was taken away since is back."""


def distrust(acting: Acting, *, watch_all: bool) -> Distrusted:
    """Take back what only the installation of then could believe, in the caller's transaction.

    `watch_all`: refuse nobody of any domain, as somebody may have been entered by hand where nobody was before.
    """
    _empty_what_stays_behind()
    # No triggers saw its rows come back.
    rollmarks.renew()
    discarded = _end_runs(acting)
    switched_off = _switch_off()
    _forget_readings()
    # Whoever put one off did not know of this.
    Alert.objects.filter(ended_at=None).update(snoozed_until=None, snoozed_until_change=False)
    watched = _watch(acting, watch_all=watch_all)
    _end_ways_in(acting)
    now = acting.now()
    tokens = Token.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
    operators = Operator.objects.filter(is_active=True)
    return Distrusted(switched_off, watched, discarded, operators.count(), tokens.count())


def _empty_what_stays_behind() -> None:
    """Nothing of it was in the backup; a migration may have made some of it anew."""
    with connection.cursor() as cursor:
        names = contents.LEFT - {"django_migrations"}
        # Those who refer before those who are referred to.
        for table in reversed(contents.tables(cursor, names)):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.schema, table.name)))


def _end_runs(acting: Acting) -> int:
    now = acting.now()
    states.interrupt(Run.objects.all(), _INTERRUPTED, now)
    discarded = states.discard(Run.objects.all(), acting.actor, now)
    RunRequest.objects.filter(outcome="").update(outcome=RequestOutcome.CANCELLED, settled_at=now)
    return discarded


def _switch_off() -> tuple[str, ...]:
    """Nobody has looked at a preview of what is true today: without one, nothing is switched on again."""
    on = Schedule.objects.filter(automatic=True).order_by("domain__name")
    names = tuple(on.values_list("domain__name", flat=True))
    Schedule.objects.update(
        automatic=False, next_run_at=None, previewed_revision=None, failures=0, rung=0, failing=None, paused=None
    )
    return names


def _forget_readings() -> None:
    """No list has an age, no address is confirmed gone, and previews from before are of other settings."""
    Source.objects.update(read_at=None)
    Domain.objects.update(read_at=None, revision=F("revision") + 1)
    Address.objects.exclude(confirmed_at=None).update(confirmed_at=None)
    # Answers hold until there are newer ones: without them rooms would turn into users. But all are asked for again.
    MailboxPurpose.objects.update(asked_at=_LONG_AGO)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO gateway.feed DEFAULT VALUES")
        cursor.execute("SELECT gateway.wake()")


def _watch(acting: Acting, *, watch_all: bool) -> tuple[str, ...]:
    by_hand = User.objects.filter(domain=OuterRef("id"), owner=None, retired_at=None)
    served_domains = Domain.objects.filter(proved_at__isnull=False, serving=Serving.SERVE)
    doubted = served_domains if watch_all else served_domains.filter(Q(has_source=False) | Exists(by_hand))
    watched = list(doubted.order_by("name"))
    for domain in watched:
        edit.set_serving(domain, replace(edit.ServingWay.of(domain), serving=Serving.WATCH), acting)
    return tuple(domain.name for domain in watched)


def _end_ways_in(acting: Acting) -> None:
    """Whoever was signed in signs in again; what works once may have worked since."""
    now = acting.now()
    Visit.objects.filter(ended_at=None).update(ended_at=now)
    Invitation.objects.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    ConsentLink.objects.filter(accepted_at=None, ended_at=None).update(ended_at=now)
    ConsentAttempt.objects.exclude(step__in=ENDED).update(
        step=AttemptStep.REFUSED, refusal=_INTERRUPTED, finished_at=now, sealed=""
    )
