"""Asks by id whether who would go by an old plan is really gone. Nobody goes on the word of an old reading."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from mailroll import promises
from mailroll.audit.actor import Acting
from mailroll.connections import outside
from mailroll.connectors import registry
from mailroll.directory import load
from mailroll.reconcile import answers, kinds
from mailroll.reconcile.answers import Answers
from mailroll.reconcile.errors import MailrollError, Refused
from mailroll.reconcile.model import Current, ExternalId, ObjectType, Reading, Snapshot
from mailroll.reconcile.plan import Plan
from mailroll.reconcile.statements import trust
from mailroll.sync.models import Run
from mailroll.sync.purposes import mailbox_survey
from mailroll.sync.sources import asides, scopes, source_list
from mailroll.sync.sources.records import place

FRESH = promises.ANSWERS
"""How long what a directory said is good enough to remove somebody."""


class Outdated(Refused):
    """The answers were old before the plan could take effect."""

    def __init__(self) -> None:
        super().__init__(
            "answers_outdated",
            "Something else had this domain for so long that the answers were old again, so nothing was applied.",
            "Make a new preview.",
        )


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What came of asking, and when it began. `failures`: why connections could not be asked."""

    answers: Answers
    asked_at: datetime
    failures: tuple[MailrollError, ...]

    def expect_fresh(self, now: datetime) -> None:
        """Raise `Outdated` where the answers are as old as a reading must not be."""
        if not fresh(self.asked_at, now):
            raise Outdated

    @property
    def why(self) -> str:
        """Why something could not be asked."""
        return " ".join(dict.fromkeys(error.message for error in self.failures)) or (
            "The tenant that answered is not the one that these users come from, or has not verified the domain."
        )


def fresh(at: datetime | None, now: datetime) -> bool:
    """Whether what was said at that time still counts. The future is no time at which anything was said."""
    return at is not None and now - FRESH <= at <= now


def ask(run: Run, plan: Plan, acting: Acting) -> Inquiry | None:
    """Ask for everybody who would go and every address that would end; None where nothing has to be asked.

    Call with the domain's lock, and outside of every transaction: no row is locked meanwhile, no connection is held.
    """
    asked_at = acting.now()
    ids = {} if run.of_file or fresh(run.read_at, asked_at) else answers.objects(plan)
    if not ids:
        return None
    sources = source_list.sources(run.domain, ids.values())
    scope = scopes.scope_of(run.domain, sources)
    questions = {question.access.connection: question for _, question in sources}
    snapshots, failures = outside.ask(_ask(tuple(questions.values()), ids, asked_at))
    remembered_snapshots = {
        key: mailbox_survey.remembered(snapshot, questions[key].access) for key, snapshot in snapshots.items()
    }
    readings = [Reading(source, remembered_snapshots.get(question.access.connection)) for source, question in sources]
    users = load.users(run.domain_id, plan.touched_users)
    judged = answers.judge(readings, scope, kinds.settled(Current(users)))
    # While one source cannot tell, no other one says of its tenant's objects that they have no place here.
    doubtful = {
        question.access.tenant
        for key, question in questions.items()
        if key not in remembered_snapshots or not isinstance(trust(remembered_snapshots[key], scope), Snapshot)
    }
    absent = frozenset(key for key in judged.absent if key.partition(":")[0] not in doubtful)
    return Inquiry(replace(judged, absent=absent), asked_at, failures)


async def _ask(
    questions: tuple[asides.ReadingQuestion, ...], ids: Mapping[ExternalId, ObjectType], asked_at: datetime
) -> tuple[Mapping[UUID, Snapshot], tuple[MailrollError, ...]]:
    snapshots: dict[UUID, Snapshot] = {}
    failures: list[MailrollError] = []
    for question in questions:
        try:
            snapshots[question.access.connection] = await _find(question, ids, asked_at)
        except MailrollError as error:
            failures.append(error)
    return snapshots, tuple(failures)


async def _find(question: asides.ReadingQuestion, ids: Mapping[ExternalId, ObjectType], asked_at: datetime) -> Snapshot:
    """Ask one connection: who the tenant is, what it has proved, the objects, and what filters go by."""
    access = question.access
    async with registry.build(access.kind, access.values, wanted_objects=question.wanted) as connector:
        tenant = await connector.tenant()
        if tenant != access.tenant:
            return Snapshot(tenant, access.tenant, frozenset(), (), (), asked_at)
        verified = await connector.domains()
        mine = {key: type_ for key, type_ in ids.items() if key.startswith(f"{access.tenant}:")}
        records_by_id = await connector.find(mine)
        rooms = await asides.rooms_of(connector)
        memberships = await asides.memberships_of(connector, question.memberships, asides.Aside())
    return Snapshot(
        tenant=tenant,
        expected_tenant=access.tenant,
        verified=verified,
        records=place((record for record in records_by_id.values() if record is not None), rooms),
        unreadable=(),
        read_at=asked_at,
        asked={key: None for key, record in records_by_id.items() if record is None},
        memberships=memberships,
        hybrid=access.hybrid,
    )
