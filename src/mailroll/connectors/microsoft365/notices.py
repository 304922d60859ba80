"""Subscriptions to changes of users and groups: the one thing that is ever written in Graph, and of no object there.

Apart from the transport, which can do nothing but ask. Contacts cannot be subscribed to (concepts/webhooks, "Supported
resources"). Creation and what can be restored are told as `updated`; `created` is refused (microsoft-graph-docs#4819).
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from random import Random, SystemRandom
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from yarl import URL

from mailroll.connectors.microsoft365.graph.permissions import USERS, fix_for
from mailroll.connectors.microsoft365.graph.transport import Pin, sort_of
from mailroll.connectors.microsoft365.graph.verdicts import challenge, verdict
from mailroll.connectors.microsoft365.http.channel import Channel, HttpAnswer, Timeouts, malformed
from mailroll.connectors.microsoft365.http.patience import Passing, Patience, SystemClock, Timer
from mailroll.connectors.microsoft365.settings import GUID, ConnectionSettings
from mailroll.connectors.microsoft365.sign_in.login import Login
from mailroll.connectors.microsoft365.sign_in.token_cache import Kept
from mailroll.connectors.notices import Notice, NoticeGone, NoticeTaken
from mailroll.measures.accumulator import PROCESS
from mailroll.measures.table import GRAPH_REQUESTS
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent
from mailroll.reconcile.model import ObjectType

_Shape = TypeVar("_Shape")

_RESOURCES: Final = {ObjectType.USER: "users", ObjectType.GROUP: "groups"}
_CHANGES: Final = "updated,deleted"
_OK, _CREATED, _NO_CONTENT = 200, 201, 204  # RFC 9110 section 15.3
_UNAUTHORIZED, _FORBIDDEN, _ABSENT = 401, 403, 404
_PAGES_MAX: Final = 10
"""An application has at most 100 in a tenant (resources/change-notifications-api-overview)."""


class GraphSubscription(msgspec.Struct, rename="camel"):
    """A subscription as Graph writes it; its state is never shown again."""

    id: str
    expiration_date_time: str
    resource: str = ""
    notification_url: str = ""


class ListedSubscriptions(msgspec.Struct):
    value: list[GraphSubscription]
    next_link: str | None = msgspec.field(default=None, name="@odata.nextLink")


_ONE: Final = msgspec.json.Decoder(GraphSubscription)
_MANY: Final = msgspec.json.Decoder(ListedSubscriptions)


class GraphNotices:
    """Makes and ends subscriptions of one application in one tenant."""

    def __init__(
        self, settings: ConnectionSettings, channel: Channel, login: Login, clock: Timer, chance: Random
    ) -> None:
        self._pin = Pin(settings.cloud.graph)
        self._channel, self._login, self._clock, self._chance = channel, login, clock, chance

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: ConnectionSettings, *, pool: Kept | None = None) -> AsyncIterator["GraphNotices"]:
        clock, chance, timeouts = SystemClock(), SystemRandom(), Timeouts()
        shared = None if pool is None else pool.lines.channel(settings.cloud, timeouts)
        opening = Channel.open(settings.cloud, timeouts) if shared is None else nullcontext(shared)
        async with opening as channel:
            tokens = None if pool is None else pool.tokens
            yield cls(
                settings, channel, Login(settings, channel, Patience(clock, chance), clock, tokens), clock, chance
            )

    async def begin(self, type_: ObjectType, url: str, state: str, ends_at: datetime) -> Notice:
        """Graph asks the address to say a token back before it answers, for up to ten seconds.

        Both kinds of notification go to one address, which may be (concepts/change-notifications-lifecycle-events).
        """
        body = {
            "changeType": _CHANGES,
            "resource": _RESOURCES[type_],
            "notificationUrl": url,
            "lifecycleNotificationUrl": url,
            "expirationDateTime": _graph_time(ends_at),
            "clientState": state,
        }
        answer = await self._ask("POST", self._pin.own("subscriptions"), body)
        if answer.status != _CREATED:
            raise self._refusal(answer, type_, url)
        return _notice(answer)

    async def renew(self, notice: str, ends_at: datetime) -> Notice:
        """Renewing authorizes anew, too (concepts/change-notifications-lifecycle-events)."""
        answer = await self._ask("PATCH", self._place(notice), {"expirationDateTime": _graph_time(ends_at)})
        if answer.status != _OK:
            raise self._refusal(answer)
        return _notice(answer)

    async def end(self, notice: str) -> None:
        answer = await self._ask("DELETE", self._place(notice))
        if answer.status not in {_OK, _NO_CONTENT, _ABSENT}:
            raise self._refusal(answer)

    async def at(self, url: str, type_: ObjectType) -> tuple[str, ...]:
        place: URL | None = self._pin.own("subscriptions")
        ids: list[str] = []
        for _ in range(_PAGES_MAX):
            if place is None:
                break
            answer = await self._ask("GET", place)
            if answer.status != _OK:
                raise self._refusal(answer)
            page = _decoded(answer, _MANY)
            # Graph writes `Users` where it was given `users` (api/subscription-list).
            ids += [
                subscription.id.lower()
                for subscription in page.value
                if subscription.notification_url == url
                and subscription.resource.strip("/").lower() == _RESOURCES[type_]
                and GUID.fullmatch(subscription.id.lower())
            ]
            place = None if page.next_link is None else self._pin.checked(page.next_link)
        return tuple(ids)

    def _place(self, notice: str) -> URL:
        if not GUID.fullmatch(notice):
            raise ValueError(notice)
        return self._pin.own(f"subscriptions/{notice}")

    async def _ask(self, method: str, url: URL, body: Mapping[str, str] | None = None) -> HttpAnswer:
        """Ask once; a refused token, or one of before a consent, is renewed and the question put again."""
        token, renewed = await self._login.token(), False
        while True:
            headers = {
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "client-request-id": str(UUID(int=self._chance.getrandbits(128), version=4)),
                **({} if body is None else {"Content-Type": "application/json"}),
            }
            payload = None if body is None else json.dumps(body).encode()
            try:
                answer = await self._channel.send(method, url, call="/subscriptions", headers=headers, body=payload)
            except Passing as passing:
                PROCESS.add(GRAPH_REQUESTS, "none")
                raise passing.error from passing
            PROCESS.add(GRAPH_REQUESTS, sort_of(answer.status))
            stale = answer.status == _FORBIDDEN and self._login.is_kept
            if renewed or not (stale or answer.status == _UNAUTHORIZED):
                return answer
            renewed = True
            token = await self._login.renew(challenge(answer))

    def _refusal(self, answer: HttpAnswer, type_: ObjectType = ObjectType.USER, url: str = "") -> MailrollError:
        """Return what an answer means, by its status: the words of the service behind Graph change."""
        match answer.status:
            case 404:
                return NoticeGone("notice_gone", f"Microsoft has no such subscription any more{answer.trail}.")
            case 409:
                return NoticeTaken(
                    "notice_taken",
                    f"Another program tells Microsoft to notify it by the same app registration{answer.trail}.",
                    "Microsoft allows one for each registration and tenant: give this Console one of its own.",
                )
            case 400:
                return Broken(
                    "notice_refused",
                    f"Microsoft did not get the answer that it wants from {url or 'the address'}{answer.trail}.",
                    "It has to reach MAILROLL_URL from the Internet, by HTTPS with a certificate of a public authority,"
                    " and have an answer within ten seconds: let firewall and web server pass it.",
                )
            case 403:
                self._login.forget()
                return _not_allowed(answer, type_)
            case _:
                fault = verdict(answer, "subscriptions", now=self._clock.time())
                return fault.error if isinstance(fault, Passing) else fault


def _not_allowed(answer: HttpAnswer, type_: ObjectType) -> NeedsConsent:
    """A permission is missing, or there are too many: 100 of an application in a tenant, 1,000 in all, 50,000 of an
    application everywhere (resources/change-notifications-api-overview). Groups want more than reading them does
    (api/subscription-post-subscriptions).
    """
    name = "Group.Read.All" if type_ is ObjectType.GROUP else USERS.name
    return NeedsConsent(
        "notice_not_allowed",
        f"Microsoft does not let this application be told of changes of {_RESOURCES[type_]}{answer.trail}.",
        f"{fix_for(name)} Where it has that, the tenant has as many subscriptions as Microsoft allows.",
    )


def _notice(answer: HttpAnswer) -> Notice:
    subscription = _decoded(answer, _ONE)
    identity = subscription.id.lower()
    try:
        ends_at = datetime.fromisoformat(subscription.expiration_date_time)
    except ValueError as fault:
        raise malformed("/subscriptions", "has a time that is none") from fault
    if not GUID.fullmatch(identity):
        raise malformed("/subscriptions", "has an id that is none")
    return Notice(identity, ends_at if ends_at.tzinfo else ends_at.replace(tzinfo=UTC))


def _decoded(answer: HttpAnswer, decoder: "msgspec.json.Decoder[_Shape]") -> _Shape:
    try:
        return decoder.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise malformed("/subscriptions", f"is not what the protocol promises{answer.trail}") from fault


def _graph_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
