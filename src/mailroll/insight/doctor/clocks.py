"""Whether this machine's clock agrees with the database's, by which Mailroll goes, and with Microsoft's."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import create_default_context
from typing import Final
from urllib.parse import urlsplit

from mailroll.audit import clock
from mailroll.connectors import registry
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, unasked, warns
from mailroll.settings import CloudName

_NOTICED: Final = timedelta(seconds=30)
_TOO_MUCH: Final = timedelta(minutes=5)
"""A client's assertion holds for 10 minutes, as msal makes it (`create_normal_assertion`); before and after them Entra
answers AADSTS700024 (learn.microsoft.com/entra/identity-platform/reference-error-codes). Half of that."""

_MEND: Final = "Have this machine keep its time, with systemd-timesyncd or chrony: timedatectl set-ntp true"


def examine_database(circumstances: Circumstances) -> Diagnosis:
    before = circumstances.clock()
    theirs = clock.now()
    return _judge(theirs - _middle(before, circumstances.clock()), "the database's")


def examine_microsoft(circumstances: Circumstances) -> Diagnosis:
    """Hold the clock against the `Date` header of the sign-in host, of whatever status: RFC 9110, section 6.6.1."""
    origin = _sign_in_host(circumstances)
    parts = urlsplit(origin)
    before = circumstances.clock()
    try:
        with closing(_line(origin, circumstances)) as line:
            line.request("HEAD", "/", headers={"Cache-Control": "no-cache", "User-Agent": "mailroll-doctor"})
            said = line.getresponse().getheader("Date", "")
        theirs = parsedate_to_datetime(said)
    except (OSError, HTTPException) as problem:
        return unasked(
            f"{parts.netloc} could not be asked for the time ({type(problem).__name__}).",
            f"Let this machine reach {origin}, or compare its clock by hand.",
        )
    except ValueError:
        return unasked(f"{parts.netloc} answered without a time.", "Compare the clock of this machine by hand.")
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    # The header has whole seconds, cut off: on the average half of one is missing.
    return _judge(theirs + timedelta(seconds=0.5) - _middle(before, circumstances.clock()), f"that of {parts.netloc}")


def _sign_in_host(circumstances: Circumstances) -> str:
    own = circumstances.settings
    if own.custom_login_url is not None:
        return own.custom_login_url
    return registry.sign_in_host("global" if own.m365_cloud is CloudName.CUSTOM else own.m365_cloud.value)


def _line(origin: str, circumstances: Circumstances) -> HTTPConnection:
    parts = urlsplit(origin)
    if parts.scheme == "http":
        return HTTPConnection(parts.hostname or "", parts.port, timeout=circumstances.patience)
    own = circumstances.settings
    authorities = str(own.custom_ca_file) if own.custom_login_url and own.custom_ca_file else None
    context = create_default_context(cafile=authorities)
    return HTTPSConnection(parts.hostname or "", parts.port, timeout=circumstances.patience, context=context)


def _middle(before: datetime, after: datetime) -> datetime:
    return before + (after - before) / 2


def _judge(ahead: timedelta, of: str) -> Diagnosis:
    """`ahead`: by how much the other clock is before this machine's."""
    apart = abs(ahead)
    if apart < _NOTICED:
        return good(f"This machine's clock agrees with {of}.")
    way = "behind" if ahead > timedelta() else "ahead of"
    sentence = f"This machine's clock is {_spelt(apart)} {way} {of}."
    return fails(sentence, _MEND) if apart >= _TOO_MUCH else warns(sentence, _MEND)


def _spelt(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    if seconds < 120:  # noqa: PLR2004 - two minutes
        return f"{seconds} seconds"
    minutes = seconds // 60
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"  # noqa: PLR2004 - two hours
