"""How stored secrets are told: how many open, and by name those that do not, with what is to be done."""

from collections.abc import Iterator, Sequence

from mailroll.connections.openable import SealedSecret


def as_json(secrets: Sequence[SealedSecret]) -> list[dict[str, object]]:
    return [
        {
            "kind": secret.kind,
            "name": secret.name,
            "opens": secret.opens,
            "remedy": "" if secret.opens else secret.remedy,
        }
        for secret in secrets
    ]


def lines_of(secrets: Sequence[SealedSecret]) -> Iterator[str]:
    lost_secrets = [secret for secret in secrets if not secret.opens]
    yield f"Stored secrets: {len(secrets) - len(lost_secrets)} of {len(secrets)} open with the keys that are here."
    for secret in lost_secrets:
        yield f"Does not open: {secret.name}. {secret.remedy}"
    if lost_secrets:
        yield "If their key is found, put it behind the present ones, and look again: mailroll keys check"
