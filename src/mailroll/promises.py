"""What pages promise people of time, once: sentences tell it, guards and jobs keep to it.

Whoever changes a number here changes the sentence and what it is about together.
"""

from datetime import timedelta
from typing import Final

GRACE: Final = timedelta(hours=24)
"""How long mail for an address that ends is accepted as before, at the least."""
LATER: Final = timedelta(hours=24)
"""How long it is then put off: the sender keeps the message and tries again."""
KEPT: Final = timedelta(days=30)
"""How long a retired user can be restored, at the least: nothing clears them away today."""

AUDIT: Final = timedelta(days=731)
"""How long an entry of the audit log is kept, unless the setting says otherwise."""
RUN_DETAILS: Final = timedelta(days=731)
"""How long it is kept whom a run changed something of and whom it skipped, unless the setting says otherwise."""
REQUESTS: Final = timedelta(days=30)
"""How long it is kept what was asked of the workers, once it is settled. Who asked stands in the audit log."""
PROGRESS: Final = timedelta(days=30)
"""How long it is kept by which steps a run came to its end; of the newest that read anything it always is."""
ENDED_ALERTS: Final = timedelta(days=90)
"""How long an alert is kept that is over, with the messages about it."""
ENDED_LINKS: Final = timedelta(days=30)
"""How long a link is kept after its end, so that its page can say what became of it."""
SAMPLES: Final = timedelta(hours=24)
"""How long a reading is kept at the most to count with while somebody writes a filter."""
VISITS: Final = timedelta(days=180)
"""How long a session is kept after it was last used, for its person to look back at."""

TRY: Final = timedelta(minutes=1)
"""How long after a try during a pause of an application nobody else may try."""
PLAN: Final = timedelta(hours=24)
"""How long a plan waits for a decision."""
ANSWERS: Final = timedelta(minutes=5)
"""How old the answers about whoever would go may be when a plan is applied; else they are asked for again."""

INVITATION: Final = timedelta(days=7)
CONSENT_LINK: Final = timedelta(days=7)
"""How long a link for a customer's administrator works."""
CONSENT_TRIES: Final = timedelta(hours=24)
"""The time in which it is counted how often such a link was tried."""
CONSENT_ATTEMPT: Final = timedelta(minutes=10)
"""How long somebody who went to Microsoft may take to come back."""
FIRST_RUN: Final = timedelta(hours=1)
"""How long the link works that makes the first operator."""
CONFIRMED: Final = timedelta(minutes=5)
"""How long somebody who confirmed that it is them is not asked again."""
RESET: Final = timedelta(hours=2)
"""How long the link works that sets a new password."""
LETTERS: Final = timedelta(hours=24)
"""The time in which letters are counted."""
GUESSES: Final = timedelta(minutes=5)
"""How long somebody waits who gave too many wrong codes."""
WORKER: Final = timedelta(minutes=1)
"""A worker or a gateway server that was not seen for so long counts as gone."""
SHORTEST_INTERVAL: Final = timedelta(minutes=5)
LONGEST_INTERVAL: Final = timedelta(days=7)
"""How often a domain can be read by itself."""

HISTORY: Final = timedelta(days=7)
"""The runs that a page of them shows at first."""
ASKED: Final = timedelta(days=7)
"""How far back is told what gateways asked."""
DIRECTORY_ANSWER: Final = timedelta(hours=1)
"""How long is kept what a directory said of one address."""
QUESTIONS: Final = timedelta(minutes=10)
"""The time in which it is counted how many addresses a directory is asked about."""
GATEWAY_GONE: Final = timedelta(days=30)
"""After so long a silence a gateway counts as taken away."""
REVIEW: Final = timedelta(days=90)
"""After so long it is asked whether a static address that a mail log led to is still needed."""
COMPARED: Final = timedelta(days=30)
"""How far back a mail log is compared with a list."""
UNSEEN: Final = timedelta(days=90)
"""After so long an operator is said to be not seen."""

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def in_words(span: timedelta) -> str:
    """Return a span as people say it: “7 days”, “24 hours”, “1 hour”, “5 minutes”; up to two days in hours."""
    unit, name = (_DAY, "day") if span > 2 * _DAY else (_HOUR, "hour") if span >= _HOUR else (_MINUTE, "minute")
    number = span // unit
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
