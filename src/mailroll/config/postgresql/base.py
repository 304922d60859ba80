"""Django finds the class of a database under this name: docs.djangoproject.com, "Subclassing the built-in backends"."""

from datetime import datetime, tzinfo
from functools import cache
from typing import Any

from django.db.backends.postgresql import base
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader


class TimeLoader(TimestamptzLoader):
    """Reads a time as the standard library does. Django looks at its `timezone`.

    Django's own class keeps psycopg from its C code: a page of 50 domains has a thousand times, and each took 5 us.
    """

    timezone: tzinfo | None = None

    def load(self, data: Any) -> datetime:
        try:
            read = datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            # Infinity, years before the first or past 9999, another DateStyle: psycopg reads them, or says why not.
            read = super().load(data)
        return read.replace(tzinfo=self.timezone)


class DatabaseWrapper(base.DatabaseWrapper):
    """Every connection has times read so."""

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return {**params, "context": _adapters(params["context"], self.timezone)}


@cache
def _adapters(template: AdaptersMap, zone: tzinfo | None) -> AdaptersMap:
    adapters = AdaptersMap(template)
    adapters.register_loader("timestamptz", type("ZonedTimeLoader", (TimeLoader,), {"timezone": zone}))
    return adapters
