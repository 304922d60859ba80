"""What rows of the roll refer to is checked once for each statement, in place of keys that look at each row."""

from importlib import import_module
from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).with_name("0028_statement_checks.sql").read_text(encoding="utf-8")
_FUNCTIONS = (
    "directory_check_users()",
    "directory_check_addresses()",
    "directory_check_gone()",
    "directory_check_emptied()",
    "directory_refuse_move()",
    "directory_hold_domains(uuid[])",
)
_KEYS = import_module("mailroll.directory.migrations.0002_same_domain").KEYS


class Migration(migrations.Migration):
    dependencies = (("directory", "0027_roll_counts"),)

    operations = (
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_same_domain",
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_domain"
                f" FOREIGN KEY (domain_id, {column}) REFERENCES {other} (domain_id, id)",
            )
            for table, column, other in _KEYS
        ),
        migrations.RunSQL(_SQL, f"DROP FUNCTION {', '.join(_FUNCTIONS)} CASCADE"),
    )
