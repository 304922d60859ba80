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
        held = _locked(source)
        kept, offered = _kept(connection, policy)
        if offered:
            kept.vouched = kept.vouched or _vouches(policy, kept)
        others = _ask_rules(held, kept, policy, offered=offered)
        _prove(held.domain, kept, policy, acting)
        if isinstance(policy, Proved):
            kept.health = health.of_proof(policy.proof, held.domain, acting.now(), kept.health)
            if offered:
                kept.health = health.forgiven(kept.health)
        kept.save()
        left = held.connection
        held.connection, held.tenant, held.enabled = kept, kept.tenant_id, True
        held.save(update_fields=["connection", "tenant", "enabled"])
        if left is not None and left.id != kept.id:
            _forget_unused(left)
        ages.refresh(held.domain_id, acting.now())
        edit.bump_revision(held.domain_id)
        if isinstance(policy, Proved):
            note(
                acting,
                "source.connected",
                held.domain,
                source=str(held.owner_id),
                connection=str(kept.id),
                tenant=kept.tenant_id,
                cloud=kept.cloud,
                credential=kept.credential_kind,
                # Nobody at the tenant was asked: whoever acts decided that the consent of before is for this, too.
                on_consent_of_before=not offered,
            )
            _note_sharing(acting, kept, others)
    source.connection, source.tenant, source.enabled = kept, kept.tenant_id, True
    return kept


def detach(source: Source, acting: Acting) -> None:
    """Let go of a tenant. Its users stay as they are; the credential goes with the last source that used it."""
    with transaction.atomic():
        held = _locked(source)
        left = held.connection
        if left is None:
            raise Refused("source_not_connected", "This source is not connected.", "Nothing was changed.")
        held.connection, held.enabled = None, False
        held.save(update_fields=["connection", "enabled"])
        ages.refresh(held.domain_id, acting.now())
        edit.bump_revision(held.domain_id)
        note(
            acting,
            "source.disconnected",
            held.domain,
            source=str(held.owner_id),
            connection=str(left.id),
            tenant=left.tenant_id,
        )
        _forget_unused(left)


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
    held = rows.filter(owner=source.owner_id).first()
    if held is None:
        raise Refused("source_removed", "The source was removed meanwhile.", "Nothing was changed.")
    return held


def _kept(connection: Connection, policy: Policy) -> tuple[Connection, bool]:
    """Return the row that stands for a connection, and whether it was offered.

    It is the stored one; or the organization's own by the same registration, in which the credential that was just
    proved counts from now on; or the one that was offered.
    """
    rows = Connection.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    stored = rows.filter(id=connection.id).first()
    if stored is not None or isinstance(policy, OnTrust):
        return stored or connection, stored is None
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
