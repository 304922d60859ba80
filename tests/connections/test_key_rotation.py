"""Rotation of the keys: everything is sealed anew, and then opens without the old key."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from pytest_django import Settings

from mailroll.accounts import installation
from mailroll.connections import certificates, credentials, customer_registration, key_rotation
from mailroll.connections.consent import links
from mailroll.connections.credentials import Credential
from mailroll.connections.models import CertificateDraft, Connection, ConsentLink
from mailroll.connections.subscriptions import states
from mailroll.sealing import Sealer, WrongKeyError
from mailroll.sync.models import RunState
from simulator.tests.entrance import FIRM
from tests.connections.consents import Scene, audited
from tests.sync.world import PERMISSIONS, Customer, failure

OLD, NEW = "s6eX1sK0gGBvGxnMqLPMHfdGmIRQ9i8pQyVRFkKq7LQ=", Fernet.generate_key().decode()


class Keys:
    """The keys a process was started with."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def are(self, *keys: str) -> None:
        self._settings.MAILROLL = replace(self._settings.MAILROLL, secret_keys=keys)
        installation.sealer.cache_clear()


@pytest.fixture
def keys(settings: Settings) -> Iterator[Keys]:
    yield Keys(settings)
    installation.sealer.cache_clear()


def test_a_run_whose_credential_does_not_open_says_so_and_goes_on_with_the_earlier_key(
    customer: Customer, keys: Keys
) -> None:
    had = installation.settings().secret_keys
    customer.sync()
    keys.are(NEW)
    error = failure(customer.sync())
    assert (error["code"], "Give back the earlier key" in error["help"]) == ("sealing_wrong_key", True)
    keys.are(NEW, *had)
    assert customer.sync().state == RunState.UNCHANGED


def test_after_a_rotation_the_old_key_can_go(scene: Scene, keys: Keys) -> None:
    keys.are(OLD)
    own = scene.simulator.register_app(display_name="Own", permissions=PERMISSIONS)
    scene.simulator.consent(own, scene.tenant())
    secret = own.add_secret()
    customer_registration.connect(
        scene.source, scene.operator, FIRM, own.client_id, "custom", Credential(secret=secret), scene.acting
    )
    link = links.make(scene.source, scene.operator, scene.acting)
    address = links.address(link)
    key = certificates.key(certificates.make(scene.source, scene.acting))

    sealed = get_adapter().encrypt
    Authenticator.objects.create(
        user=scene.operator, type=Authenticator.Type.TOTP, data={"secret": sealed("JBSWY3DPEHPK3PXP")}
    )
    Authenticator.objects.create(
        user=scene.operator,
        type=Authenticator.Type.RECOVERY_CODES,
        data={"seed": sealed("seed"), "used_mask": 3, "migrated_codes": [sealed("one"), sealed("two")]},
    )

    keys.are(NEW, OLD)
    done = key_rotation.reseal(scene.acting)
    assert (done.connections, done.consent, done.second_factors) == (1, 2, 2)

    keys.are(NEW)
    assert credentials.access(Connection.objects.get()).values["secret"] == secret
    assert links.address(ConsentLink.objects.get()) == address
    assert certificates.key(CertificateDraft.objects.get()) == key
    assert audited("keys.rotated") == [{"connections": 1, "consent": 2, "second_factors": 2}]
    opened = get_adapter().decrypt
    app, codes = (row.data for row in Authenticator.objects.order_by("id"))
    assert opened(app["secret"]) == "JBSWY3DPEHPK3PXP"
    assert (opened(codes["seed"]), codes["used_mask"]) == ("seed", 3)
    assert [opened(code) for code in codes["migrated_codes"]] == ["one", "two"]


def test_a_rotation_without_the_old_key_changes_nothing(scene: Scene, keys: Keys) -> None:
    keys.are(OLD)
    links.make(scene.source, scene.operator, scene.acting)
    before = list(ConsentLink.objects.values_list("sealed_token", flat=True))
    keys.are(NEW)
    with pytest.raises(WrongKeyError):
        key_rotation.reseal(scene.acting)
    assert list(ConsentLink.objects.values_list("sealed_token", flat=True)) == before
    assert not audited("keys.rotated")


def test_a_process_that_lives_through_a_rotation_goes_on(
    customer: Customer, settings: Settings, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    file = tmp_path / "secret.key"
    file.write_text("\n".join(installation.settings().secret_keys))
    file.chmod(0o600)
    settings.MAILROLL = replace(installation.settings(), secret_keys=(), data_dir=tmp_path)
    customer.sync()
    file.write_text(f"{NEW}\n{file.read_text()}")
    row = Connection.objects.get()
    # What `mailroll keys rotate` does, in a process of its own.
    rotation = Sealer(file.read_text().split("\n"))
    row.sealed_credential = rotation.rotate(row.sealed_credential, f"connection:{row.id}:credential")
    row.save()
    assert customer.sync().state == RunState.UNCHANGED


def test_what_is_half_written_in_a_key_file_proves_no_notification(settings: Settings, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    file = tmp_path / "secret.key"
    file.write_text(OLD)
    file.chmod(0o600)
    settings.MAILROLL = replace(installation.settings(), secret_keys=(), data_dir=tmp_path)
    row = uuid4()
    for text in (OLD[:20], ""):
        file.write_text(OLD)
        installation.sealer()
        file.write_text(text)
        state = states.issue(row)
        file.write_text(f"{NEW}\n{OLD}")
        assert states.judge(state) == row
        assert states.issue(row) != state, "what is new is made with the new key"
