"""Subscriptions to changes of a directory, and the notifications that they bring.

As of Microsoft Graph "Set up notifications for changes in resource data" (concepts/change-notifications-overview) and
"Receive change notifications through webhooks" (concepts/change-notifications-delivery-webhooks). An answer other than
2xx, or none within 3 seconds, is tried again for 4 hours. That slow endpoints are throttled is not simulated.
"""

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from mailroll_simulator.changes import Change
from mailroll_simulator.clock import Clock
from mailroll_simulator.internet import Internet, Unreachable
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import Json, instant

EVENTS: Final = ("reauthorizationRequired", "subscriptionRemoved", "missed")
ANSWER_WITHIN: Final = 3.0
_TOGETHER: Final = 100
"""Notifications in one request; Microsoft does not say how many it sends at a time."""
_TRIED_FOR: Final = timedelta(hours=4)
_SUCCESS: Final = range(200, 300)
_KINDS: Final = {
    "users": ("user", "Users", "#Microsoft.Graph.User"),
    "groups": ("group", "Groups", "#Microsoft.Graph.Group"),
}


@dataclass(slots=True)
class NoticeSubscription:
    """One subscription. `position` is how far the changes of the tenant were told; `failing_since` since when nobody
    took what was to be told.
    """

    id: str
    tenant: Tenant
    client_id: str
    creator_id: str
    resource: str
    change_types: tuple[str, ...]
    url: str
    lifecycle_url: str
    client_state: str
    expires_at: datetime
    position: int
    events: list[str] = field(default_factory=list)
    failing_since: datetime | None = None

    def as_json(self, *, shows_state: bool = False) -> dict[str, Json]:
        """Write it as Graph does; the state is shown to whoever makes it, and to nobody after that."""
        return {
            "id": self.id,
            "resource": self.resource,
            "applicationId": self.client_id,
            "changeType": ",".join(self.change_types),
            "clientState": self.client_state if shows_state else None,
            "notificationUrl": self.url,
            "lifecycleNotificationUrl": self.lifecycle_url or None,
            "expirationDateTime": instant(self.expires_at),
            "creatorId": self.creator_id,
            "includeResourceData": None,
            "latestSupportedTlsVersion": "v1_2",
            "encryptionCertificate": None,
            "encryptionCertificateId": None,
            "notificationQueryOptions": None,
            "notificationUrlAppId": None,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request that was sent, and how it was answered; no status where nobody answered."""

    url: str
    body: bytes
    status: int | None


@dataclass(slots=True)
class NoticeBoard:
    """All subscriptions of the simulated Microsoft. Nothing is sent but by `deliver`."""

    clock: Clock
    internet: Internet = field(default_factory=Internet)
    subscriptions: dict[str, NoticeSubscription] = field(default_factory=dict)
    sent: list[Delivery] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def living(self, tenant: Tenant | None = None, client_id: str | None = None) -> list[NoticeSubscription]:
        """Give those that have not ended, of a tenant and an application; the others are forgotten."""
        now = self.clock.now()
        with self.lock:
            for one in [one for one in self.subscriptions.values() if one.expires_at <= now]:
                del self.subscriptions[one.id]
            return [
                one
                for one in self.subscriptions.values()
                if tenant in {None, one.tenant} and client_id in {None, one.client_id}
            ]

    def happen(self, event: str, subscription: str) -> None:
        """Have a lifecycle event told with the next delivery; one that is removed is gone at once."""
        if event not in EVENTS:
            raise ValueError(f"an event is one of {', '.join(EVENTS)}")
        with self.lock:
            if subscription not in self.subscriptions:
                raise LookupError(f"no subscription {subscription}")
            self.subscriptions[subscription].events.append(event)

    def deliver(self) -> list[Delivery]:
        """Send all that waits, and give what was sent."""
        made = [each for one in self.living() for each in self._deliver_one(one)]
        self.sent += made
        return made

    def _deliver_one(self, one: NoticeSubscription) -> Iterator[Delivery]:
        events, one.events = one.events, []
        if events and one.lifecycle_url:
            items = [_item(one) | {"lifecycleEvent": event} for event in events]
            if "subscriptionRemoved" in events:
                with self.lock:
                    self.subscriptions.pop(one.id, None)
            yield self._send(one.lifecycle_url, items)
        with one.tenant.lock:
            changes = one.tenant.changes.entries[one.position :]
            end = len(one.tenant.changes.entries)
        told = list(_notifications(one, changes))
        for start in range(0, len(told), _TOGETHER):
            delivery = self._send(one.url, told[start : start + _TOGETHER])
            yield delivery
            if delivery.status not in _SUCCESS and not self._gives_up(one):
                return
        one.position, one.failing_since = end, None

    def _gives_up(self, one: NoticeSubscription) -> bool:
        one.failing_since = one.failing_since or self.clock.now()
        return self.clock.now() - one.failing_since >= _TRIED_FOR

    def _send(self, url: str, items: Iterable[dict[str, Json]]) -> Delivery:
        body = json.dumps({"value": list(items), "validationTokens": None}).encode()
        try:
            reply = self.internet.post(url, body, "application/json; charset=utf-8", within=ANSWER_WITHIN)
        except Unreachable:
            return Delivery(url, body, None)
        return Delivery(url, body, reply.status)


def _notifications(one: NoticeSubscription, changes: Iterable[Change]) -> Iterator[dict[str, Json]]:
    """Tell changes: who is made, changed or can still be restored was updated, who is gone for good was deleted."""
    kind, collection, type_ = _KINDS[one.resource]
    for change in changes:
        what = "deleted" if change.removed == "deleted" else "updated"
        if change.kind == kind and what in one.change_types:
            place = f"{collection}/{change.id}"
            data: dict[str, Json] = {"@odata.type": type_, "@odata.id": place, "id": change.id}
            if change.member is not None:
                left: dict[str, Json] = {"@removed": "deleted"} if change.member_left else {}
                data["members@delta"] = [{"id": change.member} | left]
            yield _item(one) | {"changeType": what, "resource": place, "resourceData": data}


def _item(one: NoticeSubscription) -> dict[str, Json]:
    return {
        "subscriptionId": one.id,
        "subscriptionExpirationDateTime": one.expires_at.astimezone(UTC).isoformat(),
        "clientState": one.client_state,
        "tenantId": one.tenant.id,
    }
