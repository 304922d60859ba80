"""That addresses refer to users of their domain is checked in one pass over these, where most of a domain come."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).with_name("0031_check_many_addresses.sql").read_text(encoding="utf-8")
_BEFORE = Path(__file__).with_name("0028_statement_checks.sql").read_text(encoding="utf-8")
_NAME = "FUNCTION directory_check_addresses()"


class Migration(migrations.Migration):
    dependencies = (("directory", "0030_static_users"),)

    operations = (
        migrations.RunSQL(
            _SQL, f"CREATE OR REPLACE {_NAME}{_BEFORE.partition(f'CREATE {_NAME}')[2].partition('$$;')[0]}$$;"
        ),
    )
