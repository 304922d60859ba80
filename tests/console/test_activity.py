"""What could do most harm is a line in the organization's Activity, whoever did it, for its administrators alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import (
    demands,
    invitations,
    memberships,
    operators,
    second_factor,
    tokens,
    visits,
)
from mailroll.accounts import (
    people as roles,
)
from mailroll.accounts.models import Membership, Operator, Role, Visit
from mailroll.accounts.operators import acting_as
from mailroll.audit import clock
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.audit.notes import Subject, note
from mailroll.connections import attach, check, filters, sources
from mailroll.connections.consent import links
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Connection, Source
from mailroll.customers import archive, erasure
from mailroll.directory import edit
from mailroll.directory.edit.statics import Static
from mailroll.directory.models import Domain, Organization, Serving
from mailroll.gateway import export, losses
from mailroll.gateway.models import MissingRows
from mailroll.insight import acts
from mailroll.settings import CloudName, Demand
from mailroll.sync.runs import decide
from tests.console.pages import words
from tests.console.people import PASSWORD, People, confirm
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

FREIGHT = "freight.example"


@pytest.fixture
def provider(customer: Customer) -> Operator:
    """Somebody of the provider, above the customer."""
    place = customer.domain.organization
    place.parent = edit.add_organization("Northgate IT", Acting("test:setup"))
    place.save()
    made = Operator.objects.create_user("dev@provider.example", PASSWORD, name="Dev Patel")
    Membership.objects.create(operator=made, organization=place.parent, role=Role.ADMINISTRATOR)
    AuditEntry.objects.all().delete()
    return made


def test_every_act_of_the_table_raises_a_line(
    customer: Customer, people: People, provider: Operator, settings: Settings, tmp_path: Path
) -> None:
    """Each is done by the real edit, by somebody of the provider; the customer reads that its provider did it."""
    place, domain, viewer = customer.domain.organization, customer.domain, people.viewer
    acting, browser = acting_as(provider), Client()
    browser.force_login(provider)
    confirm(browser)
    held = _held(customer)
    _own_app(settings, customer, tmp_path)
    drives: dict[str, Callable[[], object]] = {
        "run.released": lambda: decide.release(held, "They left", Acting(acting.actor, customer.time)),
        "invitation.sent": lambda: invitations.invite(
            "new@x.example", place, Role.VIEWER, by=provider, now=clock.now()
        ),
        "membership.changed": lambda: memberships.grant(viewer, place, Role.TECHNICIAN, acting),
        "membership.removed": lambda: roles.remove(viewer.memberships.get(), by=provider),
        "membership.added": lambda: memberships.grant(viewer, place, Role.VIEWER, acting),
        "operator.password_changed": lambda: operators.set_password(viewer, "three unrelated words", acting),
        "operator.sessions_ended": lambda: _end_session(viewer, acting),
        "operator.deactivated": lambda: operators.deactivate(viewer, acting),
        "operator.activated": lambda: operators.activate(viewer, acting),
        "second_factor.taken_away": lambda: _with_factor(viewer, acting),
        "organization.second_factor_demand": lambda: demands.demand(place, Demand.EVERYBODY, by=provider),
        "token.added": lambda: tokens.create("mx1", [place], [tokens.TokenPurpose.GATEWAY], acting),
        "token.revoked": lambda: tokens.revoke(tokens.find("mx1"), acting),
        "domain.added": lambda: edit.add_domain(place, FREIGHT, acting),
        "domain.alias_added": lambda: edit.add_domain_alias(domain, "alias.example", acting),
        "consent_link.made": lambda: _make_link(provider, acting),
        "source.connected": lambda: _connect(customer, provider),
        "source.disconnected": lambda: attach.detach(Source.objects.get(domain__name=FREIGHT), acting),
        "source.removed": lambda: sources.remove_keeping_users(Source.objects.get(domain__name=FREIGHT), acting),
        "connection.added": lambda: attach.attach(None, _offer(customer), attach.OnTrust(), acting),
        "source.filter_set": lambda: filters.save(customer.source, filters.check(customer.source, FILTER), acting),
        "domain.serving_set": lambda: edit.set_serving(
            domain, replace(edit.ServingWay.of(domain), serving=Serving.WATCH), acting
        ),
        "removals.paused": lambda: edit.pause_removals(place, "A move", acting),
        "removals.resumed": lambda: edit.resume_removals(place, acting),
        "domain.missing_accepted": lambda: _accept_missing(domain, acting),
        "gateway.shrink_accepted": lambda: export.accept(
            [export.MissingAddresses(domain.id, domain.name, 2, ("a@x.example",))], "known", acting
        ),
        "static.added": lambda: edit.add_static(domain, Static(f"lists@{DOMAIN}"), acting),
        "statics.imported": lambda: edit.add_statics(domain, [(1, Static(f"more@{DOMAIN}"))], acting),
        "run.exported": lambda: browser.get(reverse("console:run-export", args=[DOMAIN, held])),
        "users.exported": lambda: browser.get(reverse("console:users-export", args=[DOMAIN])),
        "people.exported": lambda: browser.get(reverse("console:people-export")),
        "organization.erased": lambda: erasure.erase(
            edit.add_organization("Branch", acting, parent=place), "Branch", acting
        ),
        "organization.exported": lambda: archive.note_export(place, acting),
        "audit.exported": lambda: _take_the_log(browser),
        "domain.moved_away": lambda: edit.move_domain(
            Domain.objects.get(name=FREIGHT), edit.add_organization("Elsewhere", acting), acting
        ),
        "domain.moved_here": lambda: edit.move_domain(Domain.objects.get(name=FREIGHT), place, acting),
        "domain.removed": lambda: edit.remove_domain(Domain.objects.get(name=FREIGHT), acting),
    }
    assert set(drives) == set(acts.ACTS)
    for action, drive in drives.items():
        drive()
        entry = AuditEntry.objects.filter(action=action).order_by("-id").first()
        assert entry is not None, action
        lines = {line.entry: line for line in acts.page(place, people.owner).lines}
        assert entry.id in lines, action
        assert lines[entry.id].by == "Northgate IT", action
        assert "{" not in lines[entry.id].words
    demands.demand(place, Demand.NOBODY, by=provider)
    told = words(people.client("owner").get(reverse("console:organization-activity", args=[place.id])))
    assert "Made vera@northgate.example technician, from viewer" in told
    assert "Released held changes of brightwater.example" in told
    assert "Dev Patel" not in told
    assert provider.email not in told


FILTER = {"all": [{"field": "displayName", "operator": "is not", "value": "Agency Driver"}]}


def _held(customer: Customer) -> UUID:
    """A run that waits: five of twelve would leave, which is too many."""
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    held = customer.sync().waits
    assert held is not None
    return held.id


def _own_app(settings: Settings, customer: Customer, folder: Path) -> None:
    """The Console has an app registration of its own, which links for consent are made with."""
    secret = folder / "secret"
    secret.write_text("not asked for here")
    settings.MAILROLL = replace(
        settings.MAILROLL,
        url="https://console.example",
        m365_client_id=customer.connection.client_id,
        m365_secret_file=secret,
        m365_cloud=CloudName.CUSTOM,
    )


def _make_link(by: Operator, acting: Acting) -> None:
    source = sources.choose(Domain.objects.get(name=FREIGHT), "microsoft365", acting)
    links.make(source, by, acting)


def _connect(customer: Customer, by: Operator) -> None:
    customer.tenant.add_domain(FREIGHT)
    source = Source.objects.select_related("domain__organization").get(domain__name=FREIGHT)
    proof = check.ask(customer.connection, source.domain)
    attach.attach(source, customer.connection, attach.Proved(proof, by), acting_as(by))


def _offer(customer: Customer) -> Connection:
    held = customer.connection
    secret = Credential(secret="another-secret")
    return attach.offer(held.organization, held.kind, held.tenant_id, held.client_id, held.cloud, secret)


def _accept_missing(domain: Domain, acting: Acting) -> None:
    MissingRows.objects.create(domain_id=domain.id, name=domain.name, count=2, sample=["a@x.example"])
    losses.accept(domain.name, acting)


def _with_factor(who: Operator, acting: Acting) -> None:
    Authenticator.objects.create(user=who, type=Authenticator.Type.RECOVERY_CODES, data={})
    second_factor.take_away(who, acting)


def _end_session(who: Operator, acting: Acting) -> None:
    Visit.objects.create(operator=who, methods=[], began_at=Now(), seen_at=Now())
    visits.end_others(who, None, acting)


def _take_the_log(browser: Client) -> None:
    assert browser.post(reverse("console:audit-export")).status_code == 200


def _note(action: str, subject: str, place: Organization | None, actor: str = "cli:root") -> None:
    with transaction.atomic():
        note(Acting(actor), action, Subject(subject, place.id if place else None))


def _told(place: Organization, reader: Operator) -> list[str]:
    return [line.words for line in acts.page(place, reader).lines]


def test_no_line_is_of_another_customer_nor_of_the_provider_s_own_people(
    customer: Customer, people: People, provider: Operator
) -> None:
    place = customer.domain.organization
    above = provider.memberships.get().organization
    sister = edit.add_organization("Sister", Acting("test:setup"), parent=above)
    _note("domain.added", "sister.example", sister)
    _note("membership.added", "boss@provider.example", above)
    _note("operator.deactivated", provider.email, None)
    # Of the provider's own domain, and so of nobody below.
    _note("removals.paused", "provider.example", above)
    own = edit.add_domain(above, "itself.example", Acting("test:setup"))
    edit.rename_organization(above, own.name, Acting("test:setup"))
    edit.pause_removals(own, "A move", Acting("test:setup"))
    edit.resume_removals(own, Acting("test:setup"))
    assert _told(place, people.owner) == []
    edit.rename_organization(above, "Northgate IT", Acting("test:setup"))
    _note("removals.paused", above.name, above)
    _note("removals.paused", "every organization", None)
    _note("audit.exported", above.name, above)
    _note("operator.deactivated", people.viewer.email, None)
    assert _told(place, people.owner) == [
        "Switched vera@northgate.example off",
        "Exported the audit log of Northgate IT and below",
        "Paused removals of every organization",
        "Paused removals of Northgate IT",
    ]
    # The provider sees its customers' lines beside its own.
    assert "Added the domain sister.example" in _told(above, provider)


def test_what_somebody_does_to_their_own_account_is_no_line_of_theirs(customer: Customer, people: People) -> None:
    place = customer.domain.organization
    AuditEntry.objects.all().delete()
    _note("operator.password_changed", people.viewer.email, None, f"operator:{people.viewer.email}")
    _note("operator.sessions_ended", people.viewer.email, None, f"operator:{people.viewer.email}")
    assert _told(place, people.owner) == []
    _note("operator.password_changed", people.viewer.email, None)
    assert _told(place, people.owner) == ["Set another password for vera@northgate.example"]


def test_a_colleague_is_named_and_what_is_not_in_the_table_is_no_line(customer: Customer, people: People) -> None:
    place = customer.domain.organization
    before = len(_told(place, people.owner))
    _note("user.pinned", "tom@x.example", place, f"operator:{people.technician.email}")
    _note("static.added", "fax@x.example", place, f"operator:{people.technician.email}")
    _note("static.added", "fix@x.example", place, f"operator:{people.owner.email}")
    _note("static.added", "far@x.example", place, "operator:gone@x.example")
    lines = acts.page(place, people.owner).lines
    assert len(lines) == before + 3
    assert [line.by for line in lines[:3]] == ["somebody who has no role here any more", "you", "Tom Ellery"]


def test_only_administrators_see_it_and_older_lines_are_on_pages_of_their_own(
    customer: Customer, people: People
) -> None:
    place = customer.domain.organization
    for number in range(acts.PAGE + 1):
        _note("static.added", f"{number}@x.example", place)
    url = reverse("console:organization-activity", args=[place.id])
    answers = [people.client(name).get(url).status_code for name in ("viewer", "technician", "stranger")]
    assert answers == [403, 403, 404]
    first = people.client("owner").get(url)
    assert "Made the static address 50@x.example" in words(first)
    assert " 0@x.example" not in words(first)
    older = acts.page(place, people.owner).older
    assert f'href="?before={older}"' in first.content.decode()
    assert "Made the static address 0@x.example" in words(people.client("owner").get(f"{url}?before={older}"))
    settled = words(people.client("owner").get(reverse("console:organization", args=[place.id])))
    assert "Made the static address 50@x.example" in settled
    assert "Made the static address 47@x.example" not in settled
