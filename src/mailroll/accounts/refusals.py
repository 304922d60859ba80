"""What was refused, noted: signing in, a page, a confirmation; however often it is tried, entries stay few.

What was typed as somebody's address is kept only where it is an operator's: people type passwords into that field.
"""

from django.http import HttpRequest

from mailroll.accounts import throttle
from mailroll.accounts.models import Operator, OperatorManager
from mailroll.accounts.operators import acting_as
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject
from mailroll.audit.repetitions import note_repeated

FAILED, TOO_SOON = "operator.sign_in_failed", "operator.sign_in_too_soon"
REFUSED = "operator.refused"
START_LINK = "installation.link_refused"
CONFIRMED, NOT_CONFIRMED = "operator.confirmed", "operator.not_confirmed"
CONFIRMED_TOO_SOON = "operator.confirmed_too_soon"
ABOUT = "about-"
"""Begins the tag of a message that says an error; its code follows, by which the page leads to what is said of it."""
VISITOR = "visitor"
"""Who acts where nobody is signed in."""


def note_sign_in(request: HttpRequest, action: str, email: str, by: str) -> None:
    """Note that nobody was signed in; told apart are addresses of operators, and the networks that it is tried from."""
    operator = Operator.objects.filter(email=OperatorManager.normalize_email(email)).first()
    off = {"switched_off": True} if operator is not None and not operator.is_active else {}
    network = throttle.network(request.META.get("REMOTE_ADDR") or "")
    subject = Subject("" if operator is None else operator.email)
    note_repeated(Acting(VISITOR), action, subject, apart=f"{network} {by}", by=by, **off)


def note_page(operator: Operator, route: str, *, out_of_reach: bool) -> None:
    """Note that a page was refused: it asks for more than their role, or is about what they do not reach.

    Whether that exists at all is said to nobody, so it is not said here.
    """
    reason = "not theirs or not there" if out_of_reach else "role"
    apart = f"{operator.id} {route} {reason}"
    note_repeated(acting_as(operator), REFUSED, Subject(operator.email), apart=apart, page=route, why=reason)


def note_start_link(request: HttpRequest) -> None:
    """Note that a link for the first run was guessed, or is an old one; the networks that it is tried from are told."""
    network = throttle.network(request.META.get("REMOTE_ADDR") or "")
    note_repeated(Acting(VISITOR), START_LINK, Subject(""), apart=network)


def note_too_soon(operator: Operator, by: str) -> None:
    """Note that somebody who is signed in has to wait before they may confirm again."""
    note_repeated(acting_as(operator), CONFIRMED_TOO_SOON, Subject(operator.email), apart=by, by=by)
