"""Commands about the keys that seal stored secrets."""

from django.db import transaction

from mailroll.alerts.channels import storage
from mailroll.cli.output import Exit, Output, acting, answers
from mailroll.cli.secrets import as_json, lines_of
from mailroll.connections import key_rotation, openable


@answers
def rotate() -> Output:
    """Seal every stored secret with the first key; after that, the others can be taken away."""
    with transaction.atomic():
        done, channels = key_rotation.reseal(acting()), storage.reseal_all()
    counts = {
        "connections": done.connections,
        "consent": done.consent,
        "second_factors": done.second_factors,
        "alert_channels": channels,
    }
    total = sum(counts.values())
    return Output(counts, f"{total} secrets are sealed with the first key. The others can be taken away.")


@answers
def check() -> Output:
    """Try to open every stored secret, and name those that do not open; nothing is changed."""
    secrets = (*openable.sealed_secrets(), *storage.sealed_secrets())
    lost = any(not one.opens for one in secrets)
    return Output({"secrets": as_json(secrets)}, "\n".join(lines_of(secrets)), Exit.NO if lost else Exit.DONE)
