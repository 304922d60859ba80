"""Answers a question about one address: asks every directory of its domain, and judges what it shows as a run would."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from mailroll import log_context
from mailroll.audit import clock
from mailroll.connections import outside
from mailroll.connections.models import Connection
from mailroll.connectors import registry
from mailroll.connectors.base import AddressHolders
from mailroll.connectors.urgency import Urgency, asked_by
from mailroll.connectors.words import sentence
from mailroll.directory import load
from mailroll.directory.models import Domain, User
from mailroll.reconcile import kinds
from mailroll.reconcile.addresses import Address, AddressFault, canonical
from mailroll.reconcile.desired import Desired, Later, desire
from mailroll.reconcile.errors import MailrollError
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Current, ExternalId, ObjectType, Reading, Record, Snapshot
from mailroll.reconcile.statements import Absent, Keep, Take
from mailroll.sync import faults, shared_units
from mailroll.sync.models import AddressQuestion, RunSkip
from mailroll.sync.purposes import mailbox_survey
from mailroll.sync.sources import asides, scopes, source_list
from mailroll.sync.sources.records import place

log = logging.getLogger(__name__)

_Shown = tuple[Snapshot, AddressHolders]


def answer(question_id: UUID) -> None:
    """Answer one question, once. An edge: every fault ends in the row."""
    question = AddressQuestion.objects.select_related("domain__organization").filter(id=question_id).first()
    if question is None or question.answered_at is not None:
        return
    with log_context.bound(domain=question.domain_id):
        _settle(question)
    question.answered_at = clock.now()
    # It may have been let go of meanwhile.
    AddressQuestion.objects.filter(id=question.id).update(
        answer=question.answer, error=question.error, answered_at=question.answered_at
    )


def _settle(question: AddressQuestion) -> None:
    try:
        question.answer = _answer(Address(question.address), question.domain, question.asked_at)
    except MailrollError as error:
        question.error = error.as_json()
    except Exception as error:
        log.exception("asking for an address failed")
        question.error = faults.unexpected(error)


def _answer(address: Address, domain: Domain, asked_at: datetime) -> dict[str, object]:
    """1. Ask each connection, and by id for the object that is known  2. judge what came  3. say it of each object."""
    known_objects = _known_holders(address, domain)
    sources = source_list.sources(domain, known_objects.values())
    scope = scopes.scope_of(domain, sources)
    questions = {question.access.connection: question for _, question in sources}
    shared_units.begin_try(Connection.objects.filter(id__in=questions), clock.now())
    with asked_by(Urgency.PERSON):
        answers, failures = outside.ask(_ask(tuple(questions.values()), address, known_objects, asked_at))
    if failures and not answers:
        raise failures[0]
    snapshots = {
        key: mailbox_survey.remembered(snapshot, questions[key].access) for key, (snapshot, _) in answers.items()
    }
    readings = [Reading(source, snapshots.get(question.access.connection)) for source, question in sources]
    records = {record.id: record for snapshot in snapshots.values() for record in snapshot.records}
    users = User.objects.filter(domain=domain, external_id__in=list(records)).values_list("id", flat=True)
    judged = desire(readings, scope, kinds.settled(Current(load.users(domain.id, list(users)))))
    return {
        "objects": [_object(record, address, judged) for _, record in sorted(records.items())],
        "unread": sorted({gap.type.value for _, holding in answers.values() for gap in holding.unread}),
        "failed": [error.message for error in failures],
    }


def _known_holders(address: Address, domain: Domain) -> Mapping[ExternalId, ObjectType]:
    """The objects that are known to have it, or that a reading left out with it."""
    holders = User.objects.filter(domain=domain, addresses__address=address, external_id__isnull=False)
    known_objects = {
        ExternalId(user.external_id or ""): ObjectType(user.object_type or ObjectType.USER) for user in holders
    }
    left_out = RunSkip.objects.filter(run__domain=domain, address=address).exclude(external_id="").order_by("-id")
    for key in left_out.values_list("external_id", flat=True)[:1]:
        known_objects.setdefault(ExternalId(key), ObjectType.USER)
    return known_objects


async def _ask(
    questions: Sequence[asides.ReadingQuestion],
    address: Address,
    known_objects: Mapping[ExternalId, ObjectType],
    asked_at: datetime,
) -> tuple[Mapping[UUID, _Shown], tuple[MailrollError, ...]]:
    answers: dict[UUID, _Shown] = {}
    failures: list[MailrollError] = []
    for question in questions:
        try:
            answers[question.access.connection] = await _ask_tenant(question, address, known_objects, asked_at)
        except MailrollError as error:
            failures.append(error)
    return answers, tuple(failures)


async def _ask_tenant(
    question: asides.ReadingQuestion,
    address: Address,
    known_objects: Mapping[ExternalId, ObjectType],
    asked_at: datetime,
) -> _Shown:
    access = question.access
    async with registry.build(access.kind, access.values, wanted_objects=question.wanted) as connector:
        tenant = await connector.tenant()
        if tenant != access.tenant:
            return Snapshot(tenant, access.tenant, frozenset(), (), (), asked_at), AddressHolders(())
        verified = await connector.domains()
        holding = await connector.holding(address)
        records_by_id = {record.id: record for record in holding.records}
        mine = {
            key: object_type
            for key, object_type in known_objects.items()
            if key.startswith(f"{tenant}:") and key not in records_by_id
        }
        by_id = await connector.find(mine) if mine else {}
        records_by_id |= {key: record for key, record in by_id.items() if record is not None}
        rooms = await asides.rooms_of(connector)
        memberships = await asides.memberships_of(connector, question.memberships, asides.Aside())
    records = place(records_by_id.values(), rooms)
    snapshot = Snapshot(
        tenant, access.tenant, verified, records, (), asked_at, memberships=memberships, hybrid=access.hybrid
    )
    return snapshot, holding


def _object(record: Record, address: Address, judged: Desired) -> dict[str, object]:
    """Say of one object whether it has the address now, and whether a run would take it. `taken` is None for doubt."""
    verdict = judged.verdicts.get(record.id)
    reason = next(
        (skip.reason for skip in judged.skips if skip.external_id == record.id and skip.address == address), None
    )
    is_taken: bool | None = None
    if isinstance(verdict, Take | Later):
        is_taken = address in verdict.entry.addresses
    elif isinstance(verdict, Absent):
        is_taken, reason = False, verdict.reason
    elif isinstance(verdict, Keep):
        reason = verdict.reason
    return {
        "id": record.id,
        "type": record.type.value,
        "name": record.display_name or "",
        "has": _has(record, address),
        "taken": is_taken,
        "why": sentence(reason) if reason is not None and is_taken is not True else "",
    }


def _has(record: Record, address: Address) -> bool | None:
    if record.proxies is UNSET:
        return None
    texts = (canonical(proxy.text) for proxy in record.proxies)
    return address in [text for text in texts if not isinstance(text, AddressFault)]
