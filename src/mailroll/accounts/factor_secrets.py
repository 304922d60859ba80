"""The secrets of second factors: each is sealed for its operator, and opens in no other operator's row."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_init

from mailroll.accounts import installation
from mailroll.sealing import MisplacedError, Sealer

_NO_OWNER = "second factor"
"""What a secret is sealed for before it is known whose it is; secrets from before owners were sealed have it too."""


class OwnerlessSecret(str):
    """Just sealed: django-allauth asks for the seal before it names the operator."""

    __slots__ = ()


class OwnedSecret(str):
    """A sealed secret as it stands in an operator's row."""

    __slots__ = ("operator",)
    operator: object

    def __new__(cls, sealed: str, operator: object) -> Self:
        secret = super().__new__(cls, sealed)
        secret.operator = operator
        return secret


def seal(plain: str) -> OwnerlessSecret:
    return OwnerlessSecret(installation.sealer().seal(plain, _NO_OWNER))


def open_secret(sealed: str) -> str:
    """Open what was read from an operator's row, or was just sealed. Raises `MisplacedError` or `WrongKeyError`."""
    context = _NO_OWNER
    if isinstance(sealed, OwnedSecret):
        context = _context(sealed.operator)
    elif not isinstance(sealed, OwnerlessSecret):
        raise TypeError("a secret is opened from its row only")
    return installation.sealer().open(sealed, context).decode()


def resealed(row: Authenticator) -> dict[str, Any]:
    """Return what a row keeps, its secrets sealed with the newest key, for its operator."""
    sealer, context = installation.sealer(), _context(row.user_id)

    def renew(sealed: str) -> str:
        try:
            return sealer.rotate(sealed, context)
        except MisplacedError:
            # From before owners were sealed; the migration could not open it, for want of its key.
            return sealer.seal(sealer.open(sealed, _NO_OWNER), context)

    return _change_secrets(row.data, renew)


def try_open(row: Authenticator, sealer: Sealer) -> None:
    """Raise `SealingError` where a secret of a row does not open; it goes nowhere."""

    def probe(sealed: str) -> str:
        try:
            sealer.open(sealed, _context(row.user_id))
        except MisplacedError:
            sealer.open(sealed, _NO_OWNER)
        return sealed

    _change_secrets(row.data, probe)


def own(instance: Authenticator, **_signal: object) -> None:
    """Say of the secrets of a row whose they are; what was just sealed is sealed for the row's operator."""
    # A row that is read without this column must not read it here: the signal would come again, without end.
    data = instance.__dict__.get("data")
    if isinstance(data, dict):
        instance.data = _change_secrets(data, lambda sealed: _owned(sealed, instance.user_id))


def _owned(sealed: str, operator: object) -> OwnedSecret:
    if isinstance(sealed, OwnerlessSecret):
        sealed = installation.sealer().seal(open_secret(sealed), _context(operator))
    return OwnedSecret(sealed, operator)


def _change_secrets(data: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    changed: dict[str, Any] = {name: change(data[name]) for name in ("secret", "seed") if name in data}
    if "migrated_codes" in data:
        changed["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
    return {**data, **changed}


def _context(operator: object) -> str:
    return f"second factor:operator:{operator}"


def connect() -> None:
    post_init.connect(own, sender=Authenticator, dispatch_uid="mailroll.accounts.factor_secrets")
