"""Which stored secrets open with the keys of this process, each by the name that people know it by."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from allauth.mfa.models import Authenticator

from mailroll.accounts import factor_secrets, installation
from mailroll.connections import credentials
from mailroll.connections.consent import tokens
from mailroll.connections.models import CertificateDraft, Connection, ConsentLink
from mailroll.sealing import Sealer, SealingError


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """One stored secret, and what has to be done where it does not open."""

    kind: str
    name: str
    opens: bool
    remedy: str


def sealed_secrets() -> Iterator[SealedSecret]:
    """Try every one: connections, second factors, and what was begun to connect somebody. Nothing is changed."""
    yield from _connections()
    yield from _second_factors()
    yield from _unfinished_secrets()


def _connections() -> Iterator[SealedSecret]:
    rows = Connection.objects.exclude(sealed_credential="").select_related("organization")
    for row in rows.order_by("organization__name", "tenant_id", "id"):
        domains = sorted(set(row.sources.values_list("domain__name", flat=True)))
        read_for = f", read for {', '.join(domains)}" if domains else ""
        name = f"tenant {row.tenant_id} of {row.organization.name}{read_for}"
        yield _tried("connection", name, partial(credentials.try_open, row), "Connect it anew.")


def _second_factors() -> Iterator[SealedSecret]:
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).select_related("user")
    for row in rows.order_by("user__email", "type"):
        factor = "authenticator app" if row.type == Authenticator.Type.TOTP else "recovery codes"
        remedy = f"Run: mailroll operator drop-factors {row.user.email}"
        name = f"{factor} of {row.user.email}"
        yield _tried("second factor", name, partial(factor_secrets.try_open, row), remedy)


def _unfinished_secrets() -> Iterator[SealedSecret]:
    links = ConsentLink.objects.filter(accepted_at=None, ended_at=None).select_related("domain")
    for link in links.order_by("domain__name", "created_at", "id"):
        open_link = partial(tokens.try_open, link.id, link.sealed_token)
        yield _tried("consent link", f"link for {link.domain.name}", open_link, "Make another link.")
    for draft in CertificateDraft.objects.select_related("source__domain").order_by("source__domain__name", "source"):
        open_draft = partial(tokens.try_open, draft.source_id, draft.sealed_key)
        name = f"certificate made for {draft.source.domain.name}"
        yield _tried("certificate", name, open_draft, "Make another certificate.")


def _tried(kind: str, name: str, open_it: Callable[[Sealer], None], remedy: str) -> SealedSecret:
    try:
        open_it(installation.sealer())
    except SealingError:
        return SealedSecret(kind, name, opens=False, remedy=remedy)
    return SealedSecret(kind, name, opens=True, remedy=remedy)
