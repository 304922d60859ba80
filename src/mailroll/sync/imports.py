"""The use cases of a file of users: it makes a run like any other, with its plan, guards and history."""

import logging
from functools import partial
from time import perf_counter
from uuid import UUID, uuid4

from mailroll import log_context
from mailroll.audit.actor import Acting
from mailroll.directory import load, queries
from mailroll.directory.models import MAIN, Domain
from mailroll.directory.sheets import users as sheet
from mailroll.reconcile import imports
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import MailrollError
from mailroll.reconcile.imports import ImportRow, Missing, UserFile
from mailroll.reconcile.model import Scope
from mailroll.reconcile.pipeline import Terms
from mailroll.sync import faults
from mailroll.sync.locks.domain_lock import alone
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.plans import planning
from mailroll.sync.readings import findings
from mailroll.sync.runs import decide, make

log = logging.getLogger(__name__)


def preview(content: bytes, missing: Missing, domain: Domain, acting: Acting) -> Run:
    """Compare a file with the roll and stop before anything is applied: `decide.apply` applies exactly that plan.

    Raises `BadInput`, and `BadList` with everything that is wrong with the file; there is no run then.
    """
    rows = sheet.parse(content, domain)
    with alone(domain.id, acting.now()), log_context.bound(domain=domain.id):
        run = make.begin(domain, Trigger.IMPORT, uuid4(), acting)
        try:
            make.keep(run, _planned(rows, missing, domain, run.revision), acting)
        except MailrollError as error:
            make.fail(run, error.as_json(), acting)
        except Exception as error:
            log.exception("import %s failed", run.id)
            make.fail(run, faults.unexpected(error), acting)
    return run


def run(content: bytes, missing: Missing, domain: Domain, acting: Acting) -> Run:
    """Compare and apply what the guards let through; removals that they hold wait for a person."""
    preview_run = preview(content, missing, domain, acting)
    return decide.apply(preview_run.id, acting) if preview_run.state == RunState.PLANNED else preview_run


def _planned(rows: tuple[ImportRow, ...], missing: Missing, domain: Domain, revision: int) -> planning.Planned:
    began = perf_counter()
    current = load.current(domain.id)
    scope = Scope(domain.id, DomainName(domain.name), queries.accepted(domain))
    user_file = UserFile(rows, missing, MAIN, _identify)
    terms = Terms(revision, planning.LIMITS, paused=findings.of_pauses(domain))
    proposal = imports.propose(user_file, current, scope, terms, partial(load.elsewhere, domain.id))
    return planning.Planned(proposal, {"compare": round(perf_counter() - began, 3)})


def _identify(_: object) -> UUID:
    return uuid4()
