"""Commands about the keys that seal stored secrets."""

from django.db import transaction

from mailroll.alerts.channels import keeping
from mailroll.cli.answering import Exit, Output, acting, answers
from mailroll.cli.secrets import lines_of
from mailroll.connections import opening, resealing


@answers
def rotate() -> Output:
    """Seal every stored secret with the first key; after that, the others can be taken away."""
    with transaction.atomic():
        done, channels = resealing.reseal(acting()), keeping.reseal_all()
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
    secrets = (*opening.sealed_secrets(), *keeping.sealed_secrets())
    told = [
        {"kind": one.kind, "name": one.name, "opens": one.opens, "remedy": "" if one.opens else one.remedy}
        for one in secrets
    ]
    lost = any(not one.opens for one in secrets)
    return Output({"secrets": told}, "\n".join(lines_of(secrets)), Exit.NO if lost else Exit.DONE)
