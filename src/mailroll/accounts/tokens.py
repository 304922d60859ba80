"""Tokens: what programs sign in with, mail gateways first. Each is for some organizations and all below them.

The text of a token is shown once and kept nowhere, only its SHA-256. Passwords need a slow hash because people choose
them; these are 256 random bits, which nobody guesses however fast each try is, and a fast hash lets every request be
checked. It is looked up by that hash, so no comparison tells by its time how much of a guess was right.
"""

import hashlib
import secrets
from binascii import crc32
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from mailroll.accounts import access, operators
from mailroll.accounts.models import Operator, Role, Token
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.text import tidy

PREFIX: Final = "mailroll_"
"""What those who search code for secrets find a token by; it ends in a checksum, so that they know one from a text."""

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BODY, _CHECK = 43, 6
"""Digits that hold 256 bits, and those that hold 32."""

_OWN: Final = "own"
"""Stands beside the purposes of a token that was lent to a check."""

_LENT: Final = timedelta(minutes=1)

_NOTICED: Final = timedelta(minutes=1)
"""How often a use is written down, at the most."""

_SCOPE = """
    WITH RECURSIVE reach (id) AS (
        SELECT organization_id FROM accounts_token_organizations WHERE token_id = %s
        UNION
        SELECT child.id FROM directory_organization child JOIN reach ON child.parent_id = reach.id
    ) SELECT id FROM reach
"""


_SCOPES = """
    WITH RECURSIVE reach (token_id, id) AS (
        SELECT token_id, organization_id FROM accounts_token_organizations
        UNION
        SELECT reach.token_id, child.id FROM directory_organization child JOIN reach ON child.parent_id = reach.id
    )
    SELECT token.id, token.name, token.digest, token.expires_at, token.purposes, array_agg(reach.id)
      FROM accounts_token token JOIN reach ON reach.token_id = token.id
     WHERE token.revoked_at IS NULL AND %s = ANY (token.purposes)
     GROUP BY token.id
"""


class TokenPurpose(StrEnum):
    GATEWAY = "gateway"
    """Reading lists, and asking about single addresses."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who brings a token: which one, and the organizations whose data it may read."""

    token: UUID
    name: str
    organizations: frozenset[UUID]
    own: bool = False
    """Whether it is Mailroll that asks, for a check: no gateway has."""


