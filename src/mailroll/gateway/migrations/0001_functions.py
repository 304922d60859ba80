"""Functions and views that mail servers ask, in a schema of their own."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).with_name("0001_functions.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = (("directory", "0018_has_source"),)

    operations = (migrations.RunSQL(_SQL, "DROP SCHEMA gateway CASCADE"),)
