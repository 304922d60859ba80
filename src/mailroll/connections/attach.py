"""The one way in which a tenant is attached: to an organization as a connection, and through it to a source.

Who attaches brings a policy. Whatever it is, hosts are pinned, the credential is sealed for its row, a source keeps its
tenant, and a connection serves nobody beside or above its organization.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import overload

from django.db import connection as database
from django.db import transaction

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import ages, certificates, credentials, health, rules
from mailroll.connections.clouds import hosts
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Connection, Source
from mailroll.connections.subscriptions import termination
from mailroll.connectors import registry
from mailroll.connectors.consent import Proof
from mailroll.directory import edit, tree
from mailroll.directory.edit.names import lock_names
from mailroll.directory.models import Domain, Organization, ProvedBy
from mailroll.reconcile.errors import MailrollError, Refused


@dataclass(frozen=True, slots=True)
class Proved:
    """The policy of the Console: the tenant has just proved itself, and the operator's rights count at this moment.

    Without an operator it is whoever has a consent link: that one gets no tenant that another organization has.
    """

    proof: Proof
    operator: Operator | None


@dataclass(frozen=True, slots=True)
class OnTrust:
    """The policy of the command line, which asks for no role, no claim and no proof.

    - No role and no claim: who has the shell of this machine stands above all organizations.
    - No proof: a connection may be added without a network, and before an administrator consented. Nothing is synced on
      trust, as every run asks for the verified domains, and holds its plan where its own is none of them.
    - So a credential that works is never replaced: what is added is always a row of its own.
    """


Policy = Proved | OnTrust


def offer(  # noqa: PLR0917 - what a person enters on one form
    organization: Organization, kind: str, tenant: str, client: str, cloud: str, credential: Credential
) -> Connection:
    """Return a connection by a registration that people bring, not stored. Raises `BadInput` for malformed settings."""
    pinned = hosts(cloud)
    connection = Connection(
        organization=organization,
        kind=kind,
        cloud=cloud,
        login_url=pinned.login_url,
        graph_url=pinned.graph_url,
        ca_file=pinned.ca_file,
        tenant_id=tenant.strip().lower(),
        client_id=client.strip().lower(),
        credential_kind=credential.kind,
    )
    connection.sealed_credential = credentials.seal(connection.id, credential.values)
    # Nothing is sent anywhere.
    registry.build(kind, credentials.access(connection).values)
    if credential.certificate:
        connection.credential_ends_at = certificates.ends_at(credential.certificate)
    return connection


@overload
def attach(source: Source, connection: Connection, policy: Policy, acting: Acting) -> Connection: ...
@overload
def attach(source: None, connection: Connection, policy: OnTrust, acting: Acting) -> Connection: ...
def attach(source: Source | None, connection: Connection, policy: Policy, acting: Acting) -> Connection:
    """Attach the tenant of a connection, stored or offered; return the connection that stands for it from now on.

    1. Let those who claim one tenant at once come one by one.
    2. Without a source, which only trust allows, keep the connection for sources to come.
    3. Lock the source and the connection as they are now, and ask the rules; the domain is proved by it from now on.
    4. Switch the source on, and forget what it had before where nothing else uses it.
    """
    with transaction.atomic():
        if isinstance(policy, Proved):
            _queue(connection)
        if source is None:
            connection.vouched = _vouches(policy, connection)
            return _added(connection, acting)
        if source.domain.proved_at is None:
            # Before its row, as everywhere: whoever gives out names locks these first.
            lock_names()
        locked_source = _locked(source)
        kept_connection, offered = _choose_row(connection, policy)
        if offered:
            kept_connection.vouched = kept_connection.vouched or _vouches(policy, kept_connection)
        others = _ask_rules(locked_source, kept_connection, policy, offered=offered)
        _prove(locked_source.domain, kept_connection, policy, acting)
        if isinstance(policy, Proved):
            kept_connection.health = health.of_proof(
                policy.proof, locked_source.domain, acting.now(), kept_connection.health
            )
            if offered:
                kept_connection.health = health.forgiven(kept_connection.health)
        kept_connection.save()
        former_connection = locked_source.connection
        locked_source.connection, locked_source.tenant, locked_source.enabled = (
            kept_connection,
            kept_connection.tenant_id,
            True,
        )
        locked_source.save(update_fields=["connection", "tenant", "enabled"])
        if former_connection is not None and former_connection.id != kept_connection.id:
            _forget_unused(former_connection)
        ages.refresh(locked_source.domain_id, acting.now())
        edit.bump_revision(locked_source.domain_id)
        if isinstance(policy, Proved):
            note(
                acting,
                "source.connected",
                locked_source.domain,
                source=str(locked_source.owner_id),
                connection=str(kept_connection.id),
                tenant=kept_connection.tenant_id,
                cloud=kept_connection.cloud,
                credential=kept_connection.credential_kind,
                # Nobody at the tenant was asked: whoever acts decided that the consent of before is for this, too.
                on_consent_of_before=not offered,
            )
            _note_sharing(acting, kept_connection, others)
    source.connection, source.tenant, source.enabled = kept_connection, kept_connection.tenant_id, True
    return kept_connection


def detach(source: Source, acting: Acting) -> None:
    """Let go of a tenant. Its users stay as they are; the credential goes with the last source that used it."""
    with transaction.atomic():
        locked_source = _locked(source)
        former_connection = locked_source.connection
        if former_connection is None:
            raise Refused("source_not_connected", "This source is not connected.", "Nothing was changed.")
        locked_source.connection, locked_source.enabled = None, False
        locked_source.save(update_fields=["connection", "enabled"])
        ages.refresh(locked_source.domain_id, acting.now())
        edit.bump_revision(locked_source.domain_id)
        note(
            acting,
            "source.disconnected",
            locked_source.domain,
            source=str(locked_source.owner_id),
            connection=str(former_connection.id),
            tenant=former_connection.tenant_id,
        )
        _forget_unused(former_connection)


@contextmanager
def noting_refusal(source: Source, acting: Acting) -> Iterator[None]:
    """Keep in the audit log that a source was not connected, and by which code."""
    try:
        yield
    except MailrollError as error:
        note_claim(source.domain, error, acting)
        with transaction.atomic():
            note(acting, "connect.refused", source.domain, source=str(source.owner_id), code=error.code)
        raise


def _note_sharing(acting: Acting, connection: Connection, others: Sequence[Organization]) -> None:
    """Note that organizations share a tenant, where those read it who administer them all: each sees itself alone."""
    if not others:
        return
    places = [connection.organization, *others]
    common = set.intersection(*(set(tree.above(place).values_list("id", flat=True)) for place in places))
    nearest = max(common, key=lambda key: tree.above(Organization(id=key)).count(), default=None)
    about = Subject(connection.tenant_id, nearest)
    note(acting, "connection.tenant_shared", about, organizations=sorted(place.name for place in places))


def note_claim(domain: Domain, error: MailrollError, acting: Acting) -> None:
    """Keep that a tenant proved a domain which is another's; the refusal has taken back whatever was noted before."""
    if error.code == rules.PROVED_ELSEWHERE:
        edit.prove_domain(domain, ProvedBy.TENANT, acting)


