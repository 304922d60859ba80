"""Lets the questions of one reading out as there are units for them, and learns from what answers say of that."""

import re
from collections.abc import Mapping
from random import Random
from typing import Final

from mailroll.connectors.meter import UnitMeter, UnitScope
from mailroll.connectors.microsoft365.graph import units
from mailroll.connectors.microsoft365.graph.verdicts import APPLICATION_PAUSE_MOST, is_of_application
from mailroll.connectors.microsoft365.http.channel import THROTTLED, HttpAnswer
from mailroll.connectors.microsoft365.http.patience import Patience, Timer, wait_asked
from mailroll.connectors.microsoft365.settings import ConnectionSettings
from mailroll.connectors.urgency import Urgency, current

# The headers and their values: learn.microsoft.com/graph/throttling-limits, "Additional headers" of identity and
# access; of no other service is it said that it knows them.
PRIORITIES: Final[Mapping[Urgency | None, Mapping[str, str]]] = {
    Urgency.PERSON: {"x-ms-throttle-priority": "High"},
    Urgency.CLOCK: {"x-ms-throttle-priority": "Low"},
    None: {},
}
_COST: Final = "x-ms-resource-unit"
_SHARE: Final = "x-ms-throttle-limit-percentage"
_UNITS: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
_PART: Final = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,6})?", re.ASCII)
_SHARE_MOST: Final = 1.8
_PAUSE_MOST: Final = 7 * 86_400.0


class UnitAdmission:
    """That of one reading. `users`: how many the tenant is known to have; more of them may show as it is listed."""

    def __init__(  # noqa: PLR0917 - what it is made of
        self,
        settings: ConnectionSettings,
        meter: UnitMeter,
        patience: Patience,
        clock: Timer,
        chance: Random,
        users: int,
    ) -> None:
        self._settings = settings
        self._meter = meter
        self._patience = patience
        self._clock = clock
        self._chance = chance
        self._users = users
        self._by_person = current() is Urgency.PERSON
        self._application = units.of_application(settings.cloud.graph, settings.client)
        self._pair = self._pair_of(users)

    def count(self, users: int) -> None:
        """Note that a listing has shown so many users."""
        if users > self._users:
            self._users, self._pair = users, self._pair_of(users)

    async def before(self, cost: int) -> None:
        """Wait until a question of this cost, in units, may be asked; raises `Retry` where that is long."""
        if cost:
            scopes = (self._application, self._pair)
            waited = await self._meter.admit(scopes, cost, self, self._clock, self._chance, by_person=self._by_person)
            # Graph demands these waits, if not by name: they are no part of the time that a reading takes.
            self._patience.waited += waited

    async def after(self, cost: int, answer: HttpAnswer) -> None:
        """Learn what it cost, how much of a limit is used, and that a pause was asked for."""
        now, pair = self._clock.monotonic(), self._pair
        units, share = answer.headers.get(_COST, ""), answer.headers.get(_SHARE, "")
        if answer.status == THROTTLED:
            wait = wait_asked(answer.headers, now=self._clock.time())
            if wait:
                everywhere = is_of_application(answer)
                scope, most = (self._application, APPLICATION_PAUSE_MOST) if everywhere else (pair, _PAUSE_MOST)
                await self._meter.pause(scope, min(wait, most), self, now)
        elif _UNITS.fullmatch(units) and (more := int(units) - cost):
            self._meter.correct((self._application, pair), more, now)
        if _PART.fullmatch(share):
            # Of which limit it is a share, it does not say: that of the tenant is the nearer one.
            await self._meter.press(pair, min(float(share), _SHARE_MOST), now)

    def _pair_of(self, users: int) -> UnitScope:
        settings = self._settings
        return units.of_pair(settings.cloud.graph, settings.client, settings.tenant, users)
