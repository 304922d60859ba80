"""Keys travel apart, or inside sealed with a passphrase; what a lost key takes with it is said by name."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.apps import apps
from pytest_django import Settings

from mailroll.accounts import factor_secrets, installation
from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections import attach
from mailroll.connections.credentials import Credential, access
from mailroll.connections.models import Connection
from mailroll.directory import edit
from mailroll.sealing import KEY_FILE, LostKeyError
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
    made = mailroll("keys", "make", "--json").document
    assert [secret["remedy"] for secret in made["secrets"]] == ["Connect it anew."]
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


def test_a_key_file_that_is_gone_is_not_replaced_unasked(file: Path) -> None:
    key_file = file.parent / "here" / KEY_FILE
    away = key_file.rename(file.parent / "away")
    installation.sealer.cache_clear()
    with pytest.raises(LostKeyError):
        installation.sealer()
    for command in ("web", "worker"):
        refused = mailroll(command)
        assert (refused.exit_code, "sealing_key_file_missing" in refused.err) == (1, True), command
        assert ("Bring that file back" in refused.err, "mailroll keys make" in refused.err) == (True, True)
    assert mailroll("keys", "check").exit_code == 4
    assert mailroll("backup", str(file), "--json").document["keys"] == []
    words = ("--with-keys", "--passphrase-file", str(file.parent / "passphrase"), "--json")
    assert mailroll("backup", str(file), *words).document["error"]["code"] == "sealing_key_file_missing"
    assert not key_file.exists()
    away.rename(key_file)
    assert mailroll("keys", "check").exit_code == 0


def test_a_key_file_of_garbage_is_neither_used_nor_replaced(file: Path) -> None:
    key_file = file.parent / "here" / KEY_FILE
    key_file.write_bytes(b"\x00\xffgarbage\n")
    installation.sealer.cache_clear()
    assert "sealing_bad_key" in mailroll("worker").err
    assert mailroll("keys", "make", "--json").document["error"]["code"] == "keys_there"
    assert key_file.read_bytes() == b"\x00\xffgarbage\n"


def test_a_fresh_installation_makes_its_key_and_a_lost_one_is_replaced_when_asked(file: Path, folder: Path) -> None:
    key_file = folder / "here" / KEY_FILE
    fresh = key_file.read_text()
    key_file.unlink()
    made = mailroll("keys", "make")
    assert made.exit_code == 0
    assert f"Does not open: tenant {TENANT} of Brightwater. Connect it anew." in made.out
    assert key_file.read_text() != fresh
    assert mailroll("keys", "make", "--json").document["error"]["code"] == "keys_there"
    assert AuditEntry.objects.filter(action="keys.made").count() == 1
    key_file.unlink()
    emptying.empty()
    installation.sealer.cache_clear()
    assert installation.sealing_keys() == installation.sealing_keys()
    assert key_file.exists()


def test_whatever_is_sealed_for_people_keeps_a_new_key_from_being_made() -> None:
    # What is begun and over within the hour, or is read or made again by itself, is not missed.
    passing = {"ConsentAttempt", "PartedSubscription", "UnfinishedPage"}
    for model in apps.get_models():
        for column in model._meta.fields:
            if column.name.startswith("sealed") and model.__name__ not in passing:
                assert column.name in installation.SEALED[model._meta.db_table], model
