"""Why an address is accepted, or why it is not."""

from dataclasses import dataclass, field
from datetime import datetime

from mailroll.connections import filters
from mailroll.connections.models import Source
from mailroll.connectors.words import sentence
from mailroll.directory import queries
from mailroll.directory.lifecycle import GRACE, still_accepted
from mailroll.directory.models import Domain, User
from mailroll.insight import alias_domains
from mailroll.reconcile import kinds, stored
from mailroll.reconcile.addresses import Address, AddressFault, domain_of, given, is_onmicrosoft
from mailroll.reconcile.model import Kind, ObjectType
from mailroll.reconcile.reasons import KIND_RULES, Reason, ReasonCode
from mailroll.sync import store
from mailroll.sync.models import Run, RunChange, RunState

_READ = (RunState.APPLIED, RunState.UNCHANGED, RunState.PLANNED, RunState.HELD)


@dataclass(frozen=True, slots=True)
class Why:
    """The answer for one address; each reason is a code and a sentence."""

    address: str
    accepted: bool
    user: queries.Listed | None
    reasons: list[dict[str, str]] = field(default_factory=list)


def explain(text: str, now: datetime) -> Why:
    """Say whether the gateway would accept an address, and the chain of reasons. Never fails on an address."""
    address = given(text)
    if isinstance(address, AddressFault):
        return _no(text, _told(Reason.of(ReasonCode(address.value))))
    domain = queries.accepting(domain_of(address))
    holder = queries.holder(address)
    if holder is not None:
        return _held(address, holder, now)
    if is_onmicrosoft(domain_of(address)):
        return _no(
            address,
            _said(
                "address_onmicrosoft",
                "It ends in a domain of Microsoft's own, and such addresses are never taken over.",
            ),
        )
    if domain is None:
        return _no(
            address,
            _said("domain_not_here", f"{domain_of(address)} is not in this Console, so we have no say."),
        )
    return _absent(address, domain)


def _held(address: Address, user: User, now: datetime) -> Why:
    person = queries.listed(user)
    reasons = [_said("held_by_user", f"{queries.primary_of(user)} in {user.domain.name} has this address.")]
    if user.owner is None:
        reasons.append(_said("made_by_hand", "It was made by hand; no sync removes it."))
    else:
        reasons.append(_said("managed", _managed(user)))
    if user.kind_rule:
        reasons.append(_told(kinds.told(ReasonCode(user.kind_rule), Kind(user.kind))))
    accepted = True
    if user.retired_at is not None:
        accepted = still_accepted(user.retired_at, now)
        until = (user.retired_at + GRACE).strftime("%Y-%m-%d %H:%M UTC")
        reasons.append(
            _said("retired", f"It is retired; mail for it {'is' if accepted else 'was'} accepted until {until}.")
        )
    last = (
        RunChange.objects.filter(user=user.id, run__state=RunState.APPLIED)
        .order_by("-id")
        .values_list("reasons", flat=True)
        .first()
    )
    # What makes the kind stands above, as it is by now.
    reasons += [_told(reason) for reason in stored.reasons_from_json(last or []) if reason.code not in KIND_RULES]
    if user.pinned:
        reasons.append(_said("pinned", "It is pinned: a sync never removes it."))
    if user.exempt:
        reasons.append(_said("exempt", "It is exempt: every sync leaves it alone."))
    return Why(address, accepted, person, reasons)


def _managed(user: User) -> str:
    """Which source keeps a user, and what it takes."""
    source = Source.objects.select_related("owner").filter(owner=user.owner_id).first()
    if source is None or user.owner is None:
        return "The source that kept it was removed."
    takes = filters.told(source) if source.filter and user.object_type == ObjectType.USER else ""
    return f"The source “{user.owner.label}” keeps it{f', which takes: {takes}' if takes else ''}."


def _absent(address: Address, domain: Domain) -> Why:
    """Nobody has it: what the last reading said of it, and what became of whoever had it."""
    reasons = [_said("not_in_list", f"No user of {domain.name} has this address.")]
    if alias_domains.unproved(domain, domain_of(address)):
        reasons.append(
            _said(
                "alias_not_verified",
                f"{domain_of(address)} is an alias domain, but no tenant that {domain.name} reads has verified it.",
            )
        )
    local, plus, _ = address.partition("@")[0].partition("+")
    reached = queries.holder(Address(f"{local}@{domain_of(address)}")) if plus and local else None
    if reached is not None:
        reasons.append(
            _said(
                "plus_addressing",
                f"With plus addressing, which Exchange Online has on by default, it would reach {local}@"
                f"{domain_of(address)}, which {queries.primary_of(reached)} has.",
            )
        )
    former = User.objects.filter(domain=domain, former_addresses__contains=[address]).first()
    if former is not None:
        reasons.append(_said("former_address", f"{former.display_name or former.id} had it before."))
    last = Run.objects.filter(domain=domain, state__in=_READ, read_at__isnull=False).order_by("-started_at").first()
    if last is None or last.read_at is None:
        reasons.append(_said("never_read", "No source of this domain has been read yet."))
        return Why(address, accepted=False, user=None, reasons=reasons)
    skips = store.read_skips(last, address)
    reasons += [_told(skip.reason) for skip in skips]
    if not skips:
        read = last.read_at.strftime("%Y-%m-%d %H:%M UTC")
        reasons.append(_said("not_listed", f"The last reading, of {read}, did not show it."))
    return Why(address, accepted=False, user=None, reasons=reasons)


def _no(address: str, reason: dict[str, str]) -> Why:
    return Why(address, accepted=False, user=None, reasons=[reason])


def _told(reason: Reason) -> dict[str, str]:
    return {"code": reason.code.value, "message": sentence(reason)}


def _said(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}