@dataclass(frozen=True, slots=True)
class Working:
    """A token that is not revoked, and its end."""

    bearer: Bearer
    expires_at: datetime | None

    def works(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at


def create(
    name: str,
    organizations: Sequence[Organization],
    purposes: Iterable[TokenPurpose],
    acting: Acting,
    *,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token for whoever may run the command line. Returns the row and the text, which is kept nowhere."""
    purpose_names = sorted({purpose.value for purpose in purposes})
    if not (tidy_name := tidy(name)):
        raise BadInput("token_unnamed", "A token needs a name.", "Name what will use it, like “mx1”.")
    if not organizations or not purpose_names:
        raise BadInput("token_for_nothing", "A token is for at least one organization and one purpose.", "Name them.")
    if expires_at is not None and expires_at <= acting.now():
        raise BadInput("token_expired", "A token cannot end before it begins.", "Give a day that is still to come.")
    text = _text(secrets.token_bytes(32))
    with transaction.atomic():
        token = Token.objects.create(
            name=tidy_name, digest=digest(text), purposes=purpose_names, created_at=acting.now(), expires_at=expires_at
        )
        token.organizations.set(organizations)
        _note(token, "token.added", acting)
    return token, text


def create_by(
    name: str,
    organizations: Sequence[Organization],
    purposes: Iterable[TokenPurpose],
    *,
    by: Operator,
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token for an operator, who administers all that it is for."""
    if not all(access.may_issue(by, organization) for organization in organizations):
        raise BadInput("organization_unknown", "There is no such organization.", "Choose one that you administer.")
    acting = Acting(operators.acting_as(by).actor, lambda: now)
    return create(name, organizations, purposes, acting, expires_at=expires_at)


def every() -> QuerySet[Token]:
    """Return all tokens by name, those that ended too."""
    tokens = Token.objects.exclude(purposes__contains=[_OWN])
    return tokens.prefetch_related("organizations").order_by("name", "created_at", "id")


def seen_by(operator: Operator) -> QuerySet[Token]:
    """Return the tokens that an operator may see and revoke: of each they administer all that it is for."""
    tokens = every().filter(_is_for(Q()))
    if access.everywhere(operator, Role.ADMINISTRATOR):
        return tokens
    theirs = access.organizations_as(operator, Role.ADMINISTRATOR)
    return tokens.exclude(_is_for(~Q(organization__in=theirs)))


def reaching(organization: Organization, *, by: Operator) -> QuerySet[Token]:
    """Return those of the tokens that an operator may see which can read the lists of an organization."""
    return seen_by(by).filter(_is_for(Q(organization__in=tree.above(organization))))


def _is_for(organizations: Q) -> Exists:
    """Whether a token is for any organization of which this is true."""
    return Exists(Token.organizations.through.objects.filter(organizations, token=OuterRef("id")))


def find(key: str) -> Token:
    """Find a token by its id, or by its name where only one that still works has it."""
    by_id = Q(id=key) if _is_id(key) else Q(name=tidy(key), revoked_at=None)
    match list(every().filter(by_id)[:2]):
        case [token]:
            return token
        case []:
            raise unknown()
        case _:
            raise BadInput("token_ambiguous", f"Several tokens are named “{key}”.", "Give the id.")


def find_by(key: UUID, *, by: Operator) -> Token:
    """Find a token that an operator may see; another customer's is as unknown as none."""
    token = seen_by(by).filter(id=key).first()
    if token is None:
        raise unknown()
    return token


def revoke(token: Token, acting: Acting) -> None:
    """End a token for good; the next request that brings it is refused."""
    with transaction.atomic():
        row = Token.objects.select_for_update().get(id=token.id)
        if row.revoked_at is None:
            row.revoked_at = acting.now()
            row.save(update_fields=["revoked_at"])
            _note(row, "token.revoked", acting)


def revoke_by(key: UUID, *, by: Operator, now: datetime) -> None:
    revoke(find_by(key, by=by), Acting(operators.acting_as(by).actor, lambda: now))


def bearer(text: str, purpose: TokenPurpose, now: datetime) -> Bearer | None:
    """Tell whose token a text is, while it works and is good for that; writes down that it was used."""
    if not well_formed(text):
        return None
    valid = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
    token = Token.objects.filter(valid, digest=digest(text), purposes__contains=[purpose.value]).first()
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at >= _NOTICED:
        due = Q(last_used_at=None) | Q(last_used_at__lte=now - _NOTICED)
        Token.objects.filter(due, id=token.id).update(last_used_at=now)
    with connection.cursor() as cursor:
        cursor.execute(_SCOPE, [token.id])
        reached = frozenset(reached for (reached,) in cursor.fetchall())
    return Bearer(token.id, token.name, reached, own=_OWN in token.purposes)


def working(purpose: TokenPurpose) -> Mapping[bytes, Working]:
    """Return every token that is good for something and not revoked, by the digest of its text."""
    with connection.cursor() as cursor:
        cursor.execute(_SCOPES, [purpose.value])
        return {
            bytes(hashed): Working(Bearer(key, name, frozenset(reached), own=_OWN in purposes), expires_at)
            for key, name, hashed, expires_at, purposes, reached in cursor.fetchall()
        }


def note_uses(times: Mapping[UUID, datetime]) -> None:
    """Write down when tokens were last used, in one order for all who write at once."""
    for key in sorted(times):
        due = Q(last_used_at=None) | Q(last_used_at__lte=times[key] - _NOTICED)
        Token.objects.filter(due, id=key).update(last_used_at=times[key])


@contextmanager
def lent(organization: Organization, purpose: TokenPurpose, now: datetime) -> Iterator[str]:
    """Make a token for a check by Mailroll itself. It ends with the block, and after a minute in any case.

    Nobody is shown its text or the token itself, so it stands in no trail; what it asks counts for no gateway.
    """
    Token.objects.filter(purposes__contains=[_OWN], expires_at__lte=now).delete()
    text = _text(secrets.token_bytes(32))
    token = Token.objects.create(
        name="Check now", digest=digest(text), purposes=[purpose.value, _OWN], created_at=now, expires_at=now + _LENT
    )
    token.organizations.set([organization])
    try:
        yield text
    finally:
        token.delete()


def well_formed(text: str) -> bool:
    """Tell by its checksum whether a text could be a token: what was cut or mistyped is not looked up."""
    body = text.removeprefix(PREFIX)
    return (
        text.startswith(PREFIX)
        and len(body) == _BODY + _CHECK
        and body.isascii()
        and body.isalnum()
        and body[_BODY:] == _check(body[:_BODY])
    )


def unknown() -> BadInput:
    return BadInput("token_unknown", "There is no such token.", "List them with: mailroll token list")


def _text(chance: bytes) -> str:
    body = _in_digits(int.from_bytes(chance), _BODY)
    return f"{PREFIX}{body}{_check(body)}"


def _check(body: str) -> str:
    return _in_digits(crc32(body.encode()), _CHECK)


def _in_digits(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def digest(text: str) -> bytes:
    """Return what a token is looked up by."""
    return hashlib.sha256(text.encode()).digest()


def _note(token: Token, action: str, acting: Acting) -> None:
    """Each organization that a token is for finds it in its own trail."""
    for organization in token.organizations.order_by("id"):
        note(acting, action, Subject(token.name, organization.id), token=str(token.id), purposes=token.purposes)


def _is_id(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
