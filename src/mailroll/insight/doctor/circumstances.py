"""What checks are given: settings, this machine's clock, and what is known of a request where one asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from mailroll.sealing import Sealer
from mailroll.settings import Settings


@dataclass(frozen=True, slots=True)
class AdminRequest:
    """What the request of an administrator brought, as the Console saw it.

    `peer`: the address it came from, which a trusted web server may have named. `named`: those in X-Forwarded-For.
    `as_https`: whether X-Forwarded-Proto said so, believed or not.
    """

    host: str
    secure: bool
    peer: str
    named: tuple[str, ...] = ()
    as_https: bool = False


def machine_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What all checks are given.

    `letter`: where a letter is sent to try the mail; none is sent without. `patience`: seconds for one answer.
    `sealed`: secrets of the layers above, that whoever asks hands in: their kind, their rows, and what tries one.
    """

    settings: Settings
    environ: Mapping[str, str]
    brought: AdminRequest | None = None
    letter: str = ""
    clock: Callable[[], datetime] = machine_clock
    patience: float = 4.0
    sealed: Sequence[tuple[str, "QuerySet[Any]", Callable[[Any, Sealer], object]]] = ()
