"""Times that pages promise: told as people say them, and kept by who has to keep them."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

import mailroll
from mailroll import promises
from mailroll.accounts import first_run, invitations, letter_limits, visits
from mailroll.alerts import evaluation
from mailroll.connections.consent import departure, links
from mailroll.gateway import models as gateway
from mailroll.promises import in_words
from mailroll.settings import Settings
from mailroll.sync import states
from mailroll.sync.addresses import questions
from mailroll.sync.readings import inquiry
from mailroll.sync.samples import view
from mailroll.sync.schedules import pace

SOURCE = Path(mailroll.__file__).parent
DOCS = Path(__file__).parents[1] / "docs"

_UNITS = r"(?:second(?! factor)|minute|hour|day|week|month|year)s?\b"
_NUMBERS = r"\d[\d,]*|two|three|four|five|six|seven|ten|fifteen|thirty"
_TIME = re.compile(
    rf"\b(?:{_NUMBERS}) (?:more )?{_UNITS}|\b(?:within|for|in|after|once|of|than|every|by) (?:an?|one) {_UNITS}",
    re.IGNORECASE,
)
_NOT_OURS = {
    # What somebody chooses, by the words of the choice.
    "alerts/attention.py",
    "console/sync/tab.py",
    # When an alert tells of a credential that ends: the cause and its query have it both.
    "alerts/causes.py",
    "alerts/detection.py",
    # What others do: Microsoft, name servers, Postfix.
    "connectors/microsoft365/sign_in/aadsts.py",
    "connectors/microsoft365/notices.py",
    "connections/ownership/lookup.py",
    "console/gateway/configuration.py",
    # What the core counts is told and tested beside its guards; and how long Microsoft keeps whom it deleted.
    "reconcile/findings.py",
    "reconcile/reasons.py",
    # A time that is left, counted when it is told.
    "console/connect/connection_view.py",
    "insight/why/gateway_verdict.py",
    # How the database leases what processes share: nobody is told.
    "sync/shared_units.py",
    # How long counts of runs are kept for home, which tells those since midnight alone.
    "sync/standings/sums.py",
}
"""Modules with a time in their sentences that is no promise, and why."""


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=30), "30 days"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=48), "48 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=5), "5 minutes"),
    ],
)
def test_a_time_is_told_as_people_say_it(span: timedelta, words: str) -> None:
    assert promises.in_words(span) == words


def test_every_promise_is_whole_in_its_own_words() -> None:
    for name, span in vars(promises).items():
        if name.isupper() and isinstance(span, timedelta):
            number, unit = promises.in_words(span).split()
            assert timedelta(**{f"{unit.rstrip('s')}s": int(number)}) == span, name


def test_guards_and_jobs_keep_to_what_is_promised() -> None:
    assert (states.VALID, inquiry.FRESH) == (promises.PLAN, promises.ANSWERS)
    assert (invitations.VALID, links.LIFE, first_run.VALID) == (
        promises.INVITATION,
        promises.CONSENT_LINK,
        promises.FIRST_RUN,
    )
    assert (evaluation.KEPT, view.KEPT, visits.KEPT) == (promises.ENDED_ALERTS, promises.SAMPLES, promises.VISITS)
    assert (departure.STATE_LIFE, letter_limits.DAY) == (promises.CONSENT_ATTEMPT, promises.LETTERS)
    assert (questions.KEPT, questions.WITHIN) == (promises.DIRECTORY_ANSWER, promises.QUESTIONS)
    assert (pace.SHORTEST, pace.LONGEST) == (promises.SHORTEST_INTERVAL, promises.LONGEST_INTERVAL)
    assert timedelta(days=gateway.DAYS) == promises.ASKED
    unset = Settings.read({"HOME": "/home/ada"})
    assert (unset.audit_kept, unset.run_details_kept) == (promises.AUDIT, promises.RUN_DETAILS)
    assert timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) == promises.RESET
    assert timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT) == promises.CONFIRMED


def _docstrings(module: ast.Module) -> set[int]:
    said = (node.value for node in ast.walk(module) if isinstance(node, ast.Expr))
    return {id(value) for value in said if isinstance(value, ast.Constant)}


def _sentences(path: Path) -> Iterator[str]:
    module = ast.parse(path.read_text())
    unsaid = _docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unsaid:
            yield " ".join(node.value.split())


def _modules_with_times() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted({*SOURCE.rglob("*.py")} - {Path(promises.__file__)}):
        times = [sentence for sentence in _sentences(path) if _TIME.search(sentence)]
        if times and "migrations" not in path.parts:
            found[str(path.relative_to(SOURCE))] = times
    return found


def test_no_sentence_has_a_time_of_its_own() -> None:
    """It would go on telling it when who keeps to it has another."""
    found = _modules_with_times()
    assert {path: sentences for path, sentences in found.items() if path not in _NOT_OURS} == {}
    assert _NOT_OURS - set(found) == set(), "these tell no time any more"


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("glossary.md", "accepted for {GRACE} and until another reading lacks it, then put off for {LATER}"),
        ("gateways/README.md", "| left less than {GRACE} ago, or nothing has confirmed yet that it is gone | 250 |"),
        ("security.md", "while in the roll, then {KEPT} at least; lookups of gateways {ASKED}"),
        ("security.md", "sessions {VISITS} after their end"),
        ("how-to/alerts.md", "after {GATEWAY_GONE} it counts as taken away"),
        ("how-to/alerts.md", "An alert that is over is kept for {ENDED_ALERTS}."),
        ("how-to/alerts.md", "once within {ASKED}"),
        ("how-to/leave.md", "where one asked in the last {ASKED}"),
        ("how-to/leave.md", "| `MAILROLL_AUDIT_DAYS`, {AUDIT:days} |"),
        ("how-to/leave.md", "| `MAILROLL_RUN_DAYS`, {RUN_DETAILS:days}; 30 at least |"),
        (
            "how-to/leave.md",
            "| what was asked of the workers, after it was settled: the audit log says who asked | {REQUESTS} |",
        ),
        ("how-to/leave.md", "| by which steps a run came to its end | {PROGRESS} |"),
        ("how-to/leave.md", "| an alert that is over, with its messages | {ENDED_ALERTS} |"),
        ("how-to/leave.md", "| an invitation, or a link for an administrator, that has ended | {ENDED_LINKS} |"),
        ("how-to/leave.md", "| addresses that gateways asked for and did not get | {ASKED} |"),
        ("how-to/leave.md", "| a reading that was kept to count with while somebody writes a filter | {SAMPLES} |"),
        ("how-to/leave.md", "| what a directory said of one address | {DIRECTORY_ANSWER} |"),
        ("explanation/automatic-sync.md", "The interval is {SHORTEST_INTERVAL} to {LONGEST_INTERVAL}."),
        ("reference/console.md", "the runs of {HISTORY}"),
    ],
)
def test_pages_of_the_documentation_tell_the_same(page: str, sentence: str) -> None:
    told = " ".join((DOCS / page).read_text().split())
    assert _fill(sentence) in told


def _fill(sentence: str) -> str:
    def words(name: re.Match[str]) -> str:
        span: timedelta = getattr(promises, name[1])
        return str(span.days) if name[2] else in_words(span)

    return re.sub(r"\{([A-Z_]+)(:days)?\}", words, sentence)
