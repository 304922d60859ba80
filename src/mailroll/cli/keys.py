"""Commands about the keys that seal stored secrets."""

from django.db import transaction

from mailroll.accounts import installation
from mailroll.alerts.channels import storage
from mailroll.audit.notes import Subject, note
from mailroll.cli.output import Exit, Output, acting, answers
from mailroll.cli.secrets import as_json, lines_of
from mailroll.connections import key_rotation, openable
from mailroll.connections.openable import SealedSecret
from mailroll.reconcile.errors import Refused
from mailroll.sealing import KEY_FILE, make_key


@answers
def rotate() -> Output:
    """Seal every stored secret with the first key; after that, the others can be taken away."""
    with transaction.atomic():
        outcome, channels = key_rotation.reseal(acting()), storage.reseal_all()
    counts = {
        "connections": outcome.connections,
        "consent": outcome.consent,
        "second_factors": outcome.second_factors,
        "alert_channels": channels,
    }
    total = sum(counts.values())
    return Output(counts, f"{total} secrets are sealed with the first key. The others can be taken away.")


@answers
def check() -> Output:
    """Try to open every stored secret, and name those that do not open; nothing is changed."""
    secrets = _tried()
    has_lost_secrets = any(not secret.opens for secret in secrets)
    return Output(
        {"secrets": as_json(secrets)}, "\n".join(lines_of(secrets)), Exit.NO if has_lost_secrets else Exit.DONE
    )


@answers
def make() -> Output:
    """Make a new key file where the key is lost for good, and name what opened with that key alone."""
    own = installation.settings()
    file = own.data_dir / KEY_FILE
    if own.secret_keys or own.secret_key_file is not None or file.exists():
        raise Refused(
            "keys_there",
            f"There is a key already: {file if file.exists() else 'it is set in the environment'}.",
            "To change it, put the new one in front of it, restart, and run: mailroll keys rotate",
        )
    with transaction.atomic():
        note(acting(), "keys.made", Subject("keys"))
        make_key(own.data_dir)
    installation.sealer.cache_clear()
    secrets = _tried()
    lines = (f"Made {file}. Keep a copy apart from the backups.", *lines_of(secrets))
    return Output({"file": file, "secrets": as_json(secrets)}, "\n".join(lines))


def _tried() -> tuple[SealedSecret, ...]:
    return (*openable.sealed_secrets(), *storage.sealed_secrets())
