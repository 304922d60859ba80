"""The customer's own app registration: proved by a credential that works there, and by the verified domain."""

import pytest
from cryptography import x509

from mailroll.audit.models import AuditEntry
from mailroll.connections import certificates, credentials, customer_registration, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import CertificateDraft, Connection
from mailroll.directory import edit
from mailroll.reconcile.errors import MailrollError
from mailroll.sync.runs import make
from mailroll_simulator import App
from simulator.tests.entrance import FIRM, OTHER, KeyPair
from tests.connections.consents import Scene, audited, operator
from tests.sync.world import PERMISSIONS


@pytest.fixture
def own(scene: Scene) -> App:
    """Return a registration that the firm made for itself and consented to."""
    made = scene.simulator.register_app(display_name="Firm's own", permissions=PERMISSIONS)
    made.home_tenant = FIRM
    scene.simulator.consent(made, scene.tenant())
    return made


def connect(scene: Scene, app: App, credential: Credential, tenant: str = FIRM) -> Connection:
    return customer_registration.connect(
        scene.source, scene.operator, tenant, app.client_id, "custom", credential, scene.acting
    )


def refused(scene: Scene, app: App, credential: Credential, tenant: str = FIRM) -> str:
    with pytest.raises(MailrollError) as caught:
        connect(scene, app, credential, tenant)
    for secret in credential.values.values():
        assert secret not in str(caught.value)
        assert secret not in str(list(AuditEntry.objects.values()))
    assert [each["code"] for each in audited("connect.refused")] == [caught.value.code]
    scene.nothing_changed()
    return caught.value.code


def test_a_secret_that_works_in_the_tenant_connects_the_source(scene: Scene, own: App) -> None:
    secret = own.add_secret()
    made = connect(scene, own, Credential(secret=secret))
    assert (made.credential_kind, made.tenant_id) == ("secret", FIRM)
    assert secret not in made.sealed_credential
    assert credentials.access(made).values["secret"] == secret
    assert scene.source_now().enabled
    assert make.preview(scene.domain, scene.acting).state == "planned"


def test_a_certificate_made_here_connects_the_source_and_its_key_is_never_told(scene: Scene, own: App) -> None:
    draft = certificates.make(scene.source, scene.acting)
    assert "PRIVATE" not in draft.certificate + draft.sealed_key
    own.add_certificate(draft.certificate)
    made = connect(scene, own, customer_registration.drafted(scene.source))
    assert made.credential_kind == "certificate"
    ends = x509.load_pem_x509_certificate(draft.certificate.encode()).not_valid_after_utc
    assert made.credential_ends_at == ends
    assert not CertificateDraft.objects.exists()
    assert audited("certificate.made")[0]["fingerprint"] == certificates.fingerprint(draft.certificate)


def test_a_certificate_of_the_customers_own_works_as_well(scene: Scene, own: App) -> None:
    pair = KeyPair.make()
    own.add_certificate(pair.pem)
    made = connect(scene, own, Credential(certificate=pair.pem, certificate_key=pair.key_pem))
    assert made.credential_kind == "certificate"


def test_without_a_certificate_there_is_nothing_to_connect_with(scene: Scene) -> None:
    with pytest.raises(MailrollError) as caught:
        customer_registration.drafted(scene.source)
    assert caught.value.code == "certificate_not_made"


def test_a_wrong_secret_is_refused(scene: Scene, own: App) -> None:
    own.add_secret()
    assert refused(scene, own, Credential(secret="the-id-and-not-the-value")) == "secret_wrong"


def test_malformed_ids_are_told_all_at_once(scene: Scene, own: App) -> None:
    own.client_id = "not a guid"
    with pytest.raises(MailrollError) as caught:
        connect(scene, own, Credential(secret="s"), "my tenant")
    assert caught.value.code == "settings_malformed"
    assert "tenant ID" in caught.value.message
    assert "application ID" in caught.value.message


def test_a_tenant_that_does_not_own_the_domain_is_refused(scene: Scene, own: App) -> None:
    own.home_tenant = None
    scene.simulator.consent(own, scene.tenant(1))
    assert refused(scene, own, Credential(secret=own.add_secret()), OTHER) == "domain_not_verified"


def test_missing_permissions_are_named(scene: Scene, own: App) -> None:
    own.permissions = ("User.Read.All", "Organization.Read.All")
    scene.simulator.consent(own, scene.tenant())
    assert refused(scene, own, Credential(secret=own.add_secret())) == "permissions_missing"


def test_a_second_secret_takes_the_place_of_the_first(scene: Scene, own: App) -> None:
    first = connect(scene, own, Credential(secret=own.add_secret()))
    newer = own.add_secret()
    second = connect(scene, own, Credential(secret=newer))
    assert second.id == first.id
    assert credentials.access(Connection.objects.get()).values["secret"] == newer


def test_a_tenant_of_another_organization_is_refused_at_this_door_too(scene: Scene, own: App) -> None:
    connect(scene, own, Credential(secret=own.add_secret()))
    stranger = edit.add_organization("Stranger", scene.acting)
    scene.tenant().add_domain("second.example")
    scene.source = sources.choose(scene.domain_of(stranger, "second.example"), "microsoft365", scene.acting)
    scene.operator = operator("sam@stranger.example", stranger)
    with pytest.raises(MailrollError) as caught:
        connect(scene, own, Credential(secret=own.add_secret()))
    assert caught.value.code == "tenant_claimed"
    assert scene.source_now().connection is None
