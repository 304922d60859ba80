"""What gateways asked: counted in memory by a server, flushed to the database now and then, and read by people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from mailroll.directory.models import Domain
from mailroll.gateway.answers import Answer, Roll, Verdict, split
from mailroll.gateway.models import DAYS, SAMPLE, AnswerCount, Asker, RefusedAddress
from mailroll.gateway.server_figures import SinceStart
from mailroll.reconcile.addresses import ADDRESS_MAX

WOULD_REFUSE: Final = "would_refuse"
"""Counted instead of the answer where a watched domain said yes to whom it would have refused."""

HTTP: Final = "http"
"""The kind of a gateway that asks over HTTP, with a token."""

PGSQL: Final = "pgsql"
"""The kind of a gateway that asks PostgreSQL itself."""

CHART_DAYS: Final = 90
"""How long the counts of answers are kept: they say nothing of anybody."""

KNOWN_DAYS: Final = 365
"""How long it is kept when an address of the roll was last asked for."""

# Any number that no other program takes: two servers that flush at once would pass the size of the sample.
_FLUSHING = 0x6D61_696E


# The value of a member is a call, and this is asked for each question.
_VALUES: Final = {answer_kind: answer_kind.value for answer_kind in Answer}


@dataclass(slots=True)
class AskedTally:
    """What was asked since the last flush. Bounded: by the roll, and by the size of the sample.

    It is counted for the day on which it is flushed, which is a minute later at the most while the database answers.
    """

    answers: dict[tuple[UUID, str], int] = field(default_factory=dict)
    known: dict[UUID, Counter[str]] = field(default_factory=dict)
    refused: dict[UUID, dict[str, tuple[int, bool]]] = field(default_factory=dict)
    askers: dict[tuple[UUID, str, str], datetime] = field(default_factory=dict)
    since_start: SinceStart = field(default_factory=SinceStart, compare=False)
    """What is not taken from it: see `server_figures`."""
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)
    """Several threads count, and one more takes what was counted."""

    def add(self, verdict: Verdict, text: str, roll: Roll, now: datetime, asker: tuple[str, str]) -> None:
        """Count one answer, and who got it: the kind of gateway, and the name of its token or an empty one."""
        domain = verdict.domain
        answer = WOULD_REFUSE if verdict.refused else _VALUES[verdict.answer]
        with self._lock:
            self.since_start.answers[asker[0], answer] += 1
            if domain is None:
                return
            self.askers[domain, *asker] = now
            self.answers[domain, answer] = self.answers.get((domain, answer), 0) + 1
            if verdict.refused or verdict.answer is Answer.UNKNOWN:
                self._refuse(domain, text, roll, watched=verdict.refused)
            elif verdict.address is not None and verdict.answer is Answer.ACCEPT:
                self._add_known(domain, [verdict.address])

    def add_accepted(self, domain: UUID, addresses: Sequence[str], now: datetime, asker: tuple[str, str]) -> None:
        """Count addresses of the list that were accepted, each as often as it stands there."""
        accepted = domain, _VALUES[Answer.ACCEPT]
        with self._lock:
            self.since_start.answers[asker[0], accepted[1]] += len(addresses)
            self.askers[domain, *asker] = now
            self.answers[accepted] = self.answers.get(accepted, 0) + len(addresses)
            self._add_known(domain, addresses)

    def add_list(self, domains: Iterable[UUID], now: datetime, asker: tuple[str, str]) -> None:
        """Note who asked for the whole list of some domains: nothing is answered for single addresses of it."""
        with self._lock:
            self.since_start.lists += 1
            self.askers |= {(domain, *asker): now for domain in domains}

    def take(self) -> "AskedTally":
        """Return what was counted, and begin anew."""
        with self._lock:
            tally = AskedTally(self.answers, self.known, self.refused, self.askers)
            self.answers, self.known, self.refused, self.askers = {}, {}, {}, {}
        return tally

    def give_back(self, other: "AskedTally") -> None:
        """Add what could not be flushed."""
        with self._lock:
            for key, count in other.answers.items():
                self.answers[key] = self.answers.get(key, 0) + count
            for domain, counts in other.known.items():
                self._add_known(domain, counts)
            for domain, sample in other.refused.items():
                for address, (count, watched) in sample.items():
                    self._sample(domain, address, count, watched=watched)
            self.askers = {**other.askers, **self.askers}

    def _add_known(self, domain: UUID, addresses: Sequence[str] | Counter[str]) -> None:
        self.known.setdefault(domain, Counter()).update(addresses)

    def _refuse(self, domain: UUID, text: str, roll: Roll, *, watched: bool) -> None:
        local, name = split(text)
        served_domain = roll.served(name)
        # What is no address that a roll could ever have is counted, and not kept.
        if served_domain is None or "\0" in local or len(local) > ADDRESS_MAX:
            return
        self._sample(domain, f"{local}@{served_domain.name}", 1, watched=watched)

    def _sample(self, domain: UUID, address: str, count: int, *, watched: bool) -> None:
        sample = self.refused.setdefault(domain, {})
        had = sample.get(address)
        if had is not None or len(sample) < SAMPLE:
            sample[address] = (count + (had[0] if had else 0), watched)


@dataclass(frozen=True, slots=True)
class Asked:
    """How often gateways asked for an address in 7 days, and when last: a day where it is known, a moment where not."""

    last: date | datetime
    count: int
    known: bool


def flush(tally: AskedTally, now: datetime) -> None:
    """Add a tally to what is kept, and let go of what is too old or no longer wanted."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FLUSHING])
        for statement, rows in (
            (_ANSWERS, ((domain, answer, count) for (domain, answer), count in tally.answers.items())),
            (_KNOWN, ((domain, *pair) for domain, counts in tally.known.items() for pair in counts.items())),
            (_REFUSED, ((d, a, *sighting) for d, sample in tally.refused.items() for a, sighting in sample.items())),
            (_ASKERS, ((*key, at) for key, at in tally.askers.items())),
        ):
            if columns := _columns(rows):
                values = {f"c{number}": column for number, column in enumerate(columns)}
                cursor.execute(statement, {"day": now.astimezone(UTC).date(), "at": now, "most": SAMPLE, **values})
        for statement in _OLD:
            cursor.execute(
                statement,
                {
                    "chart": now - timedelta(days=CHART_DAYS),
                    "known": now - timedelta(days=KNOWN_DAYS),
                    "refused": now - timedelta(days=DAYS),
                },
            )


