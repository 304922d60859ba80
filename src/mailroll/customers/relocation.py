"""Moves a domain with its history to another organization, and nothing with it that is the first one's alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from mailroll import promises
from mailroll.accounts import access, tokens
from mailroll.accounts.models import Operator, Role
from mailroll.accounts.tokens import TokenPurpose
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import attach, sources
from mailroll.connections.lookalikes import note_look_alikes
from mailroll.connections.models import CertificateDraft, ConsentAttempt, ConsentLink, DnsProof, Source
from mailroll.connections.ownership import watch
from mailroll.directory import edit, tree
from mailroll.directory.models import Domain, Organization, StaticUpload
from mailroll.gateway.demand import HTTP
from mailroll.gateway.models import Asker, KnownAddress, RefusedAddress
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync.locks.domain_lock import alone
from mailroll.sync.models import (
    AddressQuestion,
    QuietSpell,
    Run,
    RunChange,
    RunRequest,
    RunSkip,
    RunState,
    Schedule,
    SteadyState,
    UnfinishedReading,
)
from mailroll.sync.schedules import schedule

_TOOK_EFFECT: Final = (RunState.APPLIED, RunState.UNCHANGED)
_OF_SOMEBODY: Final = frozenset({ReasonCode.ALIAS_MOVED.value, ReasonCode.IDENTITY_REUSED.value})
"""Reasons that name who has an address now: it may be somebody of another domain of the organization."""
_SOMEBODY: Final = "somebody else"
_TOGETHER: Final = 500


@dataclass(frozen=True, slots=True)
class Relocated:
    """What went along, and which sources have to be connected anew."""

    users: int
    runs: int
    disconnected: tuple[str, ...]


def destinations(domain: Domain, operator: Operator) -> "QuerySet[Organization]":
    """The organizations that an operator may move a domain to."""
    places = access.reach(operator, Role.ADMINISTRATOR)
    return places.exclude(id=domain.organization_id).order_by("name", "id")


def read_by_token(domain: Domain, now: datetime) -> tuple[str, ...]:
    """The names of tokens that gateways asked about a domain with lately; none of them may read it once it is moved."""
    lately = Asker.objects.filter(domain=domain, kind=HTTP, last_at__gt=now - promises.ASKED)
    return tuple(lately.order_by("name").values_list("name", flat=True))


def move_domain(
    domain: Domain, to: Organization, acting: Acting, *, by: Operator | None, although_served: bool = False
) -> Relocated:
    """Move a domain; `by` administers both organizations, or is nobody where the command line acts.

    1. Take the domain's lock: nothing is read or applied meanwhile. Raises `AlreadyRunning`.
    2. Leave behind what is the first organization's: connections but those of organizations above both, links and
       drafts, plans that wait, what runs said of others in the tenant, and how gateways called themselves.
    3. Change whose it is, switch automatic sync off, and note it with both.
    """
    _refuse(domain, to, by)
    if not although_served:
        _refuse_unreachable(domain, to, acting.now())
    both = sorted((domain.organization_id, to.id))
    with alone(domain.id, acting.now()), transaction.atomic():
        rows = Organization.objects.select_for_update(no_key=True).filter(id__in=both)
        places = {organization.id: organization for organization in rows}
        # A change of a column with a unique index takes this lock anyway (PostgreSQL, "Explicit Locking"); who takes a
        # weaker one first may meet somebody in between, and each would wait for the other.
        locked_domain = Domain.objects.select_for_update().get(id=domain.id)
        if locked_domain.organization_id != domain.organization_id or to.id not in places:
            raise Refused("domain_moved", f"{domain.name} was moved meanwhile.", "Look where it is now.")
        locked_domain.organization = places[locked_domain.organization_id]
        if by is not None:
            _refuse(locked_domain, places[to.id], by)
        disconnected = tuple(_disconnect(locked_domain, places[to.id], acting))
        schedule.switch_off(locked_domain, acting)
        _leave_behind(locked_domain, places[to.id])
        runs = _keep_what_took_effect(locked_domain)
        before = locked_domain.organization
        edit.move_domain(locked_domain, places[to.id], acting)
        for alias in locked_domain.aliases.filter(proved_at=None):
            watch.begin(locked_domain, alias.name, acting.now())
        note_look_alikes(locked_domain, acting)
        _note_above(locked_domain, before, acting)
        users = locked_domain.users.filter(retired_at=None).count()
    domain.organization = to
    return Relocated(users, runs, disconnected)


def _refuse(domain: Domain, to: Organization, by: Operator | None) -> None:
    if by is not None and not (access.may_connect(by, domain.organization) and access.may_connect(by, to)):
        raise Refused(
            "role_missing",
            "Only who administers both organizations can move a domain between them.",
            "Ask somebody of the organization above both.",
        )
    if domain.organization_id == to.id:
        raise Refused("domain_there", f"{domain.name} is in {to.name} already.", "Nothing was changed.")
    edit.refuse_unproved(domain)
    if Domain.objects.filter(organization=to, name=domain.name).exists():
        raise Refused(
            "domain_exists",
            f"{to.name} has added {domain.name} itself, and waits to prove it.",
            "Remove that one first.",
        )


def _refuse_unreachable(domain: Domain, to: Organization, now: datetime) -> None:
    """A gateway whose token does not reach the domain any more gets a list without it, and refuses everybody there."""
    names = read_by_token(domain, now)
    working = tokens.working(TokenPurpose.GATEWAY).values()
    if names and not any(
        to.id in token.bearer.organizations and token.works(now) for token in working if not token.bearer.own
    ):
        names_shown = ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")  # noqa: PLR2004 - as many as are named
        raise Refused(
            "domain_read_by_token",
            f"Gateways asked about {domain.name} in the last {promises.in_words(promises.ASKED)} with the token"
            f" {names_shown}, and no token reads the lists of {to.name}: mail for everybody there may be refused then.",
            f"Make a token for {to.name} first; or say that it shall be moved all the same.",
        )


def _disconnect(domain: Domain, to: Organization, acting: Acting) -> Iterator[str]:
    """Consent was given to the first organization; the next one connects the same tenant anew."""
    serving = set(tree.above(to).values_list("id", flat=True))
    for source in sources.ordered(domain):
        if source.connection is not None and source.connection.organization_id not in serving:
            attach.detach(source, acting)
            yield source.owner.label


def _leave_behind(domain: Domain, to: Organization) -> None:
    ConsentAttempt.objects.filter(domain=domain).delete()
    ConsentLink.objects.filter(domain=domain).delete()
    CertificateDraft.objects.filter(source__in=Source.objects.filter(domain=domain)).delete()
    for rows in (
        DnsProof.objects,
        UnfinishedReading.objects,
        AddressQuestion.objects,
        StaticUpload.objects,
        SteadyState.objects,
        QuietSpell.objects,
        RunRequest.objects,
        Asker.objects,
    ):
        rows.filter(domain=domain).delete()
    if not to.keeps_asked:
        KnownAddress.objects.filter(domain=domain).delete()
        RefusedAddress.objects.filter(domain=domain).delete()
    # What somebody looked at before counts for nothing here.
    Schedule.objects.filter(domain=domain).update(
        previewed_revision=None, filtered_revision=None, failures=0, rung=0, failing=None, paused=None
    )


def _keep_what_took_effect(domain: Domain) -> int:
    """Keep the runs that made the list what it is, without what they said of others; return how many those are."""
    runs = Run.objects.filter(domain=domain)
    kept_runs = runs.filter(state__in=_TOOK_EFFECT)
    RunSkip.objects.filter(run__in=runs).delete()
    others = runs.exclude(state__in=_TOOK_EFFECT)
    runs.filter(parent__in=others.values("id")).update(parent=None)
    runs.filter(waits_in__in=others.values("id")).update(waits_in=None)
    others.delete()
    kept_runs.update(findings=[])
    changes = RunChange.objects.filter(run__in=kept_runs).order_by("id")
    last = 0
    while batch := list(changes.filter(id__gt=last)[:_TOGETHER]):
        last = batch[-1].id
        touched = [change for change in batch if _took_names_out(change)]
        RunChange.objects.bulk_update(touched, ["reasons"])
    return kept_runs.count()


def _took_names_out(change: RunChange) -> bool:
    reasons: list[dict[str, Any]] = change.reasons
    named_reasons = [reason for reason in reasons if reason["code"] in _OF_SOMEBODY]
    for named_reason in named_reasons:
        named_reason["to"] = _SOMEBODY
    return bool(named_reasons)


def _note_above(domain: Domain, before: Organization, acting: Acting) -> None:
    """Tell those who administer both organizations from where to where; each of the two learns its own half."""
    above = {organization.id: organization for organization in tree.above(before)}
    common = [organization for organization in tree.above(domain.organization) if organization.id in above]
    nearest = max(common, key=lambda organization: tree.above(organization).count(), default=None)
    if nearest is not None:
        about = Subject(domain.name, nearest.id)
        note(acting, "domain.moved", about, before=before.name, after=domain.organization.name)
