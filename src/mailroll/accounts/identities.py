"""The use cases about identities: which operator an issuer means by a subject.

An identity is (issuer, subject), nothing else. An address that an issuer claims never leads to an operator who is
there already: whoever can set an address at the issuer would become that operator.
"""

import hashlib
from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from mailroll.accounts import mail, memberships, operators
from mailroll.accounts.models import Operator, OperatorManager, Role
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory.models import Organization
from mailroll.reconcile.addresses import AddressFault, canonical
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.text import is_showable, tidy
from mailroll.settings.issuer import Issuer

PROVIDER = "issuer"
"""What the library files our one issuer under."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is to an issuer, and what it says of them."""

    issuer: str
    subject: str
    address: str | None
    """One that the issuer vouches for; None where it vouches for none."""
    name: str

    @property
    def key(self) -> str:
        """One text of a bounded length: subjects have up to 255 signs, and an issuer is a URL."""
        return hashlib.sha256(f"{self.issuer}\n{self.subject}".encode()).hexdigest()

    @property
    def kept(self) -> dict[str, str]:
        """What is kept of it: enough to find it at the issuer, and nothing about the person."""
        return {"iss": self.issuer, "sub": self.subject}


def identity_of(operator: Operator) -> SocialAccount | None:
    return SocialAccount.objects.filter(user=operator, provider=PROVIDER).first()


def connect(operator: Operator, identity: Identity) -> None:
    """Let an operator sign in by an identity. Raises `Refused` where it is somebody else's, or they have another."""
    with transaction.atomic():
        Operator.objects.select_for_update().get(pk=operator.pk)
        account = SocialAccount.objects.filter(provider=PROVIDER, uid=identity.key).first()
        if account is not None and account.user_id == operator.pk:
            return
        if account is not None:
            raise _taken_refusal()
        if identity_of(operator) is not None:
            raise Refused(
                "identity_replaced", "You sign in with another account already.", "Disconnect that one first."
            )
        attach(operator, identity)
        note(operators.acting_as(operator), "identity.connected", Subject(operator.email), **identity.kept)


def disconnect(operator: Operator) -> None:
    """Take an operator's identity away. Raises `Refused` where it is their only way in."""
    with transaction.atomic():
        account = SocialAccount.objects.select_for_update().filter(user=operator, provider=PROVIDER).first()
        if account is None:
            return
        if not operator.has_usable_password():
            raise Refused(
                "identity_last", "You have no password, so this is your only way in.", "Ask for a password first."
            )
        account.delete()
        note(operators.acting_as(operator), "identity.disconnected", Subject(operator.email))


def drop(operator: Operator, acting: Acting) -> bool:
    """Take an identity from somebody who has just got another password: others may have connected it. They are told."""
    with transaction.atomic():
        count, _ = SocialAccount.objects.filter(user=operator, provider=PROVIDER).delete()
        if count:
            note(acting, "identity.disconnected", Subject(operator.email))
            mail.tell(operator.email, "the account that you signed in with elsewhere was disconnected.")
    return bool(count)


def welcome(identity: Identity, issuer: Issuer) -> Operator:
    """Make the operator whom the issuer vouches for, by the installation's rule. Raises `Refused` for anybody else."""
    address = canonical(identity.address) if identity.address else None
    if address is None or isinstance(address, AddressFault) or address.rpartition("@")[2] not in issuer.domains:
        raise unknown(issuer)
    if Operator.objects.filter(email=OperatorManager.normalize_email(address)).exists():
        raise Refused(
            "identity_not_connected",
            f"There is an operator {address}, who has not connected an account of {issuer.name} yet.",
            "Sign in as before, then connect it on the page of your account.",
        )
    with transaction.atomic():
        operator = newcomer(address, identity)
        acting = operators.acting_as(operator)
        for top in Organization.objects.filter(parent=None):
            memberships.grant(operator, top, Role(issuer.role.value), acting)
    return operator


def newcomer(address: str, identity: Identity, *, bound_to: Organization | None = None) -> Operator:
    """Make an operator without a password, who signs in by an identity. Raises `Refused` where either is there now."""
    try:
        with transaction.atomic():
            operator = Operator.objects.create_user(
                address, None, name=_name(identity), is_proved=bound_to is None, bound_to=bound_to
            )
    except IntegrityError as clash:
        raise Refused(
            "identity_at_once", f"{address} was signed in for the first time twice at once.", "Sign in once more."
        ) from clash
    attach(operator, identity)
    note(
        operators.acting_as(operator),
        "operator.added",
        Subject(operator.email),
        name=operator.name,
        issuer=identity.issuer,
    )
    return operator


def attach(operator: Operator, identity: Identity) -> None:
    """Write whose an identity is. Of two who do so at once the database lets one through, and the other is refused."""
    try:
        with transaction.atomic():
            SocialAccount.objects.create(user=operator, provider=PROVIDER, uid=identity.key, extra_data=identity.kept)
    except IntegrityError as clash:
        raise _taken_refusal() from clash


def _taken_refusal() -> Refused:
    return Refused(
        "identity_taken",
        "Another operator signs in with this account.",
        "Sign in with another account there, or have that operator disconnect it.",
    )


def _name(identity: Identity) -> str:
    """What the issuer calls the person; they can change it."""
    name = tidy(identity.name)
    return name if is_showable(name) else ""


def unknown(issuer: Issuer) -> Refused:
    return Refused(
        "identity_unknown",
        f"Nobody here signs in with this account of {issuer.name}.",
        "Sign in as before and connect it on the page of your account, or ask an administrator for an invitation.",
    )
