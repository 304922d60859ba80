"""What mail servers ask leaves out domains that nobody has proved."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).with_name("0008_proved.sql").read_text(encoding="utf-8")
# What they were before, from the first of these files: from the functions on that are replaced here.
_FIRST = Path(__file__).with_name("0001_functions.sql").read_text(encoding="utf-8")
_NAMED = _FIRST[_FIRST.index("CREATE FUNCTION gateway.named") : _FIRST.index("-- Where in its life")]
_VIEWS = _FIRST[_FIRST.index("CREATE VIEW gateway.relay_domains") : _FIRST.index("REVOKE ALL ON SCHEMA")]
_BACK = (_NAMED + _VIEWS).replace("CREATE ", "CREATE OR REPLACE ")


class Migration(migrations.Migration):
    dependencies = (("gateway", "0007_admissions"), ("directory", "0023_proved"))

    operations = (migrations.RunSQL(_SQL, _BACK),)
