"""Keys travel apart, or inside sealed with a passphrase; what a lost key takes with it is said by name."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from pytest_django import Settings

from mailroll.accounts import factor_secrets, installation
from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.connections import attach
from mailroll.connections.credentials import Credential, access
from mailroll.connections.models import Connection
from mailroll.directory import edit
from mailroll.sealing import KEY_FILE
from tests import emptying
from tests.cli.commands import Answer, mailroll

pytestmark = pytest.mark.django_db(transaction=True)

TENANT = "11111111-2222-4333-8444-555555555555"
PASSPHRASE = "five words of a list"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """An installation that keeps its keys in its own folder, as most do."""
    _move_to(settings, tmp_path / "here")
    yield tmp_path
    installation.sealer.cache_clear()


@pytest.fixture
def file(folder: Path) -> Path:
    """Where its backup goes: one connection, and one operator with an authenticator app."""
    acting = Acting("test:setup")
    place = edit.add_organization("Brightwater", acting)
    offer = attach.offer(place, "microsoft365", TENANT, TENANT, "global", Credential(secret="a-secret"))
    attach.attach(None, offer, attach.OnTrust(), acting)
    operator = Operator.objects.create_user("jo@northgate.example")
    Authenticator.objects.create(user=operator, type="totp", data={"secret": factor_secrets.seal("ABCDEFGH")})
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    return folder / "mailroll.backup"


def _move_to(settings: Settings, data_dir: Path) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, secret_keys=(), data_dir=data_dir)
    installation.sealer.cache_clear()


def _restored(settings: Settings, file: Path, *more: str) -> Answer:
    emptying.empty()
    _move_to(settings, file.parent / "there")
    return mailroll("restore", str(file), "--json", *more)


def test_keys_inside_open_everything_elsewhere(settings: Settings, file: Path) -> None:
    words = ("--with-keys", "--passphrase-file", str(file.parent / "passphrase"))
    assert mailroll("backup", str(file), *words, "--json").document["keys_inside"] is True
    key = (file.parent / "here" / KEY_FILE).read_bytes().splitlines()[-1]
    assert key not in file.read_bytes()
    done = _restored(settings, file, "--passphrase-file", str(file.parent / "passphrase"))
    assert (done.exit_code, [one["opens"] for one in done.document["secrets"]]) == (0, [True, True])
    assert access(Connection.objects.get()).values["secret"] == "a-secret"
    kept = file.parent / "there" / KEY_FILE
    assert kept.read_bytes().splitlines()[-1] == key
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_lost_key_is_told_by_what_does_not_open_and_its_remedy(settings: Settings, file: Path) -> None:
    mailroll("backup", str(file))
    done = _restored(settings, file)
    assert done.exit_code == 3
    lost = {one["name"]: one["remedy"] for one in done.document["secrets"] if not one["opens"]}
    named = f"tenant {TENANT} of Brightwater"
    app = "authenticator app of jo@northgate.example"
    assert lost == {named: "Connect it anew.", app: "Run: mailroll operator drop-factors jo@northgate.example"}
    later = mailroll("keys", "check")
    assert later.exit_code == 4
    assert "0 of 2 open" in later.out
    assert f"Does not open: {named}. Connect it anew." in later.out
    # The remedy is what it says, and the key of then opens the rest once it is found.
    assert mailroll("operator", "drop-factors", "jo@northgate.example").exit_code == 0
    key = (file.parent / "here" / KEY_FILE).read_text().splitlines()[-1]
    with (file.parent / "there" / KEY_FILE).open("a") as kept:
        kept.write(f"{key}\n")
    installation.sealer.cache_clear()
    assert mailroll("keys", "check", "--json").exit_code == 0


def test_another_passphrase_restores_nothing(settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILROLL_BACKUP_PASSPHRASE", PASSPHRASE)
    mailroll("backup", str(file), "--with-keys")
    monkeypatch.setenv("MAILROLL_BACKUP_PASSPHRASE", f"{PASSPHRASE}s")
    refused = _restored(settings, file)
    assert (refused.exit_code, refused.document["error"]["code"]) == (1, "passphrase_wrong")
    assert not Connection.objects.exists()
    without = mailroll("restore", str(file), "--json", "--without-keys")
    assert (without.exit_code, Connection.objects.count()) == (3, 1)


def test_without_a_passphrase_or_with_a_short_one_nothing_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILROLL_BACKUP_PASSPHRASE", raising=False)
    assert mailroll("backup", str(file), "--with-keys", "--json").document["error"]["code"] == "passphrase_missing"
    monkeypatch.setenv("MAILROLL_BACKUP_PASSPHRASE", "too short")
    assert mailroll("backup", str(file), "--with-keys", "--json").document["error"]["code"] == "passphrase_short"
    assert {each.name for each in file.parent.iterdir()} == {"here", "passphrase"}


def test_keys_that_lie_elsewhere_are_not_changed(settings: Settings, file: Path) -> None:
    words = ("--passphrase-file", str(file.parent / "passphrase"))
    mailroll("backup", str(file), "--with-keys", *words)
    emptying.empty()
    settings.MAILROLL = replace(settings.MAILROLL, secret_keys=(Fernet.generate_key().decode(),))
    refused = mailroll("restore", str(file), "--json", *words)
    assert refused.document["error"]["code"] == "restore_keys_elsewhere"
    assert not Connection.objects.exists()
