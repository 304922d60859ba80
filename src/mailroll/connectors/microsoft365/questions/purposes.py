"""What mailboxes are for, by their own settings: asked twenty at a time, as Graph has it for one at a time only.

It is Exchange that answers, with codes of its own. A refusal (403 `ErrorAccessDenied`, `extensionError`) may be one
mailbox's own, on premises or by an application policy, with the permission granted (microsoft-graph-explorer-v4#1478,
msgraph-sdk-dotnet#2141), and nobody has seen which code a missing permission brings: so all that refuse are one kind,
and what it means is told by the others. Of the two codes of 404, the same user got now one and now the other
(microsoft-graph-docs-contrib#4340).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from multidict import CIMultiDict, CIMultiDictProxy

from mailroll.connectors.microsoft365.facts.wire import Answered, Batch
from mailroll.connectors.microsoft365.graph.permissions import MAILBOXES, fix_for
from mailroll.connectors.microsoft365.graph.transport import BATCH_MAX, Transport
from mailroll.connectors.microsoft365.graph.verdicts import NO_EXCHANGE, error_code, no_exchange
from mailroll.connectors.microsoft365.http.channel import OK, THROTTLED, malformed
from mailroll.connectors.microsoft365.http.patience import LATER, Passing, Patience, Timer, wait_asked
from mailroll.connectors.microsoft365.listing.objects import chunks
from mailroll.reconcile.errors import NeedsConsent, Retry
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import Purpose

_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_NO_MAILBOX: Final = frozenset({"MailboxNotEnabledForRESTAPI", "ResourceNotFound", "ErrorInvalidUser"})
"""No mailbox, a deleted one, or one on premises: none in the cloud is all that can be known."""

_BATCH: Final = msgspec.json.Decoder(Batch)
_ANSWERED: Final = msgspec.json.Decoder(Answered)
_OBJECT: Final = msgspec.json.Decoder(dict[str, Any])
_KNOWN: Final[Mapping[str, Purpose]] = {purpose.value: purpose for purpose in Purpose}


async def purposes(
    transport: Transport, patience: Patience, clock: Timer, ids: Sequence[str]
) -> tuple[Mapping[str, Purpose | Unset | None], frozenset[str]]:
    """Ask for the purposes of the mailboxes of these users, None where there is none in the cloud; and who refused.

    1. One batch after the other: mailboxes are answered four at a time, however many batches ask.
    2. Those that were told to wait are asked again, after the longest wait that any of them was told.
    3. Once patience ends nobody else is asked: to knock on prolongs the pause. What is left is not known.

    Raises `NoMailboxes` where Exchange does not know the tenant.
    """
    purposes_by_id: dict[str, Purpose | Unset | None] = dict.fromkeys(ids, UNSET)
    refused: set[str] = set()
    for chunk in chunks(ids, BATCH_MAX):
        asking = _PurposeBatch(transport, clock, chunk)
        try:
            await patience.insist(asking.ask)
        except _Pressed:
            return purposes_by_id | asking.found, frozenset(refused | asking.refused)
        purposes_by_id |= asking.found
        refused |= asking.refused
    return purposes_by_id, frozenset(refused)


async def answered(transport: Transport, ids: Sequence[str]) -> Mapping[str, Answered]:
    """Ask one batch, and return the responses by user. What is missing, or came twice, is not in it.

    A response without a time of its own has that of the batch, so that a wait that is asked for as a date counts from
    Microsoft's clock.
    """
    answer = await transport.batch([f"users/{user_id}/mailboxSettings/userPurpose" for user_id in ids])
    try:
        responses = _BATCH.decode(answer.body).responses
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise malformed(answer.call, f"has not the shape of a batch{answer.trail}") from fault
    answers: dict[str, Answered | None] = {}
    for raw in responses:
        try:
            response = _ANSWERED.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        response.headers = {"Date": answer.headers.get("Date", ""), **(response.headers or {})}
        answers[response.id] = None if response.id in answers else response
    places = ((name, answers.get(str(place))) for place, name in enumerate(ids))
    return {name: user_answer for name, user_answer in places if user_answer is not None}


class _Pressed(Retry):
    """Mailboxes kept being throttled."""


@dataclass(slots=True)
class _PurposeBatch:
    """One batch, until every mailbox of it has answered."""

    transport: Transport
    clock: Timer
    waiting: Sequence[str]
    found: dict[str, Purpose | Unset | None] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    async def ask(self) -> None:
        answers = await answered(self.transport, self.waiting)
        throttled = {name: answer for name, answer in answers.items() if answer.status == THROTTLED}
        self.found |= {name: _judged(answer) for name, answer in answers.items() if name not in throttled}
        self.refused |= {name for name, answer in answers.items() if refuses(answer)}
        self.waiting = tuple(throttled)
        if not throttled:
            return
        waits = [wait for answer in throttled.values() if (wait := self._wait(answer)) is not None]
        raise Passing(
            _Pressed("throttled", "Microsoft Graph asks for a pause.", "This passes by itself.", after=LATER),
            wait=max(waits, default=None),
            throttled=True,
        )

    def _wait(self, answer: Answered) -> float | None:
        return wait_asked(CIMultiDictProxy(CIMultiDict(answer.headers or {})), now=self.clock.time())


def refusal() -> NeedsConsent:
    """Return what it means that no mailbox tells: which of the two it is, Exchange does not say."""
    return NeedsConsent(
        "mailboxes_refuse",
        "No mailbox of the tenant tells this application what it is for: a permission is missing, or a policy of "
        "Exchange keeps the application out.",
        f"{fix_for(MAILBOXES.name)} If it is granted, look at the application access policies of Exchange.",
    )


def refuses(answer: Answered) -> bool:
    """Tell whether a mailbox says that this application may not know, whatever code it says it with."""
    return answer.status == _FORBIDDEN


def _judged(answer: Answered) -> Purpose | Unset | None:
    if answer.status == OK:
        return _purpose(answer.body)
    code = error_code(bytes(answer.body))
    if answer.status == _UNAUTHORIZED and code == NO_EXCHANGE:
        raise no_exchange()
    return None if answer.status == _NOT_FOUND and code in _NO_MAILBOX else UNSET


def _purpose(body: msgspec.Raw) -> Purpose | Unset:
    """Read the value alone, the settings with only it in them, or Microsoft's sample, which is both at once."""
    try:
        content = _OBJECT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return UNSET
    value = content.get("value", content.get("userPurpose"))
    if isinstance(value, dict):
        value = value.get("value")
    if not isinstance(value, str) or not value:
        return UNSET
    return _KNOWN.get(value.lower(), Purpose.OTHERS)
