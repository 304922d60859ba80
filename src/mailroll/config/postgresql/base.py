"""Django finds the class of a database under this name: docs.djangoproject.com, "Subclassing the built-in backends"."""

from datetime import datetime, tzinfo
from functools import cache
from typing import Any

from django.db.backends.postgresql import base
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader

from mailroll.config.postgresql.spares import Session, SpareConnections


class TimeLoader(TimestamptzLoader):
    """Reads a time as the standard library does. Django looks at its `timezone`.

    Django's own class keeps psycopg from its C code: a page of 50 domains has a thousand times, and each took 5 us.
    """

    timezone: tzinfo | None = None

    def load(self, data: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            # Infinity, years before the first or past 9999, another DateStyle: psycopg reads them, or says why not.
            moment = super().load(data)
        return moment.replace(tzinfo=self.timezone)


class DatabaseWrapper(base.DatabaseWrapper):
    """Every connection has times read so, and is given to the `SPARES` of its settings when it is done.

    `statements` are those that were prepared by name since it was made, or taken from spares: none go over.
    """

    statements: set[str]

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return {**params, "context": _adapters(params["context"], self.timezone)}

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.statements = set()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Session:
        spare = None if self._spares is None else self._spares.take()
        return super().get_new_connection(conn_params) if spare is None else spare

    def _close(self) -> None:
        # One that is closed in the midst of a transaction stays in this one's hands until that ends.
        if self.in_atomic_block or self._spares is None or not self._spares.give(self.connection):
            with self.wrap_database_errors:
                self.connection.close()

    @property
    def _spares(self) -> SpareConnections | None:
        spares: SpareConnections | None = self.settings_dict["SPARES"]
        return spares


@cache
def _adapters(template: AdaptersMap, zone: tzinfo | None) -> AdaptersMap:
    adapters = AdaptersMap(template)
    adapters.register_loader("timestamptz", type("ZonedTimeLoader", (TimeLoader,), {"timezone": zone}))
    return adapters
