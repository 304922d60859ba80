"""Organizations and domains: how they come and go, and the two counters of a domain."""

from uuid import UUID

from django.db import connection, transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory import departures, model_rows
from mailroll.directory.edit.names import free_name, possible_name, refuse_twice
from mailroll.directory.edit.problems import FieldProblem, Malformed
from mailroll.directory.models import MAIN, Domain, Group, Organization, ProvedBy, User
from mailroll.reconcile.addresses import u_labels
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.text import alike, folded, is_showable, tidy

NAME_MAX = 200
"""Characters of an organization's name: it has to fit a screen."""


def add_organization(name: str, acting: Acting, *, parent: Organization | None = None) -> Organization:
    """Add a customer, or a provider. Names may repeat: the id tells them apart."""
    name = _good(name)
    with transaction.atomic():
        organization = Organization.objects.create(name=name, parent=parent)
        note(acting, "organization.added", organization, parent=str(parent.id) if parent else None)
    return organization


def rename_organization(organization: Organization, name: str, acting: Acting) -> None:
    name = _good(name)
    with transaction.atomic():
        before = Organization.objects.select_for_update(no_key=True).get(id=organization.id).name
        if before == name:
            return
        organization.name = name
        organization.save(update_fields=("name",))
        note(acting, "organization.renamed", organization, before=before)


def expect_empty(organization: Organization) -> None:
    """Refuse what can be done with an organization only that has neither domains nor customers below it."""
    if organization.domains.exists() or organization.children.exists():
        raise Refused(
            "organization_not_empty",
            f"{organization.name} still has domains, or customers below it.",
            "Remove those first.",
        )


def remove_organization(organization: Organization, acting: Acting) -> None:
    """Remove an organization that has neither domains nor customers below it."""
    with transaction.atomic():
        Organization.objects.select_for_update().get(id=organization.id)
        expect_empty(organization)
        above = organization.parent_id
        note(acting, "organization.removed", Subject(organization.name, above), was=str(organization.id))
        organization.delete()


def add_domain(organization: Organization, name: str, acting: Acting, *, proved: bool = True) -> Domain:
    """Add a mail domain with its group Main.

    It is its organization's at once where somebody at the top of the organizations adds it (`proved`); else once it is
    proved (`prove_domain`), whoever else has added the same name.
    """
    with transaction.atomic():
        canonical = free_name(name) if proved else possible_name(name)
        refuse_twice(organization, canonical)
        domain = Domain.objects.create(
            organization=organization,
            name=canonical,
            unicode_name=u_labels(canonical),
            proved_at=acting.now() if proved else None,
            proved_by=ProvedBy.TOP if proved else "",
        )
        Group.objects.create(domain=domain, name=MAIN, key=folded(MAIN))
        note(acting, "domain.added", domain, domain=str(domain.id), **({} if proved else {"proved": False}))
    return domain


def move_domain(domain: Domain, to: Organization, acting: Acting) -> None:
    """Change whose a domain is, for who holds its lock. Neither log tells which the other organization is."""
    with transaction.atomic():
        lock(domain)
        note(acting, "domain.moved_away", domain)
        Domain.objects.filter(id=domain.id).update(organization=to)
        domain.organization = to
        bump_revision(domain.id)
        note(acting, "domain.moved_here", domain, domain=str(domain.id))


def remove_domain(domain: Domain, acting: Acting) -> None:
    """Take a domain away with its whole roll. What layers above keep of it has to be gone before."""
    with transaction.atomic():
        lock(domain, proved=False)
        users = User.objects.filter(domain=domain).count()
        # Row by row through Django, a large roll would be read into memory first.
        with connection.cursor() as cursor:
            for table in ("address", "waitingaddress", "user", "owner", "group", "domainalias", "exemption"):
                cursor.execute(f"DELETE FROM directory_{table} WHERE domain_id = %s", [domain.id])  # noqa: S608
        # Stands for all of its addresses too: a large roll would make the ledger as large.
        departures.mean()
        Domain.objects.filter(id=domain.id).delete()
        note(acting, "domain.removed", domain, users=users)


def _good(name: str) -> str:
    name = tidy(name)
    if not alike(name) or not is_showable(name):
        raise Malformed.of("organization_unnamed", [FieldProblem("name", "An organization needs a name.")])
    if len(name) > NAME_MAX:
        raise Malformed.of(
            "organization_unnamed", [FieldProblem("name", f"The name is longer than {NAME_MAX} characters.")]
        )
    return name


def lock(domain: Domain, *, proved: bool = True) -> None:
    """Wait for whoever writes the domain's roll, and keep others out until the transaction ends.

    A domain that nobody has proved has no roll, so only `proved=False` locks it.
    """
    row = Domain.objects.select_for_update(no_key=True).filter(id=domain.id).first()
    if row is None:
        raise gone(domain)
    if proved:
        refuse_unproved(row)


def refuse_unproved(domain: Domain) -> None:
    """Refuse what needs a roll while nobody has proved that the domain is its organization's."""
    if domain.proved_at is None:
        raise Refused(
            "domain_unproved",
            f"Nobody has proved yet that {domain.name} belongs to {domain.organization.name}, so it has no list.",
            "Prove it by a record in its DNS zone, or by connecting its tenant.",
        )


def gone(domain: Domain) -> BadInput:
    return BadInput("domain_unknown", f"{domain.name} no longer exists.", "List the domains to see which do.")


def bump_revision(domain: UUID) -> int:
    """Count a change of the domain's sources or limits: plans made before it can no longer be applied."""
    return _count(domain, "revision")


def next_fence(domain: UUID) -> int:
    """Give the caller the right to write the roll, and take it from every worker before."""
    return _count(domain, "fence")


def expect_fence(domain: UUID, fence: int) -> None:
    """Raise `Refused` (`fenced_off`) where another worker has taken a domain over since it had this number."""
    if not Domain.objects.filter(id=domain, fence__lte=fence).exists():
        raise fenced_off()


def fenced_off() -> Refused:
    return Refused(
        "fenced_off",
        "Another worker has taken this domain over, so what this one had in hand was not written.",
        "Nothing is left to do: the other worker carries on.",
    )


def take_over(domain: Domain) -> None:
    """As `next_fence`, and bring the domain to what its row says by now, which is locked from then on."""
    columns = model_rows.columns(Domain, "directory_domain")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE directory_domain SET fence = fence + 1 WHERE id = %s RETURNING {columns}",  # noqa: S608 - its own
            [domain.id],
        )
        row = cursor.fetchone()
    if row is None:
        raise gone(domain)
    model_rows.refresh(domain, row)


def _count(domain: UUID, column: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE directory_domain SET {column} = {column} + 1 WHERE id = %s RETURNING {column}",  # noqa: S608
            [domain],
        )
        row = cursor.fetchone()
    if row is None:
        raise BadInput("domain_unknown", "The domain no longer exists.", "List the domains to see which do.")
    return int(row[0])
