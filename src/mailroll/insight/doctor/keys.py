"""Whether the keys are there, and whether they open what is stored: the oldest and newest secrets of each kind."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from allauth.mfa.models import Authenticator

from mailroll import sealing
from mailroll.accounts import factor_secrets
from mailroll.connections import credentials
from mailroll.connections.consent import tokens
from mailroll.connections.models import CertificateDraft, Connection, ConsentLink
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, spell, warns
from mailroll.sealing import Sealer, SealingError
from mailroll.settings import Settings

_AT_EACH_END: Final = 50
_NO_FACTOR: Final = Authenticator.Type.WEBAUTHN
"""A passkey keeps no secret here."""


def examine(circumstances: Circumstances) -> Diagnosis:
    if _is_unmade(circumstances.settings):
        return warns(
            f"There is no key file {circumstances.settings.data_dir / sealing.KEY_FILE}.",
            "Nothing to do before the first start, which makes it. Else bring it back from a backup.",
        )
    try:
        _sealer(circumstances.settings)
    except SealingError as error:
        return fails(error.message, error.help)
    return good("The keys are there and well-formed.")


def examine_secrets(circumstances: Circumstances) -> Diagnosis:
    """Try the keys on what is stored; nothing of it is kept."""
    try:
        sealer = None if _is_unmade(circumstances.settings) else _sealer(circumstances.settings)
    except SealingError:
        sealer = None
    tried, closed = 0, dict[str, int]()
    for kind, opens in _secrets(circumstances):
        tried += 1
        if sealer is None or not _is_open(opens, sealer):
            closed[kind] = closed.get(kind, 0) + 1
    if not closed:
        return good(
            f"{spell(tried, 'stored secret opens', 'stored secrets open')}." if tried else "No secret is stored."
        )
    counts = ", ".join(f"{number} of {kind}" for kind, number in closed.items())
    return fails(
        f"{sum(closed.values())} of {tried} stored secrets that were tried do not open: {counts}.",
        "Give back the earlier key, behind the present one in MAILROLL_SECRET_KEY or in the key file. If it is lost,"
        " connect those tenants and make those channels anew, and have people set up their second factor again.",
    )


def _is_unmade(own: Settings) -> bool:
    """Whether to ask for the keys would make them."""
    return not own.secret_keys and own.secret_key_file is None and not (own.data_dir / sealing.KEY_FILE).exists()


def _sealer(own: Settings) -> Sealer:
    return Sealer(sealing.keys_from(own.secret_keys, own.secret_key_file, own.data_dir))


def _secrets(circumstances: Circumstances) -> Iterator[tuple[str, Callable[[Sealer], object]]]:
    for connection in _ends(Connection.objects.exclude(sealed_credential="")):
        yield "connections", partial(credentials.try_open, connection)
    for link in _ends(ConsentLink.objects.filter(ended_at=None)):
        yield "consent links", partial(tokens.try_open, link.id, link.sealed_token)
    for draft in _ends(CertificateDraft.objects.all()):
        yield "certificates", partial(tokens.try_open, draft.source_id, draft.sealed_key)
    for factor in _ends(Authenticator.objects.exclude(type=_NO_FACTOR)):
        yield "second factors", partial(factor_secrets.try_open, factor)
    for kind, rows, try_open in circumstances.sealed:
        for row in _ends(rows):
            yield kind, partial(try_open, row)


def _ends(rows: Any) -> list[Any]:
    ordered = rows.order_by("created_at")
    both = (*ordered[:_AT_EACH_END], *ordered.reverse()[:_AT_EACH_END])
    return list({row.pk: row for row in both}.values())


def _is_open(opens: Callable[[Sealer], object], sealer: Sealer) -> bool:
    try:
        opens(sealer)
    except SealingError:
        return False
    return True
