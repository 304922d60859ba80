"""A libpq address as Django wants it."""

from psycopg import IsolationLevel
from psycopg.conninfo import conninfo_to_dict

MAX_AGE = 60
"""Seconds a connection is kept: a burst of requests shares one, and an idle worker does not hold one for ever."""

# A machine that went away without a word is noticed within a minute, by an idle connection and by one that asks. Linux
# alone sends a question again for a quarter of an hour (tcp(7), tcp_retries2). Seconds, and milliseconds for the last;
# a socket of the file system has none of them (postgresql.org/docs/current/libpq-connect.html).
_NOTICES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}


def database(dsn: str) -> dict[str, object]:
    """Return Django's settings for a libpq URL or keyword string; what Django has no name for goes to OPTIONS."""
    parameters: dict[str, object] = {key: value for key, value in conninfo_to_dict(dsn).items() if value is not None}
    # Whatever the server begins transactions with: who waited for a roll has to see what was written meanwhile.
    own = {"application_name": "mailroll", "isolation_level": IsolationLevel.READ_COMMITTED}
    options = {**own, **_NOTICES, **parameters}
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
