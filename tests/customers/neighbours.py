"""Two customers of one provider, each with some of everything that is kept of a customer."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from mailroll.accounts import invitations, tokens
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.accounts.tokens import TokenPurpose
from mailroll.alerts import digest, rules
from mailroll.alerts.causes import AlertCause, Severity
from mailroll.alerts.channels import storage
from mailroll.alerts.models import Alert, ChannelKind
from mailroll.audit import clock
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import sources
from mailroll.connections.models import Connection, ConsentLink
from mailroll.directory import edit
from mailroll.directory.models import Domain, Exemption, Organization, Pause
from mailroll.gateway.models import AnswerCount, Asker, KnownAddress, MissingRows, RefusedAddress
from mailroll.sync.models import RunRequest
from mailroll.sync.schedules import schedule
from tests.sync.world import DOMAIN, Customer

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Street:
    """The provider above, the customer's house with a branch below it, and the house next door."""

    provider: Organization
    house: Organization
    branch: Organization
    next_door: Organization
    customer: Customer
    domain_next_door: Domain
    boss: Operator
    """Administers the house and nothing else."""
    root: Operator
    """Administers the provider."""


def build(customer: Customer) -> Street:
    acting = Acting("operator:root@provider.example")
    house = customer.domain.organization
    provider = edit.add_organization("Provider", acting)
    Organization.objects.filter(id=house.id).update(parent=provider)
    house.refresh_from_db()
    branch = edit.add_organization("Brightwater Branch", acting, parent=house)
    next_door = edit.add_organization("Coldharbour", acting, parent=provider)
    root = _operator("root@provider.example", provider)
    boss = _operator("boss@brightwater.example", house)
    neighbour = _operator("nina@coldharbour.example", next_door)
    # A guest of the house who works next door: their account is not the house's alone.
    Membership.objects.create(operator=neighbour, organization=house, role=Role.VIEWER)
    customer.sync()
    customer.tenant.delete_user(f"p3@{DOMAIN}")
    customer.sync()
    customer.preview()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    _live(customer.domain, boss)
    _live(edit.add_domain(branch, "branch.brightwater.example", acting), boss)
    other = edit.add_domain(next_door, "coldharbour.example", acting)
    _live(other, neighbour)
    Connection.objects.create(
        organization=next_door, kind="microsoft365", cloud="global", login_url="", graph_url="",
        tenant_id="coldharbour-tenant", client_id="c", credential_kind="secret", sealed_credential="sealed-next-door",
    )  # fmt: skip
    for place, name in ((house, "mx-brightwater"), (next_door, "mx-coldharbour")):
        tokens.create(name, [place], [TokenPurpose.GATEWAY], acting)
    tokens.create("mx-both", [house, next_door], [TokenPurpose.GATEWAY], acting)
    return Street(provider, house, branch, next_door, customer, other, boss, root)


def _operator(email: str, place: Organization) -> Operator:
    made = Operator.objects.create_user(email, PASSWORD, name=email.partition("@")[0].title())
    Membership.objects.create(operator=made, organization=place, role=Role.ADMINISTRATOR)
    return made


def _live(domain: Domain, by: Operator) -> None:
    """Leave a row of every kind behind."""
    acting, now, name = Acting(f"operator:{by.email}"), clock.now(), domain.name
    edit.add_user(domain, f"fax@{name}", acting, display_name=f"Fax of {name}")
    edit.add_static(domain, edit.Static(f"lists@{name}", note=f"Lists of {name}"), acting)
    edit.add_group(domain, f"Group of {name}", acting)
    edit.add_domain_alias(domain, f"alias.{name}", acting)
    Pause.objects.create(domain=domain, since=now, actor=acting.actor, reason=f"Paused for {name}")
    source = sources.choose(domain, "microsoft365", acting)
    ConsentLink.objects.create(
        domain=domain, source=source, created_by=by, token_hash=secrets.token_bytes(32), sealed_token=f"sealed-{name}",
        created_at=now, expires_at=now, sent_to=f"it@{name}",
    )  # fmt: skip
    invitations.invite(f"new@{name}", domain.organization, Role.VIEWER, by=by, now=now)
    Exemption.objects.create(domain=domain, external_id=f"object-{name}", address=f"chief@{name}")
    RunRequest.objects.create(
        domain=domain, trigger="preview", actor=acting.actor, asked_at=now, outcome="cancelled", settled_at=now
    )
    Alert.objects.create(
        cause=next(iter(AlertCause)), organization=domain.organization, key=str(domain.id), severity=Severity.SOON,
        facts={"domain": name}, domains=[domain.id], since=now, seen_at=now, changed_at=now,
    )  # fmt: skip
    channel = storage.add(domain.organization, ChannelKind.MAIL, "", f"desk@{name}", acting).channel
    wanted = rules.WantedRule(AlertCause.LIST_OLD, Severity.URGENT, 6, False, frozenset({channel.id}))
    rules.save(domain.organization, [wanted], acting)
    digest.settle(domain.organization, acting, on=True, minute=480)
    AnswerCount.objects.create(domain=domain, day=now.date(), answer="accept", count=3)
    KnownAddress.objects.create(domain=domain, address=f"fax@{name}", last_on=now.date(), counts=[1])
    RefusedAddress.objects.create(
        domain=domain, address=f"typo@{name}", watched=False, first_at=now, last_at=now, count=1
    )
    Asker.objects.create(domain=domain, kind="http", name=f"mx-{name}", last_at=now - timedelta(days=9))
    MissingRows.objects.create(domain_id=domain.id, name=name, count=1, sample=[f"lost@{name}"])
    with transaction.atomic():
        note(acting, "user.exported", Subject(f"fax@{name}", domain.organization_id), address=f"fax@{name}")


def rows() -> Iterator[tuple[str, str]]:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'gateway')"
            " AND tablename !~ '^(django_|procrastinate_|auth_|accounts_cache)'"
        )
        names = sorted(name for (name,) in cursor.fetchall())
        for name in names:
            cursor.execute(f"SELECT row_to_json(x)::text FROM {name} x ORDER BY 1")
            for (row,) in cursor.fetchall():
                yield name, row
