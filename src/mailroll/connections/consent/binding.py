"""Binds a source to a tenant that proved itself: the only place where a connection comes to be by consent."""

from datetime import datetime
from typing import Final

from django.db import connection as database
from django.db import transaction

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.audit.acting import Acting
from mailroll.audit.notes import note
from mailroll.connections.models import Connection, Source
from mailroll.connectors.consent import Proof
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import MailrollError, NotVerified, Refused

DOMAINS_SHOWN: Final = 10


def check_proof(domain: Domain, tenant: str, proof: Proof) -> None:
    """Refuse a tenant that is not the one it was taken for, or that has not proved the domain."""
    if proof.health.tenant != tenant:
        raise NotVerified(
            "other_directory",
            "The directory that answered is not the tenant that was signed in to.",
            "Start again. If it happens again, somebody between this Console and Microsoft may be changing answers.",
        )
    if domain.name not in proof.health.domains:
        known = sorted(proof.health.domains)
        shown = ", ".join(known[:DOMAINS_SHOWN]) + (" and others" if len(known) > DOMAINS_SHOWN else "")
        raise NotVerified(
            "domain_not_verified",
            f"{proof.health.tenant_name or 'The tenant'} has not verified {domain.name}. "
            f"{'Its domains are: ' + shown if known else 'It has no mail domain at all'}.",
            f"Take the tenant that owns {domain.name}, or verify the domain there first.",
        )


def refuse_other_tenant(source: Source, tenant: str) -> None:
    """A source never silently turns to another directory: its users would all be somebody else's."""
    if source.tenant and source.tenant != tenant:
        raise Refused(
            "other_tenant",
            "This is not the tenant that this source had.",
            "Sign in to the same tenant as before. If another one is meant, make a new source.",
        )


def refuse_claimed(
    organization: Organization, cloud: str, login_url: str, tenant: str, operator: Operator | None
) -> list[Organization]:
    """Refuse a tenant that another organization has, but for an operator with rights over both; return those others."""
    rows = Connection.objects.filter(cloud=cloud, login_url=login_url, tenant_id=tenant)
    others = list(Organization.objects.filter(id__in=rows.exclude(organization=organization).values("organization")))
    if others and (operator is None or not all(access.may_connect(operator, other) for other in others)):
        # Whose it is, is nobody else's business.
        raise Refused(
            "tenant_claimed",
            "This tenant is connected already, in another organization of this Console.",
            "An administrator of both organizations can connect it here, too.",
        )
    return others


def bind(source: Source, made: Connection, proof: Proof, operator: Operator | None, acting: Acting) -> Connection:
    """Store the connection, or take up the organization's own of the same tenant, and switch the source on.

    In the transaction of the caller, which locks the attempt. Two who claim one tenant at once come one by one.
    """
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"tenant:{made.cloud}:{made.login_url}:{made.tenant_id}"],
        )
        domain = (
            Domain.objects.select_for_update(no_key=True, of=("self",))
            .select_related("organization")
            .filter(id=source.domain_id)
            .first()
        )
        rows = Source.objects.select_for_update(of=("self",)).select_related("connection")
        found = rows.filter(owner=source.owner_id).first()
        if domain is None or found is None:
            raise Refused("source_removed", "The source was removed meanwhile.", "Nothing was connected.")
        source = found
        if operator is not None and not access.may_connect(operator, domain.organization):
            raise Refused(
                "role_missing",
                "You may not connect sources in this organization, or no longer.",
                "Ask an administrator of the organization.",
            )
        if made.organization_id != domain.organization_id:
            raise Refused(
                "domain_moved", f"{domain.name} belongs to another organization by now.", "Start again from the source."
            )
        check_proof(domain, made.tenant_id, proof)
        refuse_other_tenant(source, made.tenant_id)
        shared = refuse_claimed(domain.organization, made.cloud, made.login_url, made.tenant_id, operator)
        kept = _stored(made, proof, domain, acting.now())
        left = source.connection
        source.connection, source.tenant, source.enabled = kept, kept.tenant_id, True
        source.save(update_fields=["connection", "tenant", "enabled"])
        if left is not None and left.id != kept.id:
            forget_unused(left)
        edit.bump_revision(domain.id)
        note(
            acting,
            "source.connected",
            domain,
            source=str(source.owner_id),
            connection=str(kept.id),
            tenant=kept.tenant_id,
            cloud=kept.cloud,
            credential=kept.credential_kind,
            shared_with=[str(other.id) for other in shared],
        )
    return kept


def note_refused(source: Source, error: MailrollError, acting: Acting) -> None:
    """Keep in the audit log that a source was not connected, and by which code."""
    with transaction.atomic():
        note(acting, "connect.refused", source.domain, source=str(source.owner_id), code=error.code)


def forget_unused(connection: Connection) -> None:
    """Delete a connection, and the credential in it, once no source uses it."""
    Connection.objects.filter(id=connection.id, sources__isnull=True).delete()


def health(proof: Proof, domain: Domain, now: datetime, before: dict[str, object]) -> dict[str, object]:
    """What a check found, as a connection keeps it; the counts of its other domains stay."""
    counts = before.get("people")
    people = dict(counts) if isinstance(counts, dict) else {}
    if proof.people is not None:
        people[domain.name] = proof.people
    return {
        "checked_at": now.isoformat(),
        "tenant_name": proof.health.tenant_name,
        "domains": sorted(proof.health.domains),
        "people": people,
        "permissions": [
            {
                "name": one.name,
                "state": one.state.value,
                "required": one.required,
                "why": one.why,
                "fix": one.fix,
            }
            for one in proof.health.permissions
        ],
    }


def known(made: Connection) -> Connection | None:
    """Return the organization's own connection of the same registration in the same tenant."""
    same = {"cloud": made.cloud, "login_url": made.login_url, "tenant_id": made.tenant_id, "client_id": made.client_id}
    return Connection.objects.filter(organization=made.organization_id, **same).order_by("created_at").first()


def _stored(made: Connection, proof: Proof, domain: Domain, now: datetime) -> Connection:
    """Keep one connection for each registration in a tenant; the credential that was just proved counts from now."""
    found = known(made)
    made.health = health(proof, domain, now, {} if found is None else found.health)
    if found is None:
        made.save(force_insert=True)
        return made
    if made.sealed_credential and made.id != found.id:
        # Sealed for a row that was not there yet when it was asked for; somebody else was quicker.
        raise Refused("connection_added", "The same connection was added at this moment.", "Connect again.")
    for name in ("credential_kind", "sealed_credential", "credential_ends_at", "consent", "health"):
        setattr(found, name, getattr(made, name))
    found.save()
    return found