def _queue(connection: Connection) -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"tenant:{connection.cloud}:{connection.login_url}:{connection.tenant_id}"],
        )


def _added(connection: Connection, acting: Acting) -> Connection:
    connection.save(force_insert=True)
    note(
        acting,
        "connection.added",
        Subject(str(connection.id), connection.organization_id),
        kind=connection.kind,
        cloud=connection.cloud,
        tenant=connection.tenant_id,
        client=connection.client_id,
        credential=connection.credential_kind,
    )
    return connection


def _locked(source: Source) -> Source:
    """Return the source as it is now, after whoever changes sources of its domain at this moment."""
    Domain.objects.select_for_update(no_key=True).filter(id=source.domain_id).first()
    rows = Source.objects.select_for_update(of=("self",), no_key=True).select_related(
        "connection", "domain__organization"
    )
    locked_source = rows.filter(owner=source.owner_id).first()
    if locked_source is None:
        raise Refused("source_removed", "The source was removed meanwhile.", "Nothing was changed.")
    return locked_source


def _choose_row(connection: Connection, policy: Policy) -> tuple[Connection, bool]:
    """Return the row that stands for a connection, and whether it was offered.

    It is the stored one; or the organization's own by the same registration, in which the credential that was just
    proved counts from now on; or the one that was offered.
    """
    rows = Connection.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    stored_connection = rows.filter(id=connection.id).first()
    if stored_connection is not None or isinstance(policy, OnTrust):
        return stored_connection or connection, stored_connection is None
    names = ("organization_id", "cloud", "login_url", "tenant_id", "client_id")
    own = rows.filter(**{name: getattr(connection, name) for name in names}).order_by("created_at").first()
    if own is None:
        return connection, True
    own.sealed_credential = credentials.sealed_for(own.id, connection)
    for name in ("credential_kind", "credential_ends_at", "consent"):
        setattr(own, name, getattr(connection, name))
    return own, True


def _vouches(policy: Policy, connection: Connection) -> bool:
    """Whether somebody at the top attaches: who has the shell of this machine stands there, too."""
    if isinstance(policy, OnTrust):
        return True
    return policy.operator is not None and access.stands_on_top(policy.operator, connection.organization)


def _ask_rules(source: Source, connection: Connection, policy: Policy, *, offered: bool) -> list[Organization]:
    """Return the other organizations that have the tenant, where that was asked."""
    operator = policy.operator if isinstance(policy, Proved) else None
    if operator is not None:
        rules.refuse_without_role(operator, source.domain.organization)
    rules.refuse_out_of_reach(source, connection, operator, trusted=isinstance(policy, OnTrust))
    if isinstance(policy, Proved):
        rules.refuse_unproved(source.domain, connection.tenant_id, policy.proof)
    rules.refuse_other_tenant(source, connection.tenant_id)
    return rules.refuse_claimed(connection, operator) if offered and isinstance(policy, Proved) else []


def _prove(domain: Domain, connection: Connection, policy: Policy, acting: Acting) -> None:
    """Have a domain be its organization's, if it is not yet: its tenant has just shown that it verified the domain.

    Raises `Refused` where that proves nothing, and where the domain is another's.
    """
    if domain.proved_at is not None:
        return
    if isinstance(policy, OnTrust):
        edit.refuse_unproved(domain)
    rules.refuse_cloud_without_proof(domain, connection)
    if not edit.prove_domain(domain, ProvedBy.TENANT, acting):
        raise rules.proved_elsewhere(domain.name)


def _forget_unused(connection: Connection) -> None:
    """Delete a connection, and the credential in it, once no source uses it."""
    unused = Connection.objects.filter(id=connection.id, sources__isnull=True)
    termination.part(unused)
    unused.delete()
