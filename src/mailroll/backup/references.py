"""What rows refer to that came back: elsewhere triggers see to it, which are off while a backup is restored.

Migrations 0028 of `directory` and 0036 of `sync` have those.
"""

from typing import Final

from django.db import connection

from mailroll.reconcile.errors import BadInput

# Which rows refer to which, by which columns.
_REFERENCES: Final = (
    ("directory_user", "directory_group", (("domain_id", "domain_id"), ("group_id", "id"))),
    ("directory_user", "directory_owner", (("domain_id", "domain_id"), ("owner_id", "id"))),
    ("directory_address", "directory_user", (("domain_id", "domain_id"), ("user_id", "id"))),
    ("sync_runchange", "sync_run", (("run_id", "id"),)),
    ("sync_runskip", "sync_run", (("run_id", "id"),)),
)


def expect_whole() -> None:
    """Raise `BadInput` where a row refers to one that is not there."""
    with connection.cursor() as cursor:
        for table, other, columns in _REFERENCES:
            alike = " AND ".join(f"o.{theirs} = r.{own}" for own, theirs in columns)
            condition = " AND ".join(f"r.{own} IS NOT NULL" for own, _ in columns)
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {table} r WHERE {condition}"  # noqa: S608 - of our own pieces
                f" AND NOT EXISTS (SELECT FROM {other} o WHERE {alike}))"
            )
            if cursor.fetchone() == (True,):
                raise BadInput(
                    "backup_damaged",
                    f"The backup has rows of {table} that belong to nothing in {other}.",
                    "Take another backup.",
                )
