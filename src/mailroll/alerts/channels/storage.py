"""Channels as people make and remove them. What is secret of one is sealed to its row, and never shown again."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from mailroll.accounts import installation
from mailroll.alerts.channels import services, webhook
from mailroll.alerts.models import AlertChannel, AlertDelivery, ChannelKind
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections.openable import SealedSecret
from mailroll.directory.models import Organization
from mailroll.reconcile.addresses import AddressFault, canonical
from mailroll.reconcile.errors import BadInput
from mailroll.sealing import Sealer, SealingError

ADDRESS_MAX: Final = 2048
NAME_MAX: Final = 60
CHANNELS_MAX: Final = 20
"""Of one organization: each that hangs holds one of the few jobs that bring messages for 10 seconds at a time."""


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel that was just made, and the secret of a webhook, which is shown this once."""

    channel: AlertChannel
    secret: str = ""


def add(organization: Organization, kind: ChannelKind, name: str, address: str, acting: Acting) -> NewChannel:
    """Make a channel. Raises `BadInput` for what is no address of its kind, and where there are as many as may be."""
    name, address = _tidy(name), address.strip()
    shown_address = _shown_address(kind, address)
    secret = webhook.make_secret() if kind is ChannelKind.WEBHOOK else ""
    key = uuid4()
    with transaction.atomic():
        # One after the other, so that two at once do not both become the last.
        Organization.objects.select_for_update(no_key=True).get(id=organization.id)
        if AlertChannel.objects.filter(organization=organization).count() >= CHANNELS_MAX:
            raise BadInput(
                "channels_most",
                f"{organization.name} has {CHANNELS_MAX} channels, and more are not possible.",
                "Remove one that nothing is told to.",
            )
        channel = AlertChannel.objects.create(
            id=key,
            organization=organization,
            kind=kind.value,
            name=name or shown_address.partition(",")[0],
            shown=shown_address,
            sealed=_seal(key, {"address": address, "secret": secret}),
            created_at=acting.now(),
        )
        note(acting, "alert_channel.added", _about(channel), kind=kind.value, shown=shown_address)
    return NewChannel(channel, secret)


def change(channel: AlertChannel, name: str, address: str, acting: Acting) -> NewChannel:
    """Call it otherwise, or have it lead elsewhere: an empty text leaves what is there. Rules go on naming it.

    A webhook with another address gets another secret, as who receives there may be somebody else: whoever has the old
    one could sign in our name. It is made anew where no key opens the old one, too, and stays with an equal address.
    Raises `BadInput` for what is no address of its kind.
    """
    with transaction.atomic():
        row = AlertChannel.objects.select_for_update(no_key=True).get(id=channel.id)
        secret = ""
        if address := address.strip():
            kind = ChannelKind(row.kind)
            row.shown = _shown_address(kind, address)
            signs, secret = _signing(row, kind, address)
            row.sealed = _seal(row.id, {"address": address, "secret": signs})
            # What was said of the address of before is not true of this one; what waits is tried there at once.
            row.failures, row.last_at, row.last_answer = 0, None, ""
            AlertDelivery.objects.filter(channel=row, next_at__isnull=False).update(next_at=acting.now())
        row.name = _tidy(name) or row.name
        row.save()
        note(acting, "alert_channel.changed", _about(row), kind=row.kind, shown=row.shown, elsewhere=bool(address))
    return NewChannel(row, secret)


def remove(channel: AlertChannel, acting: Acting) -> None:
    """Remove it: rules are told by what is left, urgent ones to administrators where nothing is."""
    with transaction.atomic():
        note(acting, "alert_channel.removed", _about(channel), kind=channel.kind, shown=channel.shown)
        channel.delete()


def opened(channel: AlertChannel) -> Mapping[str, str]:
    """The address and secret of a channel."""
    secrets: Mapping[str, str] = json.loads(installation.sealer().open(channel.sealed, _context(channel.id)))
    return secrets


def sealed_rows() -> tuple[tuple[str, "QuerySet[AlertChannel]", Callable[[AlertChannel, Sealer], None]], ...]:
    """What `mailroll doctor` tries of channels, as it knows none itself."""
    return (("alert channels", AlertChannel.objects.all(), try_open),)


def try_open(channel: AlertChannel, sealer: Sealer) -> None:
    """Raise `SealingError` where what is secret of a channel does not open; it goes nowhere."""
    sealer.open(channel.sealed, _context(channel.id))


def reseal(channel: AlertChannel) -> None:
    """Seal with the newest key what may be sealed with an older one."""
    channel.sealed = installation.sealer().rotate(channel.sealed, _context(channel.id))
    channel.save(update_fields=["sealed"])


def reseal_all() -> int:
    """Seal every channel anew, in the caller's transaction; return how many."""
    rows = list(AlertChannel.objects.select_for_update())
    for row in rows:
        reseal(row)
    return len(rows)


def sealed_secrets() -> Iterator[SealedSecret]:
    """Try every one, as those of connections are tried."""
    for row in AlertChannel.objects.select_related("organization").order_by("organization__name", "name", "id"):
        name = f"channel {row.name} of {row.organization.name}"
        yield SealedSecret("alert channel", name, opens(row), "Edit it, and give its address again.")


def opens(channel: AlertChannel) -> bool:
    try:
        opened(channel)
    except SealingError:
        return False
    return True


def _tidy(name: str) -> str:
    return " ".join(name.split())[:NAME_MAX]


def _signing(channel: AlertChannel, kind: ChannelKind, address: str) -> tuple[str, str]:
    """Return what signs its messages to an address from now on, and that again where it is new."""
    if kind is not ChannelKind.WEBHOOK:
        return "", ""
    with suppress(SealingError):
        secrets = opened(channel)
        if secrets["address"] == address:
            return secrets["secret"], ""
    secret = webhook.make_secret()
    return secret, secret


def _shown_address(kind: ChannelKind, address: str) -> str:
    if len(address) > ADDRESS_MAX:
        raise BadInput("channel_address_long", "This address is too long.", f"It has {ADDRESS_MAX} signs at the most.")
    match kind:
        case ChannelKind.MAIL:
            mailbox = canonical(address)
            if isinstance(mailbox, AddressFault):
                raise BadInput(
                    "channel_no_mailbox", f"“{address}” is no e-mail address.", "Give one like it@example.com."
                )
            return str(mailbox)
        case ChannelKind.WEBHOOK:
            return _webhook_shown(address)
        case ChannelKind.SERVICE:
            return services.of_address(address).words


def _webhook_shown(address: str) -> str:
    """What of a webhook's address is no secret: the host; a path or a query often is one."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    inside = parts.scheme == "http" and bool(installation.settings().alert_networks)
    if (parts.scheme != "https" and not inside) or not host or parts.username or parts.password or parts.fragment:
        raise BadInput(
            "channel_no_https",
            "This is no https:// address that a webhook can be posted to.",
            "Give one like https://desk.example.com/hooks/mailroll, without a user name in it.",
        )
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}/…, signed (HMAC-SHA256)"


def _seal(key: UUID, values: Mapping[str, str]) -> str:
    return installation.sealer().seal(json.dumps(dict(values)), _context(key))


def _context(key: UUID) -> str:
    return f"alert-channel:{key}:address"


def _about(channel: AlertChannel) -> Subject:
    return Subject(channel.name, channel.organization_id)
