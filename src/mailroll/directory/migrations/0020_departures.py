"""The ledger of what left the roll on purpose, written by triggers."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).with_name("0020_departures.sql").read_text(encoding="utf-8")
_TABLES = ("address", "domain", "domainalias")


class Migration(migrations.Migration):
    dependencies = (("directory", "0019_confirmed_by_hand"),)

    operations = (
        migrations.RunSQL(
            _SQL,
            "".join(f"DROP TRIGGER note_departures ON directory_{table};" for table in _TABLES)
            + "DROP FUNCTION directory_note_departures(); DROP TABLE directory_departure",
        ),
    )
