"""The tables of a new database as one text of SQL, so that nobody has to walk through every migration to get them.

`make blueprint` draws it: pg_dump, of a database that the migrations made. It may be behind them, as what comes after
it is migrated; a test holds that both ways end at the same tables.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from mailroll.schema import age

FILE: Final = Path(__file__).with_name("blueprint.sql")
_NAMED: Final = "-- has "
_EMPTY: Final = """
    SELECT current_schema() IS NOT DISTINCT FROM 'public' AND NOT EXISTS (
        SELECT FROM pg_class WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'gateway'))
    )
"""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Statements that make tables, and the migrations, by app and name, that these tables come of."""

    migrations: frozenset[tuple[str, str]]
    statements: str

    @classmethod
    def read(cls, file: Path = FILE) -> "Blueprint":
        text = file.read_text(encoding="utf-8")
        names = (line.removeprefix(_NAMED).split() for line in text.splitlines() if line.startswith(_NAMED))
        return cls(frozenset((app, name) for app, name in names), text)

    def write(self, file: Path = FILE) -> None:
        names = "".join(f"{_NAMED}{app} {name}\n" for app, name in sorted(self.migrations))
        file.write_text(names + self.statements, encoding="utf-8")

    def build(self, migrations: age.Migrations) -> bool:
        """Make the tables in a database without any, and leave a database with some as it is.

        Neither does anything where the blueprint has more than is wanted: a library is older than the one it was drawn
        with, or a backup than the blueprint. Then migrating makes the tables.
        """
        if not self.migrations <= set(migrations):
            return False
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_EMPTY)
            if cursor.fetchone() != (True,):
                return False
            # As pg_dump begins: all names are whole, and functions name tables that come after them.
            cursor.execute("SET LOCAL search_path = ''; SET LOCAL check_function_bodies = false")
            cursor.execute(self.statements)
            cursor.execute("SET LOCAL search_path = public")
            recorder = MigrationRecorder(connection)
            recorder.ensure_schema()
            rows = (recorder.Migration(app=app, name=name) for app, name in sorted(self.migrations))
            recorder.migration_qs.bulk_create(rows)
        return True
