"""Links for a customer's administrator: one source of one domain, for seven days, once, without an account here."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import uuid4

from django.db import transaction

from mailroll import promises
from mailroll.accounts import access, installation, letter_limits, mail
from mailroll.accounts.models import Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.audit.notes import note
from mailroll.connections import registration, rules
from mailroll.connections.consent import letters, tokens
from mailroll.connections.consent.departure import Going, begin_by_link
from mailroll.connections.models import ConsentLink, Source
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.reconcile.addresses import AddressFault, canonical
from mailroll.reconcile.errors import BadInput, Refused, Retry

LIFE: Final = promises.CONSENT_LINK


class LinkState(StrEnum):
    """How far a link is, as the page of the source tells it."""

    NOT_SENT = "not-sent"
    SENT = "sent"
    OPENED = "opened"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    ENDED = "ended"


def make(source: Source, operator: Operator, acting: Acting) -> ConsentLink:
    """Make a link. One that is still open for the same source ends here."""
    registration.own()
    rules.refuse_without_role(operator, source.domain.organization)
    token = tokens.fresh()
    identity = uuid4()
    with transaction.atomic():
        open_ones = ConsentLink.objects.filter(source=source, accepted_at__isnull=True, ended_at__isnull=True)
        open_ones.update(ended_at=acting.now())
        link = ConsentLink.objects.create(
            id=identity,
            domain=source.domain,
            source=source,
            created_by=operator,
            token_hash=tokens.hash_of(token),
            sealed_token=tokens.seal(identity, {"token": token}),
            created_at=acting.now(),
            expires_at=acting.now() + LIFE,
        )
        _note(link, "consent_link.made", acting)
    return link


def asker(link: ConsentLink) -> Organization:
    """In whose name the link asks: the highest organization in which whoever sent it may connect this domain.

    Where a provider looks after a customer, it is the provider who asks, and never the customer itself.
    """
    return _speaking_for(link, sender(link))


def sender(link: ConsentLink) -> Operator:
    """Return who sent the link, or made it where it was handed over in another way."""
    return link.sent_by or link.created_by


def _speaking_for(link: ConsentLink, operator: Operator) -> Organization:
    home = link.domain.organization
    places = access.organizations_as(operator, Role.ADMINISTRATOR).filter(id__in=tree.above(home).values("id"))
    ids = {place.id for place in places}
    return next((place for place in places if place.parent_id not in ids), home)


def address(link: ConsentLink) -> str:
    """Return the link to copy. Only the registered address of the Console serves it."""
    return f"{installation.settings().url}/consent/{tokens.unseal(link.id, link.sealed_token)['token']}/"


def latest(source: Source) -> ConsentLink | None:
    return (
        ConsentLink.objects.filter(source=source)
        .select_related("created_by", "sent_by")
        .order_by("-created_at")
        .first()
    )


def state(link: ConsentLink, now: datetime) -> LinkState:
    if link.accepted_at is not None:
        return LinkState.ACCEPTED
    if link.ended_at is not None and link.refused is not None:
        return LinkState.REFUSED
    if link.ended_at is not None or link.expires_at <= now:
        return LinkState.ENDED
    if link.refused is not None:
        return LinkState.REFUSED
    if link.opened_at is not None:
        return LinkState.OPENED
    return LinkState.SENT if link.sent_at is not None else LinkState.NOT_SENT


def send(link: ConsentLink, to: str, operator: Operator, acting: Acting) -> None:
    """Send the link by mail, in the name of whoever sends it, who need not have made it."""
    rules.refuse_without_role(operator, link.domain.organization)
    recipient = canonical(to.strip())
    if isinstance(recipient, AddressFault):
        raise BadInput(
            "address_malformed", f"“{to.strip()}” is not an address.", "Write it whole, like bob@example.com."
        )
    if not _good(link, acting):
        raise ended()
    place = _speaking_for(link, operator)
    letter = letters.asking(link, recipient, by=operator, of=place, address=address(link))
    letter_limits.charge(operator, recipient)
    if not mail.send(letter):
        letter_limits.give_back(operator, recipient)
        raise Retry("mail_not_sent", "The message could not be sent.", "Copy the link instead.", after=60.0)
    with transaction.atomic():
        link.sent_to, link.sent_at, link.sent_by = recipient, acting.now(), operator
        link.save(update_fields=["sent_to", "sent_at", "sent_by"])
        _note(link, "consent_link.sent", acting, to=recipient)


def end(link: ConsentLink, acting: Acting) -> None:
    with transaction.atomic():
        if ConsentLink.objects.filter(id=link.id, ended_at__isnull=True).update(ended_at=acting.now()):
            _note(link, "consent_link.ended", acting)


def opened(token: str, acting: Acting) -> ConsentLink:
    """Return the link that somebody opened; raises `Refused`, with the same words for used, ended and never made."""
    link = _find(token)
    if link is None or not _good(link, acting):
        if link is not None:
            with transaction.atomic():
                _note_vain(link, acting)
        raise ended()
    if link.opened_at is None:
        with transaction.atomic():
            if ConsentLink.objects.filter(id=link.id, opened_at__isnull=True).update(opened_at=acting.now()):
                _note(link, "consent_link.opened", Acting(f"consent-link:{link.id}", acting.now))
        link.opened_at = acting.now()
    return link


def follow(token: str, acting: Acting) -> Going:
    """Go to Microsoft with a link."""
    return begin_by_link(opened(token, acting), acting)


def decline(token: str, acting: Acting) -> ConsentLink:
    """End a link because whoever got it does not want this."""
    link = opened(token, acting)
    refusal = {"code": "declined_here", "message": "The person with the link does not want this.", "help": ""}
    with transaction.atomic():
        good = ConsentLink.objects.filter(id=link.id, ended_at__isnull=True, accepted_at__isnull=True)
        if not good.update(ended_at=acting.now(), refused=refusal):
            raise ended()
        _note(link, "consent_link.declined", Acting(f"consent-link:{link.id}", acting.now))
        letters.declined(link)
    return link


def ended() -> Refused:
    return Refused("link_ended", "This link no longer works.", "Ask whoever sent it for a new one.")


def _find(token: str) -> ConsentLink | None:
    rows = ConsentLink.objects.select_related("domain__organization", "source", "created_by", "sent_by")
    return rows.filter(token_hash=tokens.hash_of(token)).first()


def _good(link: ConsentLink, acting: Acting) -> bool:
    """A link goes with the person who made it: once they may not connect any more, it ends."""
    return (
        link.accepted_at is None
        and link.ended_at is None
        and link.expires_at > acting.now()
        and link.source.domain_id == link.domain_id
        and access.may_connect(link.created_by, link.domain.organization)
    )


def _note_vain(link: ConsentLink, acting: Acting) -> None:
    """Write that a link was used after its end; once, however often it is."""
    entries = AuditEntry.objects.filter(organization=link.domain.organization_id, action="consent_link.refused")
    if not entries.filter(details__contains={"link": str(link.id)}).exists():
        _note(link, "consent_link.refused", Acting(f"consent-link:{link.id}", acting.now))


def _note(link: ConsentLink, action: str, acting: Acting, **details: str) -> None:
    note(acting, action, link.domain, source=str(link.source_id), link=str(link.id), **details)