def last_asked(domain: Domain) -> tuple[Asker, ...]:
    """Tell which kinds of gateways asked about a domain, the latest first.

    Those that ask PostgreSQL are noted by its functions, to the minute; a standby notes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, name, last_at FROM gateway_asker WHERE domain_id = %s"
            " UNION ALL SELECT %s, '', at FROM gateway.noted WHERE domain_id = %s ORDER BY 3 DESC, 1, 2",
            [domain.id, PGSQL, domain.id],
        )
        return tuple(Asker(domain=domain, kind=kind, name=name, last_at=at) for kind, name, at in cursor.fetchall())


def lately(domain: Domain, days: int, now: datetime) -> tuple[tuple[Asker, ...], Mapping[date, Mapping[str, int]]]:
    """Tell what `last_asked` does, and how often each answer was given on each of some days."""
    with connection.cursor() as cursor:
        cursor.execute(_LATELY, {"domain": domain.id, "pgsql": PGSQL, "since": _since(days, now)})
        rows = cursor.fetchall()
    askers = [Asker(domain=domain, kind=kind, name=name, last_at=at) for kind, name, at, day, _ in rows if day is None]
    answers_by_day: dict[date, dict[str, int]] = {}
    for answer, _, _, day, count in rows:
        if day is not None:
            answers_by_day.setdefault(day, {})[answer] = count
    return tuple(askers), answers_by_day


def last_noted() -> datetime | None:
    """Tell when the last question about any domain was noted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest((SELECT max(last_at) FROM gateway_asker), (SELECT max(at) FROM gateway.noted))")
        (at,) = cursor.fetchone()
    noted_at: datetime | None = at
    return noted_at


def answers_on(day: datetime) -> Mapping[str, int]:
    """Count the answers of a day, in UTC, about all domains; what was never answered is 0."""
    counts = dict.fromkeys([*_VALUES.values(), WOULD_REFUSE], 0)
    rows = AnswerCount.objects.filter(day=day.astimezone(UTC).date()).order_by().values_list("answer")
    return counts | dict(rows.annotate(number=Sum("count")))


def _since(days: int, now: datetime) -> date:
    return now.astimezone(UTC).date() - timedelta(days=days - 1)


def of_address(address: str, domain: UUID, now: datetime) -> Asked | None:
    """Tell how often gateways asked for an address of a domain, in its canonical form."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ADDRESS, {"domain": domain, "address": address, "since": now - timedelta(days=DAYS)})
        last_on, counts, last_at, count = cursor.fetchone()
    if last_on is not None and (last_at is None or last_on >= last_at.astimezone(UTC).date()):
        ago = max(0, (now.astimezone(UTC).date() - last_on).days)
        return Asked(last_on, sum(counts[: max(0, DAYS - ago)]), known=True)
    return None if last_at is None else Asked(last_at, count, known=False)


def would_refuse(domain: Domain) -> tuple[RefusedAddress, ...]:
    """List whom a domain that is watched would have refused: the most asked for first, out of the sample."""
    return tuple(RefusedAddress.objects.filter(domain=domain, watched=True).order_by("-count", "address"))


def _columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    # In one order, as all that is written by several.
    return [list(column) for column in zip(*sorted(rows, key=lambda row: (str(row[0]), *row[1:3])), strict=True)]


_LATELY = """
    SELECT kind, name, last_at, NULL::date, 0 FROM gateway_asker WHERE domain_id = %(domain)s
    UNION ALL SELECT %(pgsql)s, '', at, NULL, 0 FROM gateway.noted WHERE domain_id = %(domain)s
    UNION ALL SELECT answer, '', NULL, day, count FROM gateway_answercount
               WHERE domain_id = %(domain)s AND day >= %(since)s
     ORDER BY 4 NULLS FIRST, 3 DESC, 1, 2
