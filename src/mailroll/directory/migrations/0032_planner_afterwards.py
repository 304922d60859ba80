"""What the check of many addresses has the planner leave out is left out in that check alone.

`set_config(..., true)` in a function lasts until its transaction ends, and as long as the function only for what that
has a SET clause of its own for (PostgreSQL, CREATE FUNCTION). Without one nested loops stayed off for all that an apply
does afterwards, and for what sessions plan then and keep.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("directory", "0031_check_many_addresses"),)

    operations = (
        migrations.RunSQL(
            "ALTER FUNCTION directory_check_addresses() SET enable_nestloop = on",
            "ALTER FUNCTION directory_check_addresses() RESET enable_nestloop",
        ),
    )
