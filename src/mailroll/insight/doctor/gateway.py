"""Whether gateways get answers: servers that tell where they answer, the age of lists, and roles of the database."""

from collections.abc import Callable, Sequence
from typing import Final

from django.db.models import F, Q

from mailroll.audit import clock
from mailroll.directory.models import Domain
from mailroll.gateway import endpoints
from mailroll.gateway.endpoints import Server
from mailroll.gateway.missing_rights import lacking
from mailroll.gateway.models import Asker, MissingRows
from mailroll.gateway.ways import Effect, HttpWay, SocketmapWay
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, spell, unasked, warns

_MOST: Final = 8
"""Servers that are asked at one time."""
_NAMED: Final = 3
_UNAUTHORIZED: Final = "401"
"""What is said to whoever brings no token: it is an answer."""


def examine_servers(circumstances: Circumstances) -> Diagnosis | Callable[[], Diagnosis]:
    """Find the servers in the database; what is returned asks them, without it."""
    servers = endpoints.servers(clock.now())
    proved = Domain.objects.filter(proved_at__isnull=False).order_by("name").first()
    if not servers:
        return _without_servers(proved)
    reached = [server for server in servers if server.reached_at][:_MOST]
    if not reached or proved is None:
        phrase = spell(len(servers), "server tells that it runs", "servers tell that they run")
        return unasked(
            f"{phrase}, and from here none can be asked.",
            "On the machine of the mail server: mailroll gateway verify DOMAIN --socketmap PLACE",
        )
    patience = circumstances.patience / len(reached)
    return lambda: _ask_servers(reached, f"postmaster@{proved.name}", patience)


def _without_servers(proved: Domain | None) -> Diagnosis:
    if proved is None:
        return good("No domain is proved yet, so there is nothing that a gateway would ask about.")
    if Asker.objects.exists():
        return good("No server of mailroll gateway serve runs; gateways have asked the database itself.")
    return warns(
        "No gateway has asked yet, and no server of mailroll gateway serve runs.",
        f"Open the Gateway tab of {proved.name} for the configuration of your mail server.",
    )


def _ask_servers(servers: Sequence[Server], address: str, patience: float) -> Diagnosis:
    silent = [server.place for server in servers if not _answers(server, address, patience)]
    if silent:
        return fails(
            f"{', '.join(silent)} told lately that it answers, and does not.",
            "Look at the log of mailroll gateway serve there, and start it again.",
        )
    return good(f"{spell(len(servers), 'server answers', 'servers answer')}.")


def _answers(server: Server, address: str, patience: float) -> bool:
    place = server.reached_at or ""
    if place.startswith("http:"):
        reply = HttpWay(place, "", patience).ask(address)
        return reply.words.startswith(_UNAUTHORIZED)
    # By this map no gateway counts as having asked.
    reply = SocketmapWay(f"{place.partition(':')[2]}:check", patience).ask(address)
    return reply.effect is not Effect.NO_ANSWER


def examine_lists(_: Circumstances) -> Diagnosis:
    """Find domains whose list is too old to refuse anybody by, and what servers hold that the roll has lost."""
    missing_rows = MissingRows.objects.order_by("name").first()
    if missing_rows is not None:
        number = spell(missing_rows.count, "address", "addresses")
        return warns(
            f"Servers go on accepting {number} of {missing_rows.name} that the list lacks without a reason.",
            "Bring the rows back, or where they went rightly: mailroll gateway accept-shrink",
        )
    now = clock.now()
    read_domains = Domain.objects.filter(proved_at__isnull=False, has_source=True)
    old = read_domains.filter(Q(read_at=None) | Q(read_at__lt=now - F("stale_after"))).order_by("name")
    names = list(old.values_list("name", flat=True)[: _NAMED + 1])
    if names:
        rest = old.count() - _NAMED
        names_shown = ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
        return warns(
            f"The lists of {names_shown} are too old, or were never read: of these nobody is refused.",
            f"mailroll sync {names[0]}, or turn automatic sync on: mailroll domain automatic {names[0]} on",
        )
    return good(f"{spell(read_domains.count(), 'list that is read is', 'lists that are read are')} young enough.")


def examine_roles(_: Circumstances) -> Diagnosis:
    roles = lacking()
    if roles:
        return warns(" ".join(role.words for role in roles), "; ".join(role.command for role in roles))
    return good("No role of a mail server lacks anything.")
