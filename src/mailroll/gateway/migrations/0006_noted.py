"""When mail servers asked PostgreSQL is noted."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).with_name("0006_noted.sql").read_text(encoding="utf-8")

# The functions that answer stay as they are: they answer without what is noted, and without whoever notes it.
_BACK = "DROP FUNCTION gateway.note(text); DROP TABLE gateway.noted"


class Migration(migrations.Migration):
    dependencies = (("gateway", "0005_listening"),)

    operations = (migrations.RunSQL(_SQL, _BACK),)
