"""The use cases about invitations: a link that works once, for a week, and gives one role."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from mailroll import promises
from mailroll.accounts import access, identities, letter_limits, letters, mail, memberships, operators, people, proof
from mailroll.accounts.identities import Identity
from mailroll.accounts.letters import Letter, Quoted
from mailroll.accounts.models import Invitation, Operator, OperatorManager, Role
from mailroll.audit.notes import Subject, note
from mailroll.directory.models import Organization
from mailroll.reconcile.addresses import AddressFault, canonical
from mailroll.reconcile.errors import BadInput, Refused

VALID = promises.INVITATION


def invite(
    email: str, organization: Organization, role: Role, *, by: Operator, now: datetime
) -> tuple[Invitation, str]:
    """Offer a role to an address. Returns the row and the link's token, which is kept nowhere.

    An earlier offer to the same address for the same organization ends. Raises `Refused` where a letter would be one
    too many for a day (see `letter_limits`).
    """
    people.check_grant(organization, role, by=by)
    address = canonical(email.strip())
    if isinstance(address, AddressFault):
        raise BadInput(
            "email_malformed", f"“{email.strip()}” is not an e-mail address.", "Give one like jo@example.com."
        )
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        if mail.is_set_up():
            letter_limits.charge(by, address)
        Organization.objects.select_for_update(no_key=True).get(id=organization.id)
        for earlier in _open(now).filter(email=address, organization=organization):
            _end(earlier, now)
        invitation = Invitation.objects.create(
            email=address,
            organization=organization,
            role=role.value,
            token_hash=_hash(token),
            invited_by=by,
            created_at=now,
            expires_at=now + VALID,
        )
        note(operators.acting_as(by), "invitation.sent", Subject(address, organization.id), role=role.value)
    return invitation, token


def letter(offer: Invitation, link: str) -> Letter:
    """Write to whom a role is offered. Who offers it, and where, was written by others."""
    return Letter(
        to=offer.email,
        subject="an invitation",
        opening=f"You are invited to the Mailroll Console of {letters.console_host()}.",
        quoted=(
            Quoted("Invited by", letters.person(offer.invited_by.name, offer.invited_by.email), 200),
            Quoted("Organization", offer.organization.name),
            Quoted("Role", offer.role),
        ),
        before_link=f"This link lets you in. It works once, until {offer.expires_at:%d %B %Y, %H:%M} UTC:",
        link=link,
        closing=("If you do not expect this, do nothing.",),
    )


def waiting(by: Operator, now: datetime) -> QuerySet[Invitation]:
    """Return the open offers of the organizations that an operator administers."""
    places = access.reach(by, Role.ADMINISTRATOR)
    return _open(now).filter(organization__in=places).select_related("organization", "invited_by").order_by("email")


def withdraw(invitation: Invitation, *, by: Operator, now: datetime) -> None:
    if not access.may_invite(by, invitation.organization):
        raise BadInput("invitation_unknown", "There is no such invitation.", "Look at the list of people again.")
    with transaction.atomic():
        row = _open(now).select_for_update().filter(id=invitation.id).first()
        if row is None:
            return
        _end(row, now)
        note(operators.acting_as(by), "invitation.withdrawn", Subject(row.email, row.organization_id), role=row.role)


def find(token: str, now: datetime) -> Invitation:
    """Return the offer behind a link. Raises `Refused`, in the same words whatever ended it."""
    return _find_offer(_open(now), token)


def sent(offer: Invitation) -> None:
    """Keep that the link went to the invited address, and nobody was shown it."""
    offer.mailed = True
    offer.save(update_fields=["mailed"])


def accept_as_new(token: str, name: str, password: str, *, now: datetime) -> None:
    """Make the operator who was invited; a link that was mailed proves the address, one that was shown does not.

    Where the address has an account that is proved, or nobody proves it now, nothing happens: its owner signs in and
    accepts. That is not told here, for whoever was shown the link is not to learn who has an account.
    """
    invited = find(token, now)
    # Bound to where they are invited: the name of that organization is no password.
    operators.judge(password, Operator(email=invited.email, name=operators.named(name), bound_to=invited.organization))
    with transaction.atomic():
        offer = _lock_offer(token, now)
        existing_operator = Operator.objects.filter(email=OperatorManager.normalize_email(offer.email)).first()
        acting = operators.acting_as(Operator(email=offer.email))
        if existing_operator is None:
            bound_to = None if offer.mailed else proof.binding(offer)
            operator = operators.add(offer.email, password, acting, name=name, bound_to=bound_to)
            _give(offer, operator, now)
        elif offer.mailed and existing_operator.is_active and not existing_operator.is_proved:
            operators.prove(existing_operator, password, acting)
            _give(offer, existing_operator, now)
        else:
            # As long as it takes to make an account.
            make_password(password)


def accept_by_issuer(token: str, identity: Identity, *, now: datetime) -> Operator:
    """Make the operator who was invited, who signs in by an identity from then on. Raises `Refused`.

    It is the link that shows whose the address is, as with a password, and not what the issuer says. Where who invited
    was shown the link, only whom the issuer calls by that very address gets further: nobody else learns whether it has
    an account. An account that is there already gets no identity, whatever the issuer calls anybody; but for one that
    nobody has proved, which a link that was mailed gives to whom the address belongs.
    """
    with transaction.atomic():
        offer = _lock_offer(token, now)
        if not offer.mailed and OperatorManager.normalize_email(identity.address) != offer.email:
            raise Refused(
                "invitation_not_vouched",
                f"Who invited you saw this link, and the account that you chose does not say that it is {offer.email}.",
                "Choose the account with that address, or ask for an invitation by mail.",
            )
        existing_operator = Operator.objects.select_for_update().filter(email=offer.email).first()
        if existing_operator is None:
            bound_to = None if offer.mailed else proof.binding(offer)
            operator = identities.newcomer(offer.email, identity, bound_to=bound_to)
        elif offer.mailed and existing_operator.is_active and not existing_operator.is_proved:
            operator = existing_operator
            operators.prove(operator, None, operators.acting_as(operator))
            identities.connect(operator, identity)
        else:
            raise Refused(
                "invitation_of_known",
                f"There is an account of {offer.email} here already.",
                "Sign in as before; then you are asked whether you accept.",
            )
        _give(offer, operator, now)
    return operator


def accepted_by(token: str, operator: Operator) -> bool:
    """Whether a link was used by this operator, who so has what it offered."""
    used = Invitation.objects.filter(token_hash=_hash(token), email=operator.email)
    return used.exclude(accepted_at=None).exists()


def accept(token: str, operator: Operator, *, now: datetime) -> None:
    """Give the role to an operator who is there already and signed in."""
    with transaction.atomic():
        offer = _lock_offer(token, now)
        if offer.email != operator.email:
            raise Refused(
                "invitation_of_another",
                f"This invitation is for {offer.email}, and you are signed in as {operator.email}.",
                f"Sign in as {offer.email}, or ask for an invitation of your own.",
            )
        _give(offer, operator, now)


def _open(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


def _lock_offer(token: str, now: datetime) -> Invitation:
    """Lock the offer, and look again whether who made it may still do so."""
    offer = _find_offer(_open(now).select_for_update(of=("self",)), token)
    try:
        people.check_grant(offer.organization, Role(offer.role), by=offer.invited_by)
    except (BadInput, Refused) as lost:
        raise _invitation_refusal() from lost
    return offer


def _find_offer(offers: QuerySet[Invitation], token: str) -> Invitation:
    invitation = offers.select_related("organization", "invited_by").filter(token_hash=_hash(token)).first()
    if invitation is None:
        raise _invitation_refusal()
    return invitation


def _give(offer: Invitation, operator: Operator, now: datetime) -> None:
    """Never weaken: whoever holds a stronger role there already keeps it."""
    offer.accepted_at = now
    offer.save(update_fields=["accepted_at"])
    acting, role = operators.acting_as(operator), Role(offer.role)
    note(acting, "invitation.accepted", Subject(operator.email, offer.organization_id), role=role.value)
    had = operator.memberships.filter(organization=offer.organization).first()
    if had is None or Role(had.role).strength < role.strength:
        memberships.grant(operator, offer.organization, role, acting)


def _end(offer: Invitation, now: datetime) -> None:
    offer.withdrawn_at = now
    offer.save(update_fields=["withdrawn_at"])


def _invitation_refusal() -> Refused:
    return Refused("invitation_ended", "This invitation no longer works.", "Ask whoever sent it for a new one.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
