"""Asks Graph, and can do nothing but ask: GET, and the three POSTs that read.

Those are objects by id, which of some groups a user is in, and GETs in a batch.

Links of an answer may lead to the connection's own Graph and nowhere else.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Final

from yarl import URL

from mailroll.connectors import urgency
from mailroll.connectors.base import PermissionState
from mailroll.connectors.microsoft365.graph import permissions, units
from mailroll.connectors.microsoft365.graph.unit_admission import PRIORITIES, UnitAdmission
from mailroll.connectors.microsoft365.graph.verdicts import PERMISSION_MISSING, challenge, verdict
from mailroll.connectors.microsoft365.http.budget import Budget
from mailroll.connectors.microsoft365.http.channel import OK, THROTTLED, Channel, HttpAnswer, malformed
from mailroll.connectors.microsoft365.http.patience import Passing, Patience, Timer
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.connectors.microsoft365.sign_in.login import Login
from mailroll.measures.accumulator import PROCESS
from mailroll.measures.table import GRAPH_REQUESTS
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent

GROUPS_MAX: Final = 20
"""Groups that one question about a user may name (directoryObject: checkMemberGroups)."""
BATCH_MAX: Final = 20
"""Questions that one batch may hold."""
LINK_MAX: Final = 16_384
"""Characters. Graph's links exceed 2,000; a request line of more than this is no server's."""

# What RFC 3986 lets a path and a query hold, without the characters that parsers disagree on (\, #, @ in the path).
_PATH: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:%/-]+", re.ASCII)
_QUERY: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/?{}|^\[\]\"-]*", re.ASCII)
_DISGUISED: Final = re.compile(r"%(?:2e|2f|5c|25|00|0a|0d)", re.IGNORECASE | re.ASCII)
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_VERSION: Final = "/v1.0/"
_NOTHING: Final[Mapping[str, str]] = {}
_COUNTING: Final[Mapping[str, str]] = {"ConsistencyLevel": "eventual"}


class Transport:
    """Every method returns a whole answer of status 200 with JSON in it, or raises one of the core's errors.

    A reading ends with one of them once its time is over.
    """

    def __init__(
        self,
        graph: str,
        channel: Channel,
        login: Login,
        *,
        patience: Patience,
        clock: Timer,
        chance: Random,
        known_count: int = 0,
        admission: UnitAdmission | None = None,
    ) -> None:
        """`known_count`: objects of the tenant that the roll has, by which the time of a reading is measured.

        `admission`: what each question waits for; for whom it is asked is what `urgency` says at this moment.
        """
        self._pin = Pin(graph)
        self._channel = channel
        self._login = login
        self._patience = patience
        self._clock = clock
        self._chance = chance
        self._known = known_count
        self._admission = admission
        self._priority = PRIORITIES[urgency.current()]
        self.seen: dict[str, PermissionState] = {}
        """Whether permissions are there, by the last answer to a whole listing.

        By what answers and what is refused, as a token is for Graph alone to read: it "must be treated as opaque", and
        need not even be a JWT (learn.microsoft.com, "Access tokens in the Microsoft identity platform").
        """
        self.begin()

    def begin(self) -> None:
        """Begin a reading: its time runs from now on, and all that is asked later is part of it."""
        self._budget = Budget(self._clock, self._patience, self._known)

    def recount(self) -> None:
        """Go on with a reading whose pages come once more, from where they were noted."""
        self._budget.recount()

    @property
    def is_late(self) -> bool:
        """Whether the reading was ended because its time was over."""
        return self._budget.is_over

    async def get(self, path: str, *, counting: bool = False) -> HttpAnswer:
        """Ask for a path of ours below the version; Graph counts only where a header says so."""
        more = _COUNTING if counting else _NOTHING
        return await self._ask(call_of(path), "GET", self._pin.own(path), more=more)

    def check_link(self, link: str, path: str) -> None:
        """Check a link below a path that is to be stored; raises `Broken` where it leads elsewhere."""
        if not self._pin.checked(link).path.lower().startswith(f"{_VERSION}{path}/"):
            raise _elsewhere()

    async def follow(self, link: str, call: str, notify: Callable[[], None] | None = None) -> HttpAnswer:
        """Ask for what a link of an earlier answer leads to; raises `Expired` where it leads nowhere any more.

        `notify` is called once the question was sent, and again with each further try.
        """
        return await self._ask(call, "GET", self._pin.checked(link), is_link=True, notify=notify)

    def count(self, call: str, page: int, users: int) -> None:
        """Count the objects of a `page`, by which the time of a reading is measured, and the `users` shown so far."""
        self._budget.count(page)
        if self._admission is not None and call == "/users":
            self._admission.count(users)

    async def get_by_ids(self, query: str, body: bytes) -> HttpAnswer:
        """Ask for up to 1,000 objects by id: a reading, although it is a POST."""
        path = f"directoryObjects/getByIds?{query}"
        return await self._ask(call_of(path), "POST", self._pin.own(path), body)

    async def check_member_groups(self, identity: str, groups: Sequence[str]) -> HttpAnswer:
        """Ask which of up to 20 groups a user is in, nested ones included: a reading, although it is a POST."""
        if not 1 <= len(groups) <= GROUPS_MAX or not all(map(GUID.fullmatch, (identity, *groups))):
            raise ValueError(identity)
        path = f"users/{identity}/checkMemberGroups"
        return await self._ask(call_of(path), "POST", self._pin.own(path), json.dumps({"groupIds": [*groups]}).encode())

    async def batch(self, paths: Sequence[str]) -> HttpAnswer:
        """Ask for several paths of ours in one request, each by GET; the place in `paths` is the id of its response."""
        if not 1 <= len(paths) <= BATCH_MAX:
            raise ValueError(paths)
        inside = [
            {"id": str(place), "method": "GET", "url": self._pin.inside(path)} for place, path in enumerate(paths)
        ]
        return await self._ask("/$batch", "POST", self._pin.own("$batch"), json.dumps({"requests": inside}).encode())

    async def _ask(
        self,
        call: str,
        method: str,
        url: URL,
        body: bytes | None = None,
        *,
        more: Mapping[str, str] = _NOTHING,
        is_link: bool = False,
        notify: Callable[[], None] | None = None,
    ) -> HttpAnswer:
        """Ask until there is an answer. A refused token is renewed once, whatever the number of tries.

        So is one of an earlier reading for which a permission is missing. None is kept under which one was.
        """
        token = await self._login.token()
        renewed = False
        tries = 0
        cost = units.cost(url.path.removeprefix(_VERSION), url.query_string)

        async def send() -> HttpAnswer:
            headers = {
                **more,
                **(self._priority if cost else {}),
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "client-request-id": str(uuid.UUID(int=self._chance.getrandbits(128), version=4)),
                **({} if body is None else {"Content-Type": "application/json"}),
            }
            return await self._send(call, method, url, headers, body, cost, notify)

        async def attempt() -> HttpAnswer:
            nonlocal token, renewed, tries
            tries += 1
            self._budget.check()
            answer = await send()
            if not renewed and (
                answer.status == _UNAUTHORIZED or (answer.status == _FORBIDDEN and self._login.is_kept)
            ):
                renewed = True
                token = await self._login.renew(challenge(answer))
                answer = await send()
            if answer.status != OK:
                raise verdict(answer, url.path.removeprefix(_VERSION), now=self._clock.time(), is_link=is_link)
            if not answer.is_json:
                raise malformed(call, f"is not JSON{answer.trail}", "Look for a proxy or a sign-in page in between.")
            return answer if tries == 1 else replace(answer, retried=True)

        try:
            answer = await self._patience.insist(attempt)
        except NeedsConsent as refusal:
            self._login.forget()
            if refusal.code == PERMISSION_MISSING:
                self._note(url, PermissionState.MISSING)
            raise
        self._note(url, PermissionState.GRANTED)
        return answer

    async def _send(  # noqa: PLR0917 - a request, and what it costs
        self,
        call: str,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        body: bytes | None,
        cost: int,
        notify: Callable[[], None] | None,
    ) -> HttpAnswer:
        """Ask once, as soon as it may be asked."""
        if self._admission is not None:
            await self._admission.before(cost)
        try:
            answer = await self._channel.send(method, url, call=call, headers=headers, body=body, notify=notify)
        except (MailrollError, Passing):
            PROCESS.add(GRAPH_REQUESTS, "none")
            raise
        PROCESS.add(GRAPH_REQUESTS, sort_of(answer.status))
        if self._admission is not None:
            await self._admission.after(cost, answer)
        return answer

    def _note(self, url: URL, state: PermissionState) -> None:
        # One object may be kept from an application for reasons of its own; a listing is not.
        path = url.path.removeprefix(_VERSION).strip("/")
        if path in permissions.LISTINGS:
            self.seen[permissions.permission_for(path)] = state


def sort_of(status: int) -> str:
    """Say what an answer counts as. Graph throttles by 429 (learn.microsoft.com/graph/throttling)."""
    if status == THROTTLED:
        return "throttled"
    return {2: "ok", 4: "refused", 5: "trouble"}.get(status // 100, "other")


def call_of(path: str) -> str:
    """Name a path of ours as errors show it: without the ids in it, and without the query."""
    parts = path.partition("?")[0].split("/")
    return "".join(f"/{'{id}' if GUID.fullmatch(part.lower()) else part}" for part in parts)


class Pin:
    """Checks by the text of the link, before any parser has a say: parsers differ, and that is how they are fooled."""

    def __init__(self, graph: str) -> None:
        self._root = f"{graph}/v1.0/"
        self._origin = URL(graph).origin()

    def own(self, path: str) -> URL:
        """Return the URL of a path of ours below the version."""
        return URL(f"{self._root}{path}", encoded=True)

    def inside(self, path: str) -> str:
        """Return a path of ours as a batch names it; raises `Broken` for what would lead anywhere else."""
        self.checked(f"{self._root}{path}")
        return f"/{path}"

    def checked(self, link: str) -> URL:
        """Return a link of the answer as the URL to send, untouched; raises `Broken` where it leads elsewhere."""
        path, _, query = link.removeprefix(self._root).partition("?")
        if (
            len(link) > LINK_MAX
            or not link.startswith(self._root)
            or not _PATH.fullmatch(path)
            or not _QUERY.fullmatch(query)
            or _DISGUISED.search(path)
            or {"", ".", ".."} & set(path.split("/"))
        ):
            raise _elsewhere()
        url = URL(link, encoded=True)
        if url.origin() != self._origin or url.user is not None:  # a second opinion
            raise _elsewhere()
        return url


def _elsewhere() -> Broken:
    return Broken(
        "link_to_other_host",
        "An answer of Microsoft Graph named a next page that is not on the Graph host of this connection.",
        "Nothing was sent there. If this comes again, look for a proxy that changes answers.",
    )