"""
_OF_ADDRESS = """
    SELECT known.last_on, known.counts, refused.last_at, refused.count
      FROM (SELECT) one
      LEFT JOIN gateway_knownaddress known ON (known.domain_id, known.address) = (%(domain)s, %(address)s)
      LEFT JOIN gateway_refusedaddress refused
        ON (refused.domain_id, refused.address) = (%(domain)s, %(address)s) AND refused.last_at > %(since)s
"""
_WANTED = "JOIN directory_domain d ON d.id = r.domain_id JOIN directory_organization o ON o.id = d.organization_id"

_ANSWERS = """
    INSERT INTO gateway_answercount AS kept (domain_id, answer, count, day)
    SELECT r.*, %(day)s FROM unnest(%(c0)s::uuid[], %(c1)s::text[], %(c2)s::bigint[]) r(domain_id, answer, count)
      JOIN directory_domain d ON d.id = r.domain_id
        ON CONFLICT (domain_id, day, answer) DO UPDATE SET count = kept.count + excluded.count
"""

# The counts move back by as many days as have passed; a server whose day is behind adds to the newest.
_KNOWN = f"""
    INSERT INTO gateway_knownaddress AS kept (domain_id, address, last_on, counts)
    SELECT r.domain_id, r.address, %(day)s, ARRAY[r.count] || array_fill(0, ARRAY[{DAYS - 1}])
      FROM unnest(%(c0)s::uuid[], %(c1)s::text[], %(c2)s::int[]) r(domain_id, address, count) {_WANTED}
     WHERE o.keeps_asked
        ON CONFLICT (domain_id, address) DO UPDATE
       SET last_on = greatest(kept.last_on, excluded.last_on),
           counts = CASE WHEN excluded.last_on <= kept.last_on
               THEN ARRAY[kept.counts[1] + excluded.counts[1]] || kept.counts[2:]
               ELSE (excluded.counts[1:least({DAYS}, excluded.last_on - kept.last_on)] || kept.counts)[1:{DAYS}]
           END
"""  # noqa: S608 - a number and pieces of ours

_REFUSED = f"""
    WITH r AS (
        SELECT r.*, kept.address IS NOT NULL AS there,
               count(*) FILTER (WHERE kept.address IS NULL) OVER (PARTITION BY r.domain_id ORDER BY r.address) AS place
          FROM unnest(%(c0)s::uuid[], %(c1)s::text[], %(c2)s::bigint[], %(c3)s::boolean[])
               r(domain_id, address, count, watched)
          LEFT JOIN gateway_refusedaddress kept ON kept.domain_id = r.domain_id AND kept.address = r.address
    )
    INSERT INTO gateway_refusedaddress AS kept (domain_id, address, watched, count, first_at, last_at)
    SELECT r.domain_id, r.address, r.watched, r.count, %(at)s, %(at)s
      FROM r {_WANTED}
     WHERE o.keeps_asked AND (r.there OR r.place <= %(most)s - (
               SELECT count(*) FROM gateway_refusedaddress k WHERE k.domain_id = r.domain_id))
        ON CONFLICT (domain_id, address) DO UPDATE
       SET count = kept.count + excluded.count, last_at = greatest(kept.last_at, excluded.last_at),
           watched = excluded.watched
"""  # noqa: S608

_ASKERS = """
    INSERT INTO gateway_asker AS kept (domain_id, kind, name, last_at)
    SELECT r.* FROM unnest(%(c0)s::uuid[], %(c1)s::text[], %(c2)s::text[], %(c3)s::timestamptz[])
           r(domain_id, kind, name, last_at)
      JOIN directory_domain d ON d.id = r.domain_id
        ON CONFLICT (domain_id, kind, name) DO UPDATE SET last_at = greatest(kept.last_at, excluded.last_at)
"""

_NO_LONGER = (
    " USING directory_domain d JOIN directory_organization o ON o.id = d.organization_id"
    " WHERE d.id = k.domain_id AND NOT o.keeps_asked"
)
_OLD = (
    "DELETE FROM gateway_answercount WHERE day < %(chart)s",
    "DELETE FROM gateway_knownaddress WHERE last_on < %(known)s",
    "DELETE FROM gateway_refusedaddress WHERE last_at < %(refused)s",
    f"DELETE FROM gateway_knownaddress k {_NO_LONGER}",  # noqa: S608
    f"DELETE FROM gateway_refusedaddress k {_NO_LONGER}",  # noqa: S608
)
