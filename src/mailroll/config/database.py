"""A libpq address as Django wants it."""

from psycopg import IsolationLevel
from psycopg.conninfo import conninfo_to_dict

MAX_AGE = 60
"""Seconds a connection is kept: a burst of requests shares one, and an idle worker does not hold one for ever."""


def database(dsn: str) -> dict[str, object]:
    """Return Django's settings for a libpq URL or keyword string; what Django has no name for goes to OPTIONS."""
    given: dict[str, object] = {key: value for key, value in conninfo_to_dict(dsn).items() if value is not None}
    # Whatever the server begins transactions with: who waited for a roll has to see what was written meanwhile.
    options = {"application_name": "mailroll", "isolation_level": IsolationLevel.READ_COMMITTED, **given}
    return {
        "ENGINE": "mailroll.config.postgresql",
        "HOST": options.pop("host", ""),
        "PORT": str(options.pop("port", "")),
        "NAME": options.pop("dbname", ""),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": MAX_AGE,
        "CONN_HEALTH_CHECKS": True,
        # Only the Console has any: `asgi`.
        "SPARES": None,
    }
