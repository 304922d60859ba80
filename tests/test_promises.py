"""Times that pages promise: told as people say them, and kept by who has to keep them."""

from datetime import timedelta

import pytest
from django.conf import settings

from mailroll import promises
from mailroll.accounts import first_run, invitations
from mailroll.connections.consent import links
from mailroll.directory import lifecycle
from mailroll.sync import inquiry
from mailroll.sync.runs import states


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
    assert (lifecycle.GRACE, lifecycle.LATER, lifecycle.KEPT) == (promises.GRACE, promises.LATER, promises.KEPT)
    assert (states.VALID, inquiry.FRESH) == (promises.PLAN, promises.ANSWERS)
    assert (invitations.VALID, links.LIFE, first_run.VALID) == (
        promises.INVITATION,
        promises.CONSENT_LINK,
        promises.FIRST_RUN,
    )
    assert timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) == promises.RESET
    assert timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT) == promises.CONFIRMED
